import { asProblem, Problem } from "../incidents/problem";
import { type Still, still } from "./photo";
import { isWhole, kindOf } from "./whole";

const LEAST = 160; // pixels of a side: a network's input is larger, and what is enlarged shows nothing
const NARROWEST = 3; // times the other side: squeezed into a square nothing of it can be recognised

/** A photograph that the user has picked. */
export interface Picked {
  readonly still: Still;
  readonly taken: Date;
}

/** The photograph of a file, upright, and its own time. Throws a Problem for what is no photograph of a part. */
export async function fromFile(file: File): Promise<Picked> {
  const bytes = new Uint8Array(await file.arrayBuffer().catch(unreadable));
  if (!isWhole(bytes)) throw new Problem("photoBroken");
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new Problem(kindOf(bytes) === "heic" ? "photoHeic" : "photoUnknown", { cause: error });
  }
  try {
    const { width, height } = bitmap;
    usable(width, height);
    return { still: still(bitmap, { x: 0, y: 0, width, height }), taken: await takenAt(bytes, file.lastModified) };
  } finally {
    bitmap.close();
  }
}

/** Throws a Problem for a size of which no verdict could be trusted. */
export function usable(width: number, height: number): void {
  if (Math.min(width, height) < LEAST) throw new Problem("photoSmall", { values: { width, height, least: LEAST } });
  if (Math.max(width, height) > NARROWEST * Math.min(width, height)) {
    throw new Problem("photoNarrow", { values: { most: NARROWEST } });
  }
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
