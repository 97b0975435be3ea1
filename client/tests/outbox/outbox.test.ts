import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Backend, Outcome } from "../../src/backends/backend";
import { type Change, Outbox } from "../../src/outbox/outbox";
import { database, type Item } from "../../src/storage/database";
import { locks } from "../fake-locks";

const LATER: Outcome = { kind: "later", reason: "unreachable", detail: "no connection", wait: 0, unknown: true };
const TOKEN: Outcome = { ...LATER, reason: "token", unknown: false };
const NEVER: Outcome = { kind: "refused", reason: "tooLarge", detail: "413" };
const image = new ArrayBuffer(8);
const metadata = { labels: "Crack", scores: "0.1,0.9", model: "a".repeat(64), taken: "2026-11-24T08:15:30.123Z" };

/** A backend that answers as `answers` say, then "done"; it notes every id that it was given. */
function answering(...answers: Outcome[]) {
  const ids: string[] = [];
  const backend: Backend = {
    canary: async () => null,
    report: async () => "done",
    wantsToken: true,
    manifest: async () => ({}),
    model: async () => image,
    send: async ({ id }) => (ids.push(id), answers.shift() ?? { kind: "done" }),
  };
  return { ids, outbox: () => new Outbox(async () => backend) };
}

const phone = { locks: locks(), onLine: true };
vi.stubGlobal("navigator", phone);

/** Tabs hear each other, those of another test do not. */
let channels: Channel[] = [];
class Channel {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    channels.push(this);
  }
  postMessage(data: unknown) {
    for (const other of channels) if (other !== this) queueMicrotask(() => other.onmessage?.({ data }));
  }
}
vi.stubGlobal("BroadcastChannel", Channel);

beforeEach(async () => {
  channels = [];
  phone.onLine = true;
  await (await database()).clear("outbox");
  await (await database()).clear("pictures");
});

async function keep(...ids: string[]) {
  const db = await database();
  for (const [i, id] of ids.entries()) {
    const state = { attempts: 0, unknown: false, state: "waiting", reason: "" } as const;
    await db.add("outbox", { id, metadata, thumb: "", created: i, ...state });
    await db.add("pictures", image, id);
  }
}

const states = async (box: Outbox) => (await box.items()).map((item) => box.stateOf(item));

test("each item is sent once, also by two senders at a time", async () => {
  await keep("a", "b", "c");
  const { ids, outbox } = answering();
  const [one, two] = [outbox(), outbox()];
  await Promise.all([one.send(), two.send(), one.send()]);
  expect(ids.sort()).toEqual(["a", "b", "c"]);
  expect(await one.items()).toEqual([]);
  expect(await (await database()).count("pictures")).toBe(0);
});

test("a correction waits with the words of the list that it was made with", async () => {
  const { outbox } = answering(LATER);
  const box = outbox();
  const id = await box.add(image, metadata, ["Riss"], "data:,");
  await box.send();
  expect(await box.items()).toMatchObject([{ id, names: ["Riss"], metadata, thumb: "data:,", attempts: 1 }]);
  expect(await box.picture(id)).toEqual(image);
});

test("when the network is back what waits goes at once, and what was refused stays", async () => {
  await keep("a", "b");
  const { ids, outbox } = answering({ ...LATER, wait: 60_000 } as Outcome, NEVER);
  const box = outbox();
  await box.send();
  await box.send();
  expect(ids).toEqual(["a", "b"]);
  await box.hurry();
  expect(ids).toEqual(["a", "b", "a"]);
  expect((await box.items()).map((item) => item.id)).toEqual(["b"]);
});

test("without a connection everything stays, and goes under the same ids when there is one", async () => {
  await keep("a", "b");
  const { ids, outbox } = answering(LATER);
  const box = outbox();
  await box.send();
  expect(ids).toEqual(["a"]);
  expect((await box.items()).map((item) => [item.id, item.attempts, item.unknown])).toEqual([
    ["a", 1, true],
    ["b", 0, false],
  ]);
  await box.retry();
  expect(ids).toEqual(["a", "a", "b"]);
  expect(await box.items()).toEqual([]);
});

