import { asProblem } from "../incidents/problem";
import type { Change, Outbox } from "../outbox/outbox";
import type { Item } from "../storage/database";
import { text } from "../texts/texts";
import { element, say } from "./element";
import { Sheet } from "./sheet";
import { toast } from "./toast";

const SENT_MS = 1500; // that a row says so before it goes

interface Row {
  readonly root: HTMLElement;
  readonly state: HTMLElement;
}

/** Corrections that wait, each with what it waits for, or why it was refused. A row changes only with its item. */
export class OutboxSheet {
  readonly #sheet: Sheet;
  readonly #rows = new Map<string, Row>();
  readonly #list = element("ul", { className: "items" });
  readonly #empty = element("p", { className: "empty" }, text("nothingWaits"));
  readonly #risk = element("p", { className: "hint", hidden: true }, text("notPersistent"));
  readonly #token = element(
    "button",
    { type: "button", className: "button", hidden: true, onclick: () => this.settings() },
    text("enterToken"),
  );
  readonly #send = element(
    "button",
    { type: "button", className: "button main", onclick: () => this.#done(this.outbox.retry()) },
    text("sendNow"),
  );
  #promised = true; // by the browser, to keep what waits

  constructor(
    private readonly outbox: Outbox,
    private readonly settings: () => void,
    closed: () => void,
  ) {
    this.#sheet = new Sheet(text("waitingToBeSent"), () => {
      this.#rows.clear();
      this.#list.replaceChildren();
      closed();
    });
    this.#sheet.body.append(this.#risk, this.#list, this.#empty);
    this.#sheet.footer.append(this.#token, this.#send);
    outbox.onChange((change) => this.#sheet.dialog.open && void this.#follow(change));
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#sheet.dialog.open && void this.#all());
  }

  async open(): Promise<void> {
    await this.#all();
    this.#sheet.open();
    this.#promised = (await navigator.storage?.persisted?.().catch(() => false)) ?? false;
    this.#tidy();
  }

  close(): void {
    this.#sheet.close();
  }

  async #all(): Promise<void> {
    for (const item of await this.outbox.items()) this.#show(item);
    this.#tidy();
  }

  async #follow({ id, kind }: Change): Promise<void> {
    const item = kind === "sent" || kind === "deleted" ? undefined : await this.outbox.item(id);
    if (item) this.#show(item);
    else this.#gone(id, kind);
    if (kind === "tried") await this.#all(); // the others may wait for the same
    this.#tidy();
  }

  #show(item: Item): void {
    let row = this.#rows.get(item.id);
    if (!row) {
      row = this.#row(item);
      this.#rows.set(item.id, row);
      this.#list.append(row.root);
    }
    const state = this.outbox.stateOf(item);
    say(row.state, text(`state.${state}`));
    row.root.classList.toggle("refused", item.state === "refused" || state === "token" || state === "address");
    row.root.dataset.state = state;
  }

  #gone(id: string, kind: Change["kind"]): void {
    const row = this.#rows.get(id);
    if (!row) return;
    this.#rows.delete(id);
    if (kind !== "sent") return row.root.remove();
    say(row.state, text("state.sent"));
    row.root.dataset.state = "sent";
    row.root.classList.remove("refused");
    setTimeout(() => row.root.remove(), SENT_MS);
  }

  #tidy(): void {
    this.#empty.hidden = this.#rows.size > 0;
    this.#send.hidden = !this.#rows.size;
    this.#token.hidden = !this.#list.querySelector("[data-state=token]");
    this.#risk.hidden = this.#promised || !this.#rows.size;
  }

  #row(item: Item): Row {
    const names = item.names ?? item.metadata.labels.split(","); // older versions of the app kept none
    const picture = element("img", { alt: "", loading: "lazy", decoding: "async", width: 64, height: 64 });
    if (item.thumb) picture.src = item.thumb;
    const state = element("p", { className: "state" });
    const root = element(
      "li",
      {},
      picture,
      element(
        "div",
        {},
        element("strong", { dir: "auto" }, names.join(", ")),
        element("p", {}, time(item.created)),
        state,
      ),
      element(
        "button",
        { type: "button", className: "button", onclick: () => this.#done(this.#delete(item.id)) },
        text("delete"),
      ),
    );
    return { root, state };
  }

  async #delete(id: string): Promise<void> {
    const undo = await this.outbox.remove(id);
    toast(text("deleted"), { text: text("undo"), act: () => this.#done(undo()) });
  }

  #done(work: Promise<void>): void {
    work.catch((error) => toast(asProblem(error).message));
  }
}

const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const time = (ms: number) => FORMAT.format(ms);
