import { createHash } from "node:crypto";
import { expect, type Page, test, type TestInfo } from "@playwright/test";
import { findings } from "./axe";
import { classes, emptySpool, inbox, phone, Server, spooled, weld, weldspot } from "./server";
import { correct, ready } from "./welder";

const server = new Server();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());
test.beforeEach(emptySpool);

const CELL = 0.2; // one cell of a 5 × 5 class-activation map

test("a welder looks, corrects and sends; collect makes a batch of it", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  // of two dozen test photographs no map may have been shown to be better than the picture's middle
  await page.addInitScript(() => localStorage.setItem("weldspot.unmeasured", "on"));
  const { label, box } = weld();
  const { title, short } = classes().of(label);
  const more = another(label);
  await page.goto(server.url);
  await ready(page);
  const verdict = page.getByRole("region", { name: "Verdict" });
  await expect(verdict.getByRole("heading")).toHaveText(title);
  await expect(page.getByRole("list", { name: "Most probable classes" }).getByRole("listitem").first()).toContainText(
    short,
  );
  const [x, y] = await outlined(page);
  expect(x).toBeGreaterThan(box[0] - CELL);
  expect(y).toBeGreaterThan(box[1] - CELL);
  expect(x).toBeLessThan(box[2] + CELL);
  expect(y).toBeLessThan(box[3] + CELL);
  await lookAt(page, info, "live");

  await page.getByRole("button", { name: "Capture and correct" }).click();
  const sheet = page.getByRole("dialog", { name: "Is this right?" });
  await expect(sheet.getByRole("checkbox", { name: short })).toBeChecked();
  await sheet.getByRole("checkbox", { name: classes().of(more).short }).check();
  await sheet.getByLabel("Note").fill("second pass");
  await lookAt(page, info, "review");
  await sheet.getByRole("button", { name: "Send correction" }).click();
  await expect.poll(spooled).toHaveLength(1);
  const before = inbox().length;
  weldspot("collect");
  const row = inbox()[before]!;
  expect(inbox()).toHaveLength(before + 1);
  expect(new Set(row.labels)).toEqual(new Set([label, more]));
  expect(row.note).toBe("second pass");
  expect(row.classes).toEqual(classes().labels);
  expect(row.scores[row.classes.indexOf(label)]).toBeGreaterThan(0.3);
  await context.close();
});

test("offline: opens, classifies, keeps three corrections over a restart, and each arrives once", async ({}, info) => {
  const profile = info.outputPath("profile");
  let context = await phone(profile);
  let page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const kept = () => page.evaluate(() => caches.match("config.json").then(Boolean));
  await expect.poll(kept).toBe(true);
  await expect.poll(() => page.evaluate(() => caches.keys())).toContainEqual(expect.stringContaining("litert"));
  const { port } = new URL(server.url);
  await server.stop();

  await page.reload();
  await ready(page);
  for (let i = 0; i < 3; i++) await correct(page, [weld().label]);
  await context.close();

  context = await phone(profile);
  page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  await expect(page.locator(".count")).toHaveText("3");
  await server.start(port);
  await page.getByRole("button", { name: "Waiting to be sent" }).click();
  await page.getByRole("button", { name: "Send now" }).click();
  await expect.poll(spooled).toHaveLength(3);
  await expect(page.getByText("Nothing waits")).toBeVisible();
  await context.close();
});

test("a damaged model is refused and the one before keeps working", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  const manifest = (await (await fetch(`${server.url}api/manifest.json`)).json()) as object;
  const damaged = { ...manifest, sha256: "0".repeat(64), file: `models/${"0".repeat(64)}.tflite` };
  await context.route("**/api/manifest.json", (route) => route.fulfill({ json: damaged }));
  await context.route("**/api/models/*", (route) => route.fulfill({ body: "not the model" }));
  await page.getByRole("button", { name: "Model and settings" }).click();
  await page.getByRole("button", { name: "Check for a new model" }).click();
  await expect(page.getByText("The new model is damaged")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await page.reload();
  await ready(page);
  await context.close();
});

test("a model that is whole and does not run is refused, and the one before goes on looking", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  const manifest = await (await fetch(`${server.url}api/manifest.json`)).json();
  const body = "no model at all";
  const sha256 = createHash("sha256").update(body).digest("hex");
  const other = { ...manifest, sha256, bytes: body.length, file: `models/${sha256}.tflite` };
  await context.route("**/api/manifest.json", (route) => route.fulfill({ json: other }));
  await context.route(`**/api/models/${sha256}.tflite`, (route) => route.fulfill({ body }));
  await page.getByRole("button", { name: "Model and settings" }).click();
  await page.getByRole("button", { name: "Check for a new model" }).click();
  await expect(page.getByText("The model does not run here")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await correct(page, [weld().label]);
  await expect.poll(() => spooled().length).toBe(1);
  await context.close();
});

/** A class that the weld does not show, and that may stand beside what it shows. */
function another(label: string): string {
  const { labels, background } = classes();
  return labels.find((name) => name !== label && name !== background)!;
}

/** The middle of what is outlined in the live view, 0 to 1. */
function outlined(page: Page): Promise<[number, number]> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".stage .heat")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let [sumX, sumY, count] = [0, 0, 0];
    for (let i = 0; i < data.length / 4; i++) {
      if (data[4 * i + 3] !== 255) continue;
      sumX += i % canvas.width;
      sumY += Math.floor(i / canvas.width);
      count++;
    }
    return [sumX / count / canvas.width, sumY / count / canvas.height];
  });
}

/** A screenshot in light and one in dark, both without findings of axe. */
async function lookAt(page: Page, info: TestInfo, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`) });
    expect(await findings(page)).toEqual([]);
  }
}
