import { type FrameStatistics, type Obstacle, obstacle, statistics, unchanged } from "../camera/frames";
import { Sampler } from "../camera/pixels";
import { type Manifest, sideOf, thresholdsOf } from "../contract/served-manifest";
import type { Classifier, Output } from "../model/classifier";
import { sensitivity } from "../storage/settings";
import type { ClassBook } from "./class-book";
import { Smoother, Steady } from "./smoothing";
import { adjusted } from "./thresholds";
import { judge, UNSURE, type Verdict } from "./verdict";

const SMOOTHING = 250; // ms
const OBSTACLE_WAIT = 350;
const VERDICT_WAIT = 250;
const SETTLED = 1_500; // of the same picture: six times the smoothing, nothing changes any more

export interface Reading {
  readonly output: Output;
  readonly obstacle: Obstacle | null;
  /** null until one has stood long enough */
  readonly verdict: Verdict | null;
  /** smoothed, float[classes] */
  readonly probabilities: Float32Array;
  readonly thresholds: readonly number[];
  readonly tuned: readonly number[];
  /** the picture has not changed, so that nothing was asked of the model */
  readonly settled: boolean;
  readonly pixels: Uint8Array<ArrayBuffer>;
  /** of the frame that was read */
  readonly frame: { readonly brightness: number; readonly sharpness: number };
}

/** The thresholds of a model, as they were tuned and at the sensitivity that the user has chosen. */
export function chosenThresholds(manifest: Manifest): { tuned: number[]; thresholds: number[] } {
  const tuned = thresholdsOf(manifest);
  const chosen = sensitivity();
  return { tuned, thresholds: tuned.map((threshold) => adjusted(threshold, chosen)) };
}

/** Reads a stream of frames calmly: smoothed, and nothing that is shown changes for a single frame. */
export class Reader {
  readonly #sampler = new Sampler();
  readonly #smoother = new Smoother(SMOOTHING);
  readonly #obstacle = new Steady<Obstacle | null>(null, OBSTACLE_WAIT);
  #key = new Steady<string | null>(null, VERDICT_WAIT);
  #verdicts = new Map<string | null, Verdict>();
  #shown: Verdict | null = null;
  #before: FrameStatistics | null = null;
  /** the picture that has stayed, since when, and what the model said of it last */
  #still: { readonly frame: FrameStatistics; readonly since: number; output: Output } | null = null;
  #book: ClassBook | null = null;

  constructor(private readonly classifier: Classifier) {}

  async read(
    picture: HTMLVideoElement,
    box: { x: number; y: number; width: number; height: number },
    book: ClassBook,
    now: number,
  ): Promise<Reading> {
    const { manifest } = book;
    const side = sideOf(manifest);
    const pixels = this.#sampler.read(picture, box, side, manifest.input.resize);
    const frame = statistics(pixels, side);
    const stands = this.#obstacle.update(obstacle(frame, this.#before), now);
    this.#before = frame;
    if (book !== this.#book) this.reset(); // what was read of another list has other places
    this.#book = book;
    const still = this.#still && unchanged(frame, this.#still.frame) ? this.#still : null;
    const settled = still !== null && now - still.since >= SETTLED;
    const output = settled ? still.output : await this.classifier.run(pixels, manifest);
    if (still) still.output = output;
    else this.#still = { frame, since: now, output };
    if (stands) this.#smoother.reset();
    const probabilities = this.#smoother.update(output.probabilities, now);
    const { tuned, thresholds } = chosenThresholds(manifest);
    const verdict = this.#steady(judge(probabilities, book, thresholds, this.#shown ?? UNSURE, tuned), now);
    const { brightness, sharpness } = frame;
    const seen = { brightness, sharpness };
    return { output, obstacle: stands, verdict, probabilities, thresholds, tuned, settled, pixels, frame: seen };
  }

  reset(): void {
    this.#smoother.reset();
    this.#key = new Steady<string | null>(null, VERDICT_WAIT);
    this.#verdicts.clear();
    this.#shown = null;
    this.#before = null;
    this.#still = null;
  }

  #steady(verdict: Verdict, now: number): Verdict | null {
    const key = [...verdict.labels, "?", ...(verdict.perhaps ?? [])].join();
    this.#verdicts.set(key, verdict);
    this.#shown = this.#verdicts.get(this.#key.update(key, now)) ?? null;
    return this.#shown;
  }
}
