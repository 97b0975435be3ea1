import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { LITERT } from "./litert.ts";

/** Tells the service worker which files make up the app and what version they are together. */
export function precache(): Plugin {
  let folder = "";
  return {
    name: "precache",
    apply: "build",
    configResolved(config) {
      folder = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const worker = bundle["sw.js"];
        if (worker?.type !== "asset") return;
        const code = String(worker.source);
        const hash = createHash("sha256").update(code);
        const files = [];
        for (const [name, file] of Object.entries(bundle).sort()) {
          // the runtime's WebAssembly has two forms of 9 MB, and a phone keeps only the one it runs
          if (name === "sw.js" || name.startsWith(LITERT) || name.endsWith(".map")) continue;
          if (/^(assets\/)?review\b/.test(name)) continue; // the desk is no part of the app on the phone
          hash.update(name).update(file.type === "chunk" ? file.code : file.source);
          files.push(name);
        }
        for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile()) continue;
          const path = join(entry.parentPath, entry.name);
          hash.update(path.slice(folder.length)).update(readFileSync(path));
          files.push(path.slice(folder.length + 1).replaceAll("\\", "/"));
        }
        worker.source = code
          .replaceAll("__VERSION__", JSON.stringify(hash.digest("hex").slice(0, 12)))
          .replaceAll("__FILES__", JSON.stringify(files));
      },
    },
  };
}
