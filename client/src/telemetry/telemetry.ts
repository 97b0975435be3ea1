import type { Backend } from "../backends/backend";
import type { Telemetry as Report } from "../contract/generated/telemetry";
import type { Manifest } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { lotOf } from "../model/canary";
import type { Reading } from "../reading/reader";
import { counts, isOn, keepCounts, onSettings } from "../storage/settings";
import { begun, looked } from "./day";
import { Shadow } from "./shadow";

const LOOK_MS = 1000; // one look a second at most, and so many obstacles
const KEEP_MS = 10_000;
const SEND_MS = 3_600_000;
const MOST = 30; // reports that wait: days and models; the oldest goes

/**
 * What this phone counts where its user has turned that on: sums of a day, sent once when the day is over. Off, nothing
 * is counted, and what was is thrown away.
 */
export class Telemetry {
  #days = new Map<string, Report>(); // not kept yet: what other tabs have kept is not overwritten
  #last = -Infinity;
  readonly #shadow = new Shadow();
  #keeping: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;

  constructor(private readonly backend: () => Promise<Backend>) {
    onSettings(() => isOn("telemetry") || this.#forget());
    setInterval(() => void this.send(), SEND_MS);
    addEventListener("pagehide", () => this.#keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.#keep());
  }

  /** A reading was shown. */
  look(reading: Reading, manifest: Manifest, now = performance.now()): void {
    const { obstacle, verdict, output, frame, settled } = reading;
    if (!isOn("telemetry") || now - this.#last < LOOK_MS || !(obstacle || verdict)) return;
    this.#last = now;
    if (obstacle) return this.#change(manifest, (day) => ({ ...day, obstacles: (day.obstacles ?? 0) + 1 }));
    const scores = Object.fromEntries(manifest.labels.map((label, i) => [label, output.probabilities[i]!]));
    const look = { scores, ...frame, ms: settled ? null : output.ms };
    this.#change(manifest, (day) => looked(day, look));
    void this.#shadow.differs(reading, manifest).then((differs) => {
      if (differs === null) return;
      this.#change(manifest, (day) => ({
        ...day,
        shadowed: (day.shadowed ?? 0) + 1,
        disagreed: (day.disagreed ?? 0) + Number(differs),
      }));
    });
  }

  /** A photograph was sent; `changed`: with other labels than the model's. */
  sent(manifest: Manifest, changed: boolean): void {
    if (!isOn("telemetry")) return;
    const name = changed ? "corrections" : "confirmations";
    this.#change(manifest, (day) => ({ ...day, [name]: (day[name] ?? 0) + 1 }));
    this.#keep();
  }

  /** Sends the days that are over; what can't be sent now waits. */
  send(): Promise<void> {
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #send(): Promise<void> {
    if (!isOn("telemetry")) return;
    this.#keep();
    const today = dayOf(new Date());
    for (const [key, report] of Object.entries(read())) {
      if (report.day === today) continue;
      const outcome = await (await this.backend()).report(report.id, JSON.stringify(report));
      if (outcome === "later") return;
      log(`sums of ${report.day}: ${outcome === "done" ? "sent" : "not taken"}`);
      const { [key]: _, ...others } = read();
      keepCounts(JSON.stringify(others));
    }
  }

  #change(manifest: Manifest, change: (day: Report) => Report): void {
    const day = dayOf(new Date());
    const of = { day, model: manifest.sha256, version: manifest.version, ...lotOf(day) };
    const key = Object.values(of).join(" ");
    this.#days.set(key, change(this.#days.get(key) ?? begun(of)));
    this.#keeping ??= setTimeout(() => this.#keep(), KEEP_MS);
  }

  /** Adds what was counted to what is kept. */
  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    if (!this.#days.size) return;
    const kept = read();
    for (const [key, day] of this.#days) kept[key] = kept[key] ? together(kept[key], day) : day;
    this.#days.clear();
    keepCounts(JSON.stringify(Object.fromEntries(Object.entries(kept).slice(-MOST))));
  }

  #forget(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    this.#days.clear();
    keepCounts("");
  }
}

/** The day of a moment, UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The sums of both, under the first one's id. */
function together(first: Report, second: Report): Report {
  return Object.fromEntries(
    Object.entries(first).map(([key, value]) => [key, sum(key, value, second)]),
  ) as unknown as Report;
}

function sum(key: string, value: unknown, second: Report): unknown {
  const other = second[key as keyof Report] as unknown;
  if (typeof value === "number") return value + ((other as number | undefined) ?? 0);
  if (Array.isArray(value)) return added(value, other);
  if (typeof value !== "object" || value === null) return value;
  const [mine, its] = [value, other ?? {}] as Record<string, number[]>[];
  const names = new Set([...Object.keys(mine!), ...Object.keys(its!)]);
  return Object.fromEntries([...names].map((name) => [name, added(mine![name] ?? [], its![name])]));
}

function added(first: number[], second: unknown): number[] {
  const other = (second as number[] | undefined) ?? [];
  return (first.length ? first : other.map(() => 0)).map((count, i) => count + (other[i] ?? 0));
}

/** What is kept, by day and model; nothing where that can't be read. */
function read(): Record<string, Report> {
  try {
    return (JSON.parse(counts() || "{}") ?? {}) as Record<string, Report>;
  } catch {
    return {};
  }
}
