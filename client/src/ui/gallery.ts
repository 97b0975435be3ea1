import { fromFile, narrow, part, type Picked } from "../camera/gallery";
import { told } from "../incidents/problem";
import { text } from "../texts/texts";
import { Cropper } from "./cropper";
import { element } from "./element";
import type { Live } from "./live";
import type { Taken } from "./review";
import { toast } from "./toast";

interface Reviewing {
  open(taken: Taken): Promise<void>;
  isOpen(): boolean;
  /** nothing is looked at but the live view */
  closed(): void;
}

/** Photographs of the gallery, or that another app shares: opened, cropped as the user wishes, and reviewed. */
export class Gallery {
  readonly input = element("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    onchange: () => {
      const file = this.input.files?.[0];
      this.input.value = "";
      if (file) void this.take(file);
    },
  });
  readonly #cropper = new Cropper();

  constructor(
    private readonly live: Live,
    private readonly review: Reviewing,
  ) {}

  async take(file: File): Promise<void> {
    this.live.busy(text("opening"));
    await new Promise((done) => setTimeout(done, 0)); // so that it is seen
    try {
      const picked = await fromFile(file);
      this.live.busy(null);
      const problem = narrow(picked.whole);
      if (problem) {
        toast(told(problem));
        await this.#crop(picked);
      } else await this.review.open(this.#taken(picked, picked.still));
    } catch (error) {
      this.live.busy(null);
      toast(told(error));
    }
  }

  /** Reviews the part that the user means; what has been written goes along. */
  async #crop(picked: Picked, written: Pick<Taken, "shot" | "note"> = {}): Promise<void> {
    this.live.pause(true);
    try {
      const still = await this.#cropper.ask(picked, (box) => part(picked, box));
      if (still) await this.review.open({ ...this.#taken(picked, still), ...written });
    } catch (error) {
      toast(told(error));
    }
    if (!this.review.isOpen()) this.review.closed();
  }

  #taken(picked: Picked, still: Taken["still"]): Taken {
    return { still, taken: picked.taken, crop: (shot, note) => void this.#crop(picked, { shot, note }) };
  }
}
