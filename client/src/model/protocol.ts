/** What the page and the model's worker say to each other. */

export type Request = Load | Run;

export interface Load {
  readonly kind: "load";
  readonly id: number;
  /** URL of the folder with LiteRT's WebAssembly */
  readonly runtime: string;
  readonly model: ArrayBuffer;
  readonly sha256: string;
  readonly side: number;
  readonly classes: number;
}

export interface Run {
  readonly kind: "run";
  readonly id: number;
  /** the model that the pixels are for */
  readonly sha256: string;
  /** uint8[side, side, 3] RGB */
  readonly pixels: Uint8Array<ArrayBuffer>;
}

export interface Output {
  /** float[classes] */
  readonly probabilities: Float32Array;
  /** float[rows, columns, classes] */
  readonly heatmaps: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** milliseconds that the network took */
  readonly ms: number;
}

/** `where` says what failed: the runtime (WebAssembly), the model's file, or a run of it. */
export type Answer =
  | { readonly id: number; readonly output: Output | null }
  | { readonly id: number; readonly where: "runtime" | "model" | "run"; readonly error: string };
