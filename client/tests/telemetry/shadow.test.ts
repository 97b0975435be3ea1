import { beforeEach, expect, test, vi } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import type { Classifier } from "../../src/model/classifier";
import type { Reading } from "../../src/reading/reader";
import { Shadow } from "../../src/telemetry/shadow";
import { manifest, manifestOf } from "../manifest-example";

const [MINE, OTHER] = [parse(manifest()), parse(manifest("b".repeat(64)))];
const world = { tries: true, beside: { manifest: OTHER, bytes: new ArrayBuffer(1) } as object | null };
vi.mock("../../src/model/canary", () => ({ tries: () => world.tries }));
vi.mock("../../src/model/store", () => ({ beside: async () => world.beside }));

let asked = 0;
let loads = 0;

/** The other model gives these probabilities, or fails. */
function shadow(...probabilities: number[]) {
  return new Shadow(
    () =>
      ({
        load: async () => void loads++,
        run: async () => {
          asked++;
          if (!probabilities.length) throw new Error("it does not run here");
          return { probabilities: Float32Array.from(probabilities) };
        },
      }) as unknown as Classifier,
  );
}

const still = (settled = true) =>
  ({ settled, output: { probabilities: Float32Array.of(0.1, 0.9) }, pixels: new Uint8Array(3) }) as unknown as Reading;

beforeEach(() => {
  vi.stubGlobal("navigator", { languages: ["en"], language: "en" });
  [asked, loads] = [0, 0];
  world.tries = true;
  world.beside = { manifest: OTHER, bytes: new ArrayBuffer(1) };
});

test("whether the other gives another verdict", async () => {
  expect(await shadow(0.2, 0.8).differs(still(), MINE)).toBe(false);
  expect(await shadow(0.9, 0.1).differs(still(), MINE)).toBe(true);
});

test("each picture once, and one at a time", async () => {
  const other = shadow(0.2, 0.8);
  const picture = still();
  expect(await Promise.all([other.differs(picture, MINE), other.differs(still(), MINE)])).toEqual([false, null]);
  expect(await other.differs(picture, MINE)).toBeNull();
  expect(await other.differs(still(), MINE)).toBe(false);
  expect([asked, loads]).toEqual([2, 1]);
});

test("nothing is asked while the model that runs is, without a trial, or without the other", async () => {
  const other = shadow(0.2, 0.8);
  expect(await other.differs(still(false), MINE)).toBeNull();
  world.tries = false;
  expect(await other.differs(still(), MINE)).toBeNull();
  world.tries = true;
  world.beside = null;
  expect(await other.differs(still(), MINE)).toBeNull();
  world.beside = { manifest: parse(manifestOf(["dent", "rust"], { sha256: "b".repeat(64) })), bytes: null };
  expect(await other.differs(still(), MINE)).toBeNull();
  expect([asked, loads]).toEqual([0, 0]);
});

test("one that fails takes nothing from the one that runs", async () => {
  expect(await shadow().differs(still(), MINE)).toBeNull();
});
