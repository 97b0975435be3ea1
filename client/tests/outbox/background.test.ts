import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { Backend, Outcome } from "../../src/backends/backend";
import { askLater, leaving, sendNow, TAG } from "../../src/outbox/background";
import { Outbox } from "../../src/outbox/outbox";
import { database } from "../../src/storage/database";
import { setToken, token, uploader } from "../../src/storage/settings";
import { locks } from "../fake-locks";

const register = vi.fn();
const phone = {
  locks: locks(),
  onLine: true,
  serviceWorker: { getRegistration: async () => ({ sync: { register } }) as object | undefined },
};
vi.stubGlobal("navigator", phone);
vi.stubGlobal("location", { hash: "" });
vi.stubGlobal("BroadcastChannel", class { postMessage() {} close() {} }); // prettier-ignore

const metadata = { labels: "Crack", scores: "0.9", model: "a".repeat(64), taken: "2026-11-24T08:15:30.123Z" };
const LATER: Outcome = { kind: "later", reason: "unreachable", detail: "", wait: 0, unknown: true };

beforeEach(async () => {
  const db = await database();
  for (const store of ["outbox", "pictures", "sender"] as const) await db.clear(store);
  for (const id of ["a", "b"]) {
    const state = { attempts: 0, unknown: false, state: "waiting", reason: "" } as const;
    await db.add("outbox", { id, metadata, thumb: "", created: 0, ...state });
    await db.add("pictures", new ArrayBuffer(8), id);
  }
  register.mockReset();
});

function answering(...answers: Outcome[]) {
  const sent: string[] = [];
  const send: Backend["send"] = async ({ id }) => {
    sent.push(`${id} ${token()} ${uploader()}`);
    return answers.shift() ?? { kind: "done" };
  };
  const backend: Backend = {
    wantsToken: true,
    manifest: async () => ({}),
    canary: async () => null,
    model: async () => new ArrayBuffer(0),
    send,
    report: async () => "done",
  };
  return { sent, backend: async () => backend };
}

test("the service worker sends what waits as the page would, and the page finds nothing left", async () => {
  setToken("right");
  const name = uploader();
  await askLater();
  expect(register).toHaveBeenCalledWith(TAG);
  setToken("another, of a worker that has no localStorage");
  const { sent, backend } = answering();
  await Promise.all([sendNow(backend), new Outbox(backend).send()]); // the page is not quite closed
  expect(sent.map((line) => line.slice(0, 1)).sort()).toEqual(["a", "b"]);
  expect(sent[0]).toBe(`a right ${name}`);
  expect(await (await database()).count("outbox")).toBe(0);
});

test("what does not get through makes the browser come again; what is refused for good does not", async () => {
  await askLater();
  await expect(sendNow(answering(LATER).backend)).rejects.toThrow("2 still wait");
  const refused: Outcome = { kind: "refused", reason: "tooLarge", detail: "" };
  await expect(sendNow(answering(refused, refused).backend)).resolves.toBeUndefined();
});

test("a page that is left asks only where something waits that may still go", async () => {
  await leaving({ counts: async () => ({ all: 1, refused: 1 }) });
  await leaving({ counts: () => Promise.reject(new Error("storage is forbidden")) });
  expect(register).not.toHaveBeenCalled();
  await leaving({ counts: async () => ({ all: 2, refused: 1 }) });
  expect(register).toHaveBeenCalledOnce();
});

test("without a page that has asked nothing is sent; a browser that can't is no failure", async () => {
  const { sent, backend } = answering();
  await sendNow(backend);
  expect(sent).toEqual([]);
  phone.serviceWorker.getRegistration = async () => undefined;
  await expect(askLater()).resolves.toBeUndefined();
  expect(register).not.toHaveBeenCalled();
});
