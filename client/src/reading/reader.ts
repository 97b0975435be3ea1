import { type FrameStatistics, type Obstacle, obstacle, statistics } from "../camera/frames";
import { Sampler } from "../camera/pixels";
import { type Manifest, sideOf, thresholdsOf } from "../contract/served-manifest";
import type { Classifier, Output } from "../model/classifier";
import { confidence } from "../storage/settings";
import type { ClassBook } from "./class-book";
import { Smoother, Steady } from "./smoothing";
import { adjusted } from "./thresholds";
import { judge, UNSURE, type Verdict } from "./verdict";

const SMOOTHING = 250; // ms
const OBSTACLE_WAIT = 350;
const VERDICT_WAIT = 250;

export interface Reading {
  readonly output: Output;
  readonly obstacle: Obstacle | null;
  /** null until one has stood long enough */
  readonly verdict: Verdict | null;
  /** smoothed, float[classes] */
  readonly probabilities: Float32Array;
  readonly thresholds: readonly number[];
}

/** The thresholds of a model at the confidence that the user has chosen. */
export function chosenThresholds(manifest: Manifest): number[] {
  const chosen = confidence();
  return thresholdsOf(manifest).map((threshold) => adjusted(threshold, chosen));
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
    const output = await this.classifier.run(pixels, manifest);
    if (book !== this.#book) this.reset(); // what was read of another list has other places
    this.#book = book;
    if (stands) this.#smoother.reset();
    const probabilities = this.#smoother.update(output.probabilities, now);
    const thresholds = chosenThresholds(manifest);
    const verdict = this.#steady(judge(probabilities, book, thresholds, this.#shown ?? UNSURE), now);
    return { output, obstacle: stands, verdict, probabilities, thresholds };
  }

  reset(): void {
    this.#smoother.reset();
    this.#key = new Steady<string | null>(null, VERDICT_WAIT);
    this.#verdicts.clear();
    this.#shown = null;
    this.#before = null;
  }

  #steady(verdict: Verdict, now: number): Verdict | null {
    const key = verdict.labels.join();
    this.#verdicts.set(key, verdict);
    this.#shown = this.#verdicts.get(this.#key.update(key, now)) ?? null;
    return this.#shown;
  }
}
