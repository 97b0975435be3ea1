import { element, icon } from "./element";
import { CLOSE } from "./icons";

/** A modal dialog over the live view; the browser keeps the focus inside and gives it back. */
export class Sheet {
  readonly dialog: HTMLDialogElement;
  readonly body = element("div", { className: "sheet-body" });
  /** always in sight, under what scrolls */
  readonly footer = element("footer");

  constructor(title: string, closed: () => void = () => undefined) {
    const close = element("button", { type: "button", className: "round", onclick: () => this.close() }, icon(CLOSE));
    close.setAttribute("aria-label", "Close");
    const heading = element("h2", { id: `sheet-${title.replace(/\W+/g, "-").toLowerCase()}` }, title);
    this.dialog = element(
      "dialog",
      { className: "sheet", aria: { labelledby: heading.id }, onclose: closed },
      element("header", {}, heading, close),
      this.body,
      this.footer,
    );
    document.body.append(this.dialog);
  }

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  close(): void {
    this.dialog.close();
  }
}
