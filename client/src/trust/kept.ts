/** The key that this phone trusts, and how far it has come with it. */
import { keptKey, keepKey } from "../storage/settings";

export interface Key {
  /** base64 of its 32 bytes */
  readonly public: string;
  /** ISO 8601: what it signs is taken in until then */
  readonly expires: string;
}

/** The counter of a release, and the SHA-256 of it. */
export interface Seen {
  readonly counter: number;
  readonly release: string;
}

export interface Trusted extends Key {
  /** the key that hands over where this one is lost */
  readonly recovery: string;
  /** of each channel that it reads, what it has taken in last */
  readonly seen: Readonly<Record<string, Seen>>;
  /** the key that the app was built with when this was written; "" without one */
  readonly built: string;
}

/** The key that the app was built with: what came with the app's code counts for more than what a server once said. */
const BUILT = __TRUST__;

/** What this phone trusts; null while it has seen no key. */
export function trusted(): Trusted | null {
  const kept = read();
  if (!BUILT || kept?.built === BUILT.public) return kept;
  if (kept?.public === BUILT.public) return { ...kept, built: BUILT.public };
  return { ...BUILT, seen: {}, built: BUILT.public };
}

/** From now on what this key has signed is taken in, from this release on. */
export function trust(key: Omit<Trusted, "built">): void {
  keepKey(JSON.stringify({ ...key, built: BUILT?.public ?? "" }));
}

/** The next key that comes is the one: as before the first start. */
export function forget(): void {
  keepKey("");
}

function read(): Trusted | null {
  try {
    const kept = JSON.parse(keptKey() || "null");
    return typeof kept?.public === "string" && typeof kept.seen === "object" && kept.seen ? kept : null;
  } catch {
    return null;
  }
}
