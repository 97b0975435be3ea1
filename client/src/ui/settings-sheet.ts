import type { Manifest } from "../contract/served-manifest";
import { ClassBook } from "../reading/class-book";
import { text } from "../texts/texts";
import { installSection, lookSection, telemetrySection } from "./app-section";
import { element } from "./element";
import { EngineerSheet } from "./engineer-sheet";
import { facts } from "./facts";
import { sensitivitySection } from "./sensitivity";
import { serverSection } from "./server-section";
import { Sheet } from "./sheet";

export interface SettingsEvents {
  /** looks for a new model and says what came of it, in a sentence */
  update(): Promise<string>;
  /** another token is there */
  token(): void;
  /** shows what the app is for */
  introduce(): void;
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
    const install = installSection();
    const button = (name: string, onclick: () => void) =>
      element("button", { type: "button", className: "button", onclick }, name);
    body.replaceChildren(
      element("section", { className: "model" }),
      sensitivitySection(manifest),
      ...lookSection(),
      ...telemetrySection(),
      ...(token ? [serverSection(() => this.events.token())] : []),
      ...(install ? [install] : []),
      button(text("intro"), () => this.events.introduce()),
      button(text("engineers"), () => this.#engineer.open(this.#manifest)),
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
