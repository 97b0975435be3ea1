import { lines, outlines, paint, wipe } from "../reading/heatmap";
import type { Output } from "../model/classifier";
import type { ClassBook } from "../reading/class-book";
import type { Line } from "../storage/database";
import { isOn } from "../storage/settings";
import { text } from "../texts/texts";
import { element, icon } from "./element";
import { HEAT } from "./icons";

/** Draws the line around where the model sees a class; one whose map nobody has measured only for who asks for it. */
export function mark(
  canvas: HTMLCanvasElement,
  { heatmaps, rows, columns }: Output,
  book: ClassBook,
  label: string,
): void {
  const measured = book.manifest.maps.includes(label);
  if (!measured && !isOn("unmeasured")) wipe(canvas);
  else paint(canvas, outlines(heatmaps, rows, columns, book.labels.indexOf(label), measured));
}

/** The same as lines, for what is kept: none where none would be drawn. */
export function placesOf({ heatmaps, rows, columns }: Output, book: ClassBook, label: string): Line[] {
  const measured = book.manifest.maps.includes(label);
  if (!measured && !isOn("unmeasured")) return [];
  return lines(heatmaps, rows, columns, book.labels.indexOf(label), measured);
}

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

  show(output: Output, book: ClassBook, label: string): void {
    if (this.#on) mark(this.canvas, output, book, label);
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
