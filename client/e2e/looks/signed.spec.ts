import { type Browser, type BrowserContext, expect, test } from "@playwright/test";
import { FIREFOX, firefox } from "../engines/firefox";
import { type Engine, until } from "../engines/engine";
import { WEBKIT, webkit } from "../engines/webkit";
import { ALL, texturedCamera } from "./app";
import { type Case, cases, Publishing } from "./publishing";

const server = new Publishing();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());

/** Whose camera shows something; nothing is opened yet. */
async function phone(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: "en-US",
    timezoneId: "UTC",
  });
  await texturedCamera(context);
  return context;
}

test("Chromium: takes in what its key has signed and nothing else, and goes on with what it has", async ({
  browser,
}) => {
  const context = await phone(browser);
  const page = await context.newPage();
  const settings = () => page.getByRole("button", { name: "Model and settings" }).first().click();
  const all = await cases();
  for (const [i, one] of all.entries()) {
    await test.step(one.name, async () => {
      server.manifest = one.manifest;
      if (i === 0) await page.goto(server.url);
      await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
      await settings();
      await page.getByRole("button", { name: "Check for a new model" }).click();
      await expect(page.getByText(one.says)).toBeVisible();
      await expect(page.locator("dl").getByText(one.version, { exact: true }).first()).toBeVisible();
      await page.getByRole("button", { name: "Close" }).click();
    });
  }
  await context.close();
});

test("Chromium: at its start too, with a notice that stays; without a model a card that says what to do", async ({
  browser,
}) => {
  const [, signed, unsigned, , expired] = (await cases()) as [Case, Case, Case, Case, Case];
  const context = await phone(browser);
  const page = await context.newPage();
  server.manifest = expired.manifest;
  await page.goto(server.url);
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("The signature of the new model has run out");
  await expect(page.getByRole("alert")).toContainText("It was good until Jan 1, 2020.");
  server.manifest = signed.manifest;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  for (const one of [unsigned, expired]) {
    server.manifest = one.manifest;
    await page.reload();
    await expect(page.getByText(`${one.says}; the one before keeps working.`)).toBeVisible();
    await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
    await expect(page.getByRole("region", { name: "Verdict" }).getByRole("heading").first()).toHaveText("Crack");
  }
  await context.close();
});

test("Chromium: the key is shown, and forgotten when it is asked for twice", async ({ browser }) => {
  const all = await cases();
  const context = await phone(browser);
  const page = await context.newPage();
  server.manifest = all[1]!.manifest;
  await page.goto(server.url);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await page.getByRole("button", { name: "Model and settings" }).click();
  await page.getByRole("button", { name: "For engineers" }).click();
  await expect(page.getByText(/^[0-9a-f]{16}…$/)).toBeVisible();
  await page.getByRole("button", { name: "Forget this key" }).click();
  await page.getByRole("button", { name: "Really?" }).click();
  await expect(page.getByText("Forgotten.")).toBeVisible();
  await page.getByRole("dialog").filter({ hasText: "Forgotten." }).getByRole("button", { name: "Close" }).click();
  server.manifest = all[5]!.manifest; // of another key: trusted at first sight again
  await page.getByRole("button", { name: "Check for a new model" }).click();
  await expect(page.getByText("This is the newest model.")).toBeVisible();
  await context.close();
});

test("Chromium without Ed25519 of its own: the same", async ({ browser }) => {
  const all = await cases();
  const context = await phone(browser);
  await context.addInitScript(() => {
    crypto.subtle.importKey = () => Promise.reject(new DOMException("", "NotSupportedError"));
  });
  const page = await context.newPage();
  server.manifest = all[1]!.manifest;
  await page.goto(server.url);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await page.getByRole("button", { name: "Model and settings" }).click();
  for (const i of [3, 5, 6, 7, 9]) {
    server.manifest = all[i]!.manifest;
    await page.getByRole("button", { name: "Check for a new model" }).click();
    await expect(page.getByText(all[i]!.says)).toBeVisible();
    await expect(page.locator("dl").getByText(all[i]!.version, { exact: true }).first()).toBeVisible();
  }
  await context.close();
});

for (const [name, there, start] of [
  ["Firefox", FIREFOX !== undefined, firefox],
  ["WebKitGTK", WEBKIT, webkit],
] as const) {
  test(`${name}: takes in what its key has signed and nothing else`, async ({}, info) => {
    test.skip(!ALL, "minutes: WELDSPOT_ALL_TESTS=1");
    test.skip(!there, `${name} is not here: apt-get install firefox-esr webkit2gtk-driver xvfb`);
    info.setTimeout(300_000);
    const all = await cases();
    const engine = await start();
    try {
      server.manifest = all[0]!.manifest;
      await engine.open(server.url);
      for (const one of all) await test.step(one.name, () => offered(engine, one));
    } finally {
      await engine.close();
    }
  });
}

/** The phone looks for a new model, says what is expected and shows the version that is. */
async function offered(engine: Engine, one: Case): Promise<void> {
  server.manifest = one.manifest;
  await until(engine, () => document.querySelector<HTMLButtonElement>(".shutter")?.disabled === false, null);
  await engine.evaluate(() => {
    document.querySelector<HTMLButtonElement>(".top button:last-of-type")!.click();
  }, null);
  await until(engine, () => document.querySelector("dialog[open] .model button") !== null, null);
  await engine.evaluate(() => document.querySelector<HTMLButtonElement>("dialog[open] .model button")!.click(), null);
  await until(engine, (says) => document.querySelector("dialog[open] .model")!.textContent.includes(says), one.says);
  await until(
    engine,
    (version) => document.querySelector("dialog[open] .model dd")!.textContent === version,
    one.version,
  );
  await engine.evaluate(() => document.querySelector<HTMLDialogElement>("dialog[open]")!.close(), null);
}
