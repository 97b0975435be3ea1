/** What happened, kept on the phone for whoever has to find out why. */

export interface Line {
  readonly time: string; // ISO 8601, UTC
  readonly text: string;
}

const KEY = "weldspot.log";
const LONGEST = 300;
const listeners = new Set<() => void>();
let kept: Line[] = load();

function load(): Line[] {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

/** Adds a line; the oldest go. */
export function log(text: string): void {
  kept = [...kept, { time: new Date().toISOString(), text }].slice(-LONGEST);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // storage is full or forbidden: the lines live as long as the page
  }
  for (const listener of listeners) listener();
}

/** All lines, oldest first. */
export function lines(): readonly Line[] {
  return kept;
}

/** Calls back after each line; returns what ends it. */
export function onLog(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function clear(): void {
  kept = [];
  log("log cleared");
}
