/** From pictures to the network's input: uint8[side, side, 3] RGB. */
import type { Input } from "../contract/generated/manifest";

type Picture = HTMLVideoElement | HTMLCanvasElement | ImageBitmap;

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const PADDING = "rgb(114 114 114)"; // as in images/filters.py

/** The largest square in the middle: what the frame of the live view shows. */
export function square(width: number, height: number): Box {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), width: side, height: side };
}

/** Where a picture lies in the side × side input. */
export function placed(width: number, height: number, side: number, resize: Input["resize"]): Box {
  if (resize === "stretch") return { x: 0, y: 0, width: side, height: side };
  const scale = side / Math.max(width, height);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  return { x: Math.floor((side - w) / 2), y: Math.floor((side - h) / 2), width: w, height: h };
}

/** RGB without alpha of RGBA. */
export function rgb(rgba: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4) {
    out[o++] = rgba[i]!;
    out[o++] = rgba[i + 1]!;
    out[o++] = rgba[i + 2]!;
  }
  return out;
}

/** Draws part of a picture at the network's size and reads it back; one for each use, as it owns a canvas. */
export class Sampler {
  readonly #canvas = document.createElement("canvas");

  /** uint8[side, side, 3] of the box `from` of the picture. */
  read(picture: Picture, from: Box, side: number, resize: Input["resize"]): Uint8Array<ArrayBuffer> {
    if (this.#canvas.width !== side) this.#canvas.width = this.#canvas.height = side;
    const context = this.#canvas.getContext("2d", { willReadFrequently: true, alpha: false })!;
    const to = placed(from.width, from.height, side, resize);
    if (resize === "letterbox") {
      context.fillStyle = PADDING;
      context.fillRect(0, 0, side, side);
    }
    context.imageSmoothingQuality = "high"; // averages when shrinking, near to OpenCV's INTER_AREA
    context.drawImage(picture, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
    return rgb(context.getImageData(0, 0, side, side).data);
  }
}
