import { asProblem } from "../incidents/problem";
import type { Outbox } from "../outbox/outbox";
import type { Item } from "../storage/database";
import { element } from "./element";
import { Sheet } from "./sheet";
import { toast } from "./toast";

/** Corrections that wait for a network, or that were refused, with the reason. */
export class OutboxSheet {
  readonly #sheet: Sheet;
  #pictures: string[] = [];

  constructor(
    private readonly outbox: Outbox,
    closed: () => void,
  ) {
    this.#sheet = new Sheet("Waiting to be sent", () => {
      this.#forget();
      closed();
    });
    outbox.onChange(() => this.#sheet.dialog.open && void this.#fill());
  }

  async open(): Promise<void> {
    await this.#fill();
    this.#sheet.open();
  }

  async #fill(): Promise<void> {
    const items = await this.outbox.items();
    this.#forget();
    if (!items.length) {
      this.#sheet.body.replaceChildren(
        element("p", { className: "empty" }, "Nothing waits: every correction has arrived."),
      );
      this.#sheet.footer.replaceChildren();
      return;
    }
    this.#sheet.body.replaceChildren(element("ul", { className: "items" }, ...items.map((item) => this.#row(item))));
    this.#sheet.footer.replaceChildren(
      element(
        "button",
        { type: "button", className: "button main", onclick: () => this.#done(this.outbox.retry()) },
        "Send now",
      ),
    );
  }

  #row(item: Item): HTMLElement {
    const source = URL.createObjectURL(new Blob([item.image], { type: "image/jpeg" }));
    this.#pictures.push(source);
    const names = item.names ?? item.metadata.labels.split(","); // older versions of the app kept none
    const state = item.refused || (item.attempts ? "No connection yet; it is tried again by itself." : "Being sent");
    return element(
      "li",
      { className: item.refused ? "refused" : "" },
      element("img", { src: source, alt: "" }),
      element(
        "div",
        {},
        element("strong", { dir: "auto" }, names.join(", ")),
        element("p", {}, time(item.created)),
        element("p", {}, state),
      ),
      element(
        "button",
        { type: "button", className: "button", onclick: () => this.#done(this.outbox.remove(item.id)) },
        "Delete",
      ),
    );
  }

  #done(work: Promise<void>): void {
    work.catch((error) => toast(asProblem(error).message));
  }

  #forget(): void {
    for (const source of this.#pictures) URL.revokeObjectURL(source);
    this.#pictures = [];
  }
}

const time = (ms: number) => new Date(ms).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
