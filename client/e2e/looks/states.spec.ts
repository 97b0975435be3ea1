import { expect, test } from "@playwright/test";
import { ALL } from "./app";
import { looking, phone, pick } from "./phone";

for (const locale of ALL ? ["en", "de", "es", "zh"] : ["de"]) {
  test(`every state at every size in ${locale}: nothing cut off, nothing too small to tap`, async ({
    browser,
  }, info) => {
    if (ALL) info.setTimeout(300_000);
    const { page, say, tap } = await phone(browser, locale);
    const looked = looking(page, info);
    await page.evaluate(() => localStorage.setItem("weldspot.sensitivity", "0.7"));
    await page.reload();
    await expect(page.getByRole("button", { name: say("sensitivityChanged") })).toBeVisible();
    await expect(page.getByRole("region", { name: say("verdict") })).toHaveAttribute("data-kind", "defect");
    await looked("live");
    await tap("capture");
    await expect(page.getByRole("dialog")).toBeVisible();
    await looked("review");
    await page.getByLabel(say("note"), { exact: true }).fill("x");
    await page.keyboard.press("Escape");
    await expect(page.getByText(say("leave.title"))).toBeVisible();
    await looked("leave");
    await tap("leave.back");
    await tap("sendCorrection");
    await expect(page.getByText(say("state.token"))).toBeVisible();
    await looked("told");
    await page.locator(".toast .round").click();
    await tap("waitingToBeSent");
    await expect(page.locator(".items .state")).toHaveText(say("state.token"));
    await looked("outbox");
    await page.keyboard.press("Escape");
    await tap("history");
    await expect(page.locator(".items .entry")).toBeVisible();
    await looked("history");
    await page.locator(".items .entry").click();
    await expect(page.locator(".taken img")).toBeVisible();
    await looked("shot");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await pick(page, 1600, 1200);
    await tap("crop");
    await expect(page.locator(".crop-frame")).toBeVisible();
    await looked("crop");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await tap("settings");
    await looked("settings");
    // what a welder need not know has a page of its own
    await expect(page.getByRole("dialog")).not.toContainText(/SHA-256|ROC|\bms\b|staging|production|WebAssembly/i);
    await looked("settings-end", page.getByRole("button", { name: say("engineers") }));
    await tap("intro");
    await looked("intro");
    await page.keyboard.press("Escape");
    await tap("engineers");
    await expect(page.getByText("SHA-256")).toBeVisible();
    await looked("engineers");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
      (window as any).track.dispatchEvent(new Event("ended")); // it is asked for again at once
    });
    await expect(page.getByRole("alert")).toBeVisible();
    await looked("problem");
    await page.context().close();
  });
}
