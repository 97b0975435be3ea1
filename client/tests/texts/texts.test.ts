import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { en } from "../../src/texts/en";
import { LANGUAGES, languageOf, text, unended } from "../../src/texts/texts";

const SOURCES = fileURLToPath(new URL("../../src/", import.meta.url));
const code = (readdirSync(SOURCES, { recursive: true, encoding: "utf8" }) as string[])
  .filter((name) => name.endsWith(".ts") && !name.startsWith("texts/"))
  .map((name) => [name, readFileSync(SOURCES + name, "utf8")] as const);

test.each(Object.entries(LANGUAGES))("%s has every sentence, with the same values in it", (language, texts) => {
  expect(Object.keys(texts)).toEqual(Object.keys(en));
  const values = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, sentence] of Object.entries(en)) {
    const other = texts[name as keyof typeof en];
    expect(other, name).not.toBe("");
    expect(values(other), name).toEqual(values(sentence));
    if (language !== "en" && sentence.length > 24) expect(other, name).not.toBe(sentence);
  }
});

test("nothing tells a welder to type a command", () => {
  for (const texts of Object.values(LANGUAGES)) {
    for (const sentence of Object.values(texts))
      expect(sentence).not.toMatch(/`|\bmake (repro|serve)|weldspot (serve|publish|promote)|dvc |--\w/);
  }
});

test("every sentence is said somewhere", () => {
  const all = code.map(([, source]) => source).join("\n");
  const parts = [...all.matchAll(/text\(`([^$`]*)\$\{[^}]*\}([^`]*)`/g)].map(([, before, after]) => [before!, after!]);
  const said = (name: string) =>
    all.includes(`"${name}"`) || parts.some(([before, after]) => name.startsWith(before!) && name.endsWith(after!));
  const problem = (name: string) => all.includes(`"${name.split(".")[1]}"`);
  expect(Object.keys(en).filter((name) => !(name.startsWith("problem.") ? problem(name) : said(name)))).toEqual([]);
});

test("no code looks at the words of a sentence", () => {
  for (const [name, source] of code) {
    const looked = /\b(title|message|textContent)\b[^;\n]*\.(includes|startsWith|endsWith|match)\(/.exec(source);
    expect(looked?.[0], name).toBeUndefined();
  }
});

test("the first of the user's languages that the app has", () => {
  expect(languageOf(["de-AT", "en"])).toBe("de");
  expect(languageOf(["fr", "es-MX"])).toBe("es");
  expect(languageOf(["zh-Hant-TW"])).toBe("zh");
  expect(languageOf(["fr"])).toBe("en");
  expect(languageOf([])).toBe("en");
});

test("values are filled in, and one that is missing stays in sight", () => {
  expect(text("andMore", { count: 4 })).toBe(" and 4 more");
  expect(text("andMore")).toContain("{count}");
});

test("a sentence inside another brings no second full stop, in any script", () => {
  for (const [language, texts] of Object.entries(LANGUAGES)) {
    for (const [name, state] of Object.entries(texts).filter(([name]) => name.startsWith("state.")))
      expect(texts["told.waits"].replace("{state}", unended(state)), `${language}, ${name}`).not.toMatch(/[.。]{2}/);
  }
});
