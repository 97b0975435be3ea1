const logit = (p: number) => Math.log(p / (1 - p));

/**
 * A class's threshold (0 to 1) for the sensitivity that the user has chosen (0 to 1, exclusive; more lowers it).
 * That of a class which the model does not know stays Infinity: nothing shows it.
 *
 * Log odds add, so that 0.5 changes nothing, and every class moves by the same evidence.
 */
export function adjusted(threshold: number, sensitivity: number): number {
  if (threshold === Infinity) return Infinity;
  const t = Math.min(Math.max(threshold, 1e-6), 1 - 1e-6);
  return 1 / (1 + Math.exp(-(logit(t) - logit(sensitivity))));
}
