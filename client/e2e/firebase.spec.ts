import { execFile } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { BUCKET, start } from "../emulator/emulators.mjs";
import { classes, inbox, phone, PROJECT, weld } from "./server";
import { correct, ready } from "./welder";

let emulators: Awaited<ReturnType<typeof start>>;
let project: string;

test.beforeAll(async ({}, info) => {
  info.setTimeout(180_000);
  emulators = await start({ free: true, double: true });
  project = join(info.project.outputDir, "firebase project"); // a copy: the other tests want a model in staging
  rmSync(project, { recursive: true, force: true });
  cpSync(PROJECT, project, { recursive: true, filter: (path) => !path.startsWith(join(PROJECT, ".dvc/cache")) });
  const options = [`loop.publish.bucket=${BUCKET}`, `loop.collect.bucket=${BUCKET}`];
  await weldspot("compose", ...options, "loop.collect.source=firebase", "loop.collect.after=delete");
  await weldspot("promote");
  await weldspot("publish", "--target", "firebase_storage");
});
test.afterAll(async () => {
  await emulators?.stop();
  rmSync(project, { recursive: true, force: true });
});

async function weldspot(...options: string[]): Promise<void> {
  const env = { ...process.env, FIREBASE_STORAGE_EMULATOR_HOST: emulators.storage };
  await promisify(execFile)("weldspot", options, { cwd: project, env });
}

interface Uploaded {
  readonly name: string;
  readonly contentType: string;
  readonly metadata: Record<string, string>;
}

/** What lies under feedback/, as the service account sees it. */
async function uploads(): Promise<Uploaded[]> {
  const address = `http://${emulators.storage}/storage/v1/b/${BUCKET}/o?prefix=feedback/`;
  return (await (await fetch(address, { headers: { Authorization: "Bearer owner" } })).json()).items ?? [];
}

test("the model comes from Storage, a correction goes there, collect drains it", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(emulators.app);
  await ready(page);
  const { label } = weld();
  await expect(page.getByRole("region", { name: "Verdict" }).getByRole("heading")).toHaveText(
    classes().of(label).title,
  );
  await page.screenshot({ path: info.outputPath("firebase.png") });

  await correct(page, [weld().label, "Porosity"]);
  await expect.poll(async () => (await uploads()).length).toBe(1);
  const [object] = await uploads();
  expect(object!.name).toMatch(/^feedback\/\w+\/[0-9a-f-]{36}\.jpg$/);
  expect(object!.contentType).toBe("image/jpeg");
  expect(object!.metadata.labels!.split(",")).toEqual(expect.arrayContaining(["Porosity", label]));
  expect(object!.metadata.classes!.split(",")).toEqual(classes().labels);
  expect(object!.metadata.model).toMatch(/^[0-9a-f]{64}$/);

  const before = inbox(project).length;
  await weldspot("collect");
  expect(await uploads()).toEqual([]);
  const rows = inbox(project);
  expect(rows).toHaveLength(before + 1);
  const row = rows.find(({ origin }) => origin === object!.name)!;
  expect(new Set(row.labels)).toEqual(new Set([label, "Porosity"]));
  expect(row.model).toBe(object!.metadata.model);
  await context.close();
});

test("an answer lost on its way: sent again, and there once", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(emulators.app);
  await ready(page);
  let lost = 0;
  await context.route(`http://${emulators.storage}/**`, async (route) => {
    if (route.request().method() !== "POST" || lost) return route.continue();
    lost++;
    await route.fetch();
    await route.abort("connectionreset");
  });
  await correct(page, [weld().label, "Porosity"]);
  await expect.poll(async () => (await uploads()).length).toBe(1);
  await page.getByRole("button", { name: "Waiting to be sent" }).click();
  await expect(page.getByText("Nothing waits")).toBeVisible();
  expect(lost).toBe(1);
  expect(await uploads()).toHaveLength(1);
  await context.close();
});
