import { expect, test } from "vitest";
import { boxOf, largest, moved, resized } from "../../src/camera/crop";

const SIZE = { width: 400, height: 300 };

test("it begins as the largest square in the middle", () => {
  expect(largest(SIZE)).toEqual({ x: 50, y: 0, side: 300 });
  expect(largest({ width: 100, height: 900 })).toEqual({ x: 0, y: 400, side: 100 });
});

test("it is moved as far as the photograph goes", () => {
  const square = { x: 100, y: 100, side: 100 };
  expect(moved(square, 30, -20, SIZE)).toEqual({ x: 130, y: 80, side: 100 });
  expect(moved(square, 999, 999, SIZE)).toEqual({ x: 300, y: 200, side: 100 });
  expect(moved(square, -999, -999, SIZE)).toEqual({ x: 0, y: 0, side: 100 });
});

test("it keeps its middle as it grows, and its place in the photograph", () => {
  const square = { x: 100, y: 100, side: 100 };
  expect(resized(square, 50, 20, SIZE)).toEqual({ x: 125, y: 125, side: 50 });
  expect(resized(square, 1, 20, SIZE)).toMatchObject({ side: 20 });
  expect(resized({ x: 0, y: 0, side: 100 }, 280, 20, SIZE)).toEqual({ x: 0, y: 0, side: 280 });
  expect(resized(square, 9999, 20, SIZE)).toEqual({ x: 0, y: 0, side: 300 });
});

test("of the whole photograph it is the same part, in whole pixels that are there", () => {
  expect(boxOf({ x: 50, y: 0, side: 300 }, SIZE, { width: 4000, height: 3000 })).toEqual({
    ...{ x: 500, y: 0, width: 3000, height: 3000 },
  });
  const box = boxOf({ x: 99.6, y: 0, side: 300.4 }, SIZE, { width: 4001, height: 3001 });
  expect(box.x + box.width).toBeLessThanOrEqual(4001);
  expect(box.height).toBeLessThanOrEqual(3001);
});
