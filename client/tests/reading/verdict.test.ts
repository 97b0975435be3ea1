import { describe, expect, test } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import { ClassBook } from "../../src/reading/class-book";
import { adjusted } from "../../src/reading/thresholds";
import { judge, proposed, ranked, UNSURE } from "../../src/reading/verdict";
import { LISTS, SEVEN as LABELS } from "../class-lists";
import { manifestOf } from "../manifest-example";

const BOOK = new ClassBook(parse(LISTS["seven with a background"]), ["en"]);
const HALF = LABELS.map(() => 0.5);
const at = (values: Record<string, number>, labels: readonly string[] = LABELS) =>
  labels.map((label) => values[label] ?? 0.05);

test("a defect outweighs a good weld, whichever is surer", () => {
  expect(judge(at({ "Good Welding": 0.99, Crack: 0.6 }), BOOK, HALF)).toEqual({ kind: "defect", labels: ["Crack"] });
});

test("defects are named, surest first", () => {
  expect(judge(at({ Crack: 0.6, Porosity: 0.9 }), BOOK, HALF).labels).toEqual(["Porosity", "Crack"]);
});

test("nothing above its threshold is no verdict", () => {
  expect(judge(at({}), BOOK, HALF)).toEqual(UNSURE);
});

test("the background is the verdict only where it is surest", () => {
  expect(judge(at({ Background: 0.9, Crack: 0.6 }), BOOK, HALF).kind).toBe("none");
  expect(judge(at({ Background: 0.6, Crack: 0.9 }), BOOK, HALF).kind).toBe("defect");
});

test("what is shown stays a little below its threshold, and no further", () => {
  const shown = judge(at({ Crack: 0.6 }), BOOK, HALF);
  expect(judge(at({ Crack: 0.46 }), BOOK, HALF, shown).labels).toEqual(["Crack"]);
  expect(judge(at({ Crack: 0.46 }), BOOK, HALF).labels).toEqual([]);
  expect(judge(at({ Crack: 0.4 }), BOOK, HALF, shown).labels).toEqual([]);
});

test("the background is never proposed beside something", () => {
  expect(proposed(at({ Background: 0.9, Crack: 0.6 }), BOOK, HALF)).toEqual(["Background"]);
  expect(proposed(at({ Background: 0.6, Crack: 0.9 }), BOOK, HALF)).toEqual(["Crack"]);
});

test("a class that the model does not know is never shown, however probable it looks and whatever was shown", () => {
  const unknown = LABELS.map((label) => adjusted(label === "Crack" ? Infinity : 0.5, 0.95));
  const crack = at({ Crack: 1, Porosity: 0.9 });
  expect(judge(crack, BOOK, unknown, { kind: "defect", labels: ["Crack"] }).labels).toEqual(["Porosity"]);
  expect(proposed(crack, BOOK, unknown)).toEqual(["Porosity"]);
  expect(ranked(crack, unknown).map((i) => LABELS[i])).not.toContain("Crack");
  expect(LABELS[ranked(crack, unknown)[0]!]).toBe("Porosity");
  const exclusive = new ClassBook(parse(manifestOf(LABELS, { exclusive: true })), ["en"]);
  expect(judge(crack, exclusive, unknown)).toEqual(UNSURE);
});

test("any of several good classes alone is good news", () => {
  const labels = ["clean", "polished", "dent"];
  const book = new ClassBook(parse(manifestOf(labels, { good: ["clean", "polished"] })), ["en"]);
  const half = labels.map(() => 0.5);
  expect(judge([0.1, 0.9, 0.1], book, half)).toEqual({ kind: "good", labels: ["polished"] });
  expect(judge([0.8, 0.9, 0.1], book, half)).toEqual({ kind: "good", labels: ["polished", "clean"] });
  expect(judge([0.8, 0.9, 0.6], book, half)).toEqual({ kind: "defect", labels: ["dent"] });
});

test("of classes that exclude each other the most probable is the verdict, or there is none", () => {
  const labels = ["crater", "ok", "nothing"];
  const list = { exclusive: true, good: ["ok"], background: "nothing" };
  const book = new ClassBook(parse(manifestOf(labels, list)), ["en"]);
  const low = [0.2, 0.4, 0.2];
  expect(judge([0.3, 0.5, 0.2], book, low)).toEqual({ kind: "good", labels: ["ok"] }); // crater is above its own too
  expect(proposed([0.3, 0.5, 0.2], book, low)).toEqual(["ok"]);
  expect(judge([0.32, 0.36, 0.32], book, low)).toEqual(UNSURE);
  expect(proposed([0.32, 0.36, 0.32], book, low)).toEqual([]);
  expect(judge([0.32, 0.36, 0.32], book, low, { kind: "good", labels: ["ok"] }).labels).toEqual(["ok"]);
  expect(judge([0.1, 0.2, 0.7], book, low)).toEqual({ kind: "none", labels: ["nothing"] });
  expect(judge([0.7, 0.2, 0.1], book, low)).toEqual({ kind: "defect", labels: ["crater"] });
});

