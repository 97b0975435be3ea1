import { meaning } from "../reading/labels";
import { ranked } from "../reading/verdict";
import { element, say } from "./element";

const SHOWN = 3;

/** The most probable classes as bars, each with a mark where its threshold is. */
export class Bars {
  readonly root = element("ol", { className: "bars", aria: { label: "Most probable classes" } });
  readonly #rows = Array.from({ length: SHOWN }, () => {
    const name = element("span", { className: "name" });
    const bar = element("span", { className: "bar", aria: { hidden: "true" } }, element("i"), element("b"));
    const value = element("span", { className: "value" });
    return { row: element("li", {}, name, bar, value), name, bar, value };
  });

  constructor() {
    this.root.append(...this.#rows.map(({ row }) => row));
  }

  /** Probabilities and thresholds, 0 to 1, in the order of `labels`; a class with the threshold Infinity is left out. */
  show(probabilities: ArrayLike<number>, thresholds: readonly number[], labels: readonly string[]): void {
    const order = ranked(probabilities, thresholds);
    this.#rows.forEach(({ row, name, bar, value }, place) => {
      const i = order[place];
      row.hidden = i === undefined;
      if (i === undefined) return;
      const probability = probabilities[i]!;
      say(name, meaning(labels[i]!).short);
      say(value, `${Math.round(100 * probability)} %`);
      bar.style.setProperty("--value", probability.toFixed(3));
      bar.style.setProperty("--threshold", thresholds[i]!.toFixed(3));
      row.classList.toggle("over", probability >= thresholds[i]!);
    });
  }

  /** Empty bars, while there is nothing to say. */
  clear(): void {
    for (const { row, name, value, bar } of this.#rows) {
      say(name, "–");
      say(value, "");
      bar.style.setProperty("--value", "0");
      row.classList.remove("over");
    }
  }
}
