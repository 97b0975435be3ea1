import { type Browser, type BrowserContext, expect, type Page, type Route, test } from "@playwright/test";
import { LISTS } from "../../tests/class-lists";
import { manifestOf } from "../../tests/manifest-example";
import { SEND } from "../welder";
import { ADDRESS, ALL, killWorkers, serve, texturedCamera } from "./app";

const SEVEN = LISTS["seven with a background"]!;
const CRACK = [0.02, 0.03, 0.9, 0.06, 0.1, 0.05, 0.02];
const GOOD = [0, 0.06, 0.02, 0.06, 1, 0.02, 0.02];

const heading = (page: Page) => page.getByRole("region", { name: "Verdict" }).getByRole("heading").first();
const tap = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).click();
const review = (page: Page) => page.getByRole("dialog", { name: "Is this right?" });

async function phone(browser: Browser, scores: number[], feedback?: (route: Route) => Promise<void>) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-US" });
  await texturedCamera(context);
  await serve(context, SEVEN, scores, feedback);
  return context;
}

async function opened(context: BrowserContext, hash = ""): Promise<Page> {
  const page = await context.newPage();
  await page.goto(ADDRESS + hash);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  return page;
}

test("a worker that dies, and a camera that a call takes: the verdict goes within a second and comes back by itself", async ({
  browser,
}) => {
  const context = await phone(browser, CRACK);
  const page = await opened(context);
  await expect(heading(page)).toHaveText("Crack");
  const mute = (muted: boolean) =>
    page.evaluate((muted) => {
      const { track } = window as any;
      Object.defineProperty(track, "muted", { value: muted, configurable: true });
      track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
    }, muted);
  await mute(true);
  await expect(heading(page)).toHaveText("The camera is paused", { timeout: 1_200 });
  await mute(false);
  await expect(heading(page)).toHaveText("Crack", { timeout: 5_000 });

  await killWorkers(page);
  // a still picture is asked about no more; the first that differs is
  await page.evaluate(() => Object.assign(window, { shade: "#777" }));
  await expect(heading(page)).toHaveText("Looking again …", { timeout: 1_500 });
  await expect(page.locator(".bars .value").first()).toHaveText("");
  await expect(heading(page)).toHaveText("Crack", { timeout: 8_000 });

  if (!ALL) return context.close();
  await page.evaluate(() => {
    const kill = new BroadcastChannel("kill");
    const act = () => {
      kill.postMessage("now");
      Object.assign(window, { shade: performance.now() % 600 < 300 ? "#777" : "#888" }); // it has to be asked about
    };
    Object.assign(window, { killing: setInterval(act, 50) });
  });
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("The model stopped");
  await page.evaluate(() => clearInterval((window as any).killing));
  await tap(page, "Try again");
  await expect(heading(page)).toHaveText("Crack", { timeout: 8_000 });
  await context.close();
});

test("the sensitivity is in the settings, seen when it is changed, and makes no defect of a good weld", async ({
  browser,
}) => {
  const context = await phone(browser, GOOD);
  const page = await opened(context);
  await expect(heading(page)).toHaveText("Good Welding");
  await expect(page.getByRole("slider")).toHaveCount(0);
  await tap(page, "Model and settings");
  await page.getByRole("slider", { name: "Sensitivity" }).fill("0.85");
  await expect(page.getByText("Changed: a defect of")).toBeVisible();
  await tap(page, "Close");
  await expect(heading(page)).toHaveText("Good Welding");
  await page.waitForTimeout(600);
  await expect(heading(page)).toHaveText("Good Welding");
  await tap(page, "Sensitivity changed");
  await tap(page, "Back to as tuned");
  await tap(page, "Close");
  await expect(page.getByRole("button", { name: "Sensitivity changed" })).toBeHidden();
  await context.close();
});

test("a wrong token is said by its name, mended in the app, and kept by one that is installed", async ({ browser }) => {
  const sent: string[] = [];
  const context = await phone(browser, CRACK, async (route) => {
    const token = route.request().headers().authorization ?? "";
    if (token !== "Bearer right") return route.fulfill({ status: 401, json: { error: "No." } });
    sent.push(token);
    return route.fulfill({ status: 201, json: {} });
  });
  const page = await opened(context, "#token=wrong");
  const other = await opened(context);
  await tap(page, "Capture and correct");
  await tap(page, SEND);
  await expect(page.getByText("Refused: the server wants its token")).toBeVisible();
  await expect(other.locator(".count")).toHaveText("1"); // both tabs know of it
  await tap(page, "Waiting to be sent");
  await expect(page.locator(".items .state")).toHaveText("Refused: the server wants its token");
  await page.getByRole("contentinfo").getByRole("button", { name: "Enter the token" }).click();
  await page.getByLabel("Token").fill(`${ADDRESS}#token=right`);
  await tap(page, "Save");
  await expect.poll(() => sent).toEqual(["Bearer right"]);
  await expect(other.locator(".count")).toBeHidden();
  const start = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]')!;
    return (await (await fetch(link.href)).json()).start_url;
  });
  expect(start).toBe(`${ADDRESS}#token=right`);
  await context.close();
});

