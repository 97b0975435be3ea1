import { expect, test } from "vitest";
import { isWhole, kindOf } from "../../src/camera/whole";

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)));

// SOI, a segment that holds a whole preview, a scan with stuffing and a restart, EOI
const PREVIEW = [0xff, 0xd8, 0xff, 0xd9];
const HEAD = [0xff, 0xd8, 0xff, 0xe1, 0x00, 2 + PREVIEW.length, ...PREVIEW];
const SCAN = [0xff, 0xda, 0x00, 0x03, 0x01, 0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56];
const JPEG = bytes(HEAD, SCAN, SCAN, [0xff, 0xd9]);

test("a JPEG is whole with its end, wherever a preview inside has one", () => {
  expect(isWhole(JPEG)).toBe(true);
  for (let length = 2; length < JPEG.length; length++)
    expect(isWhole(JPEG.subarray(0, length)), `${length}`).toBe(false);
  expect(isWhole(bytes([...JPEG], "a trailer of some phones"))).toBe(true);
});

test("PNG and WebP say how long they are", () => {
  const png = bytes([0x89], "PNG\r\n", [26, 10], "IHDR....", [0, 0, 0, 0], "IEND", [1, 2, 3, 4]);
  expect([isWhole(png), isWhole(png.subarray(0, -1))]).toEqual([true, false]);
  const webp = bytes("RIFF", [8, 0, 0, 0], "WEBPVP8 ");
  expect([isWhole(webp), isWhole(webp.subarray(0, -1))]).toEqual([true, false]);
});

test("kinds are told by content", () => {
  expect(kindOf(bytes([0, 0, 0, 24], "ftypheic"))).toBe("heic");
  expect(kindOf(bytes([0, 0, 0, 24], "ftypmif1"))).toBe("heic");
  expect(kindOf(bytes([0, 0, 0, 24], "ftypavif"))).toBe("other");
  expect(kindOf(bytes("a text"))).toBe("other");
  expect(kindOf(JPEG)).toBe("jpeg");
  expect(kindOf(new Uint8Array())).toBe("other");
});
