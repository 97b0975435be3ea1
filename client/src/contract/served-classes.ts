import { flag, names, record, text, wrong } from "./checks";
import { CLASSES_CHARACTERS } from "./generated/limits";
import { BOUNDS, type ShownClass, type Words } from "./generated/manifest";

const WORDS = ["title", "short", "what", "causes"] as const;

/** What a manifest says of its classes, checked; `classes` is empty in those of older code. */
export interface Classes {
  readonly labels: [string, ...string[]];
  readonly classes: readonly Readonly<ShownClass>[];
  readonly background: string | null;
  readonly exclusive: boolean;
}

/** Throws a Problem that names the first field that is wrong. */
export function classesOf(given: Record<string, unknown>): Classes {
  const labels = list(given.labels);
  const background = given.background ?? null;
  if (background !== null && !labels.some((label) => label === background)) throw wrong("background");
  return {
    labels,
    classes: shown(given.classes ?? [], labels),
    background: background as string | null,
    exclusive: flag(given.exclusive, "exclusive"),
  };
}

/** Names that a correction can give: commas separate them there. */
function list(value: unknown): [string, ...string[]] {
  const labels = names(value, "labels");
  const apart = new Set(labels).size === labels.length && labels.every((label) => !label.includes(","));
  if (!labels.length || !apart || labels.join().length > CLASSES_CHARACTERS) throw wrong("labels");
  return labels as [string, ...string[]];
}

function shown(value: unknown, labels: readonly string[]): ShownClass[] {
  if (!Array.isArray(value) || (value.length && value.length !== labels.length)) throw wrong("classes");
  return value.map((item: unknown, i) => {
    const name = labels[i]!;
    const field = `classes.${name}`;
    const given = record(item, field);
    if (given.name !== name) throw wrong("classes");
    if (typeof given.good !== "boolean") throw wrong(`${field}.good`);
    const languages = Object.entries(record(given.words ?? {}, `${field}.words`));
    return {
      name,
      colour: text(given.colour, `${field}.colour`, BOUNDS["classes.*.colour"]),
      good: given.good,
      words: Object.fromEntries(
        languages.map(([language, said]) => [language, words(said, `${field}.words.${language}`)]),
      ),
    };
  });
}

function words(value: unknown, field: string): Words {
  const given = record(value, field);
  const said = WORDS.filter((word) => given[word] !== undefined);
  return Object.fromEntries(said.map((word) => [word, text(given[word], `${field}.${word}`, /^/)]));
}
