/** What the user has chosen, kept in localStorage. */
import type { Sender } from "./database";

export type Theme = "auto" | "light" | "dark" | "glare";
export type Switch = "vibrate" | "sound" | "speed" | "unmeasured" | "introduced" | "hinted" | "telemetry";
/** The hand that holds the phone, whose thumb has to reach the shutter. */
export type Hand = "both" | "left" | "right";

/** Middle of the sensitivity: the thresholds as they were tuned. */
export const TUNED = 0.5;
const LEAST = 0.15; // further out every score would be a finding, or none
const MOST = 0.85;

const listeners = new Set<() => void>();
const memory = new Map<string, string>(); // where localStorage is forbidden or full

function read(key: string): string | null {
  try {
    return localStorage.getItem(`weldspot.${key}`) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key: string, value: string): void {
  memory.set(key, value);
  try {
    localStorage.setItem(`weldspot.${key}`, value);
  } catch {
    // then it holds until the page is closed
  }
}

/** How readily a defect is named, 0 to 1; what a slider of version 0.1 left, under another name, is not read. */
export function sensitivity(): number {
  const value = Number(read("sensitivity") ?? TUNED);
  return value >= LEAST && value <= MOST ? value : TUNED;
}

export function setSensitivity(value: number): void {
  write("sensitivity", String(value));
  for (const listener of listeners) listener();
}

/** Calls back when the sensitivity or a switch has changed. */
export function onSettings(listener: () => void): void {
  listeners.add(listener);
}

/** A switch that is off until the user turns it on. */
export function isOn(name: Switch): boolean {
  return read(name) === "on";
}

export function turn(name: Switch, on: boolean): void {
  write(name, on ? "on" : "off");
  for (const listener of listeners) listener();
}

/** How the model of this SHA-256 ran best on this phone; null where that was not measured. */
export function wayOf(sha256: string): "wasm" | "webgpu" | null {
  const [of, way] = (read("ran") ?? "").split(" ");
  return of === sha256 && (way === "wasm" || way === "webgpu") ? way : null;
}

export function ran(sha256: string, way: "wasm" | "webgpu"): void {
  write("ran", `${sha256} ${way}`);
}

export function theme(): Theme {
  const value = read("theme");
  return value === "light" || value === "dark" || value === "glare" ? value : "auto";
}

export function setTheme(value: Theme): void {
  write("theme", value);
  applyTheme();
}

/** Tells the style sheets; the system decides unless the user has. */
export function applyTheme(): void {
  const chosen = theme();
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

export function hand(): Hand {
  const value = read("hand");
  return value === "left" || value === "right" ? value : "both";
}

export function setHand(value: Hand): void {
  write("hand", value);
  applyHand();
}

/** Tells the style sheets. */
export function applyHand(): void {
  document.documentElement.dataset.hand = hand();
}

/** The camera that the user has chosen, by its id; "" where the browser may choose. */
export function chosenCamera(): string {
  return read("camera") ?? "";
}

export function chooseCamera(id: string): void {
  write("camera", id);
}

/** As whom to send, where there is no localStorage. */
export function sendAs({ token, uploader }: Sender): void {
  memory.set("token", token);
  memory.set("uploader", uploader);
}

/** A random name for this phone, the same for good. */
export function uploader(): string {
  const known = read("uploader");
  if (known) return known;
  const made = crypto.randomUUID();
  write("uploader", made);
  return made;
}

/** What was counted for telemetry and not sent, JSON; "" where nothing was. */
export function counts(): string {
  return read("counts") ?? "";
}

export function keepCounts(json: string): void {
  write("counts", json);
}

/** The name that stands beside this reviewer's decisions; "" before it was given. */
export function reviewer(): string {
  return read("reviewer") ?? "";
}

export function setReviewer(name: string): void {
  write("reviewer", name);
}

/**
 * The server's token: taken from the address (`#token=…`), then kept and removed from it. That of an installed app's
 * own address is taken once, so that it does not put back an older one at every start.
 */
export function token(): string {
  const found = tokenIn(location.hash);
  if (found) {
    if (found !== read("token-of-address")) write("token", found);
    write("token-of-address", found);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  return read("token") ?? "";
}

export function setToken(value: string): void {
  write("token", value);
}

/** What src/trust keeps; "" where this phone has seen no key. */
export function keptKey(): string {
  return read("key") ?? "";
}

export function keepKey(value: string): void {
  write("key", value);
}

/** The token in an address that the server has printed, "" where there is none. */
export function tokenIn(address: string): string {
  const found = /#token=([^&\s]+)/.exec(address)?.[1] ?? "";
  try {
    return decodeURIComponent(found);
  } catch {
    return found;
  }
}
