import { element } from "../ui/element";

const USUAL = ["not a weld", "can't be told from the picture", "staged or tampered with", "a person is in it"];

/** Asks why a correction is refused: one of the usual reasons by a key or a tap, or one's own words. */
export class Reasons {
  readonly root = element("dialog", { className: "ask", aria: { labelledby: "why" } });
  readonly #own = element("input", { type: "text", maxLength: 500, aria: { label: "Another reason" } });
  #said: (reason: string | null) => void = () => undefined;

  constructor() {
    const usual = USUAL.map((reason, at) =>
      element(
        "button",
        { type: "button", className: "button", onclick: () => this.#close(reason) },
        element("kbd", { aria: { hidden: "true" } }, String(at + 1)),
        ` ${reason}`,
      ),
    );
    const form = element(
      "form",
      { method: "dialog" },
      element("h2", { id: "why" }, "Why is it refused?"),
      element("div", { className: "usual" }, ...usual),
      element("label", {}, "Another reason", this.#own),
      element(
        "div",
        { className: "actions" },
        element("button", { type: "submit", className: "button main" }, "Refuse"),
        element("button", { type: "button", className: "button", onclick: () => this.#close(null) }, "Cancel"),
      ),
    );
    form.onsubmit = (event) => {
      event.preventDefault();
      const own = this.#own.value.trim();
      if (own) this.#close(own);
      else this.#own.focus();
    };
    this.root.onkeydown = (event) => {
      event.stopPropagation();
      const reason = USUAL[Number(event.key) - 1];
      if (reason === undefined || (event.target === this.#own && this.#own.value)) return;
      event.preventDefault();
      this.#close(reason);
    };
    this.root.oncancel = () => this.#said(null);
    this.root.append(form);
  }

  /** The reason; null when it was thought better of. */
  ask(): Promise<string | null> {
    this.#own.value = "";
    this.root.showModal();
    this.root.querySelector<HTMLElement>(".usual button")!.focus();
    return new Promise((resolve) => (this.#said = resolve));
  }

  #close(reason: string | null): void {
    this.root.close();
    this.#said(reason);
  }
}
