import { afterEach, expect, test, vi } from "vitest";
import { verified } from "../../src/trust/ed25519";

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));

// RFC 8032, 7.1, test 3
const KEY = hex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
const DATA = hex("af82");
const SIGNATURE = hex(
  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
);

afterEach(() => vi.restoreAllMocks());

test.each(["the browser's own", "without one in the browser"])("%s", async (how) => {
  const asked = vi.spyOn(crypto.subtle, "verify");
  if (how !== "the browser's own") {
    vi.spyOn(crypto.subtle, "importKey").mockRejectedValue(new DOMException("", "NotSupportedError"));
  }
  expect(await verified(KEY, SIGNATURE, DATA)).toBe(true);
  expect(asked).toHaveBeenCalledTimes(how === "the browser's own" ? 1 : 0);
  expect(await verified(KEY, SIGNATURE, hex("af83"))).toBe(false);
  expect(await verified(KEY, SIGNATURE.slice(0, 63), DATA)).toBe(false);
  const flipped = SIGNATURE.slice();
  flipped[5]! ^= 1;
  expect(await verified(KEY, flipped, DATA)).toBe(false);
  expect(await verified(hex("ff".repeat(32)), SIGNATURE, DATA)).toBe(false); // no point of the curve
});
