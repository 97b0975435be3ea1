import { isOn, turn } from "../storage/settings";
import { type Code, text } from "../texts/texts";
import { element } from "./element";
import { Sheet } from "./sheet";

const SVG = "http://www.w3.org/2000/svg";
const BEAD = "M18 58c6-7 10-7 14 0s10 7 14 0 10-7 14 0 10 7 14 0 10-7 14 0 8 6 14 0";
const PHONE = "M34 8h52a6 6 0 0 1 6 6v60a6 6 0 0 1-6 6H34a6 6 0 0 1-6-6V14a6 6 0 0 1 6-6z";
const CORNERS = "M38 34v-8h8 M74 26h8v8 M82 62v8h-8 M46 70h-8v-8";

/** Each picture: lines, each with what it is. */
const PICTURES: readonly (readonly [Code, readonly (readonly [string, string])[]])[] = [
  ["intro.look", [[BEAD, "bead"], [PHONE, ""], [CORNERS, "sign"]]], // prettier-ignore
  [
    "intro.read",
    [
      [BEAD, "bead"],
      ["M50 52l6 6-3 5 7 5", ""],
      ["M55 42a18 18 0 1 0 .1 0z", "place"],
      ["M98 14l14 24H84z M98 22v8 M98 34h.01", "sign"],
    ],
  ],
  [
    "intro.correct",
    [
      ["M22 20h12v12H22z M22 42h12v12H22z M22 64h12v12H22z M44 26h36 M44 48h48 M44 70h28", ""],
      ["M24 47l4 4 8-10", "sign"],
      ["M100 76V30 M88 42l12-12 12 12", "sign"],
    ],
  ],
];

/** What the app is for, in three pictures: at the first start, and from the settings. */
export class Introduction {
  readonly #sheet = new Sheet(text("intro"), () => turn("introduced", true));

  constructor() {
    const pictures = PICTURES.map(([code, lines]) => element("li", {}, drawing(lines), element("p", {}, text(code))));
    this.#sheet.dialog.classList.add("introduction");
    this.#sheet.body.append(element("ol", {}, ...pictures));
    const start = () => this.#sheet.close();
    this.#sheet.footer.append(
      element("button", { type: "button", className: "button main", onclick: start }, text("intro.start")),
    );
  }

  /** Opens it where it has never been seen. */
  offer(): void {
    if (!isOn("introduced")) this.open();
  }

  open(): void {
    this.#sheet.open();
  }
}

function drawing(lines: readonly (readonly [string, string])[]): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 120 90");
  svg.setAttribute("aria-hidden", "true");
  for (const [d, name] of lines) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    if (name) path.classList.add(name);
    svg.append(path);
  }
  return svg;
}
