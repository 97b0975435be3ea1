import { asProblem, Problem } from "../incidents/problem";
import type { Size } from "./crop";
import { type Still, still } from "./photo";
import type { Box } from "./pixels";
import { isWhole, kindOf } from "./whole";

/** Pixels of a side: a network's input is larger, and what is enlarged shows nothing. */
export const LEAST = 160;
const NARROWEST = 3; // times the other side: squeezed into a square nothing of it can be recognised

/** A photograph that the user has picked. */
export interface Picked {
  readonly still: Still;
  readonly taken: Date;
  readonly file: File;
  /** its size, upright; the still's is smaller where it is large */
  readonly whole: Size;
}

/** The photograph of a file, upright, and its own time. Throws a Problem for what is no photograph of a part. */
export async function fromFile(file: File): Promise<Picked> {
  const bytes = new Uint8Array(await file.arrayBuffer().catch(unreadable));
  if (!isWhole(bytes)) throw new Problem("photoBroken");
  const bitmap = await decoded(file, bytes);
  try {
    const { width, height } = bitmap;
    usable(width, height);
    const whole = { width, height };
    const taken = await takenAt(bytes, file.lastModified);
    return { still: still(bitmap, { x: 0, y: 0, ...whole }), taken, file, whole };
  } finally {
    bitmap.close();
  }
}

/** A part of a picked photograph, in all the detail that its file has. */
export async function part({ file }: Picked, box: Box): Promise<Still> {
  const bitmap = await decoded(file, new Uint8Array());
  try {
    return still(bitmap, box);
  } finally {
    bitmap.close();
  }
}

async function decoded(file: File, bytes: Uint8Array): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new Problem(kindOf(bytes) === "heic" ? "photoHeic" : "photoUnknown", { cause: error });
  }
}

/** Throws a Problem for a size of which no verdict could be trusted, of whichever part. */
export function usable(width: number, height: number): void {
  if (Math.min(width, height) < LEAST) throw new Problem("photoSmall", { values: { width, height, least: LEAST } });
}

/** What is to be done where only a part can be classified: it is so long that in the whole nothing can be recognised. */
export function narrow({ width, height }: Size): Problem | null {
  if (Math.max(width, height) <= NARROWEST * Math.min(width, height)) return null;
  return new Problem("photoNarrow");
}

/**
 * When a photograph was taken: as its camera has written it (Exif), else the file's own time, and never after now.
 *
 * @param modified of the file, ms since 1970
 */
export async function takenAt(bytes: Uint8Array<ArrayBuffer>, modified: number): Promise<Date> {
  const now = Date.now();
  const times = [await exifTime(bytes), modified, now];
  return new Date(times.find((time) => time > 0 && time <= now)!);
}

/** ms since 1970; NaN where there is none. Without a zone it is the phone's. */
async function exifTime(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const { load } = await import("exifreader"); // large, and needed for photographs from the gallery only
  try {
    const tags = load(bytes.buffer, { expanded: false });
    const time = String(tags.DateTimeOriginal?.description ?? "").replace(/^(\d{4}):(\d\d):(\d\d) /, "$1-$2-$3T");
    return Date.parse(time + String(tags.OffsetTimeOriginal?.description ?? ""));
  } catch {
    return NaN; // a photograph without Exif
  }
}

function unreadable(error: unknown): never {
  throw new Problem("photoUnknown", { cause: asProblem(error) });
}
