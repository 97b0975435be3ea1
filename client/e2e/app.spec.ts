import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { meaning } from "../src/labels";
import { emptySpool, LABEL, phone, Server, spooled, weldspot } from "./server";

const server = new Server();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());
test.beforeEach(emptySpool);

const ready = (page: Page) =>
  expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled({ timeout: 20_000 });

async function correct(page: Page, label: string): Promise<void> {
  await page.getByRole("button", { name: "Capture and correct" }).click();
  const sheet = page.getByRole("dialog", { name: "Is this right?" });
  for (const box of await sheet.getByRole("checkbox").all()) await box.uncheck();
  await sheet.getByRole("checkbox", { name: meaning(label).short }).check();
  await sheet.getByRole("button", { name: "Send correction" }).click();
  await expect(sheet).toBeHidden();
}

for (const scheme of ["light", "dark"] as const) {
  test(`a welder looks, corrects and sends; collect makes a batch of it (${scheme})`, async ({}, info) => {
    const context = await phone(info.outputPath("profile"), scheme);
    const page = await context.newPage();
    await page.goto(server.url);
    await ready(page);
    const verdict = page.getByRole("region", { name: "Verdict" });
    await expect(verdict.getByRole("heading")).toHaveText(meaning(LABEL()).title);
    await expect(page.getByRole("list", { name: "Most probable classes" }).getByRole("listitem").first()).toContainText(
      meaning(LABEL()).short,
    );
    await expect(page.getByText("Staging", { exact: true })).toBeVisible();
    await page.screenshot({ path: info.outputPath("live.png") });
    expect(await seriousFindings(page)).toEqual([]);

    await page.getByRole("button", { name: "Capture and correct" }).click();
    const sheet = page.getByRole("dialog", { name: "Is this right?" });
    await expect(sheet.getByRole("checkbox", { name: meaning(LABEL()).short })).toBeChecked();
    await sheet.getByRole("checkbox", { name: "Porosity" }).check();
    await sheet.getByLabel("Note").fill("second pass");
    await page.screenshot({ path: info.outputPath("review.png") });
    expect(await seriousFindings(page)).toEqual([]);
    await sheet.getByRole("button", { name: "Send correction" }).click();
    await expect.poll(spooled).toHaveLength(1);
    expect(weldspot("collect")).toMatch(/\b1\b/);
    expect(spooled()).toEqual([]);
    await context.close();
  });
}

test("offline: opens, classifies, keeps three corrections over a restart, and each arrives once", async ({}, info) => {
  const profile = info.outputPath("profile");
  let context = await phone(profile);
  let page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload(); // from here on the service worker keeps what the app loads
  await ready(page);
  const { port } = new URL(server.url);
  await server.stop();

  await page.reload();
  await ready(page);
  for (let i = 0; i < 3; i++) await correct(page, "Crack");
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
  await context.route("**/api/manifest.json", async (route) => {
    const manifest = await (await route.fetch()).json();
    await route.fulfill({ json: { ...manifest, sha256: "0".repeat(64), file: `models/${"0".repeat(64)}.tflite` } });
  });
  await context.route("**/api/models/*", (route) => route.fulfill({ body: "not the model" }));
  await page.getByRole("button", { name: "Model and settings" }).click();
  await page.getByRole("button", { name: "Check for a new model" }).click();
  await expect(page.getByText("The new model is damaged")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await page.reload();
  await ready(page);
  await context.close();
});

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help }) => `${id}: ${help}`);
}
