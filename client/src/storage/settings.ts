/** What the user has chosen, kept in localStorage. */
export type Theme = "auto" | "light" | "dark";

/** Middle of the confidence slider: the thresholds as they were tuned. */
const CALIBRATED = 0.5;

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

export function confidence(): number {
  const value = Number(read("confidence") ?? CALIBRATED);
  return value > 0 && value < 1 ? value : CALIBRATED;
}

export function setConfidence(value: number): void {
  write("confidence", String(value));
}

export function theme(): Theme {
  const value = read("theme");
  return value === "light" || value === "dark" ? value : "auto";
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

/** A random name for this phone, the same for good. */
export function uploader(): string {
  const known = read("uploader");
  if (known) return known;
  const made = crypto.randomUUID();
  write("uploader", made);
  return made;
}

/** The name that stands beside this reviewer's decisions; "" before it was given. */
export function reviewer(): string {
  return read("reviewer") ?? "";
}

export function setReviewer(name: string): void {
  write("reviewer", name);
}

/** Keeps a token that was typed in. */
export function setToken(value: string): void {
  write("token", value);
}

/** The server's token: taken once from the address (`#token=…`), then kept and removed from it. */
export function token(): string {
  const found = /^#token=([^&]+)/.exec(location.hash)?.[1];
  if (found) {
    write("token", decodeURIComponent(found));
    history.replaceState(null, "", location.pathname + location.search);
  }
  return read("token") ?? "";
}
