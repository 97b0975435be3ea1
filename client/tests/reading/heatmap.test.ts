import { expect, test } from "vitest";
import { colours } from "../../src/reading/heatmap";

test("the heatmap is strongest where its class is, and empty where the class is weak", () => {
  const maps = Float32Array.of(0.9, 0.1, 0.0, 0.8); // 1 × 2 cells, two classes
  const [first, second] = [colours(maps, 1, 2, 0), colours(maps, 1, 2, 1)];
  expect(first[3]).toBeGreaterThan(first[7]!);
  expect(second[7]).toBeGreaterThan(second[3]!);
  expect(first[7]).toBe(0);
});
