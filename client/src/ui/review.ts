import { jpeg, type Still } from "../camera/photo";
import { Sampler } from "../camera/pixels";
import { NOTE_CHARACTERS } from "../contract/generated/limits";
import { type Manifest, sideOf } from "../contract/served-manifest";
import { told } from "../incidents/problem";
import type { Classifier, Output } from "../model/classifier";
import type { Outbox } from "../outbox/outbox";
import { metadata } from "../outbox/upload-metadata";
import { ClassBook } from "../reading/class-book";
import { colours, paint, wipe } from "../reading/heatmap";
import { chosenThresholds } from "../reading/reader";
import { proposed } from "../reading/verdict";
import { dot, isLong, words } from "./class-name";
import { element, say } from "./element";
import { Sheet } from "./sheet";

/** The still that was taken or picked: what the model says of it, and what the welder says. */
export class Review {
  readonly #sampler = new Sampler();
  readonly #sheet: Sheet;
  readonly #note = element("textarea", {
    rows: 2,
    maxLength: NOTE_CHARACTERS,
    placeholder: "For example: which part, which machine",
  });
  readonly #send = element(
    "button",
    { type: "button", className: "button main", onclick: () => void this.#submit() },
    "Send correction",
  );
  readonly #hint = element("p", { className: "hint", dir: "auto" }); // what is chosen: it may have scrolled away
  readonly #failure = element("p", { className: "failure", aria: { role: "alert" } });
  #boxes: HTMLInputElement[] = [];
  #shown: { still: Still; taken: Date; book: ClassBook; output: Output } | null = null;

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
    this.#sheet.footer.append(this.#failure, this.#hint, this.#send);
  }

  /** Classifies the still and opens the sheet. Throws a Problem. */
  async open(still: Still, manifest: Manifest): Promise<void> {
    const taken = new Date();
    const box = { x: 0, y: 0, width: still.width, height: still.height };
    const pixels = this.#sampler.read(still, box, sideOf(manifest), manifest.input.resize);
    const output = await this.classifier.run(pixels, manifest);
    const book = new ClassBook(manifest);
    this.#shown = { still, taken, book, output };
    this.#note.value = "";
    const heat = element("canvas", { className: "heat", aria: { hidden: "true" } });
    const chosen = proposed(output.probabilities, book, chosenThresholds(manifest));
    still.classList.add("still");
    still.setAttribute("role", "img");
    still.setAttribute("aria-label", "The photograph");
    this.#sheet.body.replaceChildren(
      element("div", { className: "photo" }, still, heat),
      element(
        "fieldset",
        {},
        element("legend", {}, "What do you see?"),
        element("div", { className: `checks ${widthFor(book)}` }, ...this.#checks(chosen)),
      ),
      element("label", { className: "note" }, element("span", {}, "Note"), this.#note),
    );
    this.#sheet.body.scrollTop = 0;
    say(this.#failure, "");
    this.#heat(heat, chosen);
    this.#check();
    this.#sheet.open();
  }

  #checks(chosen: readonly string[]): HTMLElement[] {
    const { book, output } = this.#shown!;
    this.#boxes = book.labels.map((label) =>
      element("input", {
        type: book.exclusive ? "radio" : "checkbox",
        name: "class",
        value: label,
        checked: chosen.includes(label),
        onchange: (event) => this.#toggled(event),
      }),
    );
    return book.labels.map((label, i) => {
      const meaning = book.of(label);
      return element(
        "label",
        { className: "check" },
        this.#boxes[i]!,
        dot(meaning),
        element(
          "span",
          { className: "said" },
          words(meaning, meaning.short, "name"),
          element("small", {}, book.unknown.includes(meaning) ? "" : `${Math.round(100 * output.probabilities[i]!)} %`),
        ),
      );
    });
  }

  /** The background stands alone, as the server wants it. */
  #toggled(event: Event): void {
    const changed = event.target as HTMLInputElement;
    const { background } = this.#shown!.book;
    if (changed.checked) {
      for (const box of this.#boxes) {
        if (box !== changed && (changed.value === background || box.value === background)) box.checked = false;
      }
    }
    this.#check();
  }

  #chosen(): string[] {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  #check(): void {
    const { book } = this.#shown!;
    const names = shorts(book, this.#chosen());
    this.#send.disabled = !names.length;
    say(this.#hint, names.join(", ") || (book.exclusive ? "Choose one." : "Tick at least one."));
  }

  #heat(canvas: HTMLCanvasElement, chosen: readonly string[]): void {
    const { book, output } = this.#shown!;
    const label = chosen.find((name) => book.kind(name) === "defect");
    if (!label) return wipe(canvas);
    const { heatmaps, rows, columns } = output;
    paint(canvas, colours(heatmaps, rows, columns, book.labels.indexOf(label)), rows, columns);
  }

  async #submit(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    this.#send.disabled = true;
    try {
      const image = await (await jpeg(shown.still)).arrayBuffer();
      const { book, output, taken } = shown;
      const chosen = this.#chosen();
      const text = await metadata(image, chosen, output.probabilities, book.manifest, this.#note.value, taken);
      await this.outbox.add(image, text, shorts(book, chosen));
    } catch (error) {
      say(this.#failure, told(error));
      this.#send.disabled = false;
      return;
    }
    this.#sheet.close();
    this.sent();
  }
}

/** Class of the grid: long names get wider columns. */
function widthFor(book: ClassBook): string {
  return book.labels.some((label) => isLong(book.of(label).short)) ? "choices wide" : "choices";
}

const shorts = (book: ClassBook, labels: readonly string[]) => labels.map((label) => book.of(label).short);
