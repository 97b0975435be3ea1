/** A publisher as src/weldspot/signing is one, in a test. */
import { webcrypto } from "node:crypto";
import { manifest } from "../manifest-example";

export interface Publisher {
  readonly keys: CryptoKeyPair;
  readonly id: string;
  readonly public: string;
}

export const SOON = "2099-01-01T00:00:00+00:00";
export const PAST = "2020-01-01T00:00:00+00:00";

const base64 = (bytes: ArrayBuffer | Uint8Array) => Buffer.from(bytes as Uint8Array).toString("base64");

export async function publisher(): Promise<Publisher> {
  const keys = (await webcrypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = await webcrypto.subtle.exportKey("raw", keys.publicKey);
  const digest = await webcrypto.subtle.digest("SHA-256", raw);
  return { keys, id: Buffer.from(digest).toString("hex"), public: base64(new Uint8Array(raw)) };
}

export async function envelope(by: Publisher, type: string, said: unknown) {
  const payload = Buffer.from(JSON.stringify(said));
  const pae = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
  const sig = await webcrypto.subtle.sign("Ed25519", by.keys.privateKey, pae);
  return {
    payloadType: type,
    payload: base64(payload),
    signatures: [{ keyid: by.id, sig: base64(new Uint8Array(sig)) }],
  };
}

interface Said {
  readonly counter?: number;
  readonly expires?: string;
  readonly keyExpires?: string;
  readonly version?: string;
  readonly channel?: string;
  readonly successions?: readonly unknown[];
  /** in place of the example's fields */
  readonly fields?: object;
}

/** A manifest as it is served by a publisher with this recovery key. */
export async function served(by: Publisher, recovery: Publisher, said: Said = {}) {
  const {
    counter = 5,
    expires = SOON,
    keyExpires = SOON,
    version = "3",
    successions = [],
    fields,
    channel = "production",
  } = said;
  const inner = { ...manifest(), ...fields, version };
  const key = { public: by.public, expires: keyExpires };
  const signed = { counter, channel, signed: PAST, expires, key, recovery: recovery.public, manifest: inner };
  const release = await envelope(by, "application/vnd.weldspot.release+json", signed);
  return { ...inner, signed: { release, successions } };
}

export function succession(by: Publisher, before: Publisher, next: Publisher, expires = SOON) {
  const said = { before: before.id, key: { public: next.public, expires }, signed: PAST };
  return envelope(by, "application/vnd.weldspot.succession+json", said);
}
