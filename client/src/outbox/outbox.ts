import type { Backend, Held, Outcome, Refused } from "../backends/backend";
import type { UploadMetadata } from "../contract/generated/upload";
import { log } from "../incidents/log";
import { storageFull } from "../incidents/problem";
import { database, type Item } from "../storage/database";
import { Schedule } from "./schedule";

const LOCK = "weldspot-outbox"; // all tabs of the app: an item is never on its way twice

/** What an item waits for, by name. */
export type State = "sending" | "queued" | Exclude<Item["reason"], "">;

/** What happened to an item; `outcome` says how an attempt ended. */
export interface Change {
  readonly id: string;
  readonly kind: "added" | "sending" | "tried" | "sent" | "deleted";
  readonly outcome?: Held | Refused;
}

/** Corrections on their way: kept until the backend has said what became of each. One tab sends, all are told. */
export class Outbox {
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #schedule = new Schedule(() => void this.send());
  readonly #tabs = new BroadcastChannel(LOCK);
  #sending: Promise<void> | null = null;
  #again = false;
  #current = ""; // on its way
  #held: Held | null = null; // what stopped the last round: those behind would fare alike

  /** @param room makes room when the storage is full: true when there may be some now */
  constructor(
    private readonly backend: () => Promise<Backend>,
    private readonly room: () => Promise<boolean> = async () => false,
  ) {
    this.#tabs.onmessage = ({ data }: MessageEvent<Change>) => {
      this.#took(data);
      if (data.kind === "added")
        void this.send(); // its tab may be closed before it has sent
      else void this.#plan();
    };
  }

  /**
   * Keeps a correction; it is safe when this returns. Throws a Problem when the storage is full.
   *
   * @param names of its labels, as the user has seen them
   * @param thumb a small data URL of the image
   */
  async add(image: ArrayBuffer, metadata: UploadMetadata, names: readonly string[], thumb: string): Promise<string> {
    const id = crypto.randomUUID();
    const item: Item = {
      ...{ id, metadata, names, thumb, created: Date.now() },
      ...{ attempts: 0, unknown: false, state: "waiting", reason: "" },
    };
    void navigator.storage?.persist?.(); // else a browser short of space may throw everything away
    await this.#keep(item, image);
    log(`kept ${id} (${metadata.labels}) to be sent`);
    return id;
  }

  async #keep(item: Item, image: ArrayBuffer): Promise<void> {
    await this.#put(item, image)
      .catch(async (error) => {
        if (storageFull(error) && (await this.room())) return this.#put(item, image);
        throw error;
      })
      .catch((error) => {
        throw storageFull(error) ?? error;
      });
    this.#tell({ id: item.id, kind: "added" });
    void this.send();
  }

  async #put(item: Item, image: ArrayBuffer): Promise<void> {
    const stores = ["outbox", "pictures"] as const;
    const transaction = (await database()).transaction(stores, "readwrite", { durability: "strict" });
    await Promise.all([
      transaction.objectStore("pictures").add(image, item.id),
      transaction.objectStore("outbox").add(item),
      transaction.done,
    ]);
  }

  /** All that wait, oldest first, without their photographs. */
  async items(): Promise<Item[]> {
    return (await (await database()).getAll("outbox")).sort((a, b) => a.created - b.created);
  }

  async item(id: string): Promise<Item | undefined> {
    return (await database()).get("outbox", id);
  }

  /** The photograph of an item, JPEG. */
  async picture(id: string): Promise<ArrayBuffer | undefined> {
    return (await database()).get("pictures", id);
  }

  /** How many there are, and how many of them the backend has refused. */
  async counts(): Promise<{ all: number; refused: number }> {
    const { store } = (await database()).transaction("outbox");
    const [all, refused] = await Promise.all([store.count(), store.index("state").count("refused")]);
    return { all, refused };
  }

  /** What an item waits for now. */
  stateOf(item: Item): State {
    if (item.id === this.#current) return "sending";
    if (item.state === "refused") return item.reason || "notAccepted";
    if (!navigator.onLine) return "network";
    return this.#held?.reason ?? (item.reason || "queued");
  }

  /** Deletes an item; what it gives back undoes that. */
  async remove(id: string): Promise<() => Promise<void>> {
    const [item, image] = await Promise.all([this.item(id), this.picture(id)]);
    await this.#drop(id);
    log(`deleted ${id}`);
    this.#tell({ id, kind: "deleted" });
    return async () => {
      if (item && image) await this.#keep(item, image);
    };
  }

  /** Makes everything due, refused items too, and sends. */
  async retry(): Promise<void> {
    const { store, done } = (await database()).transaction("outbox", "readwrite");
    for (const item of await store.index("state").getAll("refused")) {
      await store.put({ ...item, state: "waiting", reason: "" });
    }
    await done;
    await this.hurry();
  }

  /** Makes everything due that waits for its time: there is a network again, or another token. */
  async hurry(): Promise<void> {
    this.#schedule.clear();
    this.#held = null;
    await this.send();
  }

  /** Sends what is due, and comes back by itself for what has to wait. */
  async send(): Promise<void> {
    this.#again = true;
    this.#sending ??= this.#rounds().finally(() => (this.#sending = null));
    await this.#sending;
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.add(listener);
  }

  /** Sends nothing more, and hears of nothing. */
  close(): void {
    this.#tabs.close();
    this.#schedule.plan([]);
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const backend = await this.backend();
        await navigator.locks.request(LOCK, () => this.#round(backend));
        this.#schedule.forget();
      } catch (error) {
        this.#schedule.later();
        log(`sending stopped: ${error instanceof Error ? error.message : error}`);
      }
    }
    await this.#plan();
  }

  async #round(backend: Backend): Promise<void> {
    this.#current = ""; // with the lock in hand nobody else sends
    for (const { id } of await this.items()) {
      const item = await this.item(id); // another tab may have sent or deleted it in between
      if (!item || item.state === "refused" || !this.#schedule.due(id)) continue;
      if (!(await this.#attempt(backend, item))) return; // no connection: the others would fare alike
    }
  }

  /** False when there was no connection. */
  async #attempt(backend: Backend, item: Item): Promise<boolean> {
    const { id } = item;
    const db = await database();
    const image = await this.picture(id);
    if (!image) {
      await db.put("outbox", { ...item, state: "refused", reason: "notAccepted" });
      log(`the photograph of ${id} is missing`);
      return true;
    }
    await db.put("outbox", { ...item, unknown: true }); // the app may be closed before the answer
    this.#tell({ id, kind: "sending" });
    const outcome: Outcome = await backend.send(item, image);
    if (outcome.kind === "done") {
      await this.#drop(id);
      log(`sent ${id}`);
      this.#tell({ id, kind: "sent" });
      return true;
    }
    const left = await this.item(id);
    if (left) await db.put("outbox", { ...left, ...after(item, outcome) });
    log(`${id}: ${outcome.reason} (${outcome.detail})`);
    this.#tell({ id, kind: "tried", outcome });
    return outcome.kind === "refused" || outcome.wait > 0;
  }

  async #drop(id: string): Promise<void> {
    const transaction = (await database()).transaction(["outbox", "pictures"], "readwrite");
    await Promise.all([
      transaction.objectStore("outbox").delete(id),
      transaction.objectStore("pictures").delete(id),
      transaction.done,
    ]);
  }

  async #plan(): Promise<void> {
    try {
      const db = await database();
      this.#schedule.plan(await db.getAllKeysFromIndex("outbox", "state", "waiting"));
    } catch (error) {
      log(`the outbox can't be read: ${error}`);
    }
  }

  #tell(change: Change): void {
    this.#tabs.postMessage(change);
    this.#took(change);
  }

  #took(change: Change): void {
    const { id, kind, outcome } = change;
    this.#current = kind === "sending" ? id : this.#current === id ? "" : this.#current;
    if (outcome?.kind === "later") this.#schedule.later(id, outcome.wait);
    if (outcome?.kind === "later" && !outcome.wait) this.#held = outcome;
    if (kind === "sent") this.#held = null;
    if (kind === "sent" || kind === "deleted") this.#schedule.forget(id);
    for (const listener of this.#listeners) listener(change);
  }
}

/** What changes in an item that did not get through. */
export function after(item: Item, outcome: Held | Refused): Partial<Item> {
  const attempts = item.attempts + 1;
  const { reason } = outcome;
  if (outcome.kind === "refused") return { attempts, state: "refused", reason, unknown: item.unknown };
  return { attempts, reason, unknown: item.unknown || outcome.unknown };
}
