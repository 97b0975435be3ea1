import { afterEach, expect, test, vi } from "vitest";
import { sha256 } from "../../src/storage/sha256";

afterEach(() => vi.unstubAllGlobals());

test("the digest that every other program gives", async () => {
  const bytes = new TextEncoder().encode("abc").buffer as ArrayBuffer;
  expect(await sha256(bytes)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("on a page without https there is no digest, and a sentence says so", async () => {
  vi.stubGlobal("crypto", {});
  await expect(sha256(new ArrayBuffer(1))).rejects.toThrow("https");
});
