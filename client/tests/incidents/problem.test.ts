import { expect, test } from "vitest";
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

test("whatever is thrown becomes a sentence, and a Problem stays what it is", () => {
  const problem = new Problem("No camera", "Connect one.");
  expect(asProblem(problem)).toBe(problem);
  expect(told(problem)).toBe("No camera. Connect one.");
  expect(told(new Error("x"))).toBe("Something went wrong. x. Reload the app and try again.");
  expect(told(new Error())).toContain("The reason is unknown");
  expect(told("y")).toContain("y.");
});
