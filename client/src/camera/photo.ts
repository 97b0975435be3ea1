import { Problem } from "../incidents/problem";
import { IMAGE_BYTES } from "../contract/generated/limits";
import type { Box } from "./pixels";

const LONGEST = 1280;
const QUALITY = 0.92;
const THUMB = 128; // pixels, twice what a list shows

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

/** A kept JPEG as a still again. */
export async function unpacked(image: ArrayBuffer): Promise<Still> {
  const bitmap = await createImageBitmap(new Blob([image], { type: "image/jpeg" }));
  const { width, height } = bitmap;
  const canvas = still(bitmap, { x: 0, y: 0, width, height });
  bitmap.close();
  return canvas;
}

/** The still as a small data URL, for lists. */
export function thumb(canvas: Still): string {
  const side = Math.min(canvas.width, canvas.height);
  const small = document.createElement("canvas");
  small.width = small.height = THUMB;
  const [x, y] = [(canvas.width - side) / 2, (canvas.height - side) / 2];
  small.getContext("2d", { alpha: false })!.drawImage(canvas, x, y, side, side, 0, 0, THUMB, THUMB);
  return small.toDataURL("image/jpeg", 0.7);
}

/** The still as JPEG without any metadata, at most IMAGE_BYTES. */
export async function jpeg(canvas: Still): Promise<Blob> {
  for (const quality of [QUALITY, 0.8, 0.6]) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= IMAGE_BYTES) return blob;
  }
  throw new Problem("photoUnsaved");
}
