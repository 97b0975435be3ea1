import { expect, test } from "vitest";
import { MODEL_BYTES } from "../../src/contract/generated/limits";
import { parse, sideOf, thresholdsOf } from "../../src/contract/served-manifest";
import { manifest } from "../manifest-example";

test("a manifest as publish writes it", () => {
  const parsed = parse(manifest());
  expect(parsed).toMatchObject({ version: "3", stage: "production", input: { shape: [1, 288, 288, 3] } });
  expect(sideOf(parsed)).toBe(288);
  expect(thresholdsOf(parsed)).toEqual([0.5, 0.6]);
  expect(parse(parsed)).toEqual(parsed);
});

test.each([
  ["sha256", { sha256: "abc" }],
  ["file", { file: "../secrets.tflite" }],
  ["labels", { labels: [] }],
  ["thresholds.Crack", { thresholds: { Background: 0.5 } }],
  ["input.dtype", { input: { ...manifest().input, dtype: "float32" } }],
  ["input.shape", { input: { ...manifest().input, shape: [1, 288, 200, 3] } }],
  ["input.shape", { input: { ...manifest().input, shape: [1, 8, 8, 3] } }],
  ["input.shape", { input: { ...manifest().input, shape: "1,288,288,3" } }],
  ["input.resize", { input: { ...manifest().input, resize: "crop" } }],
  ["thresholds", { thresholds: [0.5, 0.6] }],
  ["unknown", { unknown: "Crack" }],
  ["bytes", { bytes: 1e12 }],
  ["bytes", { bytes: MODEL_BYTES + 1 }],
])("a wrong %s is named", (field, change) => {
  expect(() => parse({ ...manifest(), ...change })).toThrow(`“${field}”`);
});

test("what is no manifest at all is a sentence too", () => {
  for (const value of [null, 3, "x", [], {}]) expect(() => parse(value)).toThrow("Its description is wrong");
});

test("what a phone does not need may be missing, and what it does not know stays behind", () => {
  const { version: _, stage: __, published: ___, metrics: ____, unknown: _____, ...least } = parse(manifest());
  const given = { ...least, surprise: 1, input: { ...least.input, surprise: 2 } };
  expect(parse(given)).toEqual({ ...least, version: "", stage: "staging", published: "", metrics: {}, unknown: [] });
});

test("nothing reaches the threshold of a class that the model does not know", () => {
  expect(thresholdsOf(parse({ ...manifest(), unknown: ["Crack"] }))).toEqual([0.5, Infinity]);
});

test("a score that was not measured stays behind", () => {
  expect(parse({ ...manifest(), metrics: { mean_average_precision: null, mean_roc_auc: 0.9 } }).metrics).toEqual({
    mean_roc_auc: 0.9,
  });
});
