import { Problem } from "../incidents/problem";
import { IMAGE_BYTES } from "../contract/generated/limits";
import type { Box } from "./pixels";

const LONGEST = 1280;
const QUALITY = 0.92;

/** A still that is looked at, corrected and sent. */
export type Still = HTMLCanvasElement;

/** Copies a box of a picture, at most LONGEST pixels on its longer side. Pixels only: EXIF and GPS stay behind. */
export function still(picture: HTMLVideoElement | ImageBitmap, from: Box): Still {
  const scale = Math.min(1, LONGEST / Math.max(from.width, from.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(from.width * scale));
  canvas.height = Math.max(1, Math.round(from.height * scale));
  const context = canvas.getContext("2d", { alpha: false })!;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, from.x, from.y, from.width, from.height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The photograph of a file that the user picked, upright. Throws a Problem for what is no photograph. */
export async function fromFile(file: File): Promise<Still> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new Problem("This file can't be opened", "Pick a photo in JPEG, PNG or WebP.", { cause: error });
  }
  try {
    return still(bitmap, { x: 0, y: 0, width: bitmap.width, height: bitmap.height });
  } finally {
    bitmap.close();
  }
}

/** The still as JPEG without any metadata, at most IMAGE_BYTES. */
export async function jpeg(canvas: Still): Promise<Blob> {
  for (const quality of [QUALITY, 0.8, 0.6]) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= IMAGE_BYTES) return blob;
  }
  throw new Problem(
    "The photo can't be saved",
    "The browser could not make a JPEG of it. Reload the app and try again.",
  );
}
