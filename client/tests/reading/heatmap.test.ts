import { expect, test } from "vitest";
import { type Drawing, lines, outlines } from "../../src/reading/heatmap";

const opaque = ({ rgba }: Drawing) => [...rgba].filter((value, i) => i % 4 === 3 && value === 255).length;

/** Where the line runs, 0 to 1: left, top, right, bottom. */
function box({ rgba, side }: Drawing) {
  const cells = [...Array(side * side).keys()].filter((i) => rgba[4 * i + 3] === 255);
  const [xs, ys] = [cells.map((i) => (i % side) / side), cells.map((i) => Math.floor(i / side) / side)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** float[9, 9, 2]: the first class has a place at (row, column), the second is the same all over. */
function maps(row: number, column: number, size = 1) {
  const out = new Float32Array(9 * 9 * 2).fill(0.1);
  for (let y = row; y < row + size; y++) for (let x = column; x < column + size; x++) out[2 * (9 * y + x)] = 0.9;
  return out;
}

test("the line runs around the place, and what is in it stays in sight", () => {
  const drawing = outlines(maps(2, 6), 9, 9, 0, false);
  const { left, top, right, bottom } = box(drawing);
  const [x, y] = [6.5 / 9, 2.5 / 9];
  expect(left).toBeLessThan(x);
  expect(right).toBeGreaterThan(x);
  expect(top).toBeLessThan(y);
  expect(bottom).toBeGreaterThan(y);
  expect(right - left).toBeLessThan(2 / 9);
  const middle = Math.floor(y * drawing.side) * drawing.side + Math.floor(x * drawing.side);
  expect(drawing.rgba[4 * middle + 3]).toBe(0);
});

test("of a measured map the line runs at one half, whatever its range", () => {
  const low = maps(2, 6).map((value) => 0.55 * value);
  expect(opaque(outlines(low, 9, 9, 0, true))).toBe(0);
  expect(opaque(outlines(low, 9, 9, 0, false))).toBeGreaterThan(50);
  expect(opaque(outlines(maps(2, 6), 9, 9, 0, true))).toBeGreaterThan(50);
});

test("a line at the picture's edge closes there", () => {
  expect(opaque(outlines(maps(0, 0), 9, 9, 0, false))).toBeGreaterThan(50);
});

test("a map that is the same all over, or empty, claims no place", () => {
  expect(opaque(outlines(maps(2, 6), 9, 9, 1, false))).toBe(0);
  expect(opaque(outlines(new Float32Array(9 * 9), 9, 9, 0, false))).toBe(0);
});

test("a dark edge on both sides keeps the line in sight on a bright plate", () => {
  const { rgba } = outlines(maps(3, 3, 3), 9, 9, 0, false);
  const dark = [...rgba.keys()].filter((i) => i % 4 === 3 && rgba[i] === 170 && rgba[i - 3] === 0);
  expect(dark.length).toBeGreaterThan(100);
});

test("the line that is kept runs where the one that is drawn does, and where none is drawn there is none", () => {
  const { left, top, right, bottom } = box(outlines(maps(2, 5, 3), 9, 9, 0, true));
  const [line, ...others] = lines(maps(2, 5, 3), 9, 9, 0, true);
  expect(others).toEqual([]);
  const [xs, ys] = [line!.map(([x]) => x), line!.map(([, y]) => y)];
  for (const [kept, drawn] of [
    [Math.min(...xs), left],
    [Math.max(...xs), right],
    [Math.min(...ys), top],
    [Math.max(...ys), bottom],
  ] as const)
    expect(Math.abs(kept - drawn)).toBeLessThan(0.02);
  expect(lines(maps(2, 5, 3), 9, 9, 1, true)).toEqual([]);
  expect(lines(maps(2, 5, 3), 9, 9, 1, false)).toEqual([]);
});
