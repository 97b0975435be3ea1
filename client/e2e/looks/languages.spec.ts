import { expect, test } from "@playwright/test";
import { type Code, languageOf } from "../../src/texts/texts";
import { ALL, SIZES } from "./app";
import { over, overlapping } from "./fit";
import { phone } from "./phone";

test("each language is the whole app's, one that is not there is English", async ({ browser }) => {
  for (const locale of ALL ? ["de-AT", "es-MX", "zh-CN", "fr-FR"] : ["zh-CN"]) {
    const { page, say, tap } = await phone(browser, locale);
    await expect(page.locator("html")).toHaveAttribute("lang", languageOf([locale]));
    await expect(page.getByRole("region", { name: say("verdict") })).toContainText(
      locale === "de-AT" ? "Riss" : "Crack",
    );
    await tap("settings");
    await expect(page.getByRole("slider", { name: say("sensitivity") })).toBeVisible();
    await page.context().close();
  }
});

test("from right to left all is as sound, and hands have their sides", async ({ browser }) => {
  const { page, say, tap } = await phone(browser, "de");
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  const sound = async (state: string) => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const at = `${state}, ${size.width}×${size.height}`;
      await expect.poll(() => over(page), at).toEqual([]);
      expect(await overlapping(page), at).toEqual([]);
    }
  };
  await expect(page.getByRole("region", { name: say("verdict") })).toHaveAttribute("data-kind", "defect");
  await sound("live");
  await page.setViewportSize({ width: 844, height: 390 });
  const middle = async (name: Code) => {
    const { x, width } = (await page.getByRole("button", { name: say(name), exact: true }).boundingBox())!;
    return (x + width / 2) / 844;
  };
  for (const [hand, from, to] of [
    ["left", 0, 0.5],
    ["right", 0.5, 1],
  ] as const) {
    await page.evaluate((hand) => (document.documentElement.dataset.hand = hand), hand);
    expect(await middle("capture")).toBeGreaterThan(from);
    expect(await middle("capture")).toBeLessThan(to);
  }
  const [bar, filled] = await page.evaluate(() =>
    [".bar", ".bar i"].map((each) => document.querySelector(each)!.getBoundingClientRect().right),
  );
  expect(Math.abs(bar! - filled!)).toBeLessThan(3); // it fills from where reading begins
  await tap("capture");
  await expect(page.getByRole("dialog")).toBeVisible();
  await sound("review");
  await page.keyboard.press("Escape");
  await tap("settings");
  await sound("settings");
  await page.context().close();
});
