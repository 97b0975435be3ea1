import { build, type Plugin, type Rollup } from "vite";

/**
 * Puts the service worker beside the app as one file: a script that imports nothing is what every browser takes.
 *
 * @param define what the app's own build fills in
 */
export function serviceWorker(define: Record<string, string>): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    async generateBundle() {
      const made = await build({
        configFile: false,
        logLevel: "error",
        publicDir: false,
        define,
        build: {
          write: false,
          target: "es2022",
          rollupOptions: {
            input: "src/offline/service-worker.ts",
            output: { format: "iife", entryFileNames: "sw.js" },
            checks: { bundlerTimings: false },
          },
        },
      });
      const [chunk] = (made as Rollup.RollupOutput).output;
      this.emitFile({ type: "asset", fileName: "sw.js", source: chunk.code });
    },
  };
}
