/// <reference lib="webworker" />
/** LiteRT's WebAssembly, in the worker: fetched once, counted while it comes, compiled while it comes. */
import { loadLiteRt, supportsFeature } from "@litertjs/core";

declare const self: DedicatedWorkerGlobalScope & { Module?: Emscripten };

type Arrived = (bytes: number, total: number) => void;

/** What Emscripten asks of whoever embeds it: https://emscripten.org/docs/api_reference/module.html */
interface Emscripten {
  readonly locateFile: (name: string) => string;
  readonly mainScriptUrlOrBlob: string;
  instantiateWasm?: (
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ) => object;
}

/**
 * Starts the runtime from a folder, on two threads where it may and the browser can; answers on how many.
 *
 * Emscripten looks for its .wasm and its threads' script beside the worker's script, unless it is told.
 */
export async function startRuntime(folder: string, threaded: boolean, arrived: Arrived): Promise<number> {
  const threads = threaded ? await affordable() : 1;
  const relaxed = await supportsFeature("relaxedSimd");
  const form = threads > 1 ? "threaded_" : relaxed ? "" : "compat_"; // as loadLiteRt chooses
  const script = `${folder}litert_wasm_${form}internal.js`;
  const wasm = script.replace(/js$/, "wasm");
  const cache = await caches.open(`weldspot-${__LITERT__}`).catch(() => null); // forbidden where storage is
  self.Module = {
    locateFile: (name) => folder + name,
    mainScriptUrlOrBlob: script,
  };
  let failed: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (failed = reject));
  // what is kept is left to Emscripten, since browsers keep compiled code by a response that they have fetched
  if (!(await cache?.match(wasm))) {
    self.Module.instantiateWasm = (imports, done) => {
      instantiated(wasm, imports, arrived, cache)
        .then(({ instance, module }) => done(instance, module))
        .catch(failed); // Emscripten itself would wait for ever
      return {};
    };
  }
  await Promise.race([loadLiteRt(folder, { threads: threads > 1 }), failure]);
  if (cache && !(await cache.match(script))) await cache.add(script).catch(() => undefined); // it runs, only not offline
  return threads;
}

/** Two where the browser can: threads need shared memory, which only isolated pages get, and LiteRT's need relaxed SIMD. */
async function affordable(): Promise<number> {
  if (!self.crossOriginIsolated) return 1;
  const able = (await supportsFeature("relaxedSimd")) && (await supportsFeature("threads"));
  return able ? Math.min(2, navigator.hardwareConcurrency) : 1; // more would heat the phone
}

async function instantiated(
  url: string,
  imports: WebAssembly.Imports,
  arrived: Arrived,
  cache: Cache | null,
): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`NetworkError: ${url} answered ${response.status}`);
  const kept = cache?.put(url, response.clone()).then(
    () => true,
    () => false, // no room: it runs, only not offline
  );
  const body = counted(response, arrived);
  const headers = { "Content-Type": "application/wasm" };
  try {
    return await WebAssembly.instantiateStreaming(new Response(body.stream, { headers }), imports);
  } catch (error) {
    throw body.brokeOff() ? new Error(`NetworkError: ${url} broke off (${error})`) : error;
  } finally {
    await kept;
  }
}

/** The body, counted as it comes: in bytes of the line, of which a compressed one has fewer. */
function counted(response: Response, arrived: Arrived) {
  const whole = __LITERT_BYTES__[response.url.replace(/^.*\//, "")] ?? 1;
  const total = Number(response.headers.get("Content-Length")) || whole;
  const reader = response.body!.getReader();
  let come = 0;
  let broken = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(to) {
      const { done, value } = await reader.read().catch((error) => {
        broken = true;
        throw error;
      });
      if (done) return to.close();
      come += value.length;
      arrived(Math.round((total * come) / whole), total);
      to.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { stream, brokeOff: () => broken };
}
