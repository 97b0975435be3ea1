/** A phone that is set to a language, and what is looked at on it. */
import {
  type Browser,
  type BrowserContextOptions,
  expect,
  type Locator,
  type Page,
  type TestInfo,
} from "@playwright/test";
import { type Code, LANGUAGES, languageOf } from "../../src/texts/texts";
import { LISTS } from "../../tests/class-lists";
import { findings } from "../axe";
import { ADDRESS, ALL, serve, SIZES, texturedCamera } from "./app";
import { cutOff, over, overlapping, small } from "./fit";

export const SEVEN = LISTS["seven with a background"]!;
/** A crack, and some excess reinforcement. */
export const CRACK = [0.02, 0.03, 0.9, 0.6, 0.1, 0.05, 0.02];
const LEAST = 48; // CSS pixels of what is tapped with a glove

/** What the app says in this language. */
export const saying = (locale: string) => (code: Code) => LANGUAGES[languageOf([locale])]![code];

export interface Given extends BrowserContextOptions {
  readonly scores?: readonly number[];
  /** runs in the page before the app */
  readonly before?: () => unknown;
  /** what the server says to a correction */
  readonly status?: number;
  /** elsewhere than where `serve` answers */
  readonly address?: string;
}

/** The app on a phone that is set to a language: a server that wants another token, unless another status is given. */
export async function phone(browser: Browser, locale: string, given: Given = {}) {
  const { scores = CRACK, before, status = 401, address = ADDRESS, ...options } = given;
  const context = await browser.newContext({ viewport: SIZES[3]!, locale, timezoneId: "UTC", ...options });
  await texturedCamera(context);
  if (before) await context.addInitScript(before);
  if (address === ADDRESS) await serve(context, SEVEN, scores, (route) => route.fulfill({ status, json: {} }));
  const page = await context.newPage();
  await page.goto(address);
  const say = saying(locale);
  const tap = (code: Code) =>
    page
      .getByRole("button", { name: say(code), exact: true })
      .last()
      .click();
  const looks = () => expect(page.getByRole("button", { name: say("capture") })).toBeEnabled();
  await looks();
  return { page, say, tap, looks };
}

/** Sees that a state is sound at every size, and in each look free of what axe finds; a picture of each. */
export function looking(page: Page, info: TestInfo, sizes = SIZES) {
  const shot = (name: string) => page.screenshot({ path: info.outputPath(`${name}.png`) });
  /** @param to what has to be in sight, where all does not fit */
  return async (state: string, to?: Locator): Promise<void> => {
    for (const size of sizes) {
      await page.setViewportSize(size);
      await to?.scrollIntoViewIfNeeded();
      const at = `${state}, ${size.width}×${size.height}`;
      await expect.poll(() => over(page), at).toEqual([]);
      expect(await small(page, LEAST), at).toEqual([]);
      expect(await overlapping(page), at).toEqual([]);
      expect(await cutOff(page), at).toEqual([]);
      await shot(`${state}-${size.width}x${size.height}`);
    }
    if (!ALL) return;
    for (const theme of ["light", "dark", "glare"]) {
      await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
      expect(await findings(page), `${state}, ${theme}`).toEqual([]);
      await shot(`${state}-${theme}`);
    }
    await page.evaluate(() => delete document.documentElement.dataset.theme);
  };
}

/** Stripes from this part of the width on, two colours in turn; what is left of them is grey. */
const LOOKS = {
  striped: { from: 0, colours: ["#555", "#aaa"] },
  dark: { from: 0, colours: ["#050505", "#050505"] },
  half: { from: 0.5, colours: ["#333", "#aaa"] },
} as const;

/** Picks a photograph of this size, as from the gallery; "half" is grey on its left half and striped on its right. */
export function pick(page: Page, width: number, height: number, look: keyof typeof LOOKS = "striped"): Promise<void> {
  return page.evaluate(
    async ({ width, height, from, colours }) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d")!;
      context.fillStyle = "#777";
      context.fillRect(0, 0, width, height);
      for (let x = width * from; x < width; x += 20) {
        context.fillStyle = colours[x % 40 ? 1 : 0];
        context.fillRect(x, 0, 20, height);
      }
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg"));
      const files = new DataTransfer();
      files.items.add(new File([blob!], "part.jpg", { type: "image/jpeg" }));
      const input = document.querySelector<HTMLInputElement>("input[type=file]")!;
      input.files = files.files;
      input.dispatchEvent(new Event("change"));
    },
    { width, height, ...LOOKS[look] },
  );
}