test("what is being written outlives a reload, Esc and back, and a notice over it can be tapped", async ({
  browser,
}) => {
  const context = await phone(browser, CRACK);
  const page = await opened(context);
  await tap(page, "Capture and correct");
  await page.getByLabel("Note").fill("second pass");
  await page.waitForTimeout(700); // it is kept as it grows
  await page.reload();
  await expect(page.getByLabel("Note")).toHaveValue("second pass");
  await page.keyboard.press("Escape");
  await expect(page.getByText("This correction is not sent yet")).toBeVisible();
  await tap(page, "Go on writing");
  await page.goBack();
  await expect(page.getByText("This correction is not sent yet")).toBeVisible();
  await expect(page.getByLabel("Note")).toHaveValue("second pass");
  await tap(page, "Keep as a draft");
  await tap(page, "Open the draft");
  await expect(page.getByLabel("Note")).toHaveValue("second pass");
  await tap(page, SEND);
  await expect(review(page)).toBeHidden();
  await page.reload();
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await expect(review(page)).toBeHidden();
  await context.close();
});

test("photographs from the gallery: what is none is named, a dark one gets no verdict, each keeps its own time", async ({
  browser,
}) => {
  const context = await phone(browser, CRACK);
  const page = await opened(context);
  const pick = (name: string, type: string, draw: "light" | "dark" | "small" | "half") =>
    page.evaluate(
      async ({ name, type, draw }) => {
        const [width, height] = draw === "small" ? [1, 1] : [640, 480];
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const context = canvas.getContext("2d")!;
        for (let i = 0; i < 800; i++) {
          context.fillStyle = draw === "dark" ? "#050505" : i % 2 ? "#888" : "#444";
          context.fillRect((i * 37) % width, (i * 53) % height, 24, 24);
        }
        const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type));
        const part = draw === "half" ? blob!.slice(0, blob!.size / 2) : blob!;
        const files = new DataTransfer();
        files.items.add(new File([part], name, { type, lastModified: Date.UTC(2024, 4, 6, 5, 8, 9) }));
        const input = document.querySelector<HTMLInputElement>("input[type=file]")!;
        input.files = files.files;
        input.dispatchEvent(new Event("change"));
      },
      { name, type, draw },
    );
  await pick("dot.png", "image/png", "small");
  await expect(page.getByText("This photo is too small")).toBeVisible();
  await pick("half.jpg", "image/jpeg", "half");
  await expect(page.getByText("This photo is not complete")).toBeVisible();
  await pick("dark.jpg", "image/jpeg", "dark");
  await expect(review(page).getByText("Too dark")).toBeVisible();
  await expect(review(page).getByRole("button", { name: SEND })).toBeDisabled();
  await tap(page, "Close");
  await pick("part.jpg", "image/jpeg", "light");
  await expect(review(page).getByRole("region", { name: "Verdict" })).toContainText("Crack");
  await tap(page, "Yes, that is right");
  await expect(review(page)).toBeHidden();
  const taken = () =>
    page.evaluate(async () => {
      const opening = indexedDB.open("weldspot");
      const database = await new Promise<IDBDatabase>((done) => (opening.onsuccess = () => done(opening.result)));
      const asked = database.transaction("outbox").objectStore("outbox").getAll();
      const items = await new Promise<any[]>((done) => (asked.onsuccess = () => done(asked.result)));
      return items.map((item) => item.metadata.taken);
    });
  await expect.poll(taken).toEqual(["2024-05-06T05:08:09.000Z"]);
  await context.close();
});

test("the list of what waits changes only where something happened", async ({ browser }) => {
  let answered = 0;
  const context = await phone(browser, CRACK, async (route) => {
    if (answered++) await new Promise(() => undefined);
    await route.fulfill({ status: 201, json: {} });
  });
  const page = await context.newPage();
  await page.addInitScript(() => Object.defineProperty(navigator, "onLine", { value: true }));
  await page.goto(ADDRESS);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await page.evaluate(async () => {
    const opening = indexedDB.open("weldspot");
    const database = await new Promise<IDBDatabase>((done) => (opening.onsuccess = () => done(opening.result)));
    const transaction = database.transaction(["outbox", "pictures"], "readwrite");
    for (let i = 0; i < 60; i++) {
      const metadata = { labels: "Crack", scores: "0.9", model: "a", taken: "2026-01-01T00:00:00Z" };
      const state = { thumb: "", attempts: 0, unknown: false, state: "waiting", reason: "" };
      transaction.objectStore("outbox").add({ id: `${i}`, metadata, names: [`no ${i}`], created: i, ...state });
      transaction.objectStore("pictures").add(new ArrayBuffer(3), `${i}`);
    }
    await new Promise((done) => (transaction.oncomplete = done));
  });
  await tap(page, "Waiting to be sent");
  await expect(page.locator(".items li")).toHaveCount(60);
  await page.evaluate(() => Object.assign(window, { kept: [...document.querySelectorAll(".items li")].slice(1) }));
  await tap(page, "Send now");
  await expect(page.locator(".items li")).toHaveCount(59);
  await expect(page.locator(".items li").first()).toContainText("Being sent");
  const same = await page.evaluate(() => (window as any).kept.every((row: Element) => row.isConnected));
  expect(same).toBe(true);
  await context.close();
});

test("several defects are each explained", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-US" });
  await texturedCamera(context);
  const words = { a: { en: { title: "Dent", what: "Pushed in." } }, b: { en: { title: "Rust", what: "Oxidised." } } };
  await serve(context, manifestOf(["a", "b"], { words }), [0.9, 0.8]);
  const page = await opened(context);
  const verdict = page.getByRole("region", { name: "Verdict" });
  await expect(verdict).toContainText("Pushed in.");
  await expect(verdict).toContainText("Oxidised.");
  await context.close();
});
