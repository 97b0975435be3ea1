import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Backend } from "../../src/backends/backend";
import type { Telemetry as Report } from "../../src/contract/generated/telemetry";
import { parse } from "../../src/contract/served-manifest";
import type { Reading } from "../../src/reading/reader";
import { manifest } from "../manifest-example";

const MANIFEST = parse(manifest());
let kept: Map<string, string>;
let sent: Report[];
let answer: "done" | "later" | "refused";

const reading = (changes: Partial<Reading> = {}) =>
  ({
    output: { probabilities: Float32Array.of(0.1, 0.95), ms: 20 },
    obstacle: null,
    verdict: { kind: "defect", labels: ["Crack"] },
    settled: false,
    frame: { brightness: 120, sharpness: 100 },
    ...changes,
  }) as unknown as Reading;

/** The module as a page sees it that has just been opened. */
async function opened() {
  vi.resetModules();
  const { Telemetry } = await import("../../src/telemetry/telemetry");
  const settings = await import("../../src/storage/settings");
  const backend = {
    report: async (id: string, json: string) => {
      sent.push(JSON.parse(json));
      expect(sent.at(-1)!.id).toBe(id);
      return answer;
    },
  } as unknown as Backend;
  return { telemetry: new Telemetry(async () => backend), settings };
}

const counts = (): Report[] => Object.values(JSON.parse(kept.get("weldspot.counts") || "{}"));

beforeEach(() => {
  kept = new Map();
  sent = [];
  answer = "done";
  vi.useFakeTimers({ now: new Date("2026-06-01T10:00:00Z") });
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) });
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("document", { addEventListener: () => undefined, hidden: false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("nothing is counted, kept or sent until it is turned on", async () => {
  const { telemetry } = await opened();
  telemetry.look(reading(), MANIFEST, 0);
  telemetry.sent(MANIFEST, true);
  vi.setSystemTime(new Date("2026-06-02T10:00:00Z"));
  await telemetry.send();
  expect(counts()).toEqual([]);
  expect(sent).toEqual([]);
});

test("one look a second at most, and what could not be judged apart", async () => {
  const { telemetry, settings } = await opened();
  settings.turn("telemetry", true);
  for (const now of [0, 300, 999, 1000, 1500, 2100]) telemetry.look(reading(), MANIFEST, now);
  telemetry.look(reading({ obstacle: "dark", verdict: null }), MANIFEST, 3200);
  telemetry.look(reading({ verdict: null }), MANIFEST, 4300);
  telemetry.look(reading({ settled: true }), MANIFEST, 5400);
  telemetry.sent(MANIFEST, true);
  telemetry.sent(MANIFEST, false);
  const [day] = counts();
  expect(day).toMatchObject({ day: "2026-06-01", looks: 4, obstacles: 1, corrections: 1, confirmations: 1, lot: "" });
  expect(day!.latency.reduce((sum, count) => sum + count)).toBe(3);
  expect(JSON.stringify(day)).not.toContain(settings.uploader());
});

test("a day is sent once when it is over, and what can't be sent waits", async () => {
  const { telemetry, settings } = await opened();
  settings.turn("telemetry", true);
  telemetry.look(reading(), MANIFEST, 0);
  await telemetry.send();
  expect(sent).toEqual([]);
  vi.setSystemTime(new Date("2026-06-02T10:00:00Z"));
  answer = "later";
  await telemetry.send();
  expect(counts()).toHaveLength(1);
  answer = "done";
  await telemetry.send();
  await telemetry.send();
  expect(sent.map(({ id }) => id)).toEqual([sent[0]!.id, sent[0]!.id]);
  expect(counts()).toEqual([]);
});

test("what the server never takes is not sent for ever", async () => {
  const { telemetry, settings } = await opened();
  settings.turn("telemetry", true);
  telemetry.look(reading(), MANIFEST, 0);
  vi.setSystemTime(new Date("2026-06-02T10:00:00Z"));
  answer = "refused";
  await telemetry.send();
  expect(counts()).toEqual([]);
});

test("two tabs add up, also when one has kept in between", async () => {
  const [first, second] = [await opened(), await opened()];
  first.settings.turn("telemetry", true);
  for (const { telemetry } of [first, second]) {
    telemetry.look(reading(), MANIFEST, 0);
    telemetry.sent(MANIFEST, true); // keeps
  }
  expect(counts()).toHaveLength(1);
  const [day] = counts();
  expect(day).toMatchObject({ looks: 2, corrections: 2, scores: { Crack: [0, 0, 0, 0, 0, 0, 0, 0, 0, 2] } });
});

test("turned off, what was counted is thrown away", async () => {
  const { telemetry, settings } = await opened();
  settings.turn("telemetry", true);
  telemetry.look(reading(), MANIFEST, 0);
  telemetry.sent(MANIFEST, true);
  settings.turn("telemetry", false);
  expect(counts()).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(counts()).toEqual([]);
});

test("what is kept and can't be read is nothing", async () => {
  kept.set("weldspot.counts", "{torn");
  const { telemetry, settings } = await opened();
  settings.turn("telemetry", true);
  telemetry.sent(MANIFEST, true);
  expect(counts()).toHaveLength(1);
});
