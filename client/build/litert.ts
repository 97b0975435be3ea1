import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { plainSimd } from "./plain-simd.ts";

const wasm = join(dirname(createRequire(import.meta.url).resolve("@litertjs/core")), "../wasm");
const { version } = JSON.parse(readFileSync(join(wasm, "../package.json"), "utf8"));

const OURS = 1; // of what is made of LiteRT's files here: kept for ever, they may only change with their folder

/** Where the runtime lies in the built app; under assets/, so that it may be kept for ever. */
export const LITERT = `assets/litert-${version}.${OURS}/`;

const RELAXED = "litert_wasm_internal";
const COMPATIBLE = "litert_wasm_compat_internal";

// with threads, with relaxed SIMD, with neither; LiteRT asks the browser which one it can run
const FILES: Readonly<Record<string, Buffer>> = Object.fromEntries([
  ...["litert_wasm_threaded_internal", RELAXED].flatMap((name) =>
    [`${name}.js`, `${name}.wasm`].map((file) => [file, readFileSync(join(wasm, file))]),
  ),
  // LiteRT's own compatible build rounds twice where the others round once
  [`${COMPATIBLE}.js`, Buffer.from(readFileSync(join(wasm, `${RELAXED}.js`), "utf8").replaceAll(RELAXED, COMPATIBLE))],
  [`${COMPATIBLE}.wasm`, Buffer.from(plainSimd(readFileSync(join(wasm, `${RELAXED}.wasm`))))],
]);

/** Bytes of each: what a browser counts while one comes compressed is not what the line carries. */
export const LITERT_BYTES = Object.fromEntries(Object.entries(FILES).map(([name, { length }]) => [name, length]));

/** Puts LiteRT's WebAssembly beside the app, so that nothing is fetched from anywhere else. */
export function litert(): Plugin {
  return {
    name: "litert",
    apply: "build",
    generateBundle() {
      for (const [name, source] of Object.entries(FILES)) {
        this.emitFile({ type: "asset", fileName: LITERT + name, source });
      }
    },
  };
}
