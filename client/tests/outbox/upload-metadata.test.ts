import { beforeEach, expect, test, vi } from "vitest";
import { DEVICE_CHARACTERS, NOTE_CHARACTERS } from "../../src/contract/generated/limits";
import { parse } from "../../src/contract/served-manifest";
import { metadata } from "../../src/outbox/upload-metadata";
import { LISTS } from "../class-lists";
import { manifest } from "../manifest-example";

const MODEL = parse(manifest());
const TAKEN = new Date("2026-11-24T08:15:30.123Z");
const sent = (chosen: string[], probabilities: number[], note = "") =>
  metadata(new ArrayBuffer(3), chosen, probabilities, MODEL, note, TAKEN);

beforeEach(() => vi.stubGlobal("navigator", { userAgent: "a phone" }));

test("labels and scores in the order of the manifest, scores within 0 and 1", async () => {
  expect(await sent(["Crack", "Background", "Undercut"], [-0.1, 1.000001])).toEqual({
    labels: "Background,Crack",
    classes: "Background,Crack",
    scores: "0.000000,1.000000",
    model: MODEL.sha256,
    taken: "2026-11-24T08:15:30.123Z",
    device: "a phone",
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test.each(Object.entries(LISTS))("%s: scores and classes stand in one order", async (_, given) => {
  const scores = given.labels.map((_, i) => i / 100);
  const text = await metadata(new ArrayBuffer(3), [given.labels.at(-1)!], scores, parse(given), "", TAKEN);
  expect(text.classes!.split(",")).toEqual(given.labels);
  expect(text.scores.split(",").map(Number)).toEqual(scores);
  expect(text.labels).toBe(given.labels.at(-1));
});

test("note and device are no longer than the server takes, and an empty note is left out", async () => {
  vi.stubGlobal("navigator", { userAgent: "x".repeat(DEVICE_CHARACTERS + 1) });
  const long = await sent(["Crack"], [0, 1], "y".repeat(NOTE_CHARACTERS + 1));
  expect(long.device).toHaveLength(DEVICE_CHARACTERS);
  expect(long.note).toHaveLength(NOTE_CHARACTERS);
  expect((await sent(["Crack"], [0, 1], "  second pass ")).note).toBe("second pass");
  expect(await sent(["Crack"], [0, 1], "  ")).not.toHaveProperty("note");
});
