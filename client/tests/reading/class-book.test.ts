import { describe, expect, test, vi } from "vitest";
import type { Words } from "../../src/contract/generated/manifest";
import { parse } from "../../src/contract/served-manifest";
import { caveat, ClassBook } from "../../src/reading/class-book";
import { LISTS } from "../class-lists";
import { manifest, manifestOf } from "../manifest-example";

const book = (...languages: string[]) => new ClassBook(parse(manifest()), languages);

test.each([
  [["de-AT", "en"], "Riss"],
  [["DE-at"], "Riss"],
  [["de-Latn-AT"], "Riss"],
  [["fr-FR", "de"], "Riss"],
  [["en-GB", "de"], "A crack"],
  [["fr"], "A crack"],
  [[], "A crack"],
])("to a user of %j a crack is “%s”", (languages, title) => {
  expect(book(...languages).of("Crack").title).toBe(title);
});

test("an exact language goes before the one without a region, and any before none", () => {
  const words = { "pt-BR": { title: "Trinca" }, pt: { title: "Fissura" }, es: { title: "Grieta" } };
  const of = (given: Record<string, Words>, ...languages: string[]) =>
    new ClassBook(parse(manifestOf(["Crack"], { words: { Crack: given } })), languages).of("Crack");
  expect(of(words, "pt-BR")).toMatchObject({ title: "Trinca", language: "pt-BR" });
  expect(of(words, "pt-PT").title).toBe("Fissura");
  expect(of({ es: words.es }, "pt")).toMatchObject({ title: "Grieta", language: "es" });
});

test("what is not said is the name, or nothing; another language's words are not mixed in", () => {
  expect(book("de").of("Crack")).toMatchObject({ title: "Riss", short: "Riss", what: "", causes: "", language: "de" });
  expect(book("en").of("Crack")).toMatchObject({ title: "A crack", short: "Crack", what: "Torn." });
  const bare = new ClassBook(parse(manifestOf(["Undercut"])), ["de"]).of("Undercut");
  expect(bare).toMatchObject({ title: "Undercut", short: "Undercut", what: "", causes: "", language: "" });
});

test("the browser's languages are the user's", () => {
  vi.stubGlobal("navigator", { languages: ["fr", "de-CH"] });
  expect(new ClassBook(parse(manifest())).of("Crack").title).toBe("Riss");
  vi.unstubAllGlobals();
});

test("a manifest of older code: names, a palette, nothing is good news, and nothing a defect either", () => {
  const {
    classes: _,
    background: __,
    exclusive: ___,
    ...older
  } = manifestOf(Array.from({ length: 30 }, (_, i) => `c${i}`));
  const old = new ClassBook(parse(older), ["en"]);
  expect(old.of("c7")).toMatchObject({ title: "c7", short: "c7", what: "", causes: "" });
  expect(old.labels.every((label) => /^#[0-9a-f]{6}$/.test(old.of(label).colour))).toBe(true);
  expect(old.of("c0").colour).not.toBe(old.of("c1").colour);
  expect([old.background, old.exclusive]).toEqual([null, false]);
  expect(new Set(old.labels.map((label) => old.kind(label)))).toEqual(new Set(["unsure"]));
  expect(new ClassBook(parse({ ...older, background: "c3" }), []).kind("c3")).toBe("none");
});

test("the class of another list is an error, not a guess", () => {
  expect(() => book("en").of("Undercut")).toThrow("Undercut");
});

test("a good verdict says what the model does not know, in the manifest's words", () => {
  const { unknown } = new ClassBook(parse({ ...manifest(), unknown: ["Crack", "of a list before"] }), ["de"]);
  expect(caveat(unknown)).toBe("This model does not know: Riss. Look for that yourself.");
});

describe.each(Object.entries(LISTS))("%s", (_, given) => {
  test("every class has a title, a short name, a colour and a kind", () => {
    const list = new ClassBook(parse(given), ["en"]);
    for (const label of given.labels) {
      const { title, short, colour } = list.of(label);
      expect(title && short).not.toBe("");
      expect(colour).toMatch(/^#[0-9a-f]{6}$/);
      const { good } = given.classes!.find(({ name }) => name === label) ?? {};
      const kind = good === undefined ? "unsure" : good ? "good" : "defect";
      expect(list.kind(label)).toBe(label === given.background ? "none" : kind);
    }
  });
});
