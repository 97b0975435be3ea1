import { type Browser, expect, type Page, test } from "@playwright/test";
import { Server } from "../server";
import { findings } from "../axe";
import { card, decisions, empty, left, open, tried, waiting } from "./desk";

const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
};
const COUNT = 40;
const REST = !process.env.WELDSPOT_ALL_TESTS; // a minute of a core; continuous integration has it set

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`40 cards by keyboard, ${name}: accepted, changed, refused, undone`, async ({ browser }, info) => {
    test.skip(REST && name !== "phone");
    const folder = waiting(info.outputPath("project"), COUNT);
    tried(folder, "8", 0.1);
    const server = new Server(folder);
    await server.start();
    const page = await opened(browser, { viewport });
    await open(page, server.url, "Rita");
    await expect(page.getByRole("link", { name: "Trial: version 8, 10 %" })).toBeVisible();
    await look(page, info.outputPath(`card-${name}`));
    await expect(page.getByRole("figure").locator("svg.outline")).toBeVisible();
    const begun = Date.now();
    await page.keyboard.press("Enter");
    await expect(left(page)).toHaveText(`${COUNT - 1} left`);
    await page.keyboard.press("u");
    await expect(left(page)).toHaveText(`${COUNT} left`);
    for (let done = 0; done < COUNT; done++) {
      await expect(left(page)).toHaveText(`${COUNT - done} left`);
      if (done % 4 === 1) {
        await page.keyboard.press("x");
        await expect(page.getByRole("dialog", { name: "Why is it refused?" })).toBeVisible();
        if (done === 1) await look(page, info.outputPath(`reasons-${name}`));
        await page.keyboard.press("1");
      } else if (done % 4 === 2) {
        const choices = card(page).getByRole("checkbox");
        const key = (await choices.nth(1).isChecked()) ? "3" : "2";
        await page.keyboard.press(key);
        await expect(page.getByRole("button", { name: "Change to this" })).toBeEnabled();
        await page.keyboard.press("Enter");
      } else await page.keyboard.press("Enter");
    }
    await expect(empty(page)).toBeVisible();
    const seconds = (Date.now() - begun) / 1000 / (COUNT + 2);
    console.log(`${name}: ${seconds.toFixed(2)} s a card by keyboard`);
    await look(page, info.outputPath(`empty-${name}`));
    const made = decisions(folder);
    expect(made).toHaveLength(COUNT + 2);
    expect(new Set(made.map(({ by }) => by))).toEqual(new Set(["Rita"]));
    const last = new Map(made.map((one) => [one.upload, one]));
    expect(last.size).toBe(COUNT);
    const words = [...last.values()].map(({ decision }) => decision);
    expect(["accept", "reject", "change"].map((word) => words.filter((one) => one === word).length)).toEqual([
      20, 10, 10,
    ]);
    for (const { decision, before, after, reason } of last.values()) {
      if (decision === "reject") expect([after, reason]).toEqual([[], "not a weld"]);
      else expect(JSON.stringify(after) === JSON.stringify(before)).toBe(decision === "accept");
    }
    await page.context().close();
    await server.stop();
  });

  test(`40 cards by touch, ${name}`, async ({ browser }, info) => {
    test.skip(REST);
    const folder = waiting(info.outputPath("project"), COUNT);
    const server = new Server(folder);
    await server.start();
    const page = await opened(browser, { viewport, hasTouch: true });
    await open(page, server.url, "Tom");
    for (let done = 0; done < COUNT; done++) {
      await expect(left(page)).toHaveText(`${COUNT - done} left`);
      if (done % 10 === 3) {
        await page.getByRole("button", { name: "Refuse" }).tap();
        await page.getByRole("button", { name: "can't be told" }).tap();
      } else await page.getByRole("button", { name: "Right" }).tap();
    }
    await expect(empty(page)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).tap();
    await expect(card(page)).toBeVisible();
    const made = decisions(folder);
    expect(made).toHaveLength(COUNT + 1);
    expect(made.at(-1)!.decision).toBe("undo");
    await page.context().close();
    await server.stop();
  });
}

