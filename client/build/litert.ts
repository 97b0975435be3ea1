import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const wasm = join(dirname(createRequire(import.meta.url).resolve("@litertjs/core")), "../wasm");
const { version } = JSON.parse(readFileSync(join(wasm, "../package.json"), "utf8"));

/** Where the runtime lies in the built app; under assets/, so that it may be kept for ever. */
export const LITERT = `assets/litert-${version}/`;

// with threads, with relaxed SIMD, with neither; LiteRT asks the browser which one it can run
const FILES = ["litert_wasm_threaded_internal", "litert_wasm_internal", "litert_wasm_compat_internal"].flatMap(
  (name) => [`${name}.js`, `${name}.wasm`],
);

/** Bytes of each: what a browser counts while one comes compressed is not what the line carries. */
export const LITERT_BYTES = Object.fromEntries(FILES.map((name) => [name, statSync(join(wasm, name)).size]));

/** Puts LiteRT's WebAssembly beside the app, so that nothing is fetched from anywhere else. */
export function litert(): Plugin {
  return {
    name: "litert",
    apply: "build",
    generateBundle() {
      for (const name of FILES) {
        this.emitFile({ type: "asset", fileName: LITERT + name, source: readFileSync(join(wasm, name)) });
      }
    },
  };
}
