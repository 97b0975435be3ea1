import { Problem } from "../incidents/problem";
import { MODEL_SIDE_MAX, MODEL_SIDE_MIN } from "./generated/limits";
import { BOUNDS, type Input, type PublishedManifest } from "./generated/manifest";

type Needed = "version" | "published" | "stage" | "file" | "sha256" | "bytes" | "labels" | "thresholds" | "unknown";

/** What the app needs of the manifest that is served, and has checked; what else there is stays behind. */
export interface Manifest extends Readonly<Required<Pick<PublishedManifest, Needed>>> {
  readonly input: Readonly<Pick<Input, "shape" | "dtype" | "resize">>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Checks a manifest as it was served. Throws a Problem that names the first field that is wrong. */
export function parse(value: unknown): Manifest {
  const given = record(value, "the manifest");
  const labels = texts(given.labels, "labels");
  const thresholds = record(given.thresholds, "thresholds");
  return {
    input: input(record(given.input, "input")),
    sha256: text(given.sha256, "sha256", BOUNDS.sha256),
    file: text(given.file, "file", BOUNDS.file), // another folder or host is never where a model lies
    bytes: number(given.bytes, "bytes", BOUNDS.bytes),
    labels,
    thresholds: Object.fromEntries(
      labels.map((label) => [label, number(thresholds[label], `thresholds.${label}`, BOUNDS["thresholds.*"])]),
    ),
    unknown: given.unknown === undefined ? [] : names(given.unknown, "unknown"), // older ones do not say
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

function input({ shape, dtype, resize }: Record<string, unknown>): Manifest["input"] {
  if (!Array.isArray(shape)) throw wrong("input.shape");
  const side = number(shape[1], "input.shape", [MODEL_SIDE_MIN, MODEL_SIDE_MAX]);
  if (String(shape) !== `1,${side},${side},3`) throw wrong("input.shape");
  if (dtype !== "uint8") throw wrong("input.dtype"); // the only one that the app's worker feeds
  const known = BOUNDS["input.resize"].find((way) => way === resize);
  if (!known) throw wrong("input.resize");
  return { shape: [1, side, side, 3], dtype, resize: known };
}

function wrong(field: string): Problem {
  return new Problem("The model can't be used", `Its description is wrong at “${field}”. Tell whoever publishes it.`);
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(field);
  return value as Record<string, unknown>;
}

function texts(value: unknown, field: string): [string, ...string[]] {
  const found = names(value, field);
  if (!found.length) throw wrong(field);
  return found as [string, ...string[]];
}

function names(value: unknown, field: string): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string" && item)) throw wrong(field);
  return value as string[];
}

function text(value: unknown, field: string, pattern: RegExp): string {
  if (typeof value !== "string" || !pattern.test(value)) throw wrong(field);
  return value;
}

function number(value: unknown, field: string, [least, most]: readonly [number, number]): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) throw wrong(field);
  return value;
}
