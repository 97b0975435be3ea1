import { expect, test } from "vitest";
import { adjusted } from "../../src/reading/thresholds";

test("the middle of the slider leaves thresholds, more confidence raises them", () => {
  for (const threshold of [0.1, 0.5, 0.9]) {
    expect(adjusted(threshold, 0.5)).toBeCloseTo(threshold, 6);
    expect(adjusted(threshold, 0.8)).toBeGreaterThan(threshold);
    expect(adjusted(threshold, 0.2)).toBeLessThan(threshold);
  }
});

test("thresholds of 0 and 1 stay numbers between", () => {
  for (const threshold of [0, 1]) {
    for (const confidence of [0.05, 0.95]) {
      expect(adjusted(threshold, confidence)).toBeGreaterThanOrEqual(0);
      expect(adjusted(threshold, confidence)).toBeLessThanOrEqual(1);
    }
  }
});
