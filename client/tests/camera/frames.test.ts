import { expect, test } from "vitest";
import { obstacle, statistics } from "../../src/camera/frames";

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
