/// <reference lib="webworker" />
/** Runs the model off the page's thread, so that the picture stays smooth. */
import { type CompiledModel, loadAndCompile, Tensor } from "@litertjs/core";
import type { Answer, Load, Output, Request, Way, Where } from "./protocol";
import { race } from "./race";
import { startRuntime } from "./runtime";

declare const self: DedicatedWorkerGlobalScope;

interface Loaded {
  readonly model: CompiledModel;
  readonly sha256: string;
  readonly side: number;
  readonly probabilities: number; // which of the outputs
  readonly heatmaps: number;
  readonly way: Way;
}

const RACE_MS = 5_000; // a driver that hangs, or a slow one

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
      return { id, output: null, way: await load(request, threads) };
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

/** The model before stays until this one has shown that it works. Answers how it runs. */
async function load(request: Load, threads: number): Promise<Way> {
  const wasm = await compiled(request, threads, "wasm");
  let next = wasm;
  if (request.way !== "wasm" && "gpu" in navigator) {
    const gpu = await faster(request, threads, wasm).catch((error) => void console.info(`no WebGPU: ${error}`));
    if (gpu) {
      wasm.model.delete();
      next = gpu;
    }
  }
  loaded?.model.delete();
  loaded = next;
  return next.way;
}

/** The model on WebGPU, if it wins; null if not. */
async function faster(request: Load, threads: number, wasm: Loaded): Promise<Loaded | null> {
  const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<object | null> } };
  if (!(await gpu.requestAdapter())) return null;
  const other = await compiled(request, threads, "webgpu");
  const late = new Promise<Way>((done) => setTimeout(() => done("wasm"), RACE_MS));
  const runs = (which: Loaded) => (pixels: Uint8Array<ArrayBuffer>) => run(which, pixels);
  const won = await Promise.race([race(request.side, runs(wasm), runs(other)), late]).catch(() => "wasm");
  if (won === "webgpu") return other;
  other.model.delete();
  return null;
}

async function compiled({ model, sha256, side, classes }: Load, threads: number, way: Way): Promise<Loaded> {
  const made = await loadAndCompile(new Uint8Array(model), {
    accelerator: way,
    cpuOptions: { numThreads: threads },
    gpuOptions: { precision: "fp32" },
  });
  const shapes = made.getOutputDetails().map((details) => Array.from(details.shape));
  const next = {
    ...{ model: made, sha256, side, way },
    probabilities: shapes.findIndex((shape) => shape.length === 2 && shape[1] === classes),
    heatmaps: shapes.findIndex((shape) => shape.length === 4 && shape[3] === classes),
  };
  const input = Array.from(made.getInputDetails()[0]?.shape ?? []).join();
  try {
    if (next.probabilities < 0 || next.heatmaps < 0 || input !== `1,${side},${side},3`) {
      throw new Error(`input ${input}, outputs ${shapes.map((shape) => shape.join("×")).join(", ")}`);
    }
    await run(next, new Uint8Array(side * side * 3)); // the first run is the slow one
  } catch (error) {
    made.delete();
    throw error;
  }
  return next;
}

async function run({ model, side, ...which }: Loaded, pixels: Uint8Array<ArrayBuffer>): Promise<Output> {
  const start = performance.now();
  // LiteRT's tensors live in WebAssembly's memory, where no garbage collector comes
  const input = new Tensor(pixels, [1, side, side, 3]);
  let outputs: Tensor[] = [];
  try {
    outputs = await model.run([input]);
    const maps = outputs[which.heatmaps]!;
    const [, rows, columns] = model.getOutputDetails()[which.heatmaps]!.shape;
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
