import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { database } from "../../src/storage/database";
import { locks } from "../fake-locks";

const DRAFT = { image: new ArrayBuffer(4), chosen: ["Crack"], note: "second pass", taken: 1_000 };
const shared = locks();

/** The module as a tab has it; `session` is what survives its reload. */
async function tab(session = new Map<string, string>(), alive = true) {
  vi.resetModules();
  const storage = { getItem: (key: string) => session.get(key) ?? null, setItem: session.set.bind(session) };
  vi.stubGlobal("sessionStorage", storage);
  vi.stubGlobal("navigator", { locks: alive ? shared : locks() });
  return { ...(await import("../../src/outbox/drafts")), session };
}

beforeEach(async () => (await database()).clear("drafts"));

test("what was written is there after a reload, until it is sent", async () => {
  const before = await tab();
  await before.keepDraft(DRAFT);
  const after = await tab(before.session);
  expect(await after.keptDraft()).toEqual({ draft: DRAFT, mine: true });
  await after.dropDraft();
  expect(await after.keptDraft()).toBeNull();
});

test("another tab's draft is left alone while that tab lives, and taken over when it is gone", async () => {
  await (await tab()).keepDraft(DRAFT);
  expect(await (await tab()).keptDraft()).toBeNull();
  const gone = await tab(new Map(), false); // locks of its own: the others do not see it
  await gone.dropDraft();
  await gone.keepDraft({ ...DRAFT, note: "left" });
  const heir = await tab();
  expect(await heir.keptDraft()).toMatchObject({ draft: { note: "left" }, mine: false });
  expect(await heir.keptDraft()).toMatchObject({ draft: { note: "left" }, mine: true });
});
