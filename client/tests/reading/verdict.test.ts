import { expect, test } from "vitest";
import { adjusted } from "../../src/reading/thresholds";
import { judge, proposed, ranked, UNSURE } from "../../src/reading/verdict";

const LABELS = ["Background", "Bad Welding", "Crack", "Excess Reinforcement", "Good Welding", "Porosity", "Splatters"];
const HALF = LABELS.map(() => 0.5);
const at = (values: Record<string, number>) => LABELS.map((label) => values[label] ?? 0.05);

test("a defect outweighs a good weld, whichever is surer", () => {
  expect(judge(at({ "Good Welding": 0.99, Crack: 0.6 }), LABELS, HALF)).toEqual({ kind: "defect", labels: ["Crack"] });
});

test("defects are named, surest first", () => {
  expect(judge(at({ Crack: 0.6, Porosity: 0.9 }), LABELS, HALF).labels).toEqual(["Porosity", "Crack"]);
});

test("nothing above its threshold is no verdict", () => {
  expect(judge(at({}), LABELS, HALF)).toEqual(UNSURE);
});

test("Background is the verdict only where it is surest", () => {
  expect(judge(at({ Background: 0.9, Crack: 0.6 }), LABELS, HALF).kind).toBe("none");
  expect(judge(at({ Background: 0.6, Crack: 0.9 }), LABELS, HALF).kind).toBe("defect");
});

test("what is shown stays a little below its threshold, and no further", () => {
  const shown = judge(at({ Crack: 0.6 }), LABELS, HALF);
  expect(judge(at({ Crack: 0.46 }), LABELS, HALF, shown).labels).toEqual(["Crack"]);
  expect(judge(at({ Crack: 0.46 }), LABELS, HALF).labels).toEqual([]);
  expect(judge(at({ Crack: 0.4 }), LABELS, HALF, shown).labels).toEqual([]);
});

test("Background is never proposed beside a weld", () => {
  expect(proposed(at({ Background: 0.9, Crack: 0.6 }), LABELS, HALF)).toEqual(["Background"]);
  expect(proposed(at({ Background: 0.6, Crack: 0.9 }), LABELS, HALF)).toEqual(["Crack"]);
});

test("a class that the model does not know is never shown, however probable it looks and whatever was shown", () => {
  const unknown = LABELS.map((label) => adjusted(label === "Crack" ? Infinity : 0.5, 0.05));
  const crack = at({ Crack: 1, Porosity: 0.9 });
  expect(judge(crack, LABELS, unknown, { kind: "defect", labels: ["Crack"] }).labels).toEqual(["Porosity"]);
  expect(proposed(crack, LABELS, unknown)).toEqual(["Porosity"]);
  expect(ranked(crack, unknown).map((i) => LABELS[i])).not.toContain("Crack");
  expect(LABELS[ranked(crack, unknown)[0]!]).toBe("Porosity");
});