test("a list that does not say what is good news gives names, and judges none", () => {
  const book = new ClassBook(parse(LISTS["seven without colours and words"]), ["en"]);
  expect(judge(at({ "Good Welding": 0.9, Crack: 0.6 }), book, HALF)).toEqual({
    kind: "unsure",
    labels: ["Good Welding", "Crack"],
  });
  expect(judge(at({}), book, HALF)).toEqual(UNSURE);
});

test("what the user has chosen never speaks against the surest class", () => {
  const tuned = HALF;
  const most = tuned.map((threshold) => adjusted(threshold, 0.95)); // 5 % for every class
  const sure = at({ "Good Welding": 1, "Excess Reinforcement": 0.06, "Bad Welding": 0.06 });
  expect(judge(sure, BOOK, most, UNSURE, tuned)).toEqual({ kind: "good", labels: ["Good Welding"] });
  expect(proposed(sure, BOOK, most, tuned)).toEqual(["Good Welding"]);
  const doubt = at({ "Good Welding": 0.4, Crack: 0.3 });
  expect(judge(doubt, BOOK, most, UNSURE, tuned)).toEqual(UNSURE); // and makes no good one either
  const crack = at({ "Good Welding": 0.2, Crack: 0.4, Porosity: 0.1 });
  expect(judge(crack, BOOK, most, UNSURE, tuned).labels).toEqual(["Crack", "Porosity"]);
});

test("a weld in which the tuned thresholds find a defect is not good because the user wants fewer findings", () => {
  const fewer = HALF.map((threshold) => adjusted(threshold, 0.2));
  const both = at({ "Good Welding": 0.99, Crack: 0.6 });
  expect(judge(both, BOOK, HALF).kind).toBe("defect");
  expect(judge(both, BOOK, fewer, UNSURE, HALF)).toEqual(UNSURE);
  expect(judge(at({ "Good Welding": 0.99 }), BOOK, fewer, UNSURE, HALF).kind).toBe("good");
});

test("a part is good only where the model may call it free of every defect", () => {
  const bounded = new ClassBook(
    parse({ ...LISTS["seven with a background"], free_below: { Crack: 0.08, "Good Welding": 0.2 } }),
    ["en"],
  );
  const good = (crack: number) => judge(at({ "Good Welding": 0.9, Crack: crack }), bounded, HALF);
  expect(good(0.079)).toEqual({ kind: "good", labels: ["Good Welding"] });
  expect(good(0.08)).toEqual({ ...UNSURE, perhaps: ["Crack"] });
  expect(good(0.5)).toEqual({ kind: "defect", labels: ["Crack"] });
  const none = at({ Background: 0.9, Crack: 0.3 });
  expect(judge(none, bounded, HALF)).toEqual({ ...UNSURE, perhaps: ["Crack"] });
  expect(judge(at({ Porosity: 0.9, Crack: 0.3 }), bounded, HALF).labels).toEqual(["Porosity"]);
  expect(judge(at({ "Good Welding": 0.9, Porosity: 0.4 }), bounded, HALF).kind).toBe("good"); // without a bound: as ever
  expect(proposed(none, bounded, HALF)).toEqual([]);
});

describe.each(Object.entries(LISTS))("%s", (_, given) => {
  const book = new ClassBook(parse(given), ["en"]);
  const { labels } = book;
  const half = labels.map(() => 0.5);

  test.each(labels.map((label) => [label]))("%s alone", (label) => {
    const alone = at({ [label]: 0.9 }, labels);
    expect(judge(alone, book, half)).toEqual({ kind: book.kind(label), labels: [label] });
    expect(proposed(alone, book, half)).toEqual([label]);
    expect(labels[ranked(alone, half)[0]!]).toBe(label);
  });

  test("nobody is told that there is nothing but by the background", () => {
    const kinds = labels.map((label) => judge(at({ [label]: 0.9 }, labels), book, half).kind);
    expect(kinds.filter((kind) => kind === "none")).toHaveLength(given.background ? 1 : 0);
  });
});
