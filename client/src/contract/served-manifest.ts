import type { Resize } from "../camera/pixels";
import { Problem } from "../incidents/problem";

/** What the app needs of manifest.json, which export and publish write. */
export interface Manifest {
  readonly version: string; // "" while the registry has none
  readonly published: string; // ISO 8601
  readonly stage: "production" | "staging";
  /** where the model lies, relative to the manifest */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly labels: readonly string[];
  /** one for each label, 0 to 1 */
  readonly thresholds: readonly number[];
  /** pixels of the square input */
  readonly side: number;
  readonly resize: Resize;
  /** on the test photographs, 0 to 1 */
  readonly metrics: Readonly<Record<string, number>>;
}

const LONGEST_SIDE = 1024;
const LARGEST = 64 * 2 ** 20;

/** Checks a manifest as it was served. Throws a Problem that names the first field that is wrong. */
export function parse(value: unknown): Manifest {
  const given = record(value, "the manifest");
  const labels = strings(given.labels, "labels");
  const thresholds = record(given.thresholds, "thresholds");
  const input = record(given.input, "input");
  const side = number(list(input.shape, "input.shape")[1], "input.shape", 16, LONGEST_SIDE);
  if (String(input.shape) !== `1,${side},${side},3`) throw wrong("input.shape");
  if (input.dtype !== "uint8") throw wrong("input.dtype");
  if (input.resize !== "stretch" && input.resize !== "letterbox") throw wrong("input.resize");
  if (typeof given.sha256 !== "string" || !/^[0-9a-f]{64}$/.test(given.sha256)) throw wrong("sha256");
  // another folder or host is never where a model lies
  if (typeof given.file !== "string" || !/^(models\/)?[\w-]+\.tflite$/.test(given.file)) throw wrong("file");
  return {
    version: typeof given.version === "string" ? given.version : "",
    published: typeof given.published === "string" ? given.published : "",
    stage: given.stage === "production" ? "production" : "staging",
    file: given.file,
    sha256: given.sha256,
    bytes: number(given.bytes, "bytes", 1, LARGEST),
    labels,
    thresholds: labels.map((label) => number(thresholds[label], `thresholds.${label}`, 0, 1)),
    side,
    resize: input.resize,
    metrics: Object.fromEntries(
      Object.entries(record(given.metrics ?? {}, "metrics")).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      ),
    ),
  };
}

function wrong(field: string): Problem {
  return new Problem("The model can't be used", `Its description is wrong at “${field}”. Tell whoever publishes it.`);
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(field);
  return value as Record<string, unknown>;
}

function list(value: unknown, field: string): unknown[] {
  if (!Array.isArray(value)) throw wrong(field);
  return value;
}

function strings(value: unknown, field: string): string[] {
  const found = list(value, field);
  if (!found.length || !found.every((item) => typeof item === "string" && item)) throw wrong(field);
  return found as string[];
}

function number(value: unknown, field: string, least: number, most: number): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) throw wrong(field);
  return value;
}
