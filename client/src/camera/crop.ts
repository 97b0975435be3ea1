/** The square part of a photograph that is meant, as fingers and keys move it; pixels of the photograph. */
import type { Box } from "./pixels";

export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest square there is, in the middle. */
export function largest({ width, height }: Size): Square {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/** Moved as far as the photograph goes. */
export function moved({ x, y, side }: Square, dx: number, dy: number, { width, height }: Size): Square {
  return { x: between(x + dx, 0, width - side), y: between(y + dy, 0, height - side), side };
}

/** With another side around the same middle, at least `least` and no larger than the photograph. */
export function resized(square: Square, side: number, least: number, size: Size): Square {
  const most = Math.min(size.width, size.height);
  const next = between(side, Math.min(least, most), most);
  const shift = (square.side - next) / 2;
  return moved({ ...square, side: next }, shift, shift, size);
}

/** The same part of the same photograph at another size, in whole pixels. */
export function boxOf({ x, y, side }: Square, of: Size, as: Size): Box {
  const scale = as.width / of.width;
  const length = Math.min(Math.round(side * scale), as.width, as.height);
  return {
    x: between(Math.round(x * scale), 0, as.width - length),
    y: between(Math.round(y * scale), 0, as.height - length),
    width: length,
    height: length,
  };
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
