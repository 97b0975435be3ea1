import { BACKGROUND, GOOD } from "./labels";

export type Kind = "defect" | "good" | "none" | "unsure";

export interface Verdict {
  readonly kind: Kind;
  /** classes above their threshold that matter, surest first; one or more unless unsure */
  readonly labels: readonly string[];
}

export const UNSURE: Verdict = { kind: "unsure", labels: [] };
/** Share of its threshold that a class which is shown may fall to before it goes: no flicker at the edge. */
const HOLD = 0.88;

/**
 * What the probabilities mean.
 *
 * @param probabilities float[classes], 0 to 1, in the order of `labels`
 * @param thresholds one for each class, already adjusted to the user's confidence; Infinity leaves a class out
 * @param before what is shown now
 */
export function judge(
  probabilities: ArrayLike<number>,
  labels: readonly string[],
  thresholds: readonly number[],
  before: Verdict = UNSURE,
): Verdict {
  const excess = new Map<string, number>();
  labels.forEach((label, i) => {
    const threshold = thresholds[i]! * (before.labels.includes(label) ? HOLD : 1);
    if (probabilities[i]! >= threshold) excess.set(label, (probabilities[i]! - threshold) / (1 - threshold));
  });
  const sure = [...excess.keys()].sort((a, b) => excess.get(b)! - excess.get(a)!);
  if (!sure.length) return UNSURE;
  if (sure[0] === BACKGROUND) return { kind: "none", labels: [BACKGROUND] };
  const defects = sure.filter((label) => label !== BACKGROUND && label !== GOOD);
  if (defects.length) return { kind: "defect", labels: defects };
  return { kind: "good", labels: [GOOD] };
}

/** The labels that a welder most probably confirms: those above threshold, Background only by itself. */
export function proposed(probabilities: ArrayLike<number>, labels: readonly string[], thresholds: readonly number[]) {
  const above = labels.filter((_, i) => probabilities[i]! >= thresholds[i]!);
  const verdict = judge(probabilities, labels, thresholds);
  return verdict.kind === "none" ? [BACKGROUND] : above.filter((label) => label !== BACKGROUND);
}

/** The classes that the model knows (by number), most probable first. */
export function ranked(probabilities: ArrayLike<number>, thresholds: readonly number[]): number[] {
  const known = thresholds.flatMap((threshold, i) => (threshold === Infinity ? [] : [i]));
  return known.sort((a, b) => probabilities[b]! - probabilities[a]!);
}
