import { defineConfig } from "vitest/config";
import { compressed } from "./build/compressed.ts";
import { LITERT, LITERT_BYTES, litert } from "./build/litert.ts";
import { precache } from "./build/precache.ts";
import { serviceWorker } from "./build/service-worker.ts";
import { trusted } from "./build/trust.ts";

const define = {
  __LITERT__: JSON.stringify(LITERT),
  __LITERT_BYTES__: JSON.stringify(LITERT_BYTES),
  __TRUST__: process.env.VITEST ? "globalThis.builtWith ?? null" : JSON.stringify(trusted()),
};

export default defineConfig({
  base: "./",
  define,
  plugins: [litert(), serviceWorker(define), precache(), compressed()],
  worker: { format: "iife" }, // LiteRT loads its own script with importScripts, which module workers refuse
  build: {
    target: "es2022",
    rollupOptions: {
      input: { index: "index.html", review: "review.html" },
      checks: { bundlerTimings: false }, // on a busy machine it advises to profile the plugins
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node", isolate: false, setupFiles: "tests/setup.ts" },
});
