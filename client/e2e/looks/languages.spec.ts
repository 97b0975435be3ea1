import { type Browser, expect, type Page, test } from "@playwright/test";
import { type Code, LANGUAGES, languageOf } from "../../src/texts/texts";
import { LISTS } from "../../tests/class-lists";
import { seriousFindings } from "../axe";
import { ADDRESS, ALL, over, serve, SIZES, texturedCamera } from "./app";

const SEVEN = LISTS["seven with a background"]!;
const CRACK = [0.02, 0.03, 0.9, 0.6, 0.1, 0.05, 0.02];
const LEAST = 48; // CSS pixels of what is tapped with a glove

/** The app on a phone that is set to a language. */
async function phone(browser: Browser, locale: string) {
  const context = await browser.newContext({ viewport: SIZES[3]!, locale });
  await texturedCamera(context);
  await serve(context, SEVEN, CRACK, (route) => route.fulfill({ status: 401, json: {} }));
  const page = await context.newPage();
  await page.goto(ADDRESS);
  const say = (code: Code) => LANGUAGES[languageOf([locale])]![code];
  const tap = (code: Code) =>
    page
      .getByRole("button", { name: say(code), exact: true })
      .last()
      .click();
  await expect(page.getByRole("button", { name: say("capture") })).toBeEnabled();
  return { page, say, tap };
}

/** Buttons, boxes and sliders that are smaller than a thumb in a glove. */
function small(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const tapped = [...document.querySelectorAll<HTMLElement>("button, input, textarea, .check")];
    return tapped
      .filter(
        (each) =>
          each.checkVisibility() && !each.closest("[inert]") && !(each.tagName === "INPUT" && each.closest(".check")),
      )
      .filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width < least - 0.5 || height < least - 0.5;
      })
      .map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 20)}`);
  }, least);
}

/** What lies over its neighbour in a sheet or in the live view. */
function overlapping(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const over = (a: DOMRect, b: DOMRect) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
    return [...document.querySelectorAll(".sheet-body, .said, .panel, .sheet, .check, .items li")].flatMap((each) => {
      const parts = [...each.children].filter((part) => part.checkVisibility() && !part.matches(".toasts"));
      return parts.flatMap((part, i) =>
        parts.slice(i + 1).flatMap((other) => {
          const rect = part.matches(".verdict") ? part.lastElementChild! : part; // what it says, not its frame alone
          const found = over(rect.getBoundingClientRect(), other.getBoundingClientRect());
          return found && getComputedStyle(part).position !== "sticky"
            ? [`${part.className} over ${other.className}`]
            : [];
        }),
      );
    });
  });
}

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

for (const locale of ALL ? ["en", "de", "es", "zh"] : ["de"]) {
  test(`every state at every size in ${locale}: nothing cut off, nothing too small to tap`, async ({
    browser,
  }, info) => {
    const { page, say, tap } = await phone(browser, locale);
    const looked = async (state: string) => {
      for (const size of SIZES) {
        await page.setViewportSize(size);
        const at = `${state}, ${size.width}×${size.height}`;
        await expect.poll(() => over(page), at).toEqual([]);
        expect(await small(page, LEAST), at).toEqual([]);
        expect(await overlapping(page), at).toEqual([]);
        await page.screenshot({ path: info.outputPath(`${state}-${size.width}x${size.height}.png`) });
      }
      if (!ALL) return;
      for (const theme of ["light", "dark", "glare"]) {
        await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
        expect(await seriousFindings(page), `${state}, ${theme}`).toEqual([]);
        await page.screenshot({ path: info.outputPath(`${state}-${theme}.png`) });
      }
    };
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
    await tap("settings");
    await looked("settings");
    await tap("engineers");
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
