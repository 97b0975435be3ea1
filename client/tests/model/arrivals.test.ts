import { expect, test } from "vitest";
import { Arrivals } from "../../src/model/arrivals";

test("one share over all bytes, which grows as they come and is whole only when all runs", () => {
  const shares: number[] = [];
  const arrivals = new Arrivals((share) => shares.push(share));
  arrivals.runtime(0, 2_000_000);
  arrivals.model(2_000_000, 4_000_000);
  arrivals.runtime(1_000_000, 2_000_000);
  expect(shares.at(-1)).toBeCloseTo(0.5, 6);
  arrivals.model(4_000_000, 4_000_000);
  arrivals.runtime(2_500_000, 2_000_000); // more than was announced
  expect(shares.at(-1)).toBe(0.99);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});
