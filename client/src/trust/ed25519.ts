import type { Bytes } from "../contract/envelope";

/** Whether the key has signed these bytes: by the browser, or where that knows no Ed25519 (Chrome before 137) by noble. */
export async function verified(key: Bytes, signature: Bytes, data: Bytes): Promise<boolean> {
  const own = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]).catch(() => null);
  if (own) return crypto.subtle.verify("Ed25519", own, signature, data);
  const { verifyAsync } = await import("@noble/ed25519"); // 5 kB, and not needed elsewhere
  return verifyAsync(signature, data, key, { zip215: false }).catch(() => false); // as RFC 8032 and the browsers do
}
