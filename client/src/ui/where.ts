import { outlines, paint, wipe } from "../reading/heatmap";
import type { Output } from "../model/classifier";
import { text } from "../texts/texts";
import { element, icon } from "./element";
import { HEAT } from "./icons";

/** The line around the place that the verdict is about, and the switch that takes it away. */
export class Where {
  readonly canvas = element("canvas", { className: "heat", aria: { hidden: "true" } });
  readonly toggle = element(
    "button",
    { type: "button", className: "tool", onclick: () => this.#switch() },
    icon(HEAT),
    text("where"),
  );
  #on = true;

  constructor() {
    this.toggle.setAttribute("aria-pressed", "true");
  }

  /** @param index of the class in the model's output */
  show({ heatmaps, rows, columns }: Output, index: number): void {
    if (this.#on) paint(this.canvas, outlines(heatmaps, rows, columns, index));
  }

  wipe(): void {
    wipe(this.canvas);
  }

  #switch(): void {
    this.#on = !this.#on;
    this.toggle.setAttribute("aria-pressed", String(this.#on));
    if (!this.#on) this.wipe();
  }
}
