import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { answers, pictures } from "../parity";
import { classes, emptySpool, PROJECT, Server, spooled, weld } from "../server";
import { type Engine, until } from "./engine";
import { FIREFOX, firefox } from "./firefox";
import { WEBKIT, webkit } from "./webkit";

const COUNT = process.env.WELDSPOT_ALL_TESTS ? 20 : 8; // pictures
const server = new Server();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());
test.beforeEach(emptySpool);

const looks = (engine: Engine) =>
  until(
    engine,
    () => {
      document.querySelector<HTMLButtonElement>(".introduction[open] footer .main")?.click();
      return document.querySelector<HTMLButtonElement>(".shutter")?.disabled === false;
    },
    null,
  );

/** Picks the photograph of the weld, as from the gallery. */
const pick = (engine: Engine) =>
  engine.evaluate(
    (png) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([bytes], "weld.png", { type: "image/png" }));
      const input = document.querySelector<HTMLInputElement>("input[type=file]")!;
      input.files = files.files;
      input.dispatchEvent(new Event("change"));
    },
    readFileSync(join(PROJECT, "weld.png")).toString("base64"),
  );

/** Sends what the model proposes for it, with a note. */
async function correct(engine: Engine, title: string): Promise<void> {
  await pick(engine);
  await until(
    engine,
    (title) => document.querySelector("dialog[open] .verdict h2")!.textContent.includes(title),
    title,
  );
  await engine.evaluate(() => {
    const note = document.querySelector<HTMLTextAreaElement>("dialog[open] textarea")!;
    note.value = "second pass";
    note.dispatchEvent(new Event("input"));
    document.querySelector<HTMLButtonElement>("dialog[open] footer > .main")!.click();
  }, null);
  await until(engine, () => !document.querySelector("dialog[open]"), null);
}

const EXACT = 1 / 255 + 1e-6;
for (const [name, there, start] of [
  ["Firefox", FIREFOX !== undefined, firefox],
  ["WebKitGTK", WEBKIT, webkit],
] as const) {
  test(`${name}: looks, reads a photograph as Python does, sends it, and works without the server`, async ({}, info) => {
    test.skip(!there, `${name} is not here: apt-get install firefox-esr webkit2gtk-driver xvfb`);
    info.setTimeout(300_000);
    const engine = await start();
    try {
      const { title } = classes().of(weld().label);
      await engine.open(server.url);
      await looks(engine);
      await correct(engine, title);
      await expect.poll(spooled).toHaveLength(1);

      const all = pictures(PROJECT, COUNT);
      const { probabilities: here, ms } = await answers(engine, all);
      const apart = here.flatMap((row, i) => row.map((p, j) => Math.abs(p - all.pictures[i]!.probabilities[j]!)));
      expect(Math.max(...apart)).toBeLessThanOrEqual(EXACT);
      console.log(`${name}: at most ${(255 * Math.max(...apart)).toFixed(5)}/255 apart, ${median(ms).toFixed(1)} ms`);

      await until(engine, async () => (await caches.keys()).some((key) => key.includes("shell")), null);
      await engine.evaluate(() => navigator.serviceWorker.ready.then(() => undefined), null);
      const { port } = new URL(server.url);
      await server.stop();
      await engine.open(server.url);
      await looks(engine);
      await correct(engine, title);
      await until(engine, () => document.querySelector(".count")?.textContent === "1", null);
      await server.start(port);
      await engine.open(server.url);
      await expect.poll(spooled, { timeout: 30_000 }).toHaveLength(2);
    } finally {
      await engine.close();
    }
  });
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
