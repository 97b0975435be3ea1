import type { Card, Decision } from "./api";

/** Labels as the reviewer sees and changes them: those of one card. */
export class Choices {
  readonly #chosen: Set<string>;

  constructor(readonly card: Pick<Card, "labels" | "offered" | "alone">) {
    this.#chosen = new Set(card.labels);
  }

  has(label: string): boolean {
    return this.#chosen.has(label);
  }

  /** In the order in which they are offered. */
  get labels(): string[] {
    return this.card.offered.filter((label) => this.#chosen.has(label));
  }

  /** Chooses a label or lets go of it; one that can't stand beside others takes their place, and they its. */
  toggle(label: string): void {
    if (this.#chosen.delete(label)) return;
    if (this.card.alone.includes(label)) this.#chosen.clear();
    for (const other of this.card.alone) this.#chosen.delete(other);
    this.#chosen.add(label);
  }

  /** What "yes" means now: the welder's labels hold, or these do; null while none is chosen. */
  get decision(): Decision | null {
    if (!this.#chosen.size) return null;
    const same = this.card.labels.length === this.#chosen.size && this.card.labels.every((label) => this.has(label));
    return same ? "accept" : "change";
  }
}
