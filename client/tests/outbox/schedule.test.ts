import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Schedule } from "../../src/outbox/schedule";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** How long an item waits after this many attempts, in ms. */
function waits(times: number, asked = 0): number {
  const schedule = new Schedule(() => undefined);
  for (let i = 0; i < times; i++) schedule.later("a", asked);
  const start = performance.now();
  while (!schedule.due("a")) vi.advanceTimersByTime(500);
  return performance.now() - start;
}

test("waits double up to five minutes, and are never shorter than the server asks, nor without end", () => {
  expect([1, 2, 3, 20, 2000].map((times) => waits(times))).toEqual([2_000, 4_000, 8_000, 300_000, 300_000]);
  expect(waits(1, 5_000)).toBe(5_000);
  expect(waits(1, 1e12)).toBe(3_600_000);
});

test.each([-30, 30])("a clock set by %i days changes no wait and makes no storm of timers", (days) => {
  let acts = 0;
  const schedule: Schedule = new Schedule(() => {
    acts++;
    schedule.plan(["a"]);
  });
  schedule.later("a");
  schedule.plan(["a"]);
  vi.setSystemTime(Date.now() + days * 86_400_000);
  vi.advanceTimersByTime(1_999);
  expect(acts).toBe(0);
  vi.advanceTimersByTime(1);
  expect(acts).toBe(1);
  vi.advanceTimersByTime(12_000);
  expect(acts).toBeLessThanOrEqual(25); // what is due and does not go is looked at twice a second
});

test("what stops all puts all off, and nothing waits for nothing", () => {
  let acts = 0;
  const schedule = new Schedule(() => acts++);
  schedule.plan([]);
  vi.advanceTimersByTime(1e6);
  expect(acts).toBe(0);
  schedule.later();
  schedule.plan(["a"]);
  vi.advanceTimersByTime(1_900);
  expect(acts).toBe(0);
  vi.advanceTimersByTime(200);
  expect(acts).toBe(1);
});
