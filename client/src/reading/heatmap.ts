/** Where the model sees a class: a line around the place, so that what is in it stays in sight. */

import type { Line } from "../storage/database";
import { contours } from "./contour";

/** Where the line runs in a map that was held against boxes: there it agrees best with them. */
export const MEASURED = 0.5;

const LOW = 0.4; // of the strongest cell; below it, or below the mean, nothing is meant
const WITHIN = 0.35; // of what is left above that: where the line runs
const FLAT = 0.05; // of the strongest cell: a map that differs less has no place to show
const SIDE = 192; // pixels of the drawing, which CSS stretches over the picture
const LINE = 1.4; // half its width, pixels
const EDGE = 3; // with the dark edge, which keeps it in sight on a bright plate
const INK = [255, 196, 0] as const;

/** RGBA[side, side]. */
export interface Drawing {
  readonly rgba: ImageData["data"];
  readonly side: number;
}

/**
 * The outline of one class of heatmaps float[rows, columns, classes] in 0..1; empty where the map has no place to show.
 *
 * @param measured whether it was held against boxes; another is scaled to its own range, since what is asked is where
 */
export function outlines(
  heatmaps: Float32Array,
  rows: number,
  columns: number,
  index: number,
  measured: boolean,
): Drawing {
  const map = mapOf(heatmaps, rows, columns, index);
  const rgba = new Uint8ClampedArray(4 * SIDE * SIDE);
  const level = levelOf(map, measured);
  if (level === null) return { rgba, side: SIDE };
  const fine = enlarged(map, rows, columns);
  for (let y = 0, i = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, i++) {
      const [dx, dy] = [at(fine, x + 1, y) - at(fine, x - 1, y), at(fine, x, y + 1) - at(fine, x, y - 1)];
      const away = Math.abs(fine[i]! - level) / Math.max(Math.hypot(dx, dy) / 2, 1e-6); // pixels to the line
      if (away < LINE) rgba.set([...INK, 255], 4 * i);
      else if (away < EDGE) rgba.set([0, 0, 0, 170], 4 * i);
    }
  }
  return { rgba, side: SIDE };
}

/** The same outline as lines, for what is kept and printed. */
export function lines(heatmaps: Float32Array, rows: number, columns: number, index: number, measured: boolean): Line[] {
  const map = mapOf(heatmaps, rows, columns, index);
  const level = levelOf(map, measured);
  return level === null ? [] : contours(map, rows, columns, level);
}

/** float[rows, columns] of one class. */
function mapOf(heatmaps: Float32Array, rows: number, columns: number, index: number): Float32Array {
  const classes = heatmaps.length / (rows * columns);
  return Float32Array.from({ length: rows * columns }, (_, cell) => heatmaps[cell * classes + index]!);
}

/** Where the line runs; null where the map has no place to show. */
function levelOf(map: Float32Array, measured: boolean): number | null {
  const top = Math.max(...map);
  const low = Math.max(LOW * top, map.reduce((sum, value) => sum + value, 0) / map.length);
  if (!(top > (measured ? MEASURED : 1e-6)) || (!measured && top - low < FLAT * top)) return null;
  return measured ? MEASURED : low + WITHIN * (top - low);
}

/** The map at SIDE × SIDE, bilinear between the cells' centres; beyond the picture there is nothing, so that lines close. */
function enlarged(map: Float32Array, rows: number, columns: number): Float32Array {
  const cell = (y: number, x: number) => (y < 0 || x < 0 || y >= rows || x >= columns ? 0 : map[y * columns + x]!);
  const out = new Float32Array(SIDE * SIDE);
  for (let py = 0, i = 0; py < SIDE; py++) {
    const y = ((py + 0.5) * rows) / SIDE - 0.5;
    const [top, v] = [Math.floor(y), y - Math.floor(y)];
    for (let px = 0; px < SIDE; px++, i++) {
      const x = ((px + 0.5) * columns) / SIDE - 0.5;
      const [left, u] = [Math.floor(x), x - Math.floor(x)];
      const above = (1 - u) * cell(top, left) + u * cell(top, left + 1);
      out[i] = (1 - v) * above + v * ((1 - u) * cell(top + 1, left) + u * cell(top + 1, left + 1));
    }
  }
  return out;
}

function at(fine: Float32Array, x: number, y: number): number {
  return fine[Math.min(Math.max(y, 0), SIDE - 1) * SIDE + Math.min(Math.max(x, 0), SIDE - 1)]!;
}

/** Paints it on a canvas that lies over the picture. */
export function paint(canvas: HTMLCanvasElement, { rgba, side }: Drawing): void {
  canvas.width = canvas.height = side;
  canvas.getContext("2d")!.putImageData(new ImageData(rgba, side, side), 0, 0);
}

export function wipe(canvas: HTMLCanvasElement): void {
  canvas.width = canvas.height = 1; // a new size empties it
}
