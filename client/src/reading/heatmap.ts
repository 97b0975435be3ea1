/** Where the model sees a class: its class-activation map over the picture. */

const LOW = 0.4; // of the strongest cell; below it, or below the mean, nothing is painted

/**
 * RGBA[rows, columns] for one class of heatmaps float[rows, columns, classes] in 0..1.
 *
 * Scaled to the map's own range, since what is asked is where, not how sure; amber to red, weak cells transparent.
 */
export function colours(heatmaps: Float32Array, rows: number, columns: number, index: number): ImageData["data"] {
  const classes = heatmaps.length / (rows * columns);
  let top = 1e-6;
  let mean = 0;
  for (let i = index; i < heatmaps.length; i += classes) {
    top = Math.max(top, heatmaps[i]!);
    mean += heatmaps[i]! / (rows * columns);
  }
  const low = Math.max(LOW * top, Math.min(mean, 0.9 * top)); // a flat map is painted whole, not as noise
  const out = new Uint8ClampedArray(4 * rows * columns);
  for (let cell = 0; cell < rows * columns; cell++) {
    const share = Math.max(0, (heatmaps[cell * classes + index]! - low) / (top - low));
    out.set([255, 190 * (1 - share), 20 * (1 - share), 140 * share], 4 * cell);
  }
  return out;
}

/** Paints it on a canvas of rows × columns pixels, which CSS stretches over the picture. */
export function paint(canvas: HTMLCanvasElement, rgba: ImageData["data"], rows: number, columns: number): void {
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d")!.putImageData(new ImageData(rgba, columns, rows), 0, 0);
}

export function wipe(canvas: HTMLCanvasElement): void {
  canvas.width = canvas.height = 1; // a new size empties it
}
