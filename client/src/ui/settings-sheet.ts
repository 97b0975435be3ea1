import type { Manifest } from "../contract/served-manifest";
import { ClassBook } from "../reading/class-book";
import { isOn, setTheme, type Theme, theme, turn } from "../storage/settings";
import { text } from "../texts/texts";
import { element } from "./element";
import { EngineerSheet } from "./engineer-sheet";
import { facts, switchOf } from "./facts";
import { sensitivitySection } from "./sensitivity";
import { serverSection } from "./server-section";
import { Sheet } from "./sheet";

const THEMES: readonly Theme[] = ["auto", "light", "dark", "glare"];

export interface SettingsEvents {
  /** looks for a new model and says what came of it, in a sentence */
  update(): Promise<string>;
  /** another token is there */
  token(): void;
  closed(): void;
}

/** The model that runs, how it judges, how it looks, and the server's token. */
export class SettingsSheet {
  readonly #sheet: Sheet;
  readonly #engineer = new EngineerSheet();
  readonly #answer = element("p", { className: "hint", aria: { live: "polite" } });
  #manifest: Manifest | null = null;

  constructor(private readonly events: SettingsEvents) {
    this.#sheet = new Sheet(text("settings"), () => {
      this.#sheet.body.replaceChildren(); // a camera that scans stops
      events.closed();
    });
  }

  /** @param token whether the backend asks for one */
  open(manifest: Manifest | null, token: boolean): void {
    this.#answer.textContent = "";
    const { body } = this.#sheet;
    body.replaceChildren(
      element("section", { className: "model" }),
      sensitivitySection(manifest),
      element("h3", {}, text("look")),
      themes(),
      switchOf(text("feel"), isOn("vibrate"), (on) => turn("vibrate", on)),
      switchOf(text("unmeasured"), isOn("unmeasured"), (on) => turn("unmeasured", on)),
      ...(token ? [serverSection(() => this.events.token())] : []),
      element(
        "button",
        { type: "button", className: "button", onclick: () => this.#engineer.open(this.#manifest) },
        text("engineers"),
      ),
    );
    this.show(manifest);
    body.scrollTop = 0;
    this.#sheet.open();
  }

  /** Another model may run now. */
  show(manifest: Manifest | null): void {
    this.#manifest = manifest;
    this.#sheet.body
      .querySelector(".model")
      ?.replaceChildren(
        element("h3", {}, text("model")),
        manifest ? described(manifest) : element("p", {}, text("model.none")),
        element("div", { className: "actions" }, this.#check()),
        this.#answer,
      );
  }

  #check(): HTMLElement {
    const button = element("button", { type: "button", className: "button main" }, text("model.check"));
    button.onclick = async () => {
      button.disabled = true;
      this.#answer.textContent = text("model.looking");
      this.#answer.textContent = await this.events.update();
      button.disabled = false;
    };
    return button;
  }
}

function described(manifest: Manifest): HTMLElement {
  const { unknown } = new ClassBook(manifest);
  const since = new Date(manifest.published);
  return facts([
    [text("model.version"), manifest.version || text("model.unregistered")],
    [
      text("model.since"),
      Number.isNaN(since.getTime())
        ? text("model.unknownDate")
        : since.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
    ],
    ...(unknown.length ? [[text("model.unknown"), unknown.map(({ short }) => short).join(", ")] as const] : []),
  ]);
}

function themes(): HTMLElement {
  const choices = THEMES.map((value) => {
    const input = element("input", {
      type: "radio",
      name: "theme",
      value,
      checked: theme() === value,
      onchange: () => setTheme(value),
    });
    return element("label", { className: "check" }, input, element("span", {}, text(`look.${value}`)));
  });
  return element("div", { className: "checks looks", aria: { role: "radiogroup", label: text("look") } }, ...choices);
}
