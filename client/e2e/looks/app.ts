import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page, Route } from "@playwright/test";
import { introduced } from "../server";
import type { PublishedManifest } from "../../src/contract/generated/manifest";

const DIST = process.env.WELDSPOT_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));
export const ADDRESS = "https://weldspot.example/";
const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };
/** Of phones and a tablet, upright and sideways. */
export const SIZES = [
  { width: 320, height: 568 },
  { width: 568, height: 320 },
  { width: 844, height: 390 },
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
];
/** Continuous integration has it set: minutes instead of seconds. */
export const ALL = Boolean(process.env.WELDSPOT_ALL_TESTS);
const MAPS = 5; // rows and columns of the heat map

/**
 * What stands in for the model's worker: it answers with the scores that its "model" is, in JSON, until it is told on
 * the channel "kill" to answer no more.
 */
export const WORKER = `let dead = false;
new BroadcastChannel("kill").onmessage = () => (dead = true);
self.onmessage = ({ data }) => {
  if (dead && data.kind === "run") return;
  if (data.kind === "prepare") return self.postMessage({ id: data.id, output: null });
  if (data.kind === "load") {
    const scores = JSON.parse(new TextDecoder().decode(data.model));
    if (scores.length !== data.classes) return self.postMessage({ id: data.id, where: "model", error: "another length" });
    self.scores = scores;
    return self.postMessage({ id: data.id, output: null });
  }
  const maps = Float32Array.from({ length: ${MAPS ** 2} * self.scores.length }, (_, i) => (Math.floor(i / self.scores.length) % 7) / 7);
  const output = { probabilities: Float32Array.from(self.scores), heatmaps: maps, rows: ${MAPS}, columns: ${MAPS}, ms: 3 };
  self.postMessage({ id: data.id, output });
};`;

/**
 * The built app in this browser without a server, with a camera that shows a texture, and a model of this list that
 * always gives these scores. Another call brings another model. Corrections find no server, or what `feedback` does.
 */
export async function serve(
  context: BrowserContext,
  list: PublishedManifest,
  scores: readonly number[],
  feedback: (route: Route) => Promise<void> = (route) => route.abort("connectionrefused"),
): Promise<void> {
  const model = JSON.stringify(scores);
  const sha256 = createHash("sha256").update(model).digest("hex");
  const manifest = { ...list, sha256, bytes: model.length, file: `models/${sha256}.tflite` };
  await context.unrouteAll();
  await context.route(`${ADDRESS}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(1) || "index.html";
    if (path === "config.json") return route.fulfill({ json: { backend: "local", model: "weldspot" } });
    if (path === "api/manifest.json") return route.fulfill({ json: manifest });
    if (path.startsWith("api/feedback/")) return feedback(route);
    if (path === `api/${manifest.file}`) return route.fulfill({ body: model });
    if (/^assets\/worker-[^/]*\.js$/.test(path)) return route.fulfill({ body: WORKER, contentType: "text/javascript" });
    const file = join(DIST, path);
    if (!existsSync(file)) return route.abort("connectionrefused");
    return route.fulfill({ body: readFileSync(file), contentType: TYPES[extname(path)] ?? "application/octet-stream" });
  });
}

/** The workers that run now fall silent for good. */
export function killWorkers(page: Page): Promise<void> {
  return page.evaluate(() => new BroadcastChannel("kill").postMessage("now"));
}

/** A camera that shows squares: sharp, bright enough, at rest. On a phone that knows the app. */
export async function texturedCamera(context: BrowserContext): Promise<void> {
  await introduced(context);
  await context.addInitScript(() => {
    const scene = Object.assign(document.createElement("canvas"), { width: 480, height: 480 });
    const draw = scene.getContext("2d")!;
    const squares = () => {
      for (let y = 0; y < 480; y += 24) {
        for (let x = 0; x < 480; x += 24) {
          draw.fillStyle = (x + y) % 48 ? "#5c6266" : ((window as any).shade ?? "#a3a9ac");
          draw.fillRect(x, y, 24, 24);
        }
      }
    };
    setInterval(squares, 50); // a canvas that rests sends no frames
    navigator.mediaDevices.getUserMedia = () => {
      const stream = scene.captureStream(20);
      Object.assign(window, { track: stream.getVideoTracks()[0] });
      return Promise.resolve(stream);
    };
  });
}
