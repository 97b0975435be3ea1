import { expect, test } from "vitest";
import { LATENCY_EDGES, TELEMETRY_LOOKS } from "../../src/contract/generated/limits";
import { begun, looked } from "../../src/telemetry/day";

const of = { day: "2026-06-01", model: "a".repeat(64), version: "3", challenger: "", lot: "" } as const;
const look = { scores: { Crack: 0.55, Good: 1 }, brightness: 255, sharpness: 50, ms: 22 };
const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

test("looks are counted in bins, the ends in the last and the first", () => {
  const day = looked(looked(begun(of), look), { ...look, scores: { Crack: 0, Good: -1 }, brightness: 0, ms: 9999 });
  expect(day.looks).toBe(2);
  expect(day.scores!.Crack).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  expect(day.scores!.Good).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect([day.brightness[0], day.brightness.at(-1)]).toEqual([1, 1]);
  expect(day.latency.at(-1)).toBe(1);
  expect(day.latency[LATENCY_EDGES.indexOf(30)]).toBe(1); // from 20 to below 30
  expect(total(day.sharpness)).toBe(2);
});

test("a look for which the model was not asked has no time", () => {
  expect(total(looked(begun(of), { ...look, ms: null }).latency)).toBe(0);
});

test("a day that is full stays as it is", () => {
  const full = { ...begun(of), looks: TELEMETRY_LOOKS };
  expect(looked(full, look)).toBe(full);
});

test("every report has a name of its own", () => {
  expect(begun(of).id).not.toBe(begun(of).id);
});
