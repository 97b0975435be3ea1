/** What kind of picture a file is, and whether all of it is there: some browsers show half a photograph as a whole one. */

export type Kind = "jpeg" | "png" | "webp" | "heic" | "other";

const text = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
const HEIC = /^(heic|heix|hevc|hevx|heim|heis|mif1|msf1)$/;

/** Told by its first bytes, not by its name. */
export function kindOf(bytes: Uint8Array): Kind {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpeg";
  if (text(bytes, 1, 4) === "PNG") return "png";
  if (text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 12) === "WEBP") return "webp";
  return text(bytes, 4, 8) === "ftyp" && HEIC.test(text(bytes, 8, 12)) ? "heic" : "other";
}

/** Whether the file has its end. Of kinds that say nothing of it: true. */
export function isWhole(bytes: Uint8Array): boolean {
  const kind = kindOf(bytes);
  if (kind === "jpeg") return hasEndOfImage(bytes);
  if (kind === "png") return text(bytes, bytes.length - 8, bytes.length - 4) === "IEND";
  if (kind !== "webp") return true;
  return bytes.length >= 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
}

/** Walks the segments of a JPEG (ITU T.81, B.1) to its end: a preview inside has an end of its own. */
function hasEndOfImage(bytes: Uint8Array): boolean {
  for (let at = 2; at + 1 < bytes.length;) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1]!;
    if (marker === 0xd9) return true;
    if (marker === 0xff) {
      at++; // filling
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2; // without a length
    } else {
      at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
      if (marker === 0xda) at = afterScan(bytes, at);
    }
  }
  return false;
}

/** Where the next marker is: in coded data 0xff stands before 0 or a restart. */
function afterScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
