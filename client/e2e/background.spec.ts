import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContext, expect, test } from "@playwright/test";
import { emptySpool, phone, PROJECT, Server, spooled, weld } from "./server";
import { correct, ready } from "./welder";

const server = new Server();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());
test.beforeEach(emptySpool);

/** A page of the same origin that is not the app: through it the browser's tools reach the service worker. */
async function outside(context: BrowserContext) {
  const page = await context.newPage();
  await page.goto(`${server.url}healthz`);
  const tools = await context.newCDPSession(page);
  const registration = new Promise<string>((done) =>
    tools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      if (registrations[0]) done(registrations[0].registrationId);
    }),
  );
  await tools.send("ServiceWorker.enable");
  const registrationId = await registration;
  const origin = server.url.replace(/\/$/, "");
  return {
    page,
    /** As the browser does when there is a network again. */
    sync: () =>
      tools.send("ServiceWorker.dispatchSyncEvent", {
        origin,
        registrationId,
        tag: "weldspot-outbox",
        lastChance: false,
      }),
  };
}

/** How many corrections are in the database of the phone. */
async function waiting(): Promise<number> {
  const opening = indexedDB.open("weldspot");
  const database = await new Promise<IDBDatabase>((done) => (opening.onsuccess = () => done(opening.result)));
  const counting = database.transaction("outbox").objectStore("outbox").count();
  return new Promise<number>((done) => (counting.onsuccess = () => done(counting.result)));
}

test("with the app closed the service worker sends what waits, once", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => caches.match("config.json").then(Boolean))).toBe(true);
  const { page: other, sync } = await outside(context);
  const { port } = new URL(server.url);
  await server.stop();
  await correct(page, [weld().label]);
  await correct(page, [weld().label]);
  await expect(page.locator(".count")).toHaveText("2");
  await page.close();
  await sync(); // in vain
  await server.start(port);
  await sync();
  await expect.poll(spooled).toHaveLength(2);
  await sync();
  // The photograph lies in the spool a moment before the phone has read the answer and forgets it.
  await expect.poll(() => other.evaluate(waiting)).toBe(0);
  expect(spooled()).toHaveLength(2);
  await context.close();
});

test("a photograph that another app shares is opened, once", async ({}, info) => {
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  await page.goto(server.url);
  await ready(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload(); // now it is the service worker's
  await ready(page);
  await page.evaluate(
    (png) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const files = new DataTransfer();
      files.items.add(new File([bytes], "weld.png", { type: "image/png" }));
      const form = Object.assign(document.createElement("form"), { method: "post", enctype: "multipart/form-data" });
      form.action = "share";
      const input = Object.assign(document.createElement("input"), { type: "file", name: "photo", files: files.files });
      form.append(input);
      document.body.append(form);
      form.submit();
    },
    readFileSync(join(PROJECT, "weld.png")).toString("base64"),
  );
  const sheet = page.getByRole("dialog", { name: "Is this right?" });
  await expect(sheet).toBeVisible();
  expect(page.url()).toBe(server.url);
  await page.reload();
  await ready(page);
  await expect(sheet).toBeHidden();
  await context.close();
});
