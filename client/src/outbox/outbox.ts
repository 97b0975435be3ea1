import type { Backend, Outcome } from "../backends/backend";
import type { UploadMetadata } from "../contract/generated/upload";
import { log } from "../incidents/log";
import { storageFull } from "../incidents/problem";
import { database, type Item } from "../storage/database";

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const LOCK = "weldspot-outbox"; // all tabs of the app: an item is never on its way twice

/** Corrections on their way: kept until the backend has said what became of each. */
export class Outbox {
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #again = false;

  constructor(private readonly backend: () => Promise<Backend>) {}

  /**
   * Keeps a correction; it is safe when this returns. Throws a Problem when the storage is full.
   *
   * @param names of its labels, as the user has seen them
   */
  async add(image: ArrayBuffer, metadata: UploadMetadata, names: readonly string[]): Promise<void> {
    const item = { id: crypto.randomUUID(), image, metadata, names, created: Date.now() };
    try {
      void navigator.storage?.persist?.(); // else a browser short of space may throw everything away
      const transaction = (await database()).transaction("outbox", "readwrite", { durability: "strict" });
      await Promise.all([
        transaction.store.add({ ...item, attempts: 0, next: 0, unknown: false, refused: "" }),
        transaction.done,
      ]);
    } catch (error) {
      throw storageFull(error) ?? error;
    }
    log(`kept ${item.id} (${metadata.labels}) to be sent`);
    this.#changed();
    void this.send();
  }

  /** All that wait, oldest first. */
  async items(): Promise<Item[]> {
    return (await (await database()).getAll("outbox")).sort((a, b) => a.created - b.created);
  }

  async remove(id: string): Promise<void> {
    await (await database()).delete("outbox", id);
    log(`deleted ${id}`);
    this.#changed();
  }

  /** Makes everything due, refused items too, and sends. */
  async retry(): Promise<void> {
    await this.#change({ next: 0, refused: "" });
    await this.send();
  }

  /** Makes everything due that waits for its time: there is a network again. */
  async hurry(): Promise<void> {
    await this.#change({ next: 0 }).catch((error) => log(`the outbox can't be opened: ${error}`));
    await this.send();
  }

  async #change(change: Partial<Item>): Promise<void> {
    const transaction = (await database()).transaction("outbox", "readwrite");
    for (let cursor = await transaction.store.openCursor(); cursor; cursor = await cursor.continue()) {
      await cursor.update({ ...cursor.value, ...change });
    }
    await transaction.done;
  }

  /** Sends what is due, and comes back by itself for what has to wait. */
  async send(): Promise<void> {
    this.#again = true;
    this.#sending ??= this.#rounds().finally(() => (this.#sending = null));
    await this.#sending;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const backend = await this.backend();
        await navigator.locks.request(LOCK, () => this.#round(backend));
      } catch (error) {
        log(`sending stopped: ${error instanceof Error ? error.message : error}`);
      }
    }
    await this.#plan().catch((error) => log(`the outbox can't be read: ${error}`));
  }

  async #round(backend: Backend): Promise<void> {
    for (const { id } of await this.items()) {
      const item = await (await database()).get("outbox", id);
      if (!item || item.refused || item.next > Date.now()) continue;
      if (!(await this.#attempt(backend, item))) return; // no connection: the others would fare alike
    }
  }

  /** False when there was no connection. */
  async #attempt(backend: Backend, item: Item): Promise<boolean> {
    const db = await database();
    await db.put("outbox", { ...item, unknown: true }); // the app may be closed before the answer
    const outcome = await backend.send(item);
    if (outcome.kind === "done") {
      await db.delete("outbox", item.id);
      log(`sent ${item.id}`);
    } else {
      const left = await db.get("outbox", item.id);
      if (left) await db.put("outbox", { ...left, ...after(item, outcome, Date.now()) });
      log(`${item.id}: ${outcome.reason}`);
    }
    this.#changed();
    return outcome.kind !== "later" || outcome.wait > 0;
  }

  async #plan(): Promise<void> {
    clearTimeout(this.#timer);
    const due = (await this.items()).filter((item) => !item.refused).map((item) => item.next);
    if (due.length) this.#timer = setTimeout(() => void this.send(), Math.max(500, Math.min(...due) - Date.now()));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** What changes in an item that did not get through; waits double, up to five minutes. */
export function after(item: Item, outcome: Exclude<Outcome, { kind: "done" }>, now: number): Partial<Item> {
  const attempts = item.attempts + 1;
  if (outcome.kind === "refused") return { attempts, refused: outcome.reason, unknown: item.unknown };
  const wait = Math.max(outcome.wait, Math.min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT));
  return { attempts, next: now + wait, unknown: item.unknown || outcome.unknown };
}
