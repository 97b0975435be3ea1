import { readFileSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { manifest } from "../manifest-example";
import { envelope, PAST, publisher, served, SOON, succession } from "./signer";

const owner = await publisher();
const next = await publisher();
const third = await publisher();
const recovery = await publisher();
const stranger = await publisher();

let stored: Map<string, string>;
let release: (typeof import("../../src/trust/release"))["release"];

/** The app as it starts on a phone, built with a key or without. */
async function started(built: unknown = null): Promise<void> {
  vi.resetModules();
  vi.stubGlobal("builtWith", built);
  ({ release } = await import("../../src/trust/release"));
}

beforeEach(async () => {
  stored = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: stored.set.bind(stored),
  });
  await started();
});

/** The version that is taken in, or the code of the problem. */
async function taken(given: unknown): Promise<string> {
  try {
    const { manifest, accept } = await release(given);
    accept();
    return `version ${(manifest as { version: string }).version}`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

test("a phone that has seen no key takes unsigned models, and from the first signed one on none", async () => {
  expect(await taken(manifest())).toBe("version 3");
  expect(await taken(await served(owner, recovery, { version: "4" }))).toBe("version 4");
  for (const signed of [undefined, null]) expect(await taken({ ...manifest(), signed })).toBe("unsigned");
  await started(); // after a restart too
  expect(await taken(manifest())).toBe("unsigned");
});

test("what was not accepted binds to nothing", async () => {
  await release(await served(stranger, stranger)); // its model never came
  expect(await taken(await served(owner, recovery))).toBe("version 3");
});

test("signed by another key, with its own recovery key, and under the name of ours", async () => {
  await taken(await served(owner, recovery));
  expect(await taken(await served(stranger, stranger, { counter: 99 }))).toBe("foreign");
  const forged = await served(stranger, recovery, { counter: 99 });
  forged.signed.release.signatures[0]!.keyid = owner.id;
  expect(await taken(forged)).toBe("tampered");
});

test("a byte changed inside is found, and what is said around it counts for nothing", async () => {
  await taken(await served(owner, recovery));
  const given = await served(owner, recovery, { counter: 6, version: "4" });
  const payload = Buffer.from(given.signed.release.payload, "base64").toString().replace('"4"', '"9"');
  const changed = { ...given.signed.release, payload: Buffer.from(payload).toString("base64") };
  expect(await taken({ ...given, signed: { release: changed } })).toBe("tampered");
  expect(await taken({ ...given, version: "9", sha256: "b".repeat(64) })).toBe("version 4");
});

test("a signature of one type is none of another", async () => {
  await taken(await served(owner, recovery));
  const given = await served(owner, recovery, { counter: 7 });
  const said = JSON.parse(Buffer.from(given.signed.release.payload, "base64").toString());
  const other = await envelope(owner, "application/vnd.in-toto+json", said);
  expect(await taken({ ...given, signed: { release: other } })).toBe("tampered");
  const renamed = { ...other, payloadType: "application/vnd.weldspot.release+json" };
  expect(await taken({ ...given, signed: { release: renamed } })).toBe("tampered");
});

test("replayed: an older counter, or another release under the same; the same again is no problem", async () => {
  const old = await served(owner, recovery, { counter: 5, version: "3" });
  const now = await served(owner, recovery, { counter: 8, version: "4" });
  await taken(old);
  expect(await taken(now)).toBe("version 4");
  expect(await taken(now)).toBe("version 4");
  expect(await taken(old)).toBe("older");
  expect(await taken(await served(owner, recovery, { counter: 8, version: "5" }))).toBe("older");
  // a rollback of the publisher's own is an older version under a higher counter
  expect(await taken(await served(owner, recovery, { counter: 9, version: "3" }))).toBe("version 3");
});

test("a manifest of another channel is not taken for this one, and counts for itself", async () => {
  await taken(await served(owner, recovery, { counter: 9 }));
  const canary = await served(owner, recovery, { counter: 5, channel: "canary" });
  expect(await taken(canary)).toBe("tampered");
  const { accept } = await release(canary, "canary");
  accept();
  await expect(release(await served(owner, recovery, { counter: 10 }), "canary")).rejects.toMatchObject({
    code: "tampered",
  });
  expect(await taken(await served(owner, recovery, { counter: 8 }))).toBe("older");
  const older = await served(owner, recovery, { counter: 4, channel: "canary" });
  await expect(release(older, "canary")).rejects.toMatchObject({ code: "older" });
});

test("expired, and of a key that has expired", async () => {
  expect(await taken(await served(owner, recovery, { expires: PAST }))).toBe("expired");
  expect(await taken(await served(owner, recovery, { keyExpires: PAST }))).toBe("expired");
  expect(await taken(await served(owner, recovery))).toBe("version 3");
  expect(await taken(await served(owner, recovery, { counter: 6, expires: PAST }))).toBe("expired");
});

test("rotated: the new key is learnt from the old one, over two steps too, and the old one signs no more", async () => {
  await taken(await served(owner, recovery, { counter: 500 }));
  const successions = [await succession(owner, owner, next), await succession(next, next, third)];
  const rotated = await served(third, recovery, { counter: 3, version: "7", successions });
  expect(await taken(rotated)).toBe("version 7"); // each key counts for itself
  expect(await taken(rotated)).toBe("version 7");
  expect(await taken(await served(owner, recovery, { counter: 501 }))).toBe("foreign");
  expect(await taken(await served(next, recovery, { counter: 501, successions }))).toBe("foreign");
});

test("a successor that nobody entitled has named is none", async () => {
  await taken(await served(owner, recovery));
  for (const forged of [
    await succession(stranger, owner, stranger), // signed by the one who profits
    await succession(owner, next, stranger), // after another key than ours
    { ...(await succession(stranger, owner, stranger)), signatures: [{ keyid: owner.id, sig: "YQ==" }] },
    "nonsense",
  ]) {
    const given = await served(stranger, stranger, { counter: 99, successions: [forged] });
    expect(await taken(given)).toBe("foreign");
  }
});

test("a lost key: the recovery key hands over, and signs no models itself", async () => {
  await taken(await served(owner, recovery));
  expect(await taken(await served(recovery, recovery, { counter: 99 }))).toBe("foreign");
  const successions = [await succession(recovery, owner, next)];
  expect(await taken(await served(next, recovery, { version: "8", successions }))).toBe("version 8");
});

test("built with a key: unsigned and foreign are refused from the first start, a new build brings a new key", async () => {
  const key = (by: typeof owner) => ({ public: by.public, expires: SOON, recovery: recovery.public });
  await started(key(owner));
  expect(await taken(manifest())).toBe("unsigned");
  expect(await taken(await served(stranger, stranger))).toBe("foreign");
  expect(await taken(await served(owner, recovery, { counter: 7 }))).toBe("version 3");
  await started(key(owner));
  expect(await taken(await served(owner, recovery, { counter: 6 }))).toBe("older");
  const successions = [await succession(owner, owner, next)];
  expect(await taken(await served(next, recovery, { version: "4", counter: 9, successions }))).toBe("version 4");
  await started(key(owner)); // the same build does not go back to its own key
  expect(await taken(await served(owner, recovery, { counter: 10 }))).toBe("foreign");
  await started(key(next)); // nor does one with the key that is trusted already forget what it has had
  expect(await taken(await served(next, recovery, { counter: 8, successions }))).toBe("older");
  await started(key(third)); // key and recovery key were lost: the way out
  expect(await taken(await served(third, recovery, { version: "5", counter: 1 }))).toBe("version 5");
});

test("what no publisher writes is a problem by its name, and nothing is remembered of it", async () => {
  const given = await served(owner, recovery);
  const { release: whole } = given.signed;
  for (const signed of [3, {}, { release: {} }, { release: { ...whole, signatures: [] } }]) {
    expect(await taken({ ...given, signed })).toBe("badManifest");
  }
  const counters = [0, -1, 1.5e300, "7", null];
  for (const counter of counters) {
    const odd = await served(owner, recovery, { counter: counter as number });
    expect(await taken(odd)).toBe("badManifest");
  }
  expect(await taken({ ...given, signed: { release: { ...whole, payload: "a".repeat(5) } } })).toBe("badManifest");
  expect(stored.size).toBe(0);
});

test("what Python has signed is read here", async () => {
  const example = JSON.parse(readFileSync(new URL("signed-example.json", import.meta.url), "utf8"));
  expect(await taken(example.first)).toBe("version 3");
  expect(await taken(example.rotated)).toBe("version 4");
  expect(await taken(example.first)).toBe("foreign");
});
