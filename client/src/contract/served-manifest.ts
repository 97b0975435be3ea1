import { names, number, record, text, wrong } from "./checks";
import { MODEL_SIDE_MAX, MODEL_SIDE_MIN } from "./generated/limits";
import { BOUNDS, type Input, type PublishedManifest } from "./generated/manifest";
import { type Classes, classesOf } from "./served-classes";

type Needed =
  "version" | "published" | "stage" | "file" | "sha256" | "bytes" | "thresholds" | "free_below" | "unknown" | "maps";

/** What the app needs of the manifest that is served, and has checked; what else there is stays behind. */
export interface Manifest extends Readonly<Required<Pick<PublishedManifest, Needed>>>, Classes {
  readonly input: Readonly<Pick<Input, "shape" | "dtype" | "resize">>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Checks a manifest as it was served. Throws a Problem that names the first field that is wrong. */
export function parse(value: unknown): Manifest {
  const given = record(value, "the manifest");
  const classes = classesOf(given);
  const thresholds = record(given.thresholds, "thresholds");
  return {
    input: input(record(given.input, "input")),
    sha256: text(given.sha256, "sha256", BOUNDS.sha256),
    file: text(given.file, "file", BOUNDS.file), // another folder or host is never where a model lies
    bytes: number(given.bytes, "bytes", BOUNDS.bytes),
    ...classes,
    thresholds: Object.fromEntries(
      classes.labels.map((label) => [label, number(thresholds[label], `thresholds.${label}`, BOUNDS["thresholds.*"])]),
    ),
    free_below: levels(given.free_below, classes.labels),
    unknown: given.unknown === undefined ? [] : names(given.unknown, "unknown"), // older ones do not say
    maps: given.maps === undefined ? [] : names(given.maps, "maps"), // older ones have measured none
    version: typeof given.version === "string" ? given.version : "",
    published: typeof given.published === "string" ? given.published : "",
    stage: given.stage === "production" ? "production" : "staging",
    metrics: Object.fromEntries(
      Object.entries(record(given.metrics ?? {}, "metrics")).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      ),
    ),
  };
}

/** Pixels of the square input. */
export function sideOf(manifest: Manifest): number {
  return manifest.input.shape[1];
}

/** One for each label, in their order, 0 to 1; Infinity, which nothing reaches, for what the model does not know. */
export function thresholdsOf({ labels, thresholds, unknown }: Manifest): number[] {
  return labels.map((label) => (unknown.includes(label) ? Infinity : thresholds[label]!));
}

/** One for each label, in their order, 0 to 1: under it a part is called free of the class; Infinity without a bound. */
export function freeBelowOf({ labels, free_below, unknown }: Manifest): number[] {
  return labels.map((label) => (unknown.includes(label) ? Infinity : (free_below[label] ?? Infinity)));
}

/** Older manifests have none. */
function levels(given: unknown, labels: readonly string[]): Record<string, number> {
  const found = record(given ?? {}, "free_below");
  const bound = labels.filter((label) => Object.hasOwn(found, label));
  return Object.fromEntries(
    bound.map((label) => [label, number(found[label], `free_below.${label}`, BOUNDS["free_below.*"])]),
  );
}

function input({ shape, dtype, resize }: Record<string, unknown>): Manifest["input"] {
  if (!Array.isArray(shape)) throw wrong("input.shape");
  const side = number(shape[1], "input.shape", [MODEL_SIDE_MIN, MODEL_SIDE_MAX]);
  if (String(shape) !== `1,${side},${side},3`) throw wrong("input.shape");
  if (dtype !== "uint8") throw wrong("input.dtype"); // the only one that the app's worker feeds
  const known = BOUNDS["input.resize"].find((way) => way === resize);
  if (!known) throw wrong("input.resize");
  return { shape: [1, side, side, 3], dtype, resize: known };
}
