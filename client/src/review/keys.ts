/** What a key means at the desk. */
export type Act =
  { readonly act: "accept" | "reject" | "undo" | "skip" | "help" } | { readonly act: "toggle"; readonly at: number };

const LETTERS: Readonly<Record<string, Act["act"]>> = {
  Enter: "accept",
  a: "accept",
  x: "reject",
  r: "reject",
  u: "undo",
  s: "skip",
  "?": "help",
};

/** 1 to 9, then 0 for the tenth, toggle a label; null: not ours. */
export function meaning(key: string): Act | null {
  if (/^[0-9]$/.test(key)) return { act: "toggle", at: key === "0" ? 9 : Number(key) - 1 };
  const act = LETTERS[key.length === 1 ? key.toLowerCase() : key];
  return act ? ({ act } as Act) : null;
}

/** The key of the label at this place, "" beyond the tenth. */
export const keyOf = (at: number): string => (at < 9 ? String(at + 1) : at === 9 ? "0" : "");
