import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { agreed, answers, canvasCamera, pictures } from "../e2e/parity";
import { phone, Server } from "../e2e/server";
import { ROOT } from "./root";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const SHELL = /^(index\.html|manifest\.webmanifest|sw\.js|assets\/(index|worker)-.*)$/;

/** `make bench-client`: speed, size and parity with Python. */
test("the phone app in numbers", async ({}, info) => {
  const server = new Server(ROOT);
  await server.start();
  const all = pictures(ROOT, 100);
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await canvasCamera(page);
  await page.addInitScript(() => localStorage.setItem("weldspot.speed", "on"));
  await page.goto(server.url);
  await expect(page.locator(".speed")).not.toBeEmpty({ timeout: 60_000 });
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  const first: number[] = [];
  for (let i = 0; i < 5; i++) {
    await page.reload();
    await page.waitForFunction(() => document.querySelector(".speed")?.textContent, null, { polling: 20 });
    first.push(await page.evaluate(() => performance.now()));
  }
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    times.push(parseFloat(await page.locator(".speed").innerText()));
    await page.waitForTimeout(100);
  }
  const same = await agreed(page, all);
  await page.goto(`${server.url}config.json`); // the same origin, without the live view
  const { probabilities: here, ms } = await answers(page, all);
  const apart = Math.max(
    ...here.flatMap((row, i) => row.map((p, j) => Math.abs(p - all.pictures[i]!.probabilities[j]!))),
  );
  const shell = (readdirSync(DIST, { recursive: true, encoding: "utf8" }) as string[])
    .filter((name) => SHELL.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(DIST, name))).length, 0);
  const lines = [
    `one inference            ${median(ms).toFixed(1)} ms median (limit 20), input ${all.side} px`,
    `in the live view         ${median(times)} ms median, beside camera and drawing`,
    `first verdict, warm      ${(median(first) / 1000).toFixed(2)} s after the page began to load (limit 3)`,
    `app without model, wasm  ${(shell / 1000).toFixed(0)} kB gzipped (limit 150)`,
    `same pixels as Python    at most ${(apart * 255).toFixed(2)}/255 apart over ${all.pictures.length} images (limit 1)`,
    `through the camera       ${same} of ${all.pictures.length} have the same class on top`,
  ];
  console.log(lines.join("\n"));
  await context.close();
  await server.stop();
});

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
