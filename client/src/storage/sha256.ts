import { Problem } from "../incidents/problem";

/** SHA-256 as 64 hex digits. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    throw new Problem(
      "This address is not secure",
      "Browsers check files on https pages only. Open the https address that the server printed.",
    );
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
