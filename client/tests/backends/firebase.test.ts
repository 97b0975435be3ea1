import { expect, test } from "vitest";
import { outcome } from "../../src/backends/firebase";

test("a denial after an attempt without an answer means that it is there", () => {
  expect(outcome("storage/unauthorized", true, true)).toEqual({ kind: "done" });
  expect(outcome("storage/unauthorized", false, true).kind).toBe("refused");
  expect(outcome("storage/retry-limit-exceeded", false, true)).toMatchObject({ kind: "later", unknown: true });
  expect(outcome("storage/quota-exceeded", false, true).kind).toBe("refused");
});

test("an attempt that never left the phone arrives nowhere", () => {
  expect(outcome("auth/network-request-failed", false, false)).toMatchObject({ kind: "later", unknown: false });
});
