import type { ClassBook } from "../reading/class-book";
import { text } from "../texts/texts";
import { dot, isLong, words } from "./class-name";
import { element } from "./element";

/** The classes to choose from, each with what the model gives it. */
export class Choices {
  readonly root: HTMLElement;
  readonly #boxes: HTMLInputElement[];

  constructor(
    private readonly book: ClassBook,
    probabilities: ArrayLike<number>,
    chosen: readonly string[],
    private readonly changed: () => void,
  ) {
    this.#boxes = book.labels.map((label) =>
      element("input", {
        type: book.exclusive ? "radio" : "checkbox",
        name: "class",
        value: label,
        checked: chosen.includes(label),
        onchange: (event) => this.#toggled(event),
      }),
    );
    const wide = book.labels.some((label) => isLong(book.of(label).short)); // long names get wider columns
    const rows = book.labels.map((label, i) => this.#row(label, this.#boxes[i]!, probabilities[i]!));
    this.root = element(
      "fieldset",
      {},
      element("legend", {}, text("whatDoYouSee")),
      element("div", { className: `checks choices${wide ? " wide" : ""}` }, ...rows),
    );
  }

  /** The labels, in the order of the list. */
  get chosen(): string[] {
    return this.#boxes.filter((box) => box.checked).map((box) => box.value);
  }

  #row(label: string, box: HTMLElement, probability: number): HTMLElement {
    const meaning = this.book.of(label);
    const share = this.book.unknown.includes(meaning) ? "" : `${Math.round(100 * probability)} %`;
    return element(
      "label",
      { className: "check" },
      box,
      dot(meaning),
      element("span", { className: "said" }, words(meaning, meaning.short, "name"), element("small", {}, share)),
    );
  }

  /** The background stands alone, as the server wants it. */
  #toggled(event: Event): void {
    const changed = event.target as HTMLInputElement;
    const { background } = this.book;
    if (changed.checked) {
      for (const box of this.#boxes) {
        if (box !== changed && (changed.value === background || box.value === background)) box.checked = false;
      }
    }
    this.changed();
  }
}
