import { log } from "../incidents/log";
import { database, type Shot } from "../storage/database";

const MOST = 200; // photographs
const MOST_BYTES = 60_000_000; // of all of them: a fiftieth of what browsers give on a small phone
const HALF = 0.5; // of them is left where corrections need the room

/** Photographs and verdicts, kept on this phone alone: bounded, and given up before anything that is to be sent. */
export class History {
  readonly #listeners = new Set<() => void>();

  /** Keeps an entry, or puts it in place of the one with its id; the oldest go. What can't be kept is logged. */
  async keep(shot: Shot, image: ArrayBuffer): Promise<void> {
    try {
      const { transaction, history, shots } = await this.#both();
      await Promise.all([history.put(shot), shots.put(image, shot.id), transaction.done]);
      await this.#only(MOST, MOST_BYTES);
    } catch (error) {
      log(`the history keeps no more: ${error}`);
    }
    this.#tell();
  }

  /** What the user has said of it. */
  async amend(id: string, said: Pick<Shot, "correction" | "note">): Promise<void> {
    const db = await database();
    const shot = await db.get("history", id);
    if (shot) await db.put("history", { ...shot, ...said });
    this.#tell();
  }

  /** All, newest first, without their photographs. */
  async all(): Promise<Shot[]> {
    return (await (await database()).getAllFromIndex("history", "taken")).reverse();
  }

  /** JPEG. */
  async picture(id: string): Promise<ArrayBuffer | undefined> {
    return (await database()).get("shots", id);
  }

  /** Deletes these; what it gives back undoes that. */
  async remove(ids: readonly string[]): Promise<() => Promise<void>> {
    const { transaction, history, shots } = await this.#both();
    const gone: [Shot, ArrayBuffer][] = [];
    for (const id of ids) {
      const [shot, image] = await Promise.all([history.get(id), shots.get(id)]);
      if (shot && image) gone.push([shot, image]);
      await Promise.all([history.delete(id), shots.delete(id)]);
    }
    await transaction.done;
    this.#tell();
    return async () => {
      const { transaction, history, shots } = await this.#both();
      for (const [shot, image] of gone) await Promise.all([history.put(shot), shots.put(image, shot.id)]);
      await transaction.done;
      this.#tell();
    };
  }

  /** Makes room for what is to be sent: the older half goes. False where there was nothing. */
  async makeRoom(): Promise<boolean> {
    const count = await (await database()).count("history");
    if (!count) return false;
    await this.#only(Math.floor(HALF * count), MOST_BYTES);
    log("the older half of the history went: the storage is full");
    this.#tell();
    return true;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The newest, so many and of so many bytes; all others go. */
  async #only(most: number, bytes: number): Promise<void> {
    const { transaction, history, shots } = await this.#both();
    let [count, size] = [0, 0];
    for (let at = await history.index("taken").openCursor(null, "prev"); at; at = await at.continue()) {
      count++;
      size += at.value.bytes;
      if (count > most || size > bytes) await Promise.all([shots.delete(at.value.id), at.delete()]);
    }
    await transaction.done;
  }

  async #both() {
    const transaction = (await database()).transaction(["history", "shots"], "readwrite");
    return { transaction, history: transaction.objectStore("history"), shots: transaction.objectStore("shots") };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
