import { expect, test } from "vitest";
import { lines } from "../../src/incidents/log";
import { asProblem, Problem, storageFull, told } from "../../src/incidents/problem";

test.each([
  new DOMException("", "QuotaExceededError"),
  new Error("The disk is full"),
  new DOMException("Encountered full disk while opening backing store", "UnknownError"),
])("full storage, as browsers say it: %s", (error) => {
  expect(storageFull(error)?.title).toBe("The phone's storage is full");
  expect(storageFull(error)?.cause).toBe(error);
});

test.each([new TypeError("x is undefined"), "quota", null])("something else is not about storage: %s", (error) => {
  expect(storageFull(error)).toBeUndefined();
});

test("whatever is thrown becomes a sentence that a welder can use; its reason is in the log", () => {
  const problem = new Problem("cameraNone");
  expect(asProblem(problem)).toBe(problem);
  expect(told(problem)).toBe("No camera found. Connect one and tap Try again, or pick a photo from the gallery.");
  expect(told(new TypeError("x is undefined"))).toMatch(/^Something went wrong\. Reload the app/);
  expect(lines().at(-1)!.text).toBe("unexpected: TypeError: x is undefined");
  expect(told("y")).not.toContain("y is");
});

test("values stand in the sentence", () => {
  expect(new Problem("badManifest", { values: { field: "labels" } }).message).toContain("“labels”");
});
