import { expect, test } from "vitest";
import { colours } from "../../src/reading/heatmap";

test("the heatmap is strongest where its class is, and empty where the class is weak", () => {
  const maps = Float32Array.of(0.9, 0.1, 0.0, 0.8); // 1 × 2 cells, two classes
  const [first, second] = [colours(maps, 1, 2, 0), colours(maps, 1, 2, 1)];
  expect(first[3]).toBeGreaterThan(first[7]!);
  expect(second[7]).toBeGreaterThan(second[3]!);
  expect(first[7]).toBe(0);
});

test("amber to red, the strongest cell the reddest", () => {
  const rgba = colours(Float32Array.of(0.5, 1.0, 0.1), 1, 3, 0); // one class
  expect([...rgba.slice(4, 8)]).toEqual([255, 0, 0, 140]);
  expect(rgba[1]).toBeGreaterThan(0);
  expect(rgba[11]).toBe(0);
});

test("a flat map is painted whole, an empty one not at all", () => {
  expect([3, 7].map((i) => colours(Float32Array.of(0.8, 0.8), 1, 2, 0)[i])).toEqual([140, 140]);
  expect([3, 7].map((i) => colours(Float32Array.of(0, 0), 1, 2, 0)[i])).toEqual([0, 0]);
});
