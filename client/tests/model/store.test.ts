import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { Backend } from "../../src/backends/backend";
import { keep, latest, stored } from "../../src/model/store";
import { database } from "../../src/storage/database";
import { sha256 } from "../../src/storage/sha256";
import { manifest } from "../manifest-example";

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

async function serving(content: string, named = content) {
  const described = manifest(await sha256(bytes(named)));
  let downloads = 0;
  const backend: Backend = {
    wantsToken: true,
    manifest: async () => described,
    model: async () => (downloads++, bytes(content)),
    send: async () => ({ kind: "done" }),
  };
  return { backend, downloads: () => downloads };
}

test("a model that is not what its manifest names is refused, and the one before stays", async () => {
  const good = await latest((await serving("good")).backend, null, () => undefined);
  await keep(good);
  const damaged = await serving("damaged", "better");
  await expect(latest(damaged.backend, good, () => undefined)).rejects.toThrow("not the file that its publisher named");
  expect((await stored())!.manifest.sha256).toBe(good.manifest.sha256);
});

test("the model that is here already is not downloaded again", async () => {
  const { backend, downloads } = await serving("same");
  const first = await latest(backend, null, () => undefined);
  await latest(backend, first, () => undefined);
  expect(downloads()).toBe(1);
});

test("a model that an earlier app kept in its flat form goes on, without a network too", async () => {
  const { input, thresholds, ...same } = manifest();
  const flat = { ...same, side: input.shape[1], resize: input.resize, thresholds: Object.values(thresholds) };
  await (await database()).put("models", { manifest: flat, bytes: bytes("old") }, "current");
  const kept = await stored();
  expect(kept!.manifest.input).toEqual({ shape: input.shape, dtype: "uint8", resize: input.resize });
  expect(kept!.manifest.thresholds).toEqual(thresholds);
});

test("what is kept and describes no model is none, and gives way to the one that is downloaded", async () => {
  for (const kept of [null, "text", { side: 240, labels: ["Crack"], thresholds: [] }]) {
    await (await database()).put("models", { manifest: kept, bytes: bytes("old") }, "current");
    expect(await stored()).toBeNull();
  }
  const next = await latest((await serving("anew")).backend, await stored(), () => undefined);
  await keep(next);
  expect(await stored()).toEqual(next);
});
