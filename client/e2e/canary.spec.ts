import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { findings } from "./axe";
import { emptySpool, phone, PROJECT, Server, weldspot } from "./server";
import { ready } from "./welder";

const server = new Server();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());
test.beforeEach(emptySpool);

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const today = () => new Date().toISOString().slice(0, 10);
const below = (share: number, text: string) => parseInt(sha256(text).slice(0, 8), 16) / 2 ** 32 < share;

/** A phone's own name that today's lot gives the challenger. */
function named(challenger: string): string {
  for (let i = 0; ; i++) if (below(0.5, `phone ${i} ${challenger} ${today()}`)) return `phone ${i}`;
}

const counts = (page: Page) =>
  page.evaluate(() => Object.values(JSON.parse(localStorage.getItem("weldspot.counts") || "{}")) as { day: string }[]);

function reports(): { lot: string; looks: number }[] {
  const folder = join(PROJECT, ".weldspot/spool/telemetry");
  if (!existsSync(folder)) return []; // nothing has come yet
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}

test("a phone that counts tries a new model, tells of its days, and goes back when it is taken away", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  const everybodys = await (await fetch(`${server.url}api/manifest.json`)).json();
  const file = await (await fetch(`${server.url}api/models/${everybodys.sha256}.tflite`)).arrayBuffer();
  const body = Buffer.concat([Buffer.from(file), Buffer.alloc(16)]); // behind the end: it does alike
  const challenger = sha256(body);
  const manifest = { ...everybodys, sha256: challenger, bytes: body.length, file: `models/${challenger}.tflite` };
  let tried = true;
  await context.route("**/api/canary.json", (route) =>
    route.fulfill(tried ? { json: { share: 1, manifest } } : { status: 204 }),
  );
  await context.route(`**/api/models/${challenger}.tflite`, (route) => route.fulfill({ body }));
  await page.evaluate((name) => localStorage.setItem("weldspot.uploader", name), named(challenger));

  await page.reload();
  await ready(page);
  await page.waitForTimeout(2_500);
  expect(await counts(page)).toEqual([]); // off until it is turned on
  await page.getByRole("button", { name: "Model and settings" }).click();
  await page.getByRole("switch", { name: "Send sums of a day" }).check();
  expect(await findings(page)).toEqual([]);

  await page.reload();
  await ready(page);
  const days = async () => {
    await page.evaluate(() => dispatchEvent(new Event("pagehide")));
    return counts(page);
  };
  await expect
    .poll(days, { timeout: 30_000 })
    .toContainEqual(expect.objectContaining({ model: challenger, challenger, lot: "challenger" }));

  await page.evaluate(() => {
    const kept = localStorage.getItem("weldspot.counts")!;
    localStorage.setItem("weldspot.counts", kept.replaceAll(/\d{4}-\d{2}-\d{2}/g, "2026-01-01"));
  });
  tried = false;
  await page.reload();
  await ready(page);
  await expect.poll(() => reports().map(({ lot }) => lot)).toContain("challenger");
  for (const report of reports()) expect(Object.keys(report)).not.toContain("uploader");
  weldspot("collect");
  await expect
    .poll(days, { timeout: 30_000 })
    .toContainEqual(expect.objectContaining({ model: everybodys.sha256, challenger: "", lot: "" }));
  await context.close();
});
