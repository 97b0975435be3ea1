/** What the page and the model's worker say to each other. */

export type Request = Prepare | Load | Run;

/** What runs a model: the processor, or the graphics processor. */
export type Way = "wasm" | "webgpu";

/** Starts the runtime; its bytes can come while the model's do. */
export interface Prepare {
  readonly kind: "prepare";
  readonly id: number;
  /** URL of the folder with LiteRT's WebAssembly */
  readonly runtime: string;
  /** on two threads where the browser can; false: on one, for a phone that has no memory for more */
  readonly threaded: boolean;
}

export interface Load {
  readonly kind: "load";
  readonly id: number;
  readonly model: ArrayBuffer;
  readonly sha256: string;
  readonly side: number;
  readonly classes: number;
  /** how it runs; "race": whichever has shown to be faster */
  readonly way: Way | "race";
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

/**
 * `where` says what failed: the network that brings the runtime, the runtime (WebAssembly), the model's file, a run of
 * it, or that another model than the one asked for is loaded. `way`: how a model that was loaded runs. `arrived`: of `total` bytes of the runtime, on their way.
 */
export type Answer =
  | { readonly id: number; readonly output: Output | null; readonly way?: Way }
  | { readonly id: number; readonly where: Where; readonly error: string }
  | { readonly id: number; readonly arrived: number; readonly total: number };

export type Where = "network" | "runtime" | "model" | "run" | "other";
