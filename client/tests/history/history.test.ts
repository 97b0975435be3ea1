import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { History } from "../../src/history/history";
import { database } from "../../src/storage/database";
import { shot } from "../shot-example";

const image = (size = 4) => new ArrayBuffer(size);
const history = new History();
const ids = async () => (await history.all()).map(({ id }) => id);

beforeEach(async () => {
  await (await database()).clear("history");
  await (await database()).clear("shots");
});

test("photographs and verdicts are kept, newest first, each once", async () => {
  const changed = vi.fn();
  history.onChange(changed);
  await history.keep(shot("a", 1), image(1));
  await history.keep(shot("b", 2), image(2));
  await history.keep({ ...shot("a", 1), note: "a part of it" }, image(3));
  expect(await ids()).toEqual(["b", "a"]);
  expect((await history.picture("a"))!.byteLength).toBe(3);
  await history.amend("a", { correction: { labels: ["Crack"], names: ["Riss"] }, note: "second pass" });
  expect((await history.all())[1]).toMatchObject({ note: "second pass", correction: { names: ["Riss"] }, taken: 1 });
  await history.amend("gone", { correction: null, note: "" });
  expect(await ids()).toEqual(["b", "a"]);
  expect(changed).toHaveBeenCalled();
});

test("it is bounded: the oldest go, by number and by bytes", async () => {
  const db = await database();
  for (let i = 0; i < 200; i++) {
    await db.put("history", shot(`${i}`, i));
    await db.put("shots", image(), `${i}`);
  }
  await history.keep(shot("new", 999), image());
  expect(await ids()).toHaveLength(200);
  expect(await history.picture("0")).toBeUndefined();
  await history.keep({ ...shot("large", 1000), bytes: 60_000_000 }, image());
  expect(await ids()).toEqual(["large"]);
  expect(await (await database()).count("shots")).toBe(1);
});

test("what is deleted can be had back, with its photograph", async () => {
  await history.keep(shot("a", 1), image(7));
  await history.keep(shot("b", 2), image());
  const undo = await history.remove(["a", "b", "gone"]);
  expect(await ids()).toEqual([]);
  expect(await history.picture("a")).toBeUndefined();
  await undo();
  expect(await ids()).toEqual(["b", "a"]);
  expect((await history.picture("a"))!.byteLength).toBe(7);
});

test("it makes room for what is to be sent: the older half goes, down to nothing", async () => {
  for (let i = 0; i < 4; i++) await history.keep(shot(`${i}`, i), image());
  expect(await history.makeRoom()).toBe(true);
  expect(await ids()).toEqual(["3", "2"]);
  await history.makeRoom();
  await history.makeRoom();
  expect(await ids()).toEqual([]);
  expect(await history.makeRoom()).toBe(false);
});

test("a storage that is full takes nothing away from whoever works", async () => {
  const db = await database();
  const full = vi.spyOn(db, "transaction").mockImplementation(() => {
    throw new DOMException("", "QuotaExceededError");
  });
  await expect(history.keep(shot("a", 1), image())).resolves.toBeUndefined();
  full.mockRestore();
  expect(await ids()).toEqual([]);
});
