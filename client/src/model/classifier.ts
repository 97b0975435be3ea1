import { type Manifest, sideOf } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { Problem } from "../incidents/problem";
import { ran, wayOf } from "../storage/settings";
import type { Answer, Output, Request, Way, Where } from "./protocol";

export type { Output } from "./protocol";

type Sent = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;
type Arrived = (bytes: number, total: number) => void;

const RUN_MS = 2_000; // a hundred times what a frame takes
const LOAD_MS = 30_000; // compiled and run once
const AGAIN_MS = 8_000; // the same once more, with all of it on the phone
const QUIET_MS = 30_000; // without a byte of the runtime: the line is dead
const RACE_MS = 12_000;
const SETTLED_MS = 10_000; // after a model has come: the first verdicts do not wait for the race
const LATE_MS = 1_000; // a timer that comes later still: the page was frozen, and the worker with it
const MINUTE = 60_000;
const RESTARTS = 2; // within one: the first as before, the second on one thread: some phones refuse memory for two

interface Waiting {
  readonly resolve: (output: Output | null) => void;
  readonly reject: (error: Failure) => void;
  readonly arrived: Arrived;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Why a request was not answered; "lost": the worker died, or is silent. */
class Failure extends Error {
  constructor(
    readonly where: Where | "lost",
    message: string,
  ) {
    super(message);
  }
}

/** The model in its worker, which is watched: one that dies or falls silent is started again. */
export class Classifier {
  #worker: Worker | null = null;
  #ready: Promise<unknown> | null = null; // the runtime of this worker
  #preparing: Promise<void> | null = null; // whoever waits for it waits for its second try too
  #loaded: { readonly model: ArrayBuffer; readonly manifest: Manifest } | null = null;
  #inWorker = ""; // SHA-256 of the model that it has
  #threaded = true;
  #graphics = true; // false once it has failed: it may have been the driver
  #racing: Promise<void> | null = null;
  #way: Way = "wasm"; // that the model which was loaded last runs
  #failures: number[] = []; // when, in ms of performance.now()
  #ended = 0; // workers
  #counted = -1; // the last of them whose end was a failure
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Starts the runtime, whose bytes can come while the model's do. Throws a Problem. */
  async prepare(arrived?: Arrived): Promise<void> {
    if (typeof WebAssembly === "undefined") throw new Problem("blocked", { cause: "WebAssembly is switched off" });
    this.#preparing ??= this.#surely(() => this.#runtime(QUIET_MS, arrived)).finally(() => (this.#preparing = null));
    await this.#preparing;
  }

