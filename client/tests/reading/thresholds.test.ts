import { expect, test } from "vitest";
import { adjusted } from "../../src/reading/thresholds";

test("the middle of the sensitivity leaves thresholds, more of it lowers them", () => {
  for (const threshold of [0.1, 0.5, 0.9]) {
    expect(adjusted(threshold, 0.5)).toBeCloseTo(threshold, 6);
    expect(adjusted(threshold, 0.8)).toBeLessThan(threshold);
    expect(adjusted(threshold, 0.2)).toBeGreaterThan(threshold);
  }
});

test("thresholds of 0 and 1 stay numbers between", () => {
  for (const threshold of [0, 1]) {
    for (const sensitivity of [0.05, 0.95]) {
      expect(adjusted(threshold, sensitivity)).toBeGreaterThanOrEqual(0);
      expect(adjusted(threshold, sensitivity)).toBeLessThanOrEqual(1);
    }
  }
});
