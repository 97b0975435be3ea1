import type { Change, Outbox } from "../outbox/outbox";
import { text, unended } from "../texts/texts";
import { type Toast, toast } from "./toast";

/** Says what becomes of the correction just written, and once when something stands in the way that can be mended. */
export class Sending {
  #id = "";
  #toast: Toast | null = null;
  #said = ""; // of it
  #told = ""; // what stands in the way and has been said

  constructor(
    private readonly outbox: Outbox,
    private readonly settings: () => void,
  ) {
    outbox.onChange((change) => this.#follow(change));
  }

  /** A correction has just been kept. */
  follow(id: string): void {
    this.#id = id;
    this.#said = "";
    this.#toast = toast(text("told.kept"));
    void this.#state(id);
  }

  #follow({ id, kind, outcome }: Change): void {
    if (kind === "sent") this.#told = "";
    if (kind === "sent" && id === this.#id) this.#say(text("told.sent"));
    if (!outcome) return;
    const { reason } = outcome;
    if (id === this.#id) void this.#state(id);
    else if (reason !== this.#told && (outcome.kind === "refused" || reason === "token" || reason === "address")) {
      toast(text(`state.${reason}`), this.#mend(reason));
    }
    this.#told = reason;
  }

  /** Where the correction is now, if it has not been sent. */
  async #state(id: string): Promise<void> {
    const item = await this.outbox.item(id);
    if (!item || id !== this.#id) return;
    const state = this.outbox.stateOf(item);
    if (state === "sending" || state === "queued" || state === this.#said) return; // each state is said once
    this.#said = state;
    this.#say(text("told.waits", { state: unended(text(`state.${state}`)) }), this.#mend(state));
  }

  #say(told: string, action?: { text: string; act: () => void }): void {
    this.#toast?.say(told, action);
  }

  #mend(reason: string): { text: string; act: () => void } | undefined {
    return reason === "token" ? { text: text("enterToken"), act: this.settings } : undefined;
  }
}
