/** The app's own sentences, by code, in the user's language. */
import { de } from "./de";
import { type Code, en, type Texts } from "./en";
import { es } from "./es";
import { zh } from "./zh";

export type { Code };
/** What a problem is called: each has a title and what to do about it. */
export type ProblemCode = Code extends infer C ? (C extends `problem.${infer Name}.do` ? Name : never) : never;
export type Values = Readonly<Record<string, string | number>>;

export const LANGUAGES: Readonly<Record<string, Texts>> = { en, de, es, zh };

/** The first of the user's languages that the app has, exact or without its region, else English. */
export function languageOf(wanted: readonly string[]): string {
  for (const each of wanted) {
    const [language] = each.toLowerCase().split("-");
    if (language! in LANGUAGES) return language!;
  }
  return "en";
}

/** The language of the app's own sentences on this phone. */
export const LANGUAGE = languageOf(globalThis.navigator?.languages ?? []);

/** Without its full stop, to be followed by another. */
export function unended(sentence: string): string {
  return sentence.replace(/[.。]$/, "");
}

/** The sentence of this code, with its values filled in. */
export function text(code: Code, values: Values = {}): string {
  return LANGUAGES[LANGUAGE]![code].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
