import { expect, test } from "vitest";
import { adjusted } from "../../src/reading/thresholds";

test("the middle of the slider leaves thresholds, more confidence raises them", () => {
  for (const threshold of [0.1, 0.5, 0.9]) {
    expect(adjusted(threshold, 0.5)).toBeCloseTo(threshold, 6);
    expect(adjusted(threshold, 0.8)).toBeGreaterThan(threshold);
    expect(adjusted(threshold, 0.2)).toBeLessThan(threshold);
  }
});
