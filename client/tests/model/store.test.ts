import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import type { Backend } from "../../src/backends/backend";
import { keep, latest, stored } from "../../src/model/store";
import { database } from "../../src/storage/database";
import { sha256 } from "../../src/storage/sha256";
import { keptKey } from "../../src/storage/settings";
import { forget } from "../../src/trust/kept";
import { manifest } from "../manifest-example";
import { publisher, served } from "../trust/signer";

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

afterEach(forget);

async function serving(content: string, named = content) {
  const described = manifest(await sha256(bytes(named)));
  let downloads = 0;
  const backend: Backend = {
    wantsToken: true,
    manifest: async () => described,
    model: async () => (downloads++, bytes(content)),
    canary: async () => null,
    report: async () => "done",
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

test("a signed model brings its key when it is whole, and not before", async () => {
  const [owner, recovery] = [await publisher(), await publisher()];
  const signed = async (content: string, named = content) => {
    const { backend } = await serving(content, named);
    const fields = manifest(await sha256(bytes(named)));
    return { ...backend, manifest: () => served(owner, recovery, { fields }) };
  };
  await expect(latest(await signed("damaged", "whole"), null, () => undefined)).rejects.toThrow("not the file");
  expect(keptKey()).toBe("");
  const first = await latest(await signed("whole"), null, () => undefined);
  expect(JSON.parse(keptKey()).public).toBe(owner.public);
  await expect(latest((await serving("unsigned")).backend, first, () => undefined)).rejects.toThrow(
    "signed models only",
  );
  expect((await latest(await signed("whole"), first, () => undefined)).bytes).toBe(first.bytes);
});

test("while one is tried both models stay here, and after it only one", async () => {
  const canary = await import("../../src/model/canary");
  const tries = vi.spyOn(canary, "tries").mockReturnValue(true);
  const [old, next] = [await serving("old one"), await serving("next one")];
  const first = await latest(old.backend, null, () => undefined);
  await keep(first);
  await keep(await latest(next.backend, first, () => undefined));
  const back = await latest(old.backend, await stored(), () => undefined);
  await keep(back);
  expect([old.downloads(), next.downloads()]).toEqual([1, 1]);
  const again = await latest(next.backend, back, () => undefined);
  expect(next.downloads()).toBe(1);
  tries.mockReturnValue(false);
  await keep(again);
  expect(await (await database()).getAllKeys("models")).toEqual(["current"]);
  tries.mockRestore();
});

test("what is kept beside it and damaged is downloaded anew", async () => {
  const canary = await import("../../src/model/canary");
  const tries = vi.spyOn(canary, "tries").mockReturnValue(true);
  const { backend, downloads } = await serving("whole");
  const described = await backend.manifest();
  await (await database()).put("models", { manifest: described, bytes: bytes("torn") }, "aside");
  await latest(backend, null, () => undefined);
  expect(downloads()).toBe(1);
  tries.mockRestore();
});
