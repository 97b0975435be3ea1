/** Who has signed what is served, and whether this phone takes it in: docs/signing.md. */
import { number, record, text } from "../contract/checks";
import { type Bytes, type Envelope, envelope, publicKey, signed } from "../contract/envelope";
import { log } from "../incidents/log";
import { Problem } from "../incidents/problem";
import { sha256 } from "../storage/sha256";
import type { ProblemCode } from "../texts/texts";
import { verified } from "./ed25519";
import { type Key, trust, trusted } from "./kept";

const RELEASE = "application/vnd.weldspot.release+json";
const SUCCESSION = "application/vnd.weldspot.succession+json";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;

/** The codes of problems with who has signed, or when: what a phone must be told until somebody has read it. */
export const DISTRUSTED: ReadonlySet<ProblemCode> = new Set(["unsigned", "foreign", "tampered", "older", "expired"]);

export interface Release {
  /** what was signed, to be checked like any other */
  readonly manifest: unknown;
  /** Its model is here: from now on nothing older is taken in. */
  accept(): void;
}

/**
 * What is to be taken in of a manifest as it is served.
 *
 * Each channel (one of several manifests) counts for itself, and none is taken for another.
 *
 * Throws a Problem: unsigned, where a key is known; foreign, tampered, older, expired.
 */
export async function release(served: unknown, channel = "production"): Promise<Release> {
  const known = trusted();
  const given = record(served, "the manifest");
  if (given.signed === undefined || given.signed === null) {
    if (known) throw new Problem("unsigned");
    return { manifest: served, accept: () => undefined };
  }
  const both = record(given.signed, "signed");
  const sealed = envelope(both.release, "signed.release");
  // a phone that has seen no key takes the one that it sees first, and keeps to it
  const key = known ? await successor(known, both.successions) : keyOf(json(sealed.payload).key);
  await check(sealed, RELEASE, [key.public]);
  const said = json(sealed.payload);
  const counter = number(said.counter, "counter", [1, Number.MAX_SAFE_INTEGER]);
  const digest = await sha256(sealed.payload.buffer);
  // each key counts for itself: what one has signed that was stolen must not keep out what the next one signs
  if (said.channel !== channel) throw new Problem("tampered", { cause: `of the channel ${String(said.channel)}` });
  const seen = known?.public === key.public ? known.seen : {};
  const before = seen[channel];
  if (before && (counter < before.counter || (counter === before.counter && digest !== before.release))) {
    throw new Problem("older", { cause: `${counter} after ${before.counter}` });
  }
  const until = Math.min(...[said.expires, key.expires].map((time) => Date.parse(text(time, "expires", TIME))));
  if (!(until > Date.now())) {
    throw new Problem("expired", {
      values: { day: new Date(until).toLocaleDateString(undefined, { dateStyle: "medium" }) },
    });
  }
  const recovery = known?.recovery ?? text(said.recovery, "recovery", /^[A-Za-z0-9+/]{43}=$/);
  return {
    manifest: said.manifest,
    accept: () => trust({ ...key, recovery, seen: { ...seen, [channel]: { counter, release: digest } } }),
  };
}

/** The key that the trusted one has handed over to, itself where it has not. */
async function successor(known: Key & { readonly recovery: string }, given: unknown): Promise<Key> {
  let key: Key = known;
  for (const one of Array.isArray(given) ? given : []) {
    try {
      const sealed = envelope(one, "successions");
      await check(sealed, SUCCESSION, [key.public, known.recovery]);
      const said = json(sealed.payload);
      if (said.before === (await keyId(publicKey(key.public, "key")))) key = keyOf(said.key);
    } catch (error) {
      log(`a succession is passed over: ${error instanceof Problem ? error.code : error}`); // one from before our key
    }
  }
  return key;
}

/** Throws a Problem when none of these keys has signed it, or it was changed since. */
async function check(sealed: Envelope, type: string, keys: readonly string[]): Promise<void> {
  if (sealed.type !== type) throw new Problem("tampered", { cause: sealed.type });
  for (const each of keys) {
    const key = publicKey(each, "key");
    const id = await keyId(key);
    const signature = sealed.signatures.find(({ keyid }) => keyid === id);
    if (!signature) continue;
    if (await verified(key, signature.sig, signed(sealed))) return;
    throw new Problem("tampered", { cause: id });
  }
  throw new Problem("foreign", { cause: sealed.signatures.map(({ keyid }) => keyid).join() });
}

/** What a key is called: SHA-256 of its 32 bytes. */
export function keyId(key: Bytes): Promise<string> {
  return sha256(key.buffer);
}

function keyOf(value: unknown): Key {
  const given = record(value, "key");
  publicKey(given.public, "key.public");
  return { public: given.public as string, expires: text(given.expires, "key.expires", TIME) };
}

function json(payload: Bytes): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(payload));
  } catch (error) {
    throw new Problem("badAnswer", { cause: error });
  }
  return record(value, "signed.payload");
}
