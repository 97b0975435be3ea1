import { jpeg, type Still } from "../camera/photo";
import { Sampler } from "../camera/pixels";
import { NOTE_CHARACTERS } from "../contract/generated/limits";
import { type Manifest, sideOf } from "../contract/served-manifest";
import { told } from "../incidents/problem";
import type { Classifier, Output } from "../model/classifier";
import type { Outbox } from "../outbox/outbox";
import { metadata } from "../outbox/upload-metadata";
import { colours, paint, wipe } from "../reading/heatmap";
import { BACKGROUND, meaning } from "../reading/labels";
import { chosenThresholds } from "../reading/reader";
import { proposed } from "../reading/verdict";
import { element, say } from "./element";
import { Sheet } from "./sheet";

/** The still that was taken or picked: what the model says of it, and what the welder says. */
export class Review {
  readonly #sampler = new Sampler();
  readonly #sheet: Sheet;
  readonly #note = element("textarea", {
    rows: 2,
    maxLength: NOTE_CHARACTERS,
    placeholder: "For example: second pass, MAG, 3 mm",
  });
  readonly #send = element(
    "button",
    { type: "button", className: "button main", onclick: () => void this.#submit() },
    "Send correction",
  );
  readonly #hint = element("p", { className: "hint", aria: { live: "polite" } });
  #boxes: HTMLInputElement[] = [];
  #shown: { still: Still; taken: Date; manifest: Manifest; output: Output } | null = null;

  constructor(
    private readonly classifier: Classifier,
    private readonly outbox: Outbox,
    private readonly closed: () => void,
    private readonly sent: () => void,
  ) {
    this.#sheet = new Sheet("Is this right?", () => {
      this.#shown = null;
      this.closed();
    });
  }

  /** Classifies the still and opens the sheet. Throws a Problem. */
  async open(still: Still, manifest: Manifest): Promise<void> {
    const taken = new Date();
    const box = { x: 0, y: 0, width: still.width, height: still.height };
    const pixels = this.#sampler.read(still, box, sideOf(manifest), manifest.input.resize);
    const output = await this.classifier.run(pixels, manifest);
    this.#shown = { still, taken, manifest, output };
    this.#note.value = "";
    const heat = element("canvas", { className: "heat", aria: { hidden: "true" } });
    const chosen = proposed(output.probabilities, manifest.labels, chosenThresholds(manifest));
    still.classList.add("still");
    still.setAttribute("role", "img");
    still.setAttribute("aria-label", "The photograph");
    this.#sheet.body.replaceChildren(
      element("div", { className: "photo" }, still, heat),
      element(
        "fieldset",
        {},
        element("legend", {}, "What do you see?"),
        element("div", { className: "checks" }, ...this.#checks(chosen)),
      ),
      element("label", { className: "note" }, element("span", {}, "Note"), this.#note),
      this.#hint,
      element("div", { className: "actions sticky" }, this.#send),
    );
    this.#heat(heat, chosen);
    this.#check();
    this.#sheet.open();
  }

  #checks(chosen: readonly string[]): HTMLElement[] {
    const { manifest, output } = this.#shown!;
    this.#boxes = manifest.labels.map((label) =>
      element("input", {
        type: "checkbox",
        value: label,
        checked: chosen.includes(label),
        onchange: (event) => this.#toggled(event),
      }),
    );
    return manifest.labels.map((label, i) =>
      element(
        "label",
        { className: "check" },
        this.#boxes[i]!,
        element("span", {}, meaning(label).short),
        element("small", {}, manifest.unknown.includes(label) ? "" : `${Math.round(100 * output.probabilities[i]!)} %`),
      ),
    );
  }

  /** "No weld" stands alone, as the server wants it. */
  #toggled(event: Event): void {
    const changed = event.target as HTMLInputElement;
    if (changed.checked) {
      for (const box of this.#boxes) {
        if (box !== changed && (changed.value === BACKGROUND || box.value === BACKGROUND)) box.checked = false;
      }
    }
    this.#check();
  }

  #chosen(): string[] {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  #check(): void {
    this.#send.disabled = this.#chosen().length === 0;
    say(this.#hint, this.#send.disabled ? "Tick at least one." : "");
  }

  #heat(canvas: HTMLCanvasElement, chosen: readonly string[]): void {
    const { manifest, output } = this.#shown!;
    const label = chosen.find((name) => name !== BACKGROUND && name !== "Good Welding");
    if (!label) return wipe(canvas);
    const { heatmaps, rows, columns } = output;
    paint(canvas, colours(heatmaps, rows, columns, manifest.labels.indexOf(label)), rows, columns);
  }

  async #submit(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    this.#send.disabled = true;
    try {
      const image = await (await jpeg(shown.still)).arrayBuffer();
      const { probabilities } = shown.output;
      const text = await metadata(image, this.#chosen(), probabilities, shown.manifest, this.#note.value, shown.taken);
      await this.outbox.add(image, text);
    } catch (error) {
      say(this.#hint, told(error));
      this.#send.disabled = false;
      return;
    }
    this.#sheet.close();
    this.sent();
  }
}