test("two reviewers at once: other cards for each, and one card is decided once", async ({ browser }, info) => {
  test.skip(REST);
  const folder = waiting(info.outputPath("project"), COUNT);
  const server = new Server(folder);
  await server.start();
  const pages = await Promise.all([opened(browser), opened(browser)]);
  await open(pages[0]!, server.url, "Rita");
  await open(pages[1]!, server.url, "Tom");
  const work = async (page: Page) => {
    while (!(await empty(page).isVisible())) {
      await page.keyboard.press("Enter");
      await page.waitForTimeout(30);
    }
  };
  await Promise.all(pages.map(work));
  await expect.poll(() => decisions(folder).length, { timeout: 60_000 }).toBe(COUNT);
  const made = decisions(folder);
  expect(new Set(made.map(({ upload }) => upload)).size).toBe(COUNT);
  expect(new Set(made.map(({ by }) => by))).toEqual(new Set(["Rita", "Tom"]));
  await Promise.all(pages.map((page) => page.context().close()));
  await server.stop();
});

test("whose card was decided by another is told by whom, and goes on", async ({ browser }, info) => {
  test.skip(REST);
  const folder = waiting(info.outputPath("project"), 3);
  const server = new Server(folder);
  await server.start();
  const page = await opened(browser);
  await open(page, server.url, "Rita");
  const cards = (await (await fetch(`${server.url}api/review/cards?by=Rita`)).json()) as { cards: { id: string }[] };
  const word = { id: cards.cards[0]!.id, seen: 0, decision: "reject", by: "Tom", labels: [], reason: "not a weld" };
  const answer = await fetch(`${server.url}api/review/decisions`, { method: "POST", body: JSON.stringify(word) });
  expect(answer.status).toBe(201);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Tom was faster: reject.")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect.poll(() => decisions(folder).map(({ by }) => by)).toEqual(["Tom", "Rita"]);
  await page.context().close();
  await server.stop();
});

test("a server that is killed midway: nothing is lost, nothing is decided twice", async ({ browser }, info) => {
  test.skip(REST);
  const folder = waiting(info.outputPath("project"), 12);
  const server = new Server(folder);
  await server.start();
  const { port } = new URL(server.url);
  const page = await opened(browser);
  await open(page, server.url, "Rita");
  for (let done = 0; done < 5; done++) {
    await page.keyboard.press("Enter");
    await expect(left(page)).toHaveText(`${11 - done} left`);
  }
  await server.kill();
  await page.keyboard.press("Enter");
  await expect(page.getByText("not written down. Try again.")).toBeVisible();
  expect(decisions(folder)).toHaveLength(5);
  await server.start(port);
  await page.keyboard.press("Enter");
  for (let done = 6; done < 12; done++) {
    await expect(left(page)).toHaveText(`${12 - done} left`);
    await page.keyboard.press("Enter");
  }
  await expect(empty(page)).toBeVisible();
  expect(new Set(decisions(folder).map(({ upload }) => upload)).size).toBe(12);
  await page.context().close();
  await server.stop();
});

test("what a sender writes is text: no markup, no turned or hidden letters", async ({ browser }, info) => {
  test.skip(REST);
  const folder = waiting(info.outputPath("project"), 10, true);
  const server = new Server(folder);
  await server.start();
  const page = await opened(browser);
  const said: string[] = [];
  page.on("dialog", (dialog) => dialog.dismiss());
  await open(page, server.url, "Rita");
  for (let done = 0; done < 10; done++) {
    await expect(left(page)).toHaveText(`${10 - done} left`);
    const facts = card(page).locator(".facts");
    said.push(await facts.innerText());
    expect(await facts.locator("img, script").count()).toBe(0);
    await page.keyboard.press("Enter");
  }
  await expect(empty(page)).toBeVisible();
  expect(await page.title()).toBe("WeldSpot: review");
  const all = said.join("\n");
  for (const shown of [
    "<img src=x",
    "=HYPERLINK",
    "\\u001b[2Jcleared",
    "fine\\u000asecond line",
    "\\u202egpj.dlew\\u202c",
  ])
    expect(all).toContain(shown);
  expect(all).not.toMatch(/[\u202e\u001b]/);
  await page.context().close();
  await server.stop();
});

/** A page in a context of its own. */
async function opened(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  const page = await (await browser.newContext({ viewport: SIZES.desktop, ...options })).newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  return page;
}

/** Screenshots in light and dark, without findings of axe, and nothing runs over to the side. */
async function look(page: Page, path: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
    await page.screenshot({ path: `${path}-${colorScheme}.png` });
    expect(await findings(page)).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
}
