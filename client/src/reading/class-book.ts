import type { ShownClass, Words } from "../contract/generated/manifest";
import type { Manifest } from "../contract/served-manifest";
import { text } from "../texts/texts";

/** What a class, or a verdict, is to a welder; "unsure" also where nobody has said whether it is good news. */
export type Kind = "defect" | "good" | "none" | "unsure";

/** How a class is shown, in the user's language. */
export interface Meaning {
  readonly name: string;
  /** as a headline */
  readonly title: string;
  /** beside a check box */
  readonly short: string;
  readonly what: string;
  readonly causes: string;
  /** "#rrggbb" */
  readonly colour: string;
  /** of these words, "" where there is only the name */
  readonly language: string;
}

// of a list that brings no colours: none of them says good or bad, all can be seen on light and on dark
const PALETTE = ["#4c78a8", "#9a6fb0", "#2f8f9d", "#a0764a", "#7a7f4b", "#b0688f", "#5f7f95", "#8a7a9a"];
const LAST = "en"; // where none of the user's languages is there

/** The classes of one model: what its manifest says of them, for those who read its outputs and show them. */
export class ClassBook {
  readonly labels: readonly string[];
  readonly background: string | null;
  readonly exclusive: boolean;
  readonly unknown: readonly Meaning[];
  readonly #meanings: ReadonlyMap<string, Meaning>;
  readonly #kinds: ReadonlyMap<string, Kind>;

  /** @param languages as browsers have them, the preferred one first */
  constructor(
    readonly manifest: Manifest,
    languages: readonly string[] = navigator.languages,
  ) {
    const { labels, classes, background, exclusive, unknown } = manifest;
    this.labels = labels;
    this.background = background;
    this.exclusive = exclusive;
    this.#meanings = new Map(labels.map((label, i) => [label, meaning(label, i, classes[i], languages)]));
    this.#kinds = new Map(labels.map((label, i) => [label, kind(classes[i])]));
    this.unknown = unknown.filter((label) => labels.includes(label)).map((label) => this.of(label));
  }

  /** A class of this list; the name of any other is an error of the caller. */
  of(label: string): Meaning {
    const found = this.#meanings.get(label);
    if (!found) throw new Error(`“${label}” is none of this model's classes`);
    return found;
  }

  kind(label: string): Kind {
    return label === this.background ? "none" : this.#kinds.get(label)!;
  }
}

/** What a verdict of "good" leaves out, where the model does not know every class. */
export function caveat(unknown: readonly Meaning[]): string {
  return text("caveat", { classes: unknown.map(({ short }) => short).join(", ") });
}

function kind(shown: ShownClass | undefined): Kind {
  if (!shown) return "unsure";
  return shown.good ? "good" : "defect";
}

function meaning(name: string, i: number, shown: ShownClass | undefined, languages: readonly string[]): Meaning {
  const [language, words] = chosen(shown?.words ?? {}, languages);
  return {
    name,
    title: words.title || name,
    short: words.short || name,
    what: words.what ?? "",
    causes: words.causes ?? "",
    colour: shown?.colour ?? PALETTE[i % PALETTE.length]!,
    language,
  };
}

/** The words in the first language that is there: each of the user's, exact or without its region, English, any. */
function chosen(words: Readonly<Record<string, Words>>, languages: readonly string[]): [string, Words] {
  const known = new Map(
    Object.entries(words).map(([language, said]) => [language.toLowerCase(), [language, said] as const]),
  );
  for (const wanted of [...languages, LAST]) {
    const parts = wanted.toLowerCase().split("-");
    for (; parts.length; parts.pop()) {
      const found = known.get(parts.join("-"));
      if (found) return [...found];
    }
  }
  const [any] = known.values();
  return any ? [...any] : ["", {}];
}
