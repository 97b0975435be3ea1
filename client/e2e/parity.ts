import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { Engine } from "./engines/engine";
import { classes } from "./server";

interface Picture {
  readonly png: string;
  readonly pixels: string;
  readonly probabilities: number[];
}

export interface Pictures {
  readonly side: number;
  readonly labels: string[];
  /** of the labels, as the live view has them */
  readonly names: string[];
  readonly pictures: Picture[];
}

const LEAST = 16; // made at once, for whichever test asks next: Python takes longer to start than for all of them
const known = new Map<string, Pictures>();

/** Rendered welds and what Python's TFLite says of them with the model of this project. */
export function pictures(project: string, count: number): Pictures {
  const before = known.get(project);
  if (before && before.pictures.length >= count) return { ...before, pictures: before.pictures.slice(0, count) };
  const script = fileURLToPath(new URL("pictures.py", import.meta.url));
  const asked = [script, project, String(Math.max(count, LEAST))];
  const told = execFileSync("python", asked, { maxBuffer: 2 ** 30, stdio: "pipe" });
  const made: Omit<Pictures, "names"> = JSON.parse(told.toString());
  const book = classes(project);
  known.set(project, { ...made, names: made.labels.map((label) => book.of(label).short) });
  return pictures(project, count);
}

/**
 * What the app's own worker gives for the same pixels: probabilities, float[pictures][classes], and its ms for each.
 *
 * A worker that falls silent is replaced once, as the app does it: on a machine full of other work one of Firefox's has.
 */
export async function answers(page: Pick<Engine, "evaluate">, all: Pictures): Promise<Answers> {
  try {
    return await asked(page, all);
  } catch (error) {
    if (!String(error).includes(SILENT)) throw error;
    console.log(String(error));
    return asked(page, all);
  }
}

interface Answers {
  readonly probabilities: number[][];
  readonly ms: number[];
}

const SILENT = "the worker is silent";

function asked(page: Pick<Engine, "evaluate">, { side, labels, pictures }: Pictures): Promise<Answers> {
  const assets = readdirSync(new URL("../dist/assets/", import.meta.url));
  return page.evaluate(
    async ({ worker, runtime, side, classes, all, silent }) => {
      // the live view looks at nothing meanwhile: on two busy cores its two threads left none for another two to start on
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      const { file } = await (await fetch("api/manifest.json")).json();
      const model = await (await fetch(`api/${file}`)).arrayBuffer();
      const running = new Worker(`assets/${worker}`);
      const ask = (request: { kind: string; [field: string]: unknown }) =>
        new Promise<any>((resolve, reject) => {
          const waited = setTimeout(() => {
            running.terminate();
            reject(new Error(`${silent} after ${request.kind}`));
          }, 60_000);
          running.onmessage = ({ data }) => {
            if ("arrived" in data) return;
            clearTimeout(waited); // or it would end the worker in a later answer
            resolve(data);
          };
          running.postMessage({ id: 0, ...request });
        });
      await ask({ kind: "prepare", runtime: new URL(runtime, document.baseURI).href, threaded: true });
      const loaded = await ask({
        kind: "load",
        model,
        sha256: "any",
        side,
        classes,
      });
      if (loaded.error) throw new Error(loaded.error);
      const out = { probabilities: [] as number[][], ms: [] as number[] };
      for (const text of all) {
        const pixels = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const { output } = await ask({ kind: "run", sha256: "any", pixels });
        out.probabilities.push([...output.probabilities]);
        out.ms.push(output.ms);
      }
      running.terminate();
      delete (document as { hidden?: boolean }).hidden;
      return out;
    },
    {
      worker: assets.find((name) => name.startsWith("worker-"))!,
      runtime: `assets/${assets.find((name) => name.startsWith("litert-"))}/`,
      side,
      classes: labels.length,
      all: pictures.map(({ pixels }) => pixels),
      silent: SILENT,
    },
  );
}

/** Gives the page a camera that shows what is drawn on `window.scene`; to be called before it is opened. */
export async function canvasCamera(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const scene = Object.assign(document.createElement("canvas"), { width: 480, height: 480 });
    Object.assign(window, { scene });
    const draw = scene.getContext("2d")!;
    setInterval(() => draw.drawImage(scene, 0, 0), 50); // a canvas that rests sends no frames
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(scene.captureStream(20));
  });
}

/** How many pictures had their most probable class on top of the live view within ten seconds. */
export async function agreed(page: Page, { names, pictures }: Pictures): Promise<number> {
  let count = 0;
  for (const { png, probabilities } of pictures) {
    const best = names[probabilities.indexOf(Math.max(...probabilities))]!;
    count += await page.evaluate(
      async ({ png, best }) => {
        const image = Object.assign(new Image(), { src: `data:image/png;base64,${png}` });
        await image.decode();
        (window as any).scene.getContext("2d").drawImage(image, 0, 0);
        const end = performance.now() + 10_000;
        for (let held = 0; performance.now() < end;) {
          await new Promise((done) => setTimeout(done, 100));
          held = document.querySelector(".bars .name")?.textContent === best ? held + 1 : 0;
          if (held === 5) return 1;
        }
        return 0;
      },
      { png, best },
    );
  }
  return count;
}
