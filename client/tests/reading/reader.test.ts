import { afterEach, expect, test, vi } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import type { Classifier } from "../../src/model/classifier";
import { ClassBook } from "../../src/reading/class-book";
import { chosenThresholds, Reader } from "../../src/reading/reader";
import { manifest, manifestOf } from "../manifest-example";

const checks = Uint8Array.from({ length: 3 * 288 * 288 }, (_, i) =>
  (Math.floor(i / 24) + Math.floor(i / 6912)) % 2 ? 180 : 60,
);
vi.mock("../../src/camera/pixels", () => ({ Sampler: class { read = () => checks } })); // prettier-ignore

afterEach(() => vi.unstubAllGlobals());

test("thresholds are the manifest's until the user asks for more confidence", () => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  const tuned = chosenThresholds(parse(manifest()));
  expect(tuned[0]).toBeCloseTo(0.5, 6);
  expect(tuned[1]).toBeCloseTo(0.6, 6);
  vi.stubGlobal("localStorage", { getItem: () => "0.8" });
  chosenThresholds(parse(manifest())).forEach((threshold, i) => expect(threshold).toBeGreaterThan(tuned[i]!));
});

/** A reader whose model gives these probabilities for every frame. */
function reading(...probabilities: number[]) {
  vi.stubGlobal("localStorage", { getItem: () => null });
  const output = { probabilities: Float32Array.from(probabilities) };
  const reader = new Reader({ run: async () => output } as unknown as Classifier);
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