test("what is refused stays with its reason and holds up nothing", async () => {
  await keep("a", "b");
  const { outbox } = answering(NEVER);
  const box = outbox();
  await box.send();
  expect((await box.items()).map((item) => [item.id, item.state, item.reason])).toEqual([["a", "refused", "tooLarge"]]);
  expect(await box.counts()).toEqual({ all: 1, refused: 1 });
  const undo = await box.remove("a");
  expect(await box.items()).toEqual([]);
  await undo();
  expect(await box.items()).toMatchObject([{ id: "a", state: "refused" }]);
  expect(await box.picture("a")).toEqual(image);
});

test("each waits for what it really waits for, also those that were never tried", async () => {
  await keep("a", "b");
  const { outbox } = answering(TOKEN, LATER);
  const box = outbox();
  expect(await states(box)).toEqual(["queued", "queued"]);
  phone.onLine = false;
  expect(await states(box)).toEqual(["network", "network"]);
  phone.onLine = true;
  await box.send();
  expect(await states(box)).toEqual(["token", "token"]);
  await box.hurry(); // with another token, but the server is down
  expect(await states(box)).toEqual(["unreachable", "unreachable"]);
});

test("an item that is on its way says so, and is never said to be when it is not", async () => {
  await keep("a", "b");
  const seen: string[][] = [];
  const backend = answering().outbox();
  const box: Outbox = new Outbox(async () => ({
    ...({} as Backend),
    send: async () => (seen.push(await states(box)), LATER),
  }));
  await box.send();
  expect(seen).toEqual([["sending", "queued"]]);
  expect(await states(box)).not.toContain("sending");
  await backend.send();
});

test("a correction that was kept in a tab that closed is sent by the open one, and each tab hears of it", async () => {
  const { ids, outbox } = answering();
  const open = outbox();
  const heard: Change["kind"][] = [];
  open.onChange(({ kind }) => heard.push(kind));
  const closed = new Outbox(() => new Promise(() => undefined)); // it goes before it has sent
  const id = await closed.add(image, metadata, ["Riss"], "");
  await vi.waitFor(() => expect(ids).toEqual([id]));
  await vi.waitFor(() => expect(heard).toEqual(["added", "sending", "sent"]));
});

test("a list of many and their count load no photograph", async () => {
  await keep("a");
  const [item] = (await answering().outbox().items()) as (Item & { image?: unknown })[];
  expect(item!.image).toBeUndefined();
});

test("a backend that can't be had is asked again after a wait, not twice a second", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  await keep("a");
  let asked = 0;
  const box = new Outbox(async () => Promise.reject(new Error(`no config.json ${asked++}`)));
  await box.send();
  for (let i = 0; i < 24; i++) await vi.advanceTimersByTimeAsync(500);
  vi.useRealTimers();
  expect(asked).toBeLessThanOrEqual(4);
});

test("a storage that is full gives up the history first, and says so when that does not help", async () => {
  const db = await database();
  const real = db.transaction.bind(db);
  let full = 1;
  const spy = vi.spyOn(db, "transaction").mockImplementation(((...given: Parameters<typeof real>) => {
    if (full-- > 0) throw new DOMException("", "QuotaExceededError");
    return real(...given);
  }) as typeof db.transaction);
  const { outbox } = answering(LATER, LATER);
  const backend = (outbox() as any).backend;
  const room = vi.fn(async () => true);
  const id = await new Outbox(backend, room).add(image, metadata, [], "");
  expect(room).toHaveBeenCalledOnce();
  expect(await (await database()).get("outbox", id)).toMatchObject({ id });
  full = 9;
  await expect(new Outbox(backend, room).add(image, metadata, [], "")).rejects.toMatchObject({ code: "storageFull" });
  full = 1;
  const none = async () => false;
  await expect(new Outbox(backend, none).add(image, metadata, [], "")).rejects.toMatchObject({ code: "storageFull" });
  spy.mockRestore();
});
