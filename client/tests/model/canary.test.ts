import { beforeEach, expect, test, vi } from "vitest";
import type { Backend } from "../../src/backends/backend";
import { manifest } from "../manifest-example";
import { publisher, served } from "../trust/signer";

const [A, B] = ["a".repeat(64), "b".repeat(64)];
let kept: Map<string, string>;
let asked: number;

function backend(canary: unknown): Backend {
  return { manifest: async () => manifest(A), canary: async () => (asked++, canary) } as unknown as Backend;
}

/** A phone of its own name, whose user has telemetry on. */
async function phone(name: string, telemetry = "on") {
  vi.resetModules();
  kept = new Map([
    ["weldspot.uploader", name],
    ["weldspot.telemetry", telemetry],
  ]);
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) });
  return import("../../src/model/canary");
}

const offer = (share: number, sha256 = B) => backend({ share, manifest: manifest(sha256) });
const day = (number: number) => new Date(Date.UTC(2026, 0, number, 9));

beforeEach(() => {
  asked = 0;
});

test("who reports nothing follows everybody's model, and asks for no other", async () => {
  const { wanted, tries } = await phone("x", "off");
  expect((await wanted(offer(1))).manifest.sha256).toBe(A);
  expect([asked, tries()]).toEqual([0, false]);
});

test("a stable share takes part, and a larger one has the same phones too", async () => {
  const takes = async (share: number) => {
    const names = [];
    for (let i = 0; i < 200; i++) {
      const { wanted, tries } = await phone(`phone ${i}`);
      await wanted(offer(share), day(1));
      if (tries()) names.push(i);
    }
    return names;
  };
  const [some, more] = [await takes(0.1), await takes(0.5)];
  expect(some.length).toBeGreaterThan(8);
  expect(some.length).toBeLessThan(35);
  expect(more.length).toBeGreaterThan(80);
  expect(more.length).toBeLessThan(120);
  expect(some.every((name) => more.includes(name))).toBe(true);
  expect(await takes(0.1)).toEqual(some);
});

test("each day has its lot, the same however often it is asked for, and known on that day alone", async () => {
  const { wanted, lotOf, lotIsOld } = await phone("one");
  const lots = [];
  for (let i = 1; i <= 60; i++) {
    const { sha256 } = (await wanted(offer(1), day(i))).manifest;
    expect((await wanted(offer(1), day(i))).manifest.sha256).toBe(sha256);
    const today = day(i).toISOString().slice(0, 10);
    expect(lotOf(today)).toEqual({ challenger: B, lot: sha256 === B ? "challenger" : "production" });
    expect(lotOf("2025-12-31")).toEqual({ challenger: "", lot: "" });
    expect([lotIsOld(today), lotIsOld("2027-01-01")]).toEqual([false, true]);
    lots.push(sha256 === B);
  }
  const days = lots.filter(Boolean).length;
  expect(days).toBeGreaterThan(18);
  expect(days).toBeLessThan(42);
});

test.each([null, "text", [], {}, { share: 2, manifest: manifest(B) }, { share: 1, manifest: { sha256: B } }])(
  "what is tried and can't be read is none: %j",
  async (canary) => {
    const { wanted, tries } = await phone("one");
    expect((await wanted(backend(canary))).manifest.sha256).toBe(A);
    expect(tries()).toBe(false);
  },
);

test("without an answer to it everybody's model goes on", async () => {
  const { wanted } = await phone("one");
  const silent = { ...backend(null), canary: () => Promise.reject(new Error("no network")) };
  expect((await wanted(silent)).manifest.sha256).toBe(A);
});

test("when it is everybody's nothing is tried any more", async () => {
  const { wanted, tries } = await phone("one");
  await wanted(offer(1), day(1));
  expect(tries()).toBe(true);
  await wanted(offer(1, A), day(1));
  expect(tries()).toBe(false);
});

test("a phone that has seen a key tries what is signed as a canary, and nothing else", async () => {
  const [owner, recovery] = [await publisher(), await publisher()];
  const challenger = { fields: manifest(B) };
  const everybodys = await served(owner, recovery, { fields: manifest(A) });
  const offers = {
    signed: await served(owner, recovery, { ...challenger, channel: "canary" }),
    production: await served(owner, recovery, challenger),
    unsigned: manifest(B),
    foreign: await served(await publisher(), recovery, { ...challenger, channel: "canary" }),
  };
  const tried = [];
  for (const [name, offered] of Object.entries(offers)) {
    const { wanted, tries } = await phone("one");
    const both = { ...backend({ share: 1, manifest: offered }), manifest: async () => everybodys };
    (await wanted(both)).accept();
    await wanted(both);
    if (tries()) tried.push(name);
  }
  expect(tried).toEqual(["signed"]);
});
