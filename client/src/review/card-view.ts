import { dot, words } from "../ui/class-name";
import { element } from "../ui/element";
import { type Card, picture } from "./api";
import type { Choices } from "./choices";
import { keyOf } from "./keys";
import type { Names } from "./names";
import { outline } from "./outline";
import { visible } from "./visible";

const SHOWN = 3; // classes of the model

/** One card: the photograph with the outline of where the model looks, what the welder and the model say, who sent it. */
export class CardView {
  readonly root: HTMLElement;
  readonly #boxes = new Map<string, HTMLInputElement>();
  readonly #urls: string[] = [];

  constructor(
    readonly card: Card,
    readonly choices: Choices,
    names: Names,
    photo: Promise<string>,
    changed: () => void,
  ) {
    this.root = element(
      "article",
      { className: "card", aria: { label: "Correction" } },
      this.#photograph(photo),
      element(
        "div",
        { className: "said" },
        this.#labels(names, changed),
        this.#model(names),
        this.#sender(),
        this.#alike(names),
      ),
    );
  }

  /** Shows which labels are chosen by now. */
  refresh(): void {
    for (const [label, box] of this.#boxes) box.checked = this.choices.has(label);
  }

  /** Lets go of the pictures. */
  close(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
  }

  #photograph(photo: Promise<string>): HTMLElement {
    const image = element("img", { alt: "The photograph that the welder corrected" });
    const place = element("figure", { className: "shot" }, image);
    image.onload = () => {
      const edges = outline(this.card.heat);
      if (edges) place.append(edges);
    };
    photo.then(
      (url) => (image.src = url),
      () => place.replaceChildren(element("p", { className: "gone" }, "The photograph can't be shown.")),
    );
    return place;
  }

  #labels(names: Names, changed: () => void): HTMLElement {
    const rows = this.card.offered.map((label, at) => {
      const box = element("input", { type: "checkbox", checked: this.choices.has(label), value: label });
      box.onchange = () => {
        this.choices.toggle(label);
        changed();
      };
      this.#boxes.set(label, box);
      const said = this.card.labels.includes(label) && element("small", {}, "welder");
      const meaning = names.of(label);
      const key = keyOf(at);
      return element(
        "label",
        { className: "check" },
        box,
        dot(meaning),
        element("span", { className: "said-of" }, words(meaning, meaning.short, "name"), said),
        key !== "" && element("kbd", { aria: { hidden: "true" } }, key),
      );
    });
    return element("fieldset", { className: "labels" }, element("legend", {}, "What it shows"), ...rows);
  }

  #model(names: Names): HTMLElement {
    const rows = this.card.scores.slice(0, SHOWN).map(([label, score]) => {
      const meaning = names.of(label);
      const bar = element("span", { className: "bar" }, element("i"));
      bar.style.setProperty("--value", String(score));
      bar.style.setProperty("--colour", meaning.colour);
      return element(
        "li",
        {},
        words(meaning, meaning.short, "name"),
        bar,
        element("span", { className: "value" }, `${Math.round(100 * score)} %`),
      );
    });
    const title = this.card.measured ? "The model says" : "The phone says that the model said";
    return element(
      "section",
      {},
      element("h2", {}, title),
      rows.length ? element("ul", { className: "scores" }, ...rows) : element("p", { className: "soft" }, "Nothing."),
    );
  }

  #sender(): HTMLElement {
    const { uploader, reviewed, agreement, device, note, taken, network, copies } = this.card;
    const record = agreement === null ? "not reviewed before" : `${Math.round(100 * agreement)} % of ${reviewed} held`;
    const facts: [string, string][] = [
      ["From", `${uploader || "nobody named"} (${record})`],
      ["Came", network ? "over the network" : "from this machine alone"],
      ["Taken", taken.replace("T", " ").slice(0, 16)],
      ["Device", device],
      ["Note", note],
      ["Near-copies", copies ? `${copies} with the same labels share the decision` : ""],
    ];
    return element(
      "dl",
      { className: "facts" },
      ...facts
        .filter(([, text]) => text)
        .map(([name, text]) =>
          element("div", {}, element("dt", {}, name), element("dd", { dir: "auto" }, visible(text))),
        ),
    );
  }

  #alike(names: Names): HTMLElement | false {
    const { like, copied } = this.card;
    const shorts = (labels: readonly string[]) => labels.map((label) => names.of(label).short).join(", ");
    const warning =
      copied &&
      element("p", { className: "warning" }, `A near-copy of a photograph that is known as: ${shorts(copied)}.`);
    const pictures = like.map(({ id, labels }) => {
      const image = element("img", { alt: `Known as ${shorts(labels)}` });
      void picture(`api/review/known/${id}`).then(
        (url) => {
          this.#urls.push(url);
          image.src = url;
        },
        () => image.remove(),
      );
      return element("figure", {}, image, element("figcaption", {}, shorts(labels)));
    });
    if (!pictures.length && !warning) return false;
    return element(
      "section",
      { className: "alike" },
      element("h2", {}, "Most alike, and known"),
      warning,
      element("div", {}, ...pictures),
    );
  }
}
