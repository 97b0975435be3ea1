import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";
import type { Engine } from "./engine";

export const FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].find(existsSync);

/** Firefox over WebDriver BiDi, with its own fake camera. */
export async function firefox(): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX!,
    headless: true,
    extraPrefsFirefox: {
      "media.navigator.streams.fake": true,
      "media.navigator.permission.disabled": true,
      "intl.accept_languages": "en-US",
    },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 390, height: 844 });
  return {
    open: async (url) => void (await page.goto(url)),
    evaluate: (work, given) => page.evaluate(`(${work})(${JSON.stringify(given)})`) as Promise<any>,
    close: () => browser.close(),
  };
}
