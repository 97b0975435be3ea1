import { expect, test } from "vitest";
import { envelope, publicKey, signed } from "../../src/contract/envelope";

const GIVEN = {
  payloadType: "http://example.com/HelloWorld",
  payload: btoa("hello world"),
  signatures: [{ keyid: "ab".repeat(32), sig: btoa("x") }],
};

test("what is signed is as the protocol says", () => {
  // https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
  expect(new TextDecoder().decode(signed(envelope(GIVEN, "e")))).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
});

test.each([
  ["e.payload", { payload: "not base64!" }],
  ["e.payload", { payload: "a" }],
  ["e.payload", { payload: "" }],
  ["e.payloadType", { payloadType: 3 }],
  ["e.signatures", { signatures: {} }],
  ["e.signatures", { signatures: Array(9).fill(GIVEN.signatures[0]) }],
  ["e.keyid", { signatures: [{ keyid: "AB", sig: "YQ==" }] }],
  ["e.sig", { signatures: [{ keyid: "ab".repeat(32), sig: "" }] }],
])("a wrong %s is named", (field, change) => {
  expect(() => envelope({ ...GIVEN, ...change }, "e")).toThrow(`“${field}”`);
});

test("a public key has 32 bytes", () => {
  expect(publicKey(`${"A".repeat(43)}=`, "key")).toHaveLength(32);
  for (const value of ["AAAA", `${"A".repeat(47)}=`, null]) expect(() => publicKey(value, "key")).toThrow("“key”");
});
