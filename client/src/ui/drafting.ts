import { log } from "../incidents/log";
import { dropDraft, keepDraft } from "../outbox/drafts";
import type { Draft } from "../storage/database";
import { text } from "../texts/texts";
import { element } from "./element";

const PAUSE = 300; // ms after the last letter

/** Sees that what is being written is not lost: keeps it as it grows, and asks before it goes. */
export class Drafting {
  /** asks whether to go on, keep it or throw it away; hidden until somebody wants to leave */
  readonly question = element("div", { className: "question", hidden: true, aria: { role: "alert" } });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #touched = false;
  #settled = true; // kept or thrown away as the user wished

  /**
   * @param written what would be lost, null where there is nothing
   * @param close the sheet
   * @param kept called when it has closed and what was written is a draft
   */
  constructor(
    private readonly written: () => Promise<Draft | null>,
    private readonly close: () => void,
    private readonly kept: () => void,
  ) {
    const answer = (name: string, act: () => void, main = false) =>
      element("button", { type: "button", className: main ? "button main" : "button", onclick: act }, name);
    this.question.append(
      element("p", {}, element("strong", {}, text("leave.title"))),
      element(
        "div",
        { className: "actions" },
        answer(text("leave.back"), () => (this.question.hidden = true), true),
        answer(text("leave.keep"), () => void this.#keep()),
        answer(text("leave.discard"), () => void this.#discard()),
      ),
    );
    document.addEventListener("visibilitychange", () => document.hidden && this.#touched && void this.#save());
  }

  /** @param restored it was a draft already */
  begin(restored: boolean): void {
    this.question.hidden = true;
    this.#touched = restored;
    this.#settled = false;
  }

  /** Something has been written. */
  later(): void {
    this.#touched = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), PAUSE);
  }

  /** Whether the sheet may be closed at once; else the question is asked. */
  mayClose(): boolean {
    if (!this.#touched) return true;
    this.question.hidden = false;
    this.question.querySelector("button")!.focus();
    return false;
  }

  /** The sheet has closed, perhaps by force: what was written is a draft then. */
  end(): void {
    clearTimeout(this.#timer);
    this.question.hidden = true;
    if (this.#touched && !this.#settled) void this.#save().then(this.kept);
    this.#touched = false;
  }

  /** It has been sent. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#settled = true;
    await dropDraft().catch((error) => log(`the draft can't be deleted: ${error}`));
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const draft = await this.written();
      if (draft && !this.#settled) await keepDraft(draft);
    } catch (error) {
      log(`the draft can't be kept: ${error}`);
    }
  }

  async #keep(): Promise<void> {
    await this.#save();
    this.close();
  }

  async #discard(): Promise<void> {
    await this.drop();
    this.close();
  }
}
