import { element, icon } from "./element";
import { CLOSE } from "./icons";
import { within } from "./toast";
import { text } from "../texts/texts";

const MARK = "sheet"; // of the history's entry that the back button takes
const open: Sheet[] = []; // the one on top last

/** A modal dialog over the live view; the browser keeps the focus inside and gives it back. Back closes it. */
export class Sheet {
  readonly dialog: HTMLDialogElement;
  readonly body = element("div", { className: "sheet-body" });
  /** always in sight, under what scrolls */
  readonly footer = element("footer");

  /** @param mayClose asked before the user closes it: false when something is asked first, and it stays */
  constructor(
    title: string,
    private readonly closed: () => void = () => undefined,
    private readonly mayClose: () => boolean = () => true,
  ) {
    const close = element("button", { type: "button", className: "round", onclick: () => this.leave() }, icon(CLOSE));
    close.setAttribute("aria-label", text("close"));
    const heading = element("h2", { id: `sheet-${document.querySelectorAll("dialog").length}` }, title);
    this.dialog = element(
      "dialog",
      {
        className: "sheet",
        aria: { labelledby: heading.id },
        onclose: () => this.#gone(),
        oncancel: (event) => {
          event.preventDefault();
          this.leave();
        },
      },
      element("header", {}, heading, close),
      this.body,
      this.footer,
    );
    document.body.append(this.dialog);
  }

  open(): void {
    if (this.dialog.open) return;
    this.dialog.showModal();
    open.push(this);
    within();
    arm();
  }

  /** As the user does: by its button, Esc or back. */
  leave(): void {
    if (this.mayClose()) this.close();
  }

  close(): void {
    this.dialog.close();
  }

  #gone(): void {
    if (open.includes(this)) open.splice(open.indexOf(this), 1);
    within();
    this.closed();
  }
}

/** One entry in the history, for as long as the page lives, so that back closes what is open instead of the app. */
function arm(): void {
  if (history.state !== MARK) history.pushState(MARK, "");
}

globalThis.addEventListener?.("popstate", () => {
  if (location.hash) return; // another address has been opened here, with a token
  const top = open.at(-1);
  if (!top) return history.state === MARK ? undefined : history.back(); // nothing was open: back is back
  top.leave();
  if (open.length) arm();
});
