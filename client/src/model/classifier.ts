import { type Manifest, sideOf } from "../contract/served-manifest";
import { Problem } from "../incidents/problem";
import type { Answer, Output, Request } from "./protocol";

export type { Output } from "./protocol";

type Sent = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

/** The model in its worker. */
export class Classifier {
  #worker: Worker | null = null;
  #next = 0;
  readonly #waiting = new Map<number, { resolve: (output: Output | null) => void; reject: (error: Problem) => void }>();

  /** Makes this .tflite the model that runs. Throws a Problem and keeps the one before when it does not work. */
  async load(model: ArrayBuffer, manifest: Manifest): Promise<void> {
    if (typeof WebAssembly === "undefined") throw blocked("WebAssembly is switched off");
    const runtime = new URL(__LITERT__, document.baseURI).href;
    const { sha256, labels } = manifest;
    await this.#ask({ kind: "load", runtime, model, sha256, side: sideOf(manifest), classes: labels.length });
  }

  /** Classifies uint8[side, side, 3] RGB pixels with this model. Throws a Problem when another one has been loaded. */
  async run(pixels: Uint8Array<ArrayBuffer>, { sha256 }: Manifest): Promise<Output> {
    return (await this.#ask({ kind: "run", pixels, sha256 }))!;
  }

  #ask(request: Sent): Promise<Output | null> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    const answer = new Promise<Output | null>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#worker.postMessage({ ...request, id });
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("output" in data) waiting?.resolve(data.output);
      else waiting?.reject(explained(data.where, data.error));
    };
    worker.onerror = (event) => {
      this.#worker = null; // the next request starts it anew
      worker.terminate();
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of waiting) reject(blocked(event.message || "the worker did not start"));
    };
    return worker;
  }
}

function explained(where: "runtime" | "model" | "run", error: string): Problem {
  if (where === "runtime") {
    return /NetworkError|Failed to fetch|importScripts|load failed/i.test(error) ? unreachable(error) : blocked(error);
  }
  if (where === "model") {
    return new Problem(
      "The model does not run here",
      "Its file is whole, but it is not one that this app can run. Update the app: reload this page.",
      { cause: error },
    );
  }
  return new Problem("The model stopped", "Reload the app. If it happens again, send the log to whoever runs it.", {
    cause: error,
  });
}

function blocked(reason: string): Problem {
  return new Problem(
    "This browser can't run the model",
    "WebAssembly is blocked or too old here. Open the page in a current Chrome, Edge, Firefox or Safari, or allow WebAssembly in the settings.",
    { cause: reason },
  );
}

function unreachable(reason: string): Problem {
  return new Problem(
    "The app is not complete yet",
    "A part of it could not be loaded. Connect to the network once, then tap Try again.",
    { cause: reason },
  );
}
