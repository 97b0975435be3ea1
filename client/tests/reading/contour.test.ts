import { expect, test } from "vitest";
import { contours } from "../../src/reading/contour";

/** Twice the area of a closed line, 0 to 1. */
const area = (line: readonly (readonly [number, number])[]) =>
  Math.abs(
    line.reduce((sum, [x, y], i) => {
      const [nx, ny] = line[(i + 1) % line.length]!;
      return sum + x * ny - nx * y;
    }, 0),
  ) / 2;

test("one line runs around one place, half way to the cells beside it", () => {
  const map = new Float32Array(25);
  map[2 * 5 + 3] = 1;
  const [line, ...others] = contours(map, 5, 5, 0.5);
  expect(others).toEqual([]);
  expect(new Set(line!.map(String))).toEqual(new Set(["0.7,0.4", "0.8,0.5", "0.7,0.6", "0.6,0.5"]));
});

test("two places have a line each, and a hole has its own", () => {
  const two = new Float32Array(49);
  two[8] = two[40] = 1;
  expect(contours(two, 7, 7, 0.5)).toHaveLength(2);
  const ring = Float32Array.from({ length: 49 }, (_, i) => {
    const away = Math.max(Math.abs((i % 7) - 3), Math.abs(Math.floor(i / 7) - 3));
    return away === 2 ? 1 : 0;
  });
  const lines = contours(ring, 7, 7, 0.5);
  expect(lines).toHaveLength(2);
  const [outer, inner] = lines.map(area).sort((a, b) => b - a);
  expect(outer).toBeGreaterThan(2 * inner!);
});

test("a place at the edge is closed there, nothing has no line, cells that touch by a corner stay two", () => {
  const edge = new Float32Array(9).fill(0);
  edge[0] = edge[1] = edge[2] = 0.9;
  const [line] = contours(edge, 3, 3, 0.5);
  expect(line!.every(([x, y]) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
  expect(Math.min(...line!.map(([, y]) => y))).toBeLessThan(0.17);
  expect(contours(new Float32Array(9), 3, 3, 0.5)).toEqual([]);
  expect(contours([1, 0, 0, 1], 2, 2, 0.5)).toHaveLength(2);
});

test("all of it is one line around the picture", () => {
  const [line, ...others] = contours(new Float32Array(16).fill(0.8), 4, 4, 0.5);
  expect(others).toEqual([]);
  expect(area(line!)).toBeGreaterThan(0.7);
});
