import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext } from "@playwright/test";
import type { PublishedManifest } from "../../src/contract/generated/manifest";

const DIST = process.env.WELDSPOT_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));
export const ADDRESS = "https://weldspot.example/";
const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };
const MAPS = 5; // rows and columns of the heat map

/** What stands in for the model's worker: it answers with the scores that its "model" is, in JSON. */
const WORKER = `self.onmessage = ({ data }) => {
  if (data.kind === "prepare") return self.postMessage({ id: data.id, output: null });
  if (data.kind === "load") {
    const scores = JSON.parse(new TextDecoder().decode(data.model));
    if (scores.length !== data.classes) return self.postMessage({ id: data.id, where: "model", error: "another length" });
    self.scores = scores;
    return self.postMessage({ id: data.id, output: null });
  }
  const maps = Float32Array.from({ length: ${MAPS ** 2} * self.scores.length }, (_, i) => (i % 7) / 7);
  const output = { probabilities: Float32Array.from(self.scores), heatmaps: maps, rows: ${MAPS}, columns: ${MAPS}, ms: 3 };
  self.postMessage({ id: data.id, output });
};`;

/**
 * The built app in this browser without a server, with a camera that shows a texture, and a model of this list that
 * always gives these scores. Another call brings another model. Corrections find no server.
 */
export async function serve(
  context: BrowserContext,
  list: PublishedManifest,
  scores: readonly number[],
): Promise<void> {
  const model = JSON.stringify(scores);
  const sha256 = createHash("sha256").update(model).digest("hex");
  const manifest = { ...list, sha256, bytes: model.length, file: `models/${sha256}.tflite` };
  await context.unrouteAll();
  await context.route(`${ADDRESS}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(1) || "index.html";
    if (path === "config.json") return route.fulfill({ json: { backend: "local", model: "weldspot" } });
    if (path === "api/manifest.json") return route.fulfill({ json: manifest });
    if (path === `api/${manifest.file}`) return route.fulfill({ body: model });
    if (/^assets\/worker-[^/]*\.js$/.test(path)) return route.fulfill({ body: WORKER, contentType: "text/javascript" });
    const file = join(DIST, path);
    if (!existsSync(file)) return route.abort("connectionrefused");
    return route.fulfill({ body: readFileSync(file), contentType: TYPES[extname(path)] ?? "application/octet-stream" });
  });
}

/** A camera that shows squares: sharp, bright enough, at rest. */
export async function texturedCamera(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const scene = Object.assign(document.createElement("canvas"), { width: 480, height: 480 });
    const draw = scene.getContext("2d")!;
    const squares = () => {
      for (let y = 0; y < 480; y += 24) {
        for (let x = 0; x < 480; x += 24) {
          draw.fillStyle = (x + y) % 48 ? "#5c6266" : "#a3a9ac";
          draw.fillRect(x, y, 24, 24);
        }
      }
    };
    setInterval(squares, 50); // a canvas that rests sends no frames
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(scene.captureStream(20));
  });
}
