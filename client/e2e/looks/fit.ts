/** What does not fit on a screen. */
import type { Page } from "@playwright/test";

/** What is wider than what holds it, or beyond the screen's side. */
export function over(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("body *")]
      .filter((each) => each.checkVisibility() && !each.closest("svg") && getComputedStyle(each).display !== "inline")
      .filter((each) => !each.matches(".crop-frame")) // a thumb finds more than what is seen of it
      .filter((each) => {
        const { left, right } = each.getBoundingClientRect();
        return each.scrollWidth > each.clientWidth + 1 || left < -1 || right > innerWidth + 1;
      })
      .map((each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`),
  );
}

/** Buttons, boxes and sliders that are smaller than a thumb in a glove. */
export function small(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const around = (each: Element) => {
      const { width, height } = getComputedStyle(each, "::before"); // what a thumb finds of it
      return { width: parseFloat(width), height: parseFloat(height) };
    };
    const tapped = [...document.querySelectorAll<HTMLElement>("button, input, textarea, .check, .crop-frame")];
    return tapped
      .filter(
        (each) =>
          each.checkVisibility() && !each.closest("[inert]") && !(each.tagName === "INPUT" && each.closest(".check")),
      )
      .filter((each) => {
        const { width, height } = each.matches(".crop-frame") ? around(each) : each.getBoundingClientRect();
        return width < least - 0.5 || height < least - 0.5;
      })
      .map((each) => `${each.tagName}.${each.className} ${each.textContent.slice(0, 20)}`);
  }, least);
}

/** What lies over its neighbour in a sheet or in the live view. */
export function overlapping(page: Page): Promise<string[]> {
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

/**
 * Buttons, headings and notices that are not whole in sight, where nothing that scrolls can bring them there, and
 * whatever's words run out of it.
 */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (each: Element | null): boolean =>
      each !== null && (/auto|scroll/.test(getComputedStyle(each).overflowY) || scrolls(each.parentElement));
    const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const seen = [...open.querySelectorAll<HTMLElement>("*")].filter(
      (each) => each.checkVisibility() && !each.closest("[inert], svg, .crop, .busy"), // what turns has corners
    );
    const outside = seen.filter((each) => {
      if (!each.matches("button, h2, .toast, .question, .failure") || scrolls(each.parentElement)) return false;
      const { top, bottom, left, right } = each.getBoundingClientRect();
      return top < -1 || left < -1 || bottom > innerHeight + 1 || right > innerWidth + 1;
    });
    const spilling = seen.filter((each) => {
      const { display, overflowY } = getComputedStyle(each);
      return display !== "inline" && overflowY === "visible" && each.scrollHeight > each.clientHeight + 4;
    });
    return [...outside, ...spilling].map(
      (each) => `${each.tagName}.${each.className}: ${each.textContent.slice(0, 40)}`,
    );
  });
}
