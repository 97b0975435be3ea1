/// <reference lib="webworker" />
/** Runs the model off the page's thread, so that the picture stays smooth. */
import { type CompiledModel, loadAndCompile, Tensor } from "@litertjs/core";
import type { Answer, Load, Output, Request, Where } from "./protocol";
import { startRuntime } from "./runtime";

declare const self: DedicatedWorkerGlobalScope;

interface Loaded {
  readonly compiled: CompiledModel;
  readonly sha256: string;
  readonly side: number;
  readonly probabilities: number; // which of the outputs
  readonly heatmaps: number;
}

let runtime: Promise<number> | null = null; // on so many threads
let loaded: Loaded | null = null;
let queue: Promise<void> = Promise.resolve(); // one at a time: a model must not go while it runs

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  queue = queue.then(async () => {
    const answer = await answered(data);
    const output = "output" in answer ? answer.output : null;
    self.postMessage(answer, output ? [output.probabilities.buffer, output.heatmaps.buffer] : []);
  });
});

async function answered(request: Request): Promise<Answer> {
  const { id } = request;
  let where: Where = "runtime";
  try {
    if (request.kind === "prepare") {
      const told = (arrived: number, total: number) => self.postMessage({ id, arrived, total } satisfies Answer);
      runtime ??= startRuntime(request.runtime, request.threaded, told);
      await runtime;
      return { id, output: null };
    }
    if (!runtime) throw new Error("the runtime has not been started");
    if (request.kind === "load") {
      const threads = await runtime;
      where = "model";
      await load(request, threads);
      return { id, output: null };
    }
    where = "other";
    // pixels for the model before have its size and would get this one's scores
    if (loaded?.sha256 !== request.sha256) throw new Error("another model is loaded");
    where = "run";
    return { id, output: await run(loaded, request.pixels) };
  } catch (error) {
    if (where === "runtime") runtime = null;
    const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (where === "runtime" && /NetworkError|Failed to fetch|importScripts|load failed/i.test(told)) where = "network";
    return { id, where, error: told };
  }
}

/** The model before stays until this one has shown that it works. */
async function load({ model, sha256, side, classes }: Load, threads: number): Promise<void> {
  const compiled = await loadAndCompile(new Uint8Array(model), {
    accelerator: "wasm",
    cpuOptions: { numThreads: threads },
  });
  const shapes = compiled.getOutputDetails().map((details) => Array.from(details.shape));
  const next = {
    compiled,
    sha256,
    side,
    probabilities: shapes.findIndex((shape) => shape.length === 2 && shape[1] === classes),
    heatmaps: shapes.findIndex((shape) => shape.length === 4 && shape[3] === classes),
  };
  const input = Array.from(compiled.getInputDetails()[0]?.shape ?? []).join();
  try {
    if (next.probabilities < 0 || next.heatmaps < 0 || input !== `1,${side},${side},3`) {
      throw new Error(`input ${input}, outputs ${shapes.map((shape) => shape.join("×")).join(", ")}`);
    }
    await run(next, new Uint8Array(side * side * 3)); // the first run is the slow one
  } catch (error) {
    compiled.delete();
    throw error;
  }
  loaded?.compiled.delete();
  loaded = next;
}

async function run({ compiled, side, ...which }: Loaded, pixels: Uint8Array<ArrayBuffer>): Promise<Output> {
  const start = performance.now();
  // LiteRT's tensors live in WebAssembly's memory, where no garbage collector comes
  const input = new Tensor(pixels, [1, side, side, 3]);
  let outputs: Tensor[] = [];
  try {
    outputs = await compiled.run([input]);
    const maps = outputs[which.heatmaps]!;
    const [, rows, columns] = compiled.getOutputDetails()[which.heatmaps]!.shape;
    return {
      probabilities: Float32Array.from((await outputs[which.probabilities]!.data()) as Float32Array),
      heatmaps: Float32Array.from((await maps.data()) as Float32Array),
      rows: rows!,
      columns: columns!,
      ms: performance.now() - start,
    };
  } finally {
    input.delete();
    for (const tensor of outputs) tensor.delete();
  }
}
