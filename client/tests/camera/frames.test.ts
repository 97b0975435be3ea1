import { expect, test } from "vitest";
import { obstacle, statistics, unchanged } from "../../src/camera/frames";

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

test("brightness is the mean grey, sharpness the variance of the Laplacian: 0 of a plain picture", () => {
  const plain = statistics(
    picture(() => 100),
    SIDE,
  );
  expect(plain.brightness).toBeCloseTo(100, 3);
  expect(plain.sharpness).toBeCloseTo(0, 3);
  expect(plain.cells.every((cell) => Math.abs(cell - 100) < 1e-3)).toBe(true);
  expect(statistics(checks(), SIDE).sharpness).toBeGreaterThan(20);
});

test("what is dark is said before what moves, and what moves before what is blurred", () => {
  expect(
    seen(
      picture(() => 5),
      checks(),
    ),
  ).toBe("dark");
  expect(
    seen(
      picture((x) => 60 + x),
      checks(),
    ),
  ).toBe("moving");
});

test("a camera's noise is no change, a hand or a slow turn is", () => {
  const noisy = (seed: number) =>
    picture((x, y) => (((x >> 3) + (y >> 3)) % 2 ? 180 : 60 + ((x * 7 + y * 13 + seed) % 5)));
  const before = statistics(noisy(0), SIDE);
  expect(unchanged(statistics(noisy(3), SIDE), before)).toBe(true);
  expect(unchanged(statistics(checks(1), SIDE), before)).toBe(false);
  const spot = picture((x, y) => (x < 4 && y < 4 ? 255 : ((x >> 3) + (y >> 3)) % 2 ? 180 : 60));
  expect(unchanged(statistics(spot, SIDE), before)).toBe(false);
});
