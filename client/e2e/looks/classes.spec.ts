import { chromium, expect, type Page, test } from "@playwright/test";
import { existsSync } from "node:fs";
import { parse } from "../../src/contract/served-manifest";
import { ClassBook } from "../../src/reading/class-book";
import { LISTS } from "../../tests/class-lists";
import { ADDRESS, serve, texturedCamera } from "./app";

const SIZES = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
] as const;

/** The first class is sure, then they fall; one an image: all add up to one. */
function scoresOf(labels: readonly string[], exclusive: boolean): number[] {
  const raw = labels.map((_, i) => 0.97 / (i + 1));
  const sum = raw.reduce((a, b) => a + b);
  return exclusive ? raw.map((value, i) => (i ? (0.3 * value) / (sum - raw[0]!) : 0.7)) : raw;
}

for (const [name, list] of Object.entries(LISTS)) {
  for (const { width, height } of SIZES) {
    test(`${name}, ${width}×${height}: nothing runs over, Send in sight`, async ({}, info) => {
      const page = await opened({ viewport: { width, height }, colorScheme: width === 390 ? "dark" : "light" }, list);
      const shot = (what: string) => page.screenshot({ path: info.outputPath(`${what}.png`) });
      const book = new ClassBook(parse(list), ["en"]);
      const first = book.of(list.labels[0]);
      const verdict = page.getByRole("region", { name: "Verdict" }).getByRole("heading");
      await expect(verdict).toContainText(first.title);
      await expect(page.getByRole("listitem")).toHaveCount(3);
      await inside(page);
      await shot("live");
      const all = page.getByRole("button", { name: "All classes" });
      if (list.labels.length > 3) {
        await all.click();
        await expect(page.getByRole("listitem")).toHaveCount(list.labels.length);
        await expect(page.getByRole("listitem").last()).toContainText(book.of(list.labels.at(-1)!).short);
        await inside(page);
        await shot("all");
        await page.getByRole("button", { name: "Only the most probable classes" }).click();
        await expect(page.getByRole("listitem")).toHaveCount(3);
      } else await expect(all).toBeHidden();

      await page.getByRole("button", { name: "Capture and correct" }).click();
      const sheet = page.getByRole("dialog", { name: "Is this right?" });
      const choices = sheet.getByRole(list.exclusive ? "radio" : "checkbox");
      await expect(choices).toHaveCount(list.labels.length);
      const send = sheet.getByRole("button", { name: "Send correction" });
      await expect(send).toBeInViewport({ ratio: 1 });
      await inside(page);
      await shot("review");
      await choices.last().check();
      await choices.last().scrollIntoViewIfNeeded();
      await expect(sheet.getByRole(list.exclusive ? "radio" : "checkbox", { checked: true })).toHaveCount(
        list.exclusive || list.background ? 1 : Math.min(2, list.labels.length) || 1,
      );
      await expect(send).toBeInViewport({ ratio: 1 });
      await expect(sheet.locator("footer .hint")).toContainText(book.of(list.labels.at(-1)!).short);
      await inside(page);
      await shot("review-end");
      await send.click();
      await expect(sheet).toBeHidden();
      await page.getByRole("button", { name: "Waiting to be sent" }).click();
      await expect(page.getByRole("dialog", { name: "Waiting to be sent" }).getByRole("strong")).toBeVisible();
      await inside(page);
      await shot("outbox");
      await page.context().browser()!.close();
    });
  }
}

/** The app in a browser of its own, with a model of this list. */
async function opened(options: object, list = LISTS["seven with a background"]!): Promise<Page> {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  const browser = await chromium.launch({ ...(executablePath && { executablePath }), args: ["--no-sandbox"] });
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  await texturedCamera(context);
  await serve(context, list, scoresOf(list.labels, list.exclusive!));
  const page = await context.newPage();
  await page.goto(ADDRESS);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  return page;
}

/** Nothing is wider than what holds it, and no text runs out of its own box, but where it is cut on purpose. */
async function inside(page: Page): Promise<void> {
  const over = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((each) => each.checkVisibility() && !each.closest("svg"))
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect();
        const wide = each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline";
        return wide || left < -1 || right > innerWidth + 1;
      })
      .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`),
  );
  expect(over).toEqual([]);
}
