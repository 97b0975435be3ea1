import {
  BRIGHTNESS_BINS,
  LATENCY_EDGES,
  SCORE_BINS,
  SHARPNESS_EDGES,
  TELEMETRY_CLASSES,
  TELEMETRY_LOOKS,
} from "../contract/generated/limits";
import type { Telemetry } from "../contract/generated/telemetry";

/** What one look adds to a day. */
export interface Look {
  /** class → its score, 0 to 1 */
  readonly scores: Readonly<Record<string, number>>;
  readonly brightness: number; // 0 to 255
  readonly sharpness: number;
  /** ms that the model took; null where it was not asked, since the picture has not changed */
  readonly ms: number | null;
}

/** Of which sums are kept: a day (UTC), a model, and the lot of a canary that has chosen it. */
export interface Of {
  readonly day: string;
  readonly model: string;
  readonly version: string;
  readonly challenger: string;
  readonly lot: Telemetry["lot"];
}

const zeros = (count: number) => new Array<number>(count).fill(0);

/** A day on which nothing was counted yet. */
export function begun(of: Of): Telemetry {
  return {
    id: crypto.randomUUID(), // of this report alone: nothing ties two of them together
    ...of,
    ...{ looks: 0, obstacles: 0, corrections: 0, confirmations: 0, shadowed: 0, disagreed: 0, scores: {} },
    brightness: zeros(BRIGHTNESS_BINS),
    sharpness: zeros(SHARPNESS_EDGES.length + 1),
    latency: zeros(LATENCY_EDGES.length + 1),
  } as Telemetry;
}

/** The day with one look more; unchanged when it is full. */
export function looked(day: Telemetry, look: Look): Telemetry {
  if (day.looks >= TELEMETRY_LOOKS) return day;
  const names = Object.keys(look.scores).slice(0, TELEMETRY_CLASSES);
  const scores = Object.fromEntries(
    names.map((name) => [name, plus(day.scores?.[name] ?? zeros(SCORE_BINS), binOf(look.scores[name]!, SCORE_BINS))]),
  );
  return {
    ...day,
    looks: day.looks + 1,
    scores,
    brightness: plus(day.brightness, binOf(look.brightness / 256, BRIGHTNESS_BINS)),
    sharpness: plus(day.sharpness, between(look.sharpness, SHARPNESS_EDGES)),
    latency: look.ms === null ? day.latency : plus(day.latency, between(look.ms, LATENCY_EDGES)),
  } as Telemetry;
}

/** One of `count` equal parts of 0 to 1. */
function binOf(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/** How many of the edges the value has reached. */
function between(value: number, edges: readonly number[]): number {
  const first = edges.findIndex((edge) => value < edge);
  return first < 0 ? edges.length : first;
}

function plus(counts: readonly number[], bin: number): number[] {
  return counts.map((count, i) => count + Number(i === bin));
}
