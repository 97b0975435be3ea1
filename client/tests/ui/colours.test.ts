import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../src/ui/base.css", import.meta.url), "utf8");

/** The colours of a theme: "light" and "dark" share a rule, "glare" has one of its own. */
function colours(theme: "light" | "dark" | "glare"): Record<string, string> {
  const start = theme === "glare" ? ':root[data-theme="glare"] {' : ":root {";
  const rule = css.slice(css.indexOf(start)).split("}")[0]!;
  const found = [...rule.matchAll(/--([\w-]+): (?:light-dark\((#\w+), (#\w+)\)|(#\w+));/g)];
  return Object.fromEntries(
    found.map(([, name, light, dark, one]) => [name!, one ?? (theme === "dark" ? dark! : light!)]),
  );
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const full = hex.length === 4 ? hex.replace(/\w/g, "$&$&") : hex;
    const [r, g, blue] = [1, 3, 5].map((at) => {
      const value = parseInt(full.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const TEXT = [
  ["ink", "page"], ["ink", "card"], ["ink", "raised"], ["soft", "page"], ["soft", "card"], ["soft", "raised"],
  ["on-accent", "accent"], ["accent", "page"], ["defect", "defect-back"], ["good", "good-back"], ["ink", "defect-back"],
  ["ink", "good-back"], ["defect", "card"],
] as const; // prettier-ignore
const LINES = [
  ["line", "page"],
  ["line", "card"],
  ["accent", "card"],
  ["defect", "page"],
  ["good", "page"],
] as const;

for (const theme of ["light", "dark", "glare"] as const) {
  const of = colours(theme);
  test.each(TEXT)(`${theme}: text of %s on %s has 4.5 : 1`, (ink, page) => {
    expect(contrast(of[ink]!, of[page]!)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(LINES)(`${theme}: a border of %s on %s has 3 : 1`, (line, page) => {
    expect(contrast(of[line]!, of[page]!)).toBeGreaterThanOrEqual(3);
  });
}
