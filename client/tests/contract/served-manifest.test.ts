import { expect, test } from "vitest";
import { CLASSES_CHARACTERS, MODEL_BYTES } from "../../src/contract/generated/limits";
import { parse, sideOf, thresholdsOf } from "../../src/contract/served-manifest";
import { LISTS } from "../class-lists";
import { manifest, manifestOf } from "../manifest-example";

const [background, crack] = manifest().classes!;

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
  ["labels", { labels: ["Crack", "Crack"] }],
  ["labels", { labels: ["Crack, or two"] }],
  ["labels", manifestOf(Array.from({ length: 70 }, (_, i) => `${i}`.padEnd(CLASSES_CHARACTERS / 70)))],
  ["background", { background: "Nothing" }],
  ["background", { background: 0 }],
  ["exclusive", { exclusive: "no" }],
  ["classes", { classes: [background] }],
  ["classes", { classes: [crack, background] }],
  ["classes", { classes: { Crack: crack, Background: background } }],
  ["classes.Crack", { classes: [background, null] }],
  ["classes.Crack.colour", { classes: [background, { ...crack, colour: "red" }] }],
  ["classes.Crack.colour", { classes: [background, { ...crack, colour: "#12345" }] }],
  ["classes.Crack.good", { classes: [background, { ...crack, good: undefined }] }],
  ["classes.Crack.words", { classes: [background, { ...crack, words: [] }] }],
  ["classes.Crack.words.en", { classes: [background, { ...crack, words: { en: "Crack" } }] }],
  ["classes.Crack.words.en.what", { classes: [background, { ...crack, words: { en: { what: 3 } } }] }],
  ["thresholds.Crack", { thresholds: { Background: 0.5 } }],
  ["input.dtype", { input: { ...manifest().input, dtype: "float32" } }],
  ["input.shape", { input: { ...manifest().input, shape: [1, 288, 200, 3] } }],
  ["input.shape", { input: { ...manifest().input, shape: [1, 8, 8, 3] } }],
  ["input.shape", { input: { ...manifest().input, shape: "1,288,288,3" } }],
  ["input.resize", { input: { ...manifest().input, resize: "crop" } }],
  ["thresholds", { thresholds: [0.5, 0.6] }],
  ["unknown", { unknown: "Crack" }],
  ["maps", { maps: "Crack" }],
  ["bytes", { bytes: 1e12 }],
  ["bytes", { bytes: MODEL_BYTES + 1 }],
])("a wrong %s is named", (field, change) => {
  expect(() => parse({ ...manifest(), ...change })).toThrow(`“${field}”`);
});

test("what is no manifest at all is a sentence too", () => {
  for (const value of [null, 3, "x", [], {}]) expect(() => parse(value)).toThrow("Its description is wrong");
});

test("what a phone does not need may be missing, and what it does not know stays behind", () => {
  const {
    version: _,
    stage: __,
    published: ___,
    metrics: ____,
    unknown: _____,
    maps: ______,
    ...more
  } = parse(manifest());
  const { classes, background, exclusive, ...least } = more;
  const given = { ...least, surprise: 1, input: { ...least.input, surprise: 2 } };
  expect(parse(given)).toEqual({
    ...least,
    ...{ classes: [], background: null, exclusive: false }, // a manifest of older code
    ...{ version: "", stage: "staging", published: "", metrics: {}, unknown: [], maps: [] },
  });
  expect(parse({ ...given, background })).toMatchObject({ background: "Background" });
  expect(parse({ ...given, classes: [{ ...classes[0], surprise: 3 }, classes[1]] }).classes).toEqual(classes);
});

test.each(Object.entries(LISTS))("%s: read, kept on the phone and read again", (_, given) => {
  const parsed = parse(given);
  expect(parsed.classes).toEqual(given.classes);
  expect(parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
});

test("nothing reaches the threshold of a class that the model does not know", () => {
  expect(thresholdsOf(parse({ ...manifest(), unknown: ["Crack"] }))).toEqual([0.5, Infinity]);
});

test("a score that was not measured stays behind", () => {
  expect(parse({ ...manifest(), metrics: { mean_average_precision: null, mean_roc_auc: 0.9 } }).metrics).toEqual({
    mean_roc_auc: 0.9,
  });
});
