import { type Card, type Cards, cards, picture } from "./api";

const AHEAD = 4; // photographs that are fetched before they are shown
const FEW = 5; // cards that are left when more are asked for

/** The cards in front of one reviewer: asked for before they run out, their photographs fetched ahead. */
export class Queue {
  #cards: Card[] = [];
  readonly #photos = new Map<string, Promise<string>>();
  readonly #done = new Set<string>();
  #asking: Promise<void> | null = null;
  left = 0;
  measuring = false;
  trial: Cards["trial"] = null;

  constructor(readonly by: string) {}

  get first(): Card | undefined {
    return this.#cards[0];
  }

  /** Asks for more where few are left; awaited when none is. */
  async fill(): Promise<void> {
    if (this.#cards.length > FEW) return;
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    if (!this.#cards.length) await this.#asking;
    else this.#asking.catch(() => undefined); // told when none is left
  }

  /** The first card is done with, or goes to the end. */
  next(skipped = false): void {
    const card = this.#cards.shift();
    if (!card) return;
    if (skipped) this.#cards.push(card);
    else this.#done.add(key(card));
    this.#fetch();
  }

  /** A card that is to be decided anew comes first. */
  again(card: Card, seen: number): void {
    const anew = { ...card, seen };
    this.#done.delete(key(anew));
    this.#cards.unshift(anew);
  }

  photo(card: Card): Promise<string> {
    const known = this.#photos.get(card.id) ?? picture(`api/review/photos/${card.id}`);
    this.#photos.set(card.id, known);
    known.catch(() => this.#photos.delete(card.id));
    return known;
  }

  async #ask(): Promise<void> {
    const found: Cards = await cards(this.by);
    const there = new Set(this.#cards.map((card) => card.id));
    this.#cards.push(...found.cards.filter((card) => !there.has(card.id) && !this.#done.has(key(card))));
    this.left = found.left;
    this.measuring = found.measuring;
    this.trial = found.trial;
    this.#fetch();
  }

  #fetch(): void {
    const near = this.#cards.slice(0, AHEAD);
    for (const card of near) void this.photo(card).catch(() => undefined);
    for (const [id, url] of this.#photos) {
      if (this.#photos.size <= 4 * AHEAD || near.some((card) => card.id === id)) continue;
      this.#photos.delete(id);
      void url.then(URL.revokeObjectURL, () => undefined);
    }
  }
}

/** What was decided of a card once is asked again only when its decisions are others. */
const key = (card: Card) => `${card.id} ${card.seen}`;