  /** Makes this .tflite the model that runs. Throws a Problem and keeps the one before when it does not work. */
  async load(model: ArrayBuffer, manifest: Manifest): Promise<void> {
    await this.prepare();
    await this.#surely(() => this.#load(model, manifest, LOAD_MS));
    if (wayOf(manifest.sha256) || !this.#graphics || !("gpu" in (globalThis.navigator ?? {}))) return;
    setTimeout(() => (this.#racing = this.#race(manifest)), SETTLED_MS);
  }

  /** Once for each model: whether it is faster on the graphics processor, and says the same there. */
  async #race(manifest: Manifest): Promise<void> {
    if (this.#loaded?.manifest !== manifest) return;
    try {
      await this.#load(this.#loaded.model, manifest, RACE_MS, "race");
      log(`the model runs on ${this.#way}`);
    } catch (error) {
      log(`no WebGPU: ${asFailure(error).message}`);
      this.#graphics = false;
    }
    ran(manifest.sha256, this.#graphics ? this.#way : "wasm");
  }

  /**
   * Classifies uint8[side, side, 3] RGB pixels with this model, in a new worker if the one that is there does not
   * answer. Throws a Problem when another model has been loaded, and when no new worker helps.
   */
  async run(pixels: Uint8Array<ArrayBuffer>, { sha256 }: Manifest): Promise<Output> {
    for (;;) {
      if (this.#loaded?.manifest.sha256 !== sha256) throw new Problem("otherModel");
      await this.#racing;
      const { model, manifest } = this.#loaded;
      const worker = this.#ended;
      try {
        if (this.#inWorker !== sha256) await this.#load(model, manifest, AGAIN_MS);
        return (await this.#ask({ kind: "run", pixels, sha256 }, RUN_MS))!;
      } catch (error) {
        const { where, message } = asFailure(error);
        if (where === "other") throw new Problem("otherModel");
        if (worker === this.#counted) continue; // another request has seen the same end
        this.#counted = worker;
        const failures = this.#failed();
        log(`the model does not answer (${where}: ${message}), ${failures} within a minute`);
        this.#end();
        if (failures > RESTARTS) {
          this.renew();
          throw new Problem("modelStopped", { cause: message });
        }
        this.#threaded &&= failures < RESTARTS;
        this.#graphics = false;
      }
    }
  }

  /** Begins anew, as after the start of the app: the user wants it tried again. */
  renew(): void {
    this.#end();
    this.#failures = [];
    this.#threaded = true;
  }

  /** Notes a failure; how many there were within a minute. */
  #failed(): number {
    const now = performance.now();
    this.#failures = [...this.#failures.filter((time) => now - time < MINUTE), now];
    return this.#failures.length;
  }

  /** Once more on one thread, when it failed on two and that may be why. Throws a Problem. */
  async #surely(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { where, message } = asFailure(error);
      if (!this.#threaded || (where !== "runtime" && where !== "lost")) throw explained(where, message);
      log(`once more on one thread (${where}: ${message})`);
      this.#end();
      this.#threaded = this.#graphics = false;
      await work().catch((second) => {
        this.renew();
        throw explained(asFailure(second).where, asFailure(second).message);
      });
    }
  }

  #runtime(patience: number, arrived: Arrived = () => undefined): Promise<unknown> {
    const runtime = new URL(__LITERT__, document.baseURI).href;
    const asked = () => this.#ask({ kind: "prepare", runtime, threaded: this.#threaded }, patience, arrived);
    this.#ready ??= asked().catch((error) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #load(model: ArrayBuffer, manifest: Manifest, patience: number, wanted?: "race"): Promise<void> {
    await this.#runtime(patience);
    const { sha256, labels } = manifest;
    const way = this.#graphics ? (wanted ?? wayOf(sha256) ?? "wasm") : "wasm";
    await this.#ask({ kind: "load", model, sha256, side: sideOf(manifest), classes: labels.length, way }, patience);
    this.#inWorker = sha256;
    this.#loaded = { model, manifest };
  }

  #ask(request: Sent, patience: number, arrived: Arrived = () => undefined): Promise<Output | null> {
    this.#worker ??= this.#start();
    const id = this.#next++;
    const answer = new Promise<Output | null>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject, arrived, timer: undefined }),
    );
    this.#watch(id, patience);
    this.#worker.postMessage({ ...request, id });
    return answer;
  }

  /** Ends the worker when this request has no answer in time; what brings bytes has time again. */
  #watch(id: number, patience: number): void {
    const waiting = this.#waiting.get(id)!;
    const start = performance.now();
    waiting.timer = setTimeout(() => {
      if (performance.now() - start > patience + LATE_MS) this.#watch(id, patience);
      else this.#lose(`no answer within ${patience} ms`);
    }, patience);
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      clearTimeout(waiting?.timer);
      if ("arrived" in data) {
        if (waiting) this.#watch(data.id, QUIET_MS);
        waiting?.arrived(data.arrived, data.total);
        return;
      }
      this.#waiting.delete(data.id);
      if ("way" in data && data.way) this.#way = data.way;
      if ("output" in data) waiting?.resolve(data.output);
      else waiting?.reject(new Failure(data.where, data.error));
    };
    worker.onerror = (event) => this.#lose(event.message || "the worker did not start");
    return worker;
  }

  #lose(reason: string): void {
    this.#end(new Failure("lost", reason));
  }

  /** The next request starts a worker anew. */
  #end(failure = new Failure("lost", "started anew")): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ended++;
    this.#ready = null;
    this.#inWorker = "";
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(failure);
    }
  }
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("lost", String(error));
}

function explained(where: Where | "lost", reason: string): Problem {
  if (where === "network") return new Problem("incomplete", { cause: reason });
  if (where === "model") return new Problem("modelUnfit", { cause: reason });
  return new Problem(where === "runtime" || where === "lost" ? "blocked" : "modelStopped", { cause: reason });
}
