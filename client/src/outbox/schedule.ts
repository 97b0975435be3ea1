const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const LEAST_WAIT = 500;
const LONGEST_ASKED = 3_600_000; // a server that names a week has a wrong clock
const ALL = ""; // no id: the outbox as a whole

/**
 * When each item is tried again: by a clock that only goes forward and in waits that end, whatever the phone's own
 * clock does. It begins anew with the page, and then everything is due.
 */
export class Schedule {
  readonly #waits = new Map<string, { until: number; times: number }>(); // ms of performance.now()
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly act: () => void) {}

  due(id: string): boolean {
    return this.#until(id) <= performance.now();
  }

  /**
   * Puts an item off, or without an id all of them: twice as long each time, up to five minutes.
   *
   * @param asked by the server, in ms: not shorter than that
   */
  later(id = ALL, asked = 0): void {
    const times = (this.#waits.get(id)?.times ?? 0) + 1;
    const wait = Math.min(FIRST_WAIT * 2 ** Math.min(times - 1, 20), LONGEST_WAIT);
    this.#waits.set(id, { until: performance.now() + Math.max(wait, Math.min(asked, LONGEST_ASKED)), times });
  }

  forget(id = ALL): void {
    this.#waits.delete(id);
  }

  clear(): void {
    this.#waits.clear();
  }

  /** Acts when the first of these may be due; without any, never. */
  plan(ids: readonly string[]): void {
    clearTimeout(this.#timer);
    if (!ids.length) return;
    const first = Math.max(this.#until(ALL), Math.min(...ids.map((id) => this.#until(id))));
    const wait = Math.min(Math.max(LEAST_WAIT, first - performance.now()), LONGEST_WAIT);
    this.#timer = setTimeout(this.act, wait);
  }

  #until(id: string): number {
    return this.#waits.get(id)?.until ?? 0;
  }
}
