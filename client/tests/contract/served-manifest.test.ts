import { expect, test } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import { manifest } from "../manifest-example";

test("a manifest as publish writes it", () => {
  expect(parse(manifest())).toMatchObject({ version: "3", stage: "production", side: 288, thresholds: [0.5, 0.6] });
});

test.each([
  ["sha256", { sha256: "abc" }],
  ["file", { file: "../secrets.tflite" }],
  ["labels", { labels: [] }],
  ["thresholds.Crack", { thresholds: { Background: 0.5 } }],
  ["input.dtype", { input: { ...manifest().input, dtype: "float32" } }],
  ["input.shape", { input: { ...manifest().input, shape: [1, 288, 200, 3] } }],
  ["bytes", { bytes: 1e12 }],
])("a wrong %s is named", (field, change) => {
  expect(() => parse({ ...manifest(), ...change })).toThrow(`“${field}”`);
});

test("what is no manifest at all is a sentence too", () => {
  for (const value of [null, 3, "x", [], {}]) expect(() => parse(value)).toThrow("Its description is wrong");
});
