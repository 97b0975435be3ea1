import { type Manifest, sideOf, thresholdsOf } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { told } from "../incidents/problem";
import { tries } from "../model/canary";
import { Classifier, type Output } from "../model/classifier";
import { beside } from "../model/store";
import { ClassBook } from "../reading/class-book";
import type { Reading } from "../reading/reader";
import { judge, UNSURE } from "../reading/verdict";

/**
 * While a model is tried here: what the other of the two sees in a picture that stands still, when nothing is asked of
 * the one that runs. It is never shown.
 */
export class Shadow {
  #classifier: Classifier | null = null;
  #loaded = ""; // SHA-256 of the model that it has
  #seen: Output | null = null; // of the picture that was asked about last
  #busy = false;

  constructor(private readonly made: () => Classifier = () => new Classifier()) {}

  /** Whether both give another verdict; null where the other was not asked: no time, no model, the same picture. */
  async differs({ output, pixels, settled }: Reading, manifest: Manifest): Promise<boolean | null> {
    if (!settled || this.#busy || this.#seen === output || !tries()) return null;
    this.#seen = output;
    this.#busy = true;
    try {
      const other = await beside();
      if (!other || !alike(other.manifest, manifest)) return null;
      this.#classifier ??= this.made();
      if (this.#loaded !== other.manifest.sha256) await this.#classifier.load(other.bytes, other.manifest);
      this.#loaded = other.manifest.sha256;
      const its = await this.#classifier.run(pixels, other.manifest);
      return verdict(its, other.manifest) !== verdict(output, manifest);
    } catch (error) {
      log(`the other model was not asked: ${told(error)}`);
      return null;
    } finally {
      this.#busy = false;
    }
  }
}

/** Whether the pixels of one are those of the other, and so are the classes. */
function alike(one: Manifest, other: Manifest): boolean {
  const said = (given: Manifest) => [sideOf(given), given.input.resize, ...given.labels].join();
  return one.sha256 !== other.sha256 && said(one) === said(other);
}

function verdict({ probabilities }: Output, manifest: Manifest): string {
  return judge(probabilities, new ClassBook(manifest), thresholdsOf(manifest), UNSURE).labels.join();
}
