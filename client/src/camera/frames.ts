/** Simple statistics of a frame that say whether a verdict on it could be trusted. */

export type Obstacle = "dark" | "bright" | "blurred" | "moving";

// Of 400 real weld photographs at 288×288, 1 in 500 is darker than 30 or has a Laplacian variance below 47;
// 99 of 100 that were blurred by 4 pixels are below 4.
const DARKEST = 30;
const BRIGHTEST = 235;
const BLUREST = 20;
const MOTION = 16; // grey levels, mean over cells, between two frames that were looked at
const CELLS = 24;
// below both it is the same picture: a camera's noise moves the mean of a cell by less than one grey level
const STILL_MEAN = 1;
const STILL_CELL = 5;

export interface FrameStatistics {
  readonly brightness: number;
  /** variance of the Laplacian, as in images/quality.py */
  readonly sharpness: number;
  /** mean grey of CELLS × CELLS cells */
  readonly cells: Float32Array;
}

/** Statistics of a square uint8[side, side, 3] RGB picture. */
export function statistics(rgb: Uint8Array, side: number): FrameStatistics {
  const grey = new Float32Array(side * side);
  const cells = new Float32Array(CELLS * CELLS);
  const counts = new Uint32Array(CELLS * CELLS);
  let sum = 0;
  for (let y = 0, i = 0; y < side; y++) {
    const row = Math.floor((y * CELLS) / side) * CELLS;
    for (let x = 0; x < side; x++, i++) {
      const value = 0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!;
      const cell = row + Math.floor((x * CELLS) / side);
      grey[i] = value;
      sum += value;
      cells[cell]! += value;
      counts[cell]!++;
    }
  }
  for (let c = 0; c < cells.length; c++) cells[c]! /= counts[c] || 1;
  return { brightness: sum / grey.length, sharpness: laplacianVariance(grey, side), cells };
}

function laplacianVariance(grey: Float32Array, side: number): number {
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < side - 1; y++) {
    for (let i = y * side + 1; i < (y + 1) * side - 1; i++) {
      const value = grey[i - 1]! + grey[i + 1]! + grey[i - side]! + grey[i + side]! - 4 * grey[i]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = (side - 2) ** 2;
  return squares / count - (sum / count) ** 2;
}

/** What stands against a verdict on this frame, or null. */
export function obstacle(now: FrameStatistics, before: FrameStatistics | null): Obstacle | null {
  if (now.brightness < DARKEST) return "dark";
  if (now.brightness > BRIGHTEST) return "bright";
  if (before && difference(now.cells, before.cells) > MOTION) return "moving";
  if (now.sharpness < BLUREST) return "blurred";
  return null;
}

/** Whether this is the frame before but for the camera's noise: what was read of that one holds. */
export function unchanged(now: FrameStatistics, before: FrameStatistics): boolean {
  const most = now.cells.reduce((most, cell, i) => Math.max(most, Math.abs(cell - before.cells[i]!)), 0);
  return most < STILL_CELL && difference(now.cells, before.cells) < STILL_MEAN;
}

function difference(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
