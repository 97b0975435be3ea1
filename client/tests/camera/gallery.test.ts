import { afterEach, expect, test, vi } from "vitest";
import { fromFile, narrow, takenAt, usable } from "../../src/camera/gallery";

afterEach(() => vi.unstubAllGlobals());

/** A JPEG with nothing but Exif: DateTimeOriginal and, where given, its zone. */
function photograph(time: string, zone = ""): Uint8Array<ArrayBuffer> {
  const ascii = (text: string) => [...text, "\0"].map((letter) => letter.charCodeAt(0));
  const short = (value: number) => [value >> 8, value & 255];
  const long = (value: number) => [0, 0, ...short(value)];
  const tags: [number, number[]][] = [
    [0x9003, ascii(time)],
    ...(zone ? [[0x9011, ascii(zone)] as [number, number[]]] : []),
  ];
  const start = 26 + 2 + 12 * tags.length + 4; // behind the Exif directory
  let at = start;
  const entries = tags.flatMap(([tag, value]) => {
    const entry = [...short(tag), 0, 2, ...long(value.length), ...long(at)];
    at += value.length;
    return entry;
  });
  const values = tags.flatMap(([, value]) => value);
  const pointer = [...short(1), ...short(0x8769), 0, 4, ...long(1), ...long(26), ...long(0)];
  const tiff = [0x4d, 0x4d, 0, 42, ...long(8), ...pointer, ...short(tags.length), ...entries, ...long(0), ...values];
  const app1 = [...ascii("Exif"), 0, ...tiff];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, ...short(app1.length + 2), ...app1, 0xff, 0xd9]);
}

test("a photograph has its camera's time, with its zone, else the phone's", async () => {
  const zoned = await takenAt(photograph("2024:05:06 07:08:09", "+02:00"), 0);
  expect(zoned.toISOString()).toBe("2024-05-06T05:08:09.000Z");
  const bare = await takenAt(photograph("2024:05:06 07:08:09"), 0);
  expect(bare.getTime()).toBe(new Date(2024, 4, 6, 7, 8, 9).getTime());
});

test("without one it has the file's, and never one that is still to come", async () => {
  const plain = Uint8Array.from([0xff, 0xd8, 0xff, 0xd9]);
  expect((await takenAt(plain, 1_700_000_000_000)).getTime()).toBe(1_700_000_000_000);
  expect((await takenAt(photograph("2999:01:01 00:00:00"), 1_700_000_000_000)).getTime()).toBe(1_700_000_000_000);
  expect((await takenAt(photograph("0000:00:00 00:00:00"), 4e12)).getTime()).toBeLessThanOrEqual(Date.now());
});

test.each([
  [1, 1, "photoSmall"],
  [12_000, 150, "photoSmall"],
])("%i × %i pixels show no part that could be judged", (width, height, code) => {
  expect(() => usable(width, height)).toThrow(expect.objectContaining({ code }));
});

test.each([
  [12_000, 300, "photoNarrow"],
  [300, 12_000, "photoNarrow"],
  [900, 300, undefined],
])("of %i × %i pixels only a part can be judged: %s", (width, height, code) => {
  usable(width, height);
  expect(narrow({ width, height })?.code).toBe(code);
});

test("sizes of cameras are taken", () => {
  for (const [width, height] of [[160, 160], [4000, 3000], [9248, 6936], [1080, 2400]] as const) usable(width, height); // prettier-ignore
});

test.each([
  ["half a JPEG", [0xff, 0xd8, 0xff, 0xe1, 0, 9], "photoBroken"],
  ["HEIC", [0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x68, 0x65, 0x69, 0x63], "photoHeic"],
  ["a text", [0x61, 0x62], "photoUnknown"],
])("%s is named", async (_, content, code) => {
  vi.stubGlobal("createImageBitmap", async () => Promise.reject(new DOMException("", "InvalidStateError")));
  const file = new File([Uint8Array.from(content as number[])], "IMG_0001");
  await expect(fromFile(file)).rejects.toMatchObject({ code });
});
