import { expect, test } from "vitest";
import { placed, rgb, square } from "../../src/camera/pixels";

test("the frame is the middle square; letterbox keeps the aspect ratio", () => {
  expect(square(640, 480)).toEqual({ x: 80, y: 0, width: 480, height: 480 });
  expect(placed(640, 480, 288, "letterbox")).toEqual({ x: 0, y: 36, width: 288, height: 216 });
  expect(placed(640, 480, 288, "stretch")).toEqual({ x: 0, y: 0, width: 288, height: 288 });
});

test("alpha is left out", () => {
  expect([...rgb(Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255))]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("upright and odd sizes: whole pixels, inside the picture", () => {
  expect(square(480, 641)).toEqual({ x: 0, y: 80, width: 480, height: 480 });
  expect(placed(480, 640, 288, "letterbox")).toEqual({ x: 36, y: 0, width: 216, height: 288 });
  expect(placed(1, 1000, 288, "letterbox").width).toBeGreaterThanOrEqual(1);
});
