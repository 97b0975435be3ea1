import { expect, test } from "@playwright/test";
import { LAUNCH } from "../e2e/browser";
import { ADDRESS, serve, texturedCamera } from "../e2e/looks/app";
import { LISTS } from "../tests/class-lists";

const COUNT = 200;

test.use({ launchOptions: LAUNCH, serviceWorkers: "block" });

/** `make bench-client`: two hundred corrections go, with their list open. */
test("an outbox of many in numbers", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-US" });
  await texturedCamera(context);
  let server = false;
  const answer = { status: 201, json: {} };
  await serve(context, LISTS["seven with a background"]!, [0, 0, 0.9, 0, 0, 0, 0], (route) =>
    server ? route.fulfill(answer) : route.abort("connectionrefused"),
  );
  const page = await context.newPage();
  await page.goto(ADDRESS);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await page.evaluate(async (count) => {
    const opening = indexedDB.open("weldspot");
    const database = await new Promise<IDBDatabase>((done) => (opening.onsuccess = () => done(opening.result)));
    const shown = Object.assign(document.createElement("canvas"), { width: 128, height: 128 });
    shown.getContext("2d")!.fillRect(8, 8, 64, 64);
    const thumb = shown.toDataURL("image/jpeg");
    const transaction = database.transaction(["outbox", "pictures"], "readwrite");
    for (let i = 0; i < count; i++) {
      const metadata = { labels: "Crack", scores: "0.9", model: "a", taken: "2026-01-01T00:00:00Z" };
      const state = { thumb, attempts: 0, unknown: false, state: "waiting", reason: "" };
      transaction.objectStore("outbox").add({ id: `${i}`, metadata, names: ["Crack"], created: i, ...state });
      transaction.objectStore("pictures").add(new ArrayBuffer(400_000), `${i}`);
    }
    await new Promise((done) => (transaction.oncomplete = done));
    Object.assign(window, { tasks: [] });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) (window as any).tasks.push(duration);
    }).observe({ type: "longtask" });
  }, COUNT);
  await page.getByRole("button", { name: "Waiting to be sent" }).click();
  await expect(page.locator(".items li")).toHaveCount(COUNT);
  const opened = await page.evaluate(() => (window as any).tasks.splice(0) as number[]);
  server = true;
  const start = Date.now();
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByText("Nothing waits")).toBeVisible({ timeout: 300_000 });
  const seconds = (Date.now() - start) / 1000 / COUNT;
  const tasks = await page.evaluate(() => (window as any).tasks as number[]);
  console.log(
    [
      `${COUNT} corrections, list opened  ${opened.length} tasks over 50 ms, the longest ${Math.max(0, ...opened).toFixed(0)} ms`,
      `while they go              ${tasks.length} tasks over 50 ms (limit 0), the longest ${Math.max(0, ...tasks).toFixed(0)} ms`,
      `one correction             ${seconds.toFixed(2)} s (limit 0.5)`,
    ].join("\n"),
  );
  await context.close();
});
