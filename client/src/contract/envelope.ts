/** DSSE, version 1 (https://github.com/secure-systems-lab/dsse), as src/weldspot/signing/dsse.py writes it. */
import { record, text, wrong } from "./checks";

export type Bytes = Uint8Array<ArrayBuffer>;

export interface Envelope {
  readonly type: string;
  readonly payload: Bytes;
  readonly signatures: readonly { readonly keyid: string; readonly sig: Bytes }[];
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const KEY = /^[A-Za-z0-9+/]{43}=$/;
const MOST = 8;

/** Checks its form, not who has signed it. Throws a Problem that names the first field that is wrong. */
export function envelope(value: unknown, field: string): Envelope {
  const { payloadType, payload, signatures } = record(value, field);
  if (!Array.isArray(signatures) || !signatures.length || signatures.length > MOST) throw wrong(`${field}.signatures`);
  return {
    type: text(payloadType, `${field}.payloadType`, /^/),
    payload: decoded(payload, `${field}.payload`, BASE64),
    signatures: signatures.map((one: unknown) => {
      const { keyid, sig } = record(one, `${field}.signatures`);
      return {
        keyid: text(keyid, `${field}.keyid`, /^[0-9a-f]{64}$/),
        sig: decoded(sig, `${field}.sig`, BASE64),
      };
    }),
  };
}

/** The 32 bytes of a public key. */
export function publicKey(value: unknown, field: string): Bytes {
  return decoded(value, field, KEY);
}

/** What is signed: type and payload, each behind its length, so that neither passes for the other. */
export function signed({ type, payload }: Envelope): Bytes {
  const name = new TextEncoder().encode(type);
  const head = new TextEncoder().encode(`DSSEv1 ${name.length} ${type} ${payload.length} `);
  const all = new Uint8Array(head.length + payload.length);
  all.set(head);
  all.set(payload, head.length);
  return all;
}

function decoded(value: unknown, field: string, pattern: RegExp): Bytes {
  try {
    return Uint8Array.from(atob(text(value, field, pattern)), (letter) => letter.charCodeAt(0));
  } catch {
    throw wrong(field);
  }
}
