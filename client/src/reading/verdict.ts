import { freeBelowOf } from "../contract/served-manifest";
import type { ClassBook, Kind } from "./class-book";

export interface Verdict {
  readonly kind: Kind;
  /** classes above their threshold that matter, surest first; one or more unless unsure */
  readonly labels: readonly string[];
  /** when unsure: the defects that the part can't be called free of, with the bound that the model promises */
  readonly perhaps?: readonly string[];
}

export const UNSURE: Verdict = { kind: "unsure", labels: [] };
/** Share of its threshold that a class which is shown may fall to before it goes: no flicker at the edge. */
const HOLD = 0.88;

/**
 * What the probabilities mean.
 *
 * @param probabilities float[classes], 0 to 1, in the order of the book's labels
 * @param thresholds one for each class, as the user has chosen; Infinity leaves a class out
 * @param before what is shown now
 * @param tuned the thresholds as they were tuned: what the user has chosen adds no verdict that speaks against the
 *   surest class, and makes no good one of a weld in which they find a defect
 */
export function judge(
  probabilities: ArrayLike<number>,
  book: ClassBook,
  thresholds: readonly number[],
  before: Verdict = UNSURE,
  tuned: readonly number[] = thresholds,
): Verdict {
  const verdict = found(probabilities, book, allowed(probabilities, book, thresholds, tuned), before);
  if (verdict.kind !== "good" && verdict.kind !== "none") return verdict;
  if (found(probabilities, book, tuned, UNSURE).kind === "defect") return UNSURE;
  const free = freeBelowOf(book.manifest);
  const perhaps = book.labels.filter((label, i) => book.kind(label) === "defect" && probabilities[i]! >= free[i]!);
  return perhaps.length ? { ...UNSURE, perhaps } : verdict;
}

function found(
  probabilities: ArrayLike<number>,
  book: ClassBook,
  thresholds: readonly number[],
  before: Verdict,
): Verdict {
  const { labels, background } = book;
  const held = thresholds.map((threshold, i) => threshold * (before.labels.includes(labels[i]!) ? HOLD : 1));
  const excess = (i: number) => (probabilities[i]! - held[i]!) / (1 - held[i]!);
  const sure = candidates(probabilities, book)
    .filter((i) => probabilities[i]! >= held[i]!)
    .sort((a, b) => excess(b) - excess(a))
    .map((i) => labels[i]!);
  const first = sure[0];
  if (first === undefined) return UNSURE;
  if (first === background) return { kind: "none", labels: [background] };
  const there = sure.filter((label) => label !== background);
  const defects = there.filter((label) => book.kind(label) === "defect");
  return defects.length ? { kind: "defect", labels: defects } : { kind: book.kind(first), labels: there };
}

/** The chosen thresholds, lowered only for defects, and only where the surest class is a defect too. */
function allowed(
  probabilities: ArrayLike<number>,
  book: ClassBook,
  thresholds: readonly number[],
  tuned: readonly number[],
): readonly number[] {
  const surest = ranked(probabilities, tuned)[0];
  const kind = (i: number) => book.kind(book.labels[i]!);
  const lowered = surest !== undefined && kind(surest) !== "good" && kind(surest) !== "none";
  const may = (i: number) => lowered && (i === surest || (kind(i) === "defect" && kind(surest) === "defect"));
  return thresholds.map((threshold, i) => (may(i) ? threshold : Math.max(threshold, tuned[i]!)));
}

/** The classes that can be the verdict, by number: only the most probable one where they exclude each other. */
function candidates(probabilities: ArrayLike<number>, { labels, exclusive }: ClassBook): number[] {
  const all = labels.map((_, i) => i);
  return exclusive ? [all.reduce((best, i) => (probabilities[i]! > probabilities[best]! ? i : best))] : all;
}

/** The labels that a welder most probably confirms: those above threshold, the background only by itself. */
export function proposed(
  probabilities: ArrayLike<number>,
  book: ClassBook,
  thresholds: readonly number[],
  tuned: readonly number[] = thresholds,
): readonly string[] {
  const verdict = judge(probabilities, book, thresholds, UNSURE, tuned);
  if (book.exclusive || verdict.kind === "none" || !verdict.labels.length) return verdict.labels;
  const least = allowed(probabilities, book, thresholds, tuned);
  return book.labels.filter((label, i) => label !== book.background && probabilities[i]! >= least[i]!);
}

/** The classes that the model knows (by number), most probable first. */
export function ranked(probabilities: ArrayLike<number>, thresholds: readonly number[]): number[] {
  const known = thresholds.flatMap((threshold, i) => (threshold === Infinity ? [] : [i]));
  return known.sort((a, b) => probabilities[b]! - probabilities[a]!);
}
