import "fake-indexeddb/auto";
import { openDB } from "idb";
import { expect, test } from "vitest";
import { database } from "../../src/storage/database";

test("corrections that an earlier app kept come along whole, refused ones as refused", async () => {
  const old = await openDB("weldspot", 1, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "id" });
      db.createObjectStore("models");
    },
  });
  const metadata = { labels: "Crack", scores: "0.9", model: "a".repeat(64), taken: "2026-11-24T08:15:30.123Z" };
  const item = { metadata, names: ["Riss"], created: 5, attempts: 2, next: 9e15, unknown: true };
  for (const [i, id] of ["a", "b"].entries()) {
    const image = new Uint8Array([i]).buffer;
    await old.add("outbox", { ...item, id, image, refused: i ? "There are no labels." : "" });
  }
  await old.put("models", { manifest: {}, bytes: new ArrayBuffer(1) }, "current");
  old.close();

  const db = await database();
  expect(await db.getAll("outbox")).toEqual([
    { ...without(item), id: "a", thumb: "", state: "waiting", reason: "" },
    { ...without(item), id: "b", thumb: "", state: "refused", reason: "notAccepted" },
  ]);
  expect(new Uint8Array((await db.get("pictures", "b"))!)).toEqual(new Uint8Array([1]));
  expect(await db.count("models")).toBe(1);
});

function without({ next: _, ...item }: { next: number; [key: string]: unknown }) {
  return item;
}
