import { expect, test } from "vitest";
import { keyOf, meaning } from "../../src/review/keys";

test("each key that is shown means the label beside it", () => {
  for (let at = 0; at < 10; at++) expect(meaning(keyOf(at))).toEqual({ act: "toggle", at });
  expect(keyOf(10)).toBe("");
});

test("letters in either case, and no others", () => {
  expect([meaning("X"), meaning("u"), meaning("Enter"), meaning("s")].map((one) => one?.act)).toEqual([
    "reject",
    "undo",
    "accept",
    "skip",
  ]);
  for (const key of ["z", "Escape", "Tab", " ", "F1"]) expect(meaning(key)).toBeNull();
});
