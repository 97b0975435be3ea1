import type { Outbox } from "../outbox/outbox";
import { text } from "../texts/texts";
import { element, icon } from "./element";
import { HISTORY, MENU, OUTBOX } from "./icons";

/** The name of the app, how many corrections wait, and the ways to history and settings. */
export class Header {
  readonly #count = element("span", { className: "count", hidden: true });
  readonly root: HTMLElement;
  #asked = false;

  constructor(
    private readonly outbox: Outbox,
    history: () => void,
    waiting: () => void,
    settings: () => void,
  ) {
    const button = (name: string, act: () => void, ...children: Node[]) => {
      const made = element("button", { type: "button", className: "round", onclick: act }, ...children);
      made.setAttribute("aria-label", name);
      return made;
    };
    this.root = element(
      "header",
      { className: "top" },
      element("h1", {}, "WeldSpot"),
      button(text("history"), history, icon(HISTORY)),
      button(text("waitingToBeSent"), waiting, icon(OUTBOX), this.#count),
      button(text("settings"), settings, icon(MENU)),
    );
    outbox.onChange(() => this.#later());
    void this.#counted();
  }

  /** Many changes at once are counted once. */
  #later(): void {
    if (this.#asked) return;
    this.#asked = true;
    setTimeout(() => void this.#counted(), 100);
  }

  async #counted(): Promise<void> {
    this.#asked = false;
    const { all, refused } = await this.outbox.counts().catch(() => ({ all: 0, refused: 0 }));
    this.#count.hidden = !all;
    this.#count.textContent = String(all);
    this.#count.classList.toggle("refused", refused > 0);
  }
}
