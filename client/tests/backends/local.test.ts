import { afterEach, expect, test, vi } from "vitest";
import { Local } from "../../src/backends/local";
import type { Problem } from "../../src/incidents/problem";
import type { Item } from "../../src/storage/database";

const image = new ArrayBuffer(3);
const item = { id: "1", metadata: { labels: "Crack" } } as unknown as Item;

function answer(status: number, body: object, headers = {}) {
  vi.stubGlobal("location", { hash: "", pathname: "/", search: "" });
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status, headers }));
}

afterEach(() => vi.unstubAllGlobals());

test.each([200, 201])("%i is done", async (status) => {
  answer(status, {});
  expect(await new Local().send(item, image)).toEqual({ kind: "done" });
});

test.each([408, 429, 500, 503, 507])("%i is sent again later", async (status) => {
  answer(status, { error: "Busy." }, { "Retry-After": "5" });
  expect(await new Local().send(item, image)).toMatchObject({
    kind: "later",
    reason: "busy",
    detail: "Busy.",
    wait: 5000,
  });
});

test.each([
  [401, "token"],
  [403, "address"],
  [421, "address"],
])("%i is about the connection, by its name: it waits", async (status, reason) => {
  answer(status, { error: "Scan the code again." });
  expect(await new Local().send(item, image)).toMatchObject({ kind: "later", reason, wait: 0, unknown: false });
});

test.each([
  [400, "notAccepted"],
  [409, "notAccepted"],
  [413, "tooLarge"],
  [415, "notAccepted"],
  [422, "notAccepted"],
])("%i is refused, with the server's sentence for the log", async (status, reason) => {
  answer(status, { error: "Never." });
  expect(await new Local().send(item, image)).toEqual({ kind: "refused", reason, detail: "Never." });
});

test("without a connection it may have arrived", async () => {
  answer(200, {});
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  vi.stubGlobal("navigator", { onLine: true });
  expect(await new Local().send(item, image)).toMatchObject({ kind: "later", reason: "unreachable", unknown: true });
  vi.stubGlobal("navigator", { onLine: false });
  expect(await new Local().send(item, image)).toMatchObject({ kind: "later", reason: "network", unknown: true });
});

test("without a model the server's own words, which name commands, go to the log", async () => {
  answer(404, { error: "There is no model yet: run `make repro`." });
  const error = await new Local().manifest().catch((error: Problem) => error);
  expect(error).toMatchObject({ code: "noModel", cause: "There is no model yet: run `make repro`." });
  expect(String(Object.values(error as object))).not.toContain("make");
});

test("a wrong token is a problem of its own", async () => {
  answer(401, { error: "x" });
  await expect(new Local().manifest()).rejects.toMatchObject({ code: "token" });
});

test("what is tried on some phones: null where nothing is, or the server knows of none", async () => {
  answer(200, { share: 0.1, manifest: {} });
  expect(await new Local().canary()).toEqual({ share: 0.1, manifest: {} });
  vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
  expect(await new Local().canary()).toBeNull();
  answer(404, { error: "There is nothing here." });
  expect(await new Local().canary()).toBeNull();
});

test.each([
  [201, "done"],
  [200, "done"],
  [401, "later"],
  [404, "later"],
  [429, "later"],
  [507, "later"],
  [413, "refused"],
  [422, "refused"],
])("sums of a day, answered with %i: %s", async (status, outcome) => {
  answer(status, {});
  expect(await new Local().report("1", "{}")).toBe(outcome);
});

test("without a network the sums of a day wait", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  expect(await new Local().report("1", "{}")).toBe("later");
});
