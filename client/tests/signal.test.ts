import { expect, test } from "vitest";
import { obstacle, statistics } from "../src/frames";
import { colours } from "../src/heatmap";
import { placed, rgb, square } from "../src/pixels";
import { Smoother, Steady } from "../src/smoothing";
import { adjusted } from "../src/thresholds";

const SIDE = 96;
const picture = (grey: (x: number, y: number) => number) =>
  Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => grey(Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)));
const checks = (shift = 0) => picture((x, y) => ((((x + shift) >> 3) + (y >> 3)) % 2 ? 180 : 60));
const seen = (rgb: Uint8Array, before?: Uint8Array) =>
  obstacle(statistics(rgb, SIDE), before ? statistics(before, SIDE) : null);

test("dark, bright, blurred and moving pictures are no ground for a verdict; a still, sharp one is", () => {
  expect(seen(picture(() => 5))).toBe("dark");
  expect(seen(picture(() => 250))).toBe("bright");
  expect(seen(picture((x) => 60 + x))).toBe("blurred");
  expect(seen(checks(), checks(8))).toBe("moving");
  expect(seen(checks(), checks())).toBeNull();
});

test("smoothing depends on time, not on the number of frames", () => {
  const [few, many] = [new Smoother(200), new Smoother(200)];
  few.update(Float32Array.of(0), 0);
  many.update(Float32Array.of(0), 0);
  for (let t = 10; t <= 400; t += 10) many.update(Float32Array.of(1), t);
  expect(many.update(Float32Array.of(1), 400)[0]).toBeCloseTo(few.update(Float32Array.of(1), 400)[0]!, 5);
});

test("a value that lasts is shown, one that flickers is not", () => {
  const steady = new Steady("a", 100);
  expect(steady.update("b", 0)).toBe("a");
  expect(steady.update("a", 50)).toBe("a");
  expect(steady.update("b", 60)).toBe("a");
  expect(steady.update("b", 160)).toBe("b");
});

test("the middle of the slider leaves thresholds, more confidence raises them", () => {
  for (const threshold of [0.1, 0.5, 0.9]) {
    expect(adjusted(threshold, 0.5)).toBeCloseTo(threshold, 6);
    expect(adjusted(threshold, 0.8)).toBeGreaterThan(threshold);
    expect(adjusted(threshold, 0.2)).toBeLessThan(threshold);
  }
});

test("the frame is the middle square; letterbox keeps the aspect ratio", () => {
  expect(square(640, 480)).toEqual({ x: 80, y: 0, width: 480, height: 480 });
  expect(placed(640, 480, 288, "letterbox")).toEqual({ x: 0, y: 36, width: 288, height: 216 });
  expect(placed(640, 480, 288, "stretch")).toEqual({ x: 0, y: 0, width: 288, height: 288 });
});

test("alpha is left out", () => {
  expect([...rgb(Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255))]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("the heatmap is strongest where its class is, and empty where the class is weak", () => {
  const maps = Float32Array.of(0.9, 0.1, 0.0, 0.8); // 1 × 2 cells, two classes
  const [first, second] = [colours(maps, 1, 2, 0), colours(maps, 1, 2, 1)];
  expect(first[3]).toBeGreaterThan(first[7]!);
  expect(second[7]).toBeGreaterThan(second[3]!);
  expect(first[7]).toBe(0);
});
