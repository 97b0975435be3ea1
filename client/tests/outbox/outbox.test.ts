import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Backend, Outcome } from "../../src/backends/backend";
import { after, Outbox } from "../../src/outbox/outbox";
import { database, type Item } from "../../src/storage/database";

const LATER: Outcome = { kind: "later", reason: "no connection", wait: 0, unknown: true };
const image = new ArrayBuffer(8);
const metadata = { labels: "Crack", scores: "0.1,0.9", model: "a".repeat(64), taken: "2026-11-24T08:15:30.123Z" };

/** A backend that answers as `answers` say, then "done"; it notes every id that it was given. */
function answering(...answers: Outcome[]) {
  const ids: string[] = [];
  const backend: Backend = {
    manifest: async () => ({}),
    model: async () => image,
    send: async ({ id }) => (ids.push(id), answers.shift() ?? { kind: "done" }),
  };
  return { ids, outbox: () => new Outbox(async () => backend) };
}

// the Web Locks API, which Node 20 lacks: one holder of a name at a time, in the order of asking
let held: Promise<unknown> = Promise.resolve();
vi.stubGlobal("navigator", {
  locks: {
    request: (_name: string, work: () => Promise<unknown>) => (held = held.then(work, work)),
  },
});

beforeEach(async () => (await database()).clear("outbox"));

async function keep(...ids: string[]) {
  for (const [i, id] of ids.entries()) {
    await (
      await database()
    ).add("outbox", { id, image, metadata, created: i, attempts: 0, next: 0, unknown: false, refused: "" });
  }
}

test("each item is sent once, also by two senders at a time", async () => {
  await keep("a", "b", "c");
  const { ids, outbox } = answering();
  const [one, two] = [outbox(), outbox()];
  await Promise.all([one.send(), two.send(), one.send()]);
  expect(ids.sort()).toEqual(["a", "b", "c"]);
  expect(await one.items()).toEqual([]);
});

test("a correction waits with the words of the list that it was made with", async () => {
  const { outbox } = answering(LATER);
  const box = outbox();
  await box.add(image, metadata, ["Riss"]);
  await box.send();
  expect(await box.items()).toMatchObject([{ names: ["Riss"], metadata, attempts: 1 }]);
});

test("when the network is back what waits goes at once, and what was refused stays", async () => {
  await keep("a", "b");
  const { ids, outbox } = answering({ ...LATER, wait: 60_000 }, { kind: "refused", reason: "Never." });
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
  const { outbox } = answering({ kind: "refused", reason: "No labels." });
  const box = outbox();
  await box.send();
  expect((await box.items()).map((item) => [item.id, item.refused])).toEqual([["a", "No labels."]]);
  await box.remove("a");
  expect(await box.items()).toEqual([]);
});

test("waits double up to five minutes, and are never shorter than the server asks", () => {
  const item = (attempts: number) => ({ attempts, unknown: false }) as Item;
  const waits = [0, 1, 2, 20].map((attempts) => after(item(attempts), LATER as never, 0).next);
  expect(waits).toEqual([2_000, 4_000, 8_000, 300_000]);
  expect(after(item(0), { ...LATER, wait: 5_000 } as never, 0).next).toBe(5_000);
});
