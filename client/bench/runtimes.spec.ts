import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { answers, type Pictures, pictures } from "../e2e/parity";
import { phone, Server } from "../e2e/server";
import { ROOT } from "./root";
import type { Page } from "@playwright/test";

/** With onnxruntime-web and @mediapipe/tasks-vision in node_modules, and what writes ONNX in python: scripts/runtimes.sh. */
const OTHERS = fileURLToPath(new URL("runtimes/", import.meta.url));
const PYTHON = join(OTHERS, "python");
const ORT = "node_modules/onnxruntime-web/dist/";
const MEDIAPIPE = "node_modules/@mediapipe/tasks-vision/";
const CLIENT = fileURLToPath(new URL("../", import.meta.url));
const PACKAGES: Record<string, readonly [string, string]> = {
  "LiteRT.js": [CLIENT, "@litertjs/core"],
  "onnxruntime-web": [OTHERS, "onnxruntime-web"],
  MediaPipe: [OTHERS, "@mediapipe/tasks-vision"],
};
const COUNT = 20;
const ROUNDS = 3; // in turn, so that what else the machine does falls on all of them

type Given = Awaited<ReturnType<typeof answers>>;

/** `make bench-client`: what runs the same model on the same pixels in one page. */
test("runtimes side by side", async ({}, info) => {
  test.skip(!existsSync(join(OTHERS, ORT)), "the others are not here: make bench-client installs them");
  const model = info.outputPath("model.onnx");
  if (existsSync(PYTHON)) converted(join(ROOT, "artifacts/export/model-int8.tflite"), model);
  const server = new Server(ROOT);
  await server.start();
  const all = pictures(ROOT, COUNT);
  const context = await phone(info.outputPath("profile"), { serviceWorkers: "block" });
  await context.route(/\/others\//, (route) => {
    const path = new URL(route.request().url()).pathname.replace("/others/", "");
    const types: Record<string, string> = {
      ".mjs": "text/javascript",
      ".js": "text/javascript",
      ".wasm": "application/wasm",
    };
    const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
    if (!path) return route.fulfill({ body: "<!doctype html>", contentType: "text/html", headers: isolated });
    const headers = { ...isolated, "Cross-Origin-Resource-Policy": "same-origin" };
    return route.fulfill({
      body: readFileSync(path === "model.onnx" ? model : join(OTHERS, path)),
      contentType: types[extname(path)] ?? "application/octet-stream",
      headers,
    });
  });
  const page = await context.newPage();
  await page.goto(`${server.url}others/`);
  await page.evaluate((base) => {
    document.head.append(Object.assign(document.createElement("base"), { href: base }));
  }, server.url);
  const runners: Record<string, () => Promise<Given>> = {
    "LiteRT.js": () => answers(page, all),
    "onnxruntime-web": () => onnx(page, all),
    MediaPipe: () => mediapipe(page, all),
  };
  const times: Record<string, number[]> = {};
  const apart: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(runners)) {
      const given = await run().catch((error) => void console.log(`${name}: ${String(error).slice(0, 300)}`));
      if (!given) continue;
      (times[name] ??= []).push(...given.ms.slice(3)); // the first are slower everywhere
      apart[name] = Math.max(
        ...given.probabilities.flatMap((row, i) => row.map((p, j) => Math.abs(p - all.pictures[i]!.probabilities[j]!))),
      );
    }
  }
  const fastest = median(times["LiteRT.js"]!);
  const rows = Object.entries(times).map(([name, each]) => [
    ...[name, version(name), median(each).toFixed(1), Math.min(...each).toFixed(1)],
    ...[(median(each) / fastest).toFixed(2), (255 * apart[name]!).toFixed(2)],
  ]);
  const head = ["runtime", "version", "median ms", "best ms", "ratio", "/255 from Python's TFLite"];
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(i < 1 ? 17 : 11))
      .join("")
      .trimEnd(),
  );
  console.log([`${all.side} × ${all.side} pixels, ${all.pictures.length} pictures, ${ROUNDS} rounds in turn`, ...table].join("\n")); // prettier-ignore
  expect(Object.keys(times)).toContain("LiteRT.js");
  await context.close();
  await server.stop();
});

/** Writes the model as ONNX. */
function converted(from: string, to: string): void {
  const tool = ["-m", "tf2onnx.convert", "--tflite", from, "--output", to, "--opset", "18"];
  const known = [PYTHON, process.env.PYTHONPATH].filter(Boolean).join(delimiter);
  execFileSync("python", tool, { env: { ...process.env, PYTHONPATH: known }, stdio: "pipe" });
}

function version(name: string): string {
  const [room, path] = PACKAGES[name]!;
  return JSON.parse(readFileSync(join(room, "node_modules", path, "package.json"), "utf8")).version;
}

function onnx(page: Page, { side, labels, pictures }: Pictures): Promise<Given> {
  return page.evaluate(
    async ({ ort, side, classes, all }) => {
      const { env, InferenceSession, Tensor } = await import(`${location.origin}/others/${ort}ort.wasm.min.mjs`);
      Object.assign(env.wasm, { numThreads: 2, wasmPaths: `${location.origin}/others/${ort}` });
      const model = await (await fetch("/others/model.onnx")).arrayBuffer();
      const session = await InferenceSession.create(model, { executionProviders: ["wasm"] });
      const out = { probabilities: [] as number[][], ms: [] as number[] };
      for (const text of all) {
        const pixels = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const start = performance.now();
        const given = await session.run({ [session.inputNames[0]]: new Tensor("uint8", pixels, [1, side, side, 3]) });
        const found: any = Object.values(given).find(
          (tensor: any) => tensor.dims.length === 2 && tensor.dims[1] === classes,
        );
        out.probabilities.push([...found.data]);
        out.ms.push(performance.now() - start);
      }
      await session.release();
      return out;
    },
    { ort: ORT, side, classes: labels.length, all: pictures.map(({ pixels }) => pixels) },
  );
}

function mediapipe(page: Page, { side, labels, pictures }: Pictures): Promise<Given> {
  return page.evaluate(
    async ({ folder, side, classes, all }) => {
      const { FilesetResolver, ImageClassifier } = await import(`${location.origin}/others/${folder}vision_bundle.mjs`);
      const files = await FilesetResolver.forVisionTasks(`${location.origin}/others/${folder}wasm`);
      const { file } = await (await fetch("api/manifest.json")).json();
      const model = new Uint8Array(await (await fetch(`api/${file}`)).arrayBuffer());
      const classifier = await ImageClassifier.createFromOptions(files, {
        baseOptions: { modelAssetBuffer: model, delegate: "CPU" },
        maxResults: -1,
      });
      const out = { probabilities: [] as number[][], ms: [] as number[] };
      for (const text of all) {
        const rgb = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const image = new ImageData(side, side);
        for (let i = 0; i < side * side; i++)
          image.data.set([rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!, 255], 4 * i);
        const start = performance.now();
        const { classifications } = classifier.classify(image);
        out.ms.push(performance.now() - start);
        const head = classifications.find(({ categories }: any) => categories.length === classes);
        const row = Array<number>(classes).fill(NaN);
        for (const { index, score } of head.categories) row[index] = score;
        out.probabilities.push(row);
      }
      classifier.close();
      return out;
    },
    { folder: MEDIAPIPE, side, classes: labels.length, all: pictures.map(({ pixels }) => pixels) },
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
