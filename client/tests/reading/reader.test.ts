import { afterEach, expect, test, vi } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import type { Classifier } from "../../src/model/classifier";
import { ClassBook } from "../../src/reading/class-book";
import { chosenThresholds, Reader } from "../../src/reading/reader";
import { manifest, manifestOf } from "../manifest-example";

let asked = 0;
const checks = Uint8Array.from({ length: 3 * 288 * 288 }, (_, i) =>
  (Math.floor(i / 24) + Math.floor(i / 6912)) % 2 ? 180 : 60,
);
vi.mock("../../src/camera/pixels", () => ({ Sampler: class { read = () => checks } })); // prettier-ignore

afterEach(() => vi.unstubAllGlobals());

test("thresholds are the manifest's until the user has chosen otherwise; an older app's slider counts for nothing", () => {
  const kept: Record<string, string> = { "weldspot.confidence": "0.05" };
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept[key] ?? null });
  const model = parse(manifest());
  const { tuned, thresholds } = chosenThresholds(model);
  expect(tuned).toEqual([0.5, 0.6]);
  thresholds.forEach((threshold, i) => expect(threshold).toBeCloseTo(tuned[i]!, 6));
  kept["weldspot.sensitivity"] = "0.8";
  const chosen = chosenThresholds(model);
  expect(chosen.tuned).toEqual(tuned);
  chosen.thresholds.forEach((threshold, i) => expect(threshold).toBeLessThan(tuned[i]!));
});

/** A reader whose model gives these probabilities for every frame. */
function reading(...probabilities: number[]) {
  vi.stubGlobal("localStorage", { getItem: () => null });
  const output = { probabilities: Float32Array.from(probabilities) };
  asked = 0;
  const reader = new Reader({ run: async () => (asked++, output) } as unknown as Classifier);
  const box = { x: 0, y: 0, width: 288, height: 288 };
  return (book: ClassBook, now: number) => reader.read({} as HTMLVideoElement, box, book, now);
}

test("a verdict stands for a while before it is shown", async () => {
  const book = new ClassBook(parse(manifestOf(["dent", "rust"])), ["en"]);
  const read = reading(0.1, 0.9);
  expect((await read(book, 1000)).verdict).toBeNull();
  expect((await read(book, 1300)).verdict).toEqual({ kind: "defect", labels: ["rust"] });
});

test("another list, as long as the one before: nothing that was read of the one is said of the other", async () => {
  const [first, second] = [
    ["dent", "rust"],
    ["rust", "dent"],
  ].map((labels) => new ClassBook(parse(manifestOf(labels, { good: ["rust"] })), ["en"]));
  const read = reading(0.1, 0.9);
  for (const now of [1000, 1300, 1600]) await read(first!, now);
  expect((await read(second!, 1601)).verdict).toBeNull();
  const later = await read(second!, 2000);
  expect(later.verdict).toEqual({ kind: "defect", labels: ["dent"] });
  expect([...later.probabilities]).toEqual([...Float32Array.of(0.1, 0.9)]);
});

test("of a picture that does not change nothing is asked once the verdict stands, until it changes", async () => {
  const book = new ClassBook(parse(manifestOf(["dent", "rust"])), ["en"]);
  const read = reading(0.1, 0.9);
  let last;
  for (let now = 1000; now <= 5000; now += 100) last = await read(book, now);
  expect(asked).toBeLessThanOrEqual(16);
  expect(last).toMatchObject({ settled: true, verdict: { kind: "defect", labels: ["rust"] } });
  const before = asked;
  checks.fill(90, 0, checks.length / 4);
  expect((await read(book, 5100)).settled).toBe(false);
  expect(asked).toBe(before + 1);
});
