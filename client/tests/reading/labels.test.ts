import { expect, test } from "vitest";
import { caveat, BACKGROUND, GOOD, meaning, MEANINGS } from "../../src/reading/labels";

test("every class has words, and all but Background something about causes", () => {
  expect(Object.keys(MEANINGS)).toEqual(expect.arrayContaining([BACKGROUND, GOOD]));
  for (const [label, { title, short, what, causes }] of Object.entries(MEANINGS)) {
    expect(title && short && what).not.toBe("");
    expect(causes === "").toBe(label === BACKGROUND);
  }
});

test("a class that the app does not know goes by its name", () => {
  expect(meaning("Undercut")).toEqual({ title: "Undercut", short: "Undercut", what: "", causes: "" });
});

test("a good verdict says what the model does not know", () => {
  expect(caveat(["Crack", "Undercut"])).toBe("This model does not know crack, undercut: look for that yourself.");
});
