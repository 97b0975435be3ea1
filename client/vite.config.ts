import { defineConfig } from "vitest/config";
import { compressed } from "./build/compressed.ts";
import { LITERT, LITERT_BYTES, litert } from "./build/litert.ts";
import { precache } from "./build/precache.ts";

export default defineConfig({
  base: "./",
  define: { __LITERT__: JSON.stringify(LITERT), __LITERT_BYTES__: JSON.stringify(LITERT_BYTES) },
  plugins: [litert(), precache(), compressed()],
  worker: { format: "iife" }, // LiteRT loads its own script with importScripts, which module workers refuse
  build: {
    target: "es2022",
    rollupOptions: {
      input: { index: "index.html", review: "review.html", sw: "src/offline/service-worker.ts" },
      output: { entryFileNames: (chunk) => (chunk.name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
      checks: { bundlerTimings: false }, // on a busy machine it advises to profile the plugins
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
