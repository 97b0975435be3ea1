import type { ClassBook } from "../reading/class-book";
import type { Reading } from "../reading/reader";
import { ranked } from "../reading/verdict";
import { text } from "../texts/texts";
import { isLong, sayName } from "./class-name";
import { element, icon, say } from "./element";
import { MORE } from "./icons";

const SHOWN = 3;

interface Row {
  readonly row: HTMLElement;
  readonly name: HTMLElement;
  readonly bar: HTMLElement;
  readonly value: HTMLElement;
}

/** The surest classes as bars, each with a mark where its threshold is; all of them where the user has opened it. */
export class Bars {
  readonly #list = element("ol", { className: "bars", id: "bars", aria: { label: text("mostProbable") } });
  readonly #count = element("span");
  readonly #toggle = element(
    "button",
    { type: "button", className: "more", hidden: true, onclick: () => this.#switch(), aria: { controls: "bars" } },
    icon(MORE),
    this.#count,
  );
  readonly root = element("div", { className: "classes" }, this.#list, this.#toggle);
  #rows: Row[] = [];
  #all = false;
  #again: () => void = () => this.clear();

  constructor() {
    this.#told();
  }

  /** Probabilities and thresholds, 0 to 1, in the order of the book; a class with the threshold Infinity is left out. */
  show(reading: Pick<Reading, "probabilities" | "thresholds" | "tuned">, book: ClassBook): void {
    const { probabilities, thresholds, tuned } = reading;
    this.#again = () => this.show(reading, book);
    const order = ranked(probabilities, thresholds);
    this.#toggle.hidden = order.length <= SHOWN;
    say(this.#count, String(order.length));
    // all of them stay where they are in the list, so that an eye can follow one
    const shown = this.#all ? order.sort((a, b) => a - b) : order.slice(0, SHOWN);
    this.#have(shown.length);
    shown.forEach((i, place) => {
      const { row, name, bar, value } = this.#rows[place]!;
      const { short, colour, language } = book.of(book.labels[i]!);
      const probability = probabilities[i]!;
      sayName(name, short);
      name.lang = language;
      say(value, `${Math.round(100 * probability)} %`);
      row.style.setProperty("--colour", colour);
      bar.style.setProperty("--value", probability.toFixed(3));
      bar.style.setProperty("--threshold", thresholds[i]!.toFixed(3));
      bar.style.setProperty("--tuned", tuned[i]!.toFixed(3)); // the same, unless the user has chosen otherwise
      row.classList.toggle("over", probability >= thresholds[i]!);
      row.classList.toggle("long", this.#all && isLong(short)); // the name has a line of its own
    });
  }

  /** Empty bars, while there is nothing to say. */
  clear(): void {
    this.#again = () => this.clear();
    if (!this.#all) this.#have(SHOWN);
    for (const { row, name, value, bar } of this.#rows) {
      if (!this.#all) {
        say(name, "–");
        row.style.removeProperty("--colour");
      }
      say(value, "");
      bar.style.setProperty("--value", "0");
      row.classList.remove("over");
    }
  }

  /** Another model's list comes. */
  forget(): void {
    this.#rows = [];
    this.#list.replaceChildren();
    this.clear();
  }

  #switch(): void {
    this.#all = !this.#all;
    this.#told();
    this.#again();
    if (this.#all) this.root.scrollIntoView({ block: "start" });
  }

  #told(): void {
    this.#toggle.setAttribute("aria-expanded", String(this.#all));
    this.#toggle.setAttribute("aria-label", text(this.#all ? "onlyMostProbable" : "allClasses"));
  }

  #have(count: number): void {
    while (this.#rows.length < count) this.#rows.push(newRow());
    const rows = this.#rows.slice(0, count).map(({ row }) => row);
    if (this.#list.childElementCount !== count) this.#list.replaceChildren(...rows);
  }
}

function newRow(): Row {
  const name = element("span", { className: "name", dir: "auto" });
  const bar = element("span", { className: "bar", aria: { hidden: "true" } }, element("i"), element("s"), element("b"));
  const value = element("span", { className: "value" });
  const colour = element("i", { className: "dot", aria: { hidden: "true" } });
  return { row: element("li", {}, colour, name, bar, value), name, bar, value };
}
