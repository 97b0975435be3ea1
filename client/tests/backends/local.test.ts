import { afterEach, expect, test, vi } from "vitest";
import { Local } from "../../src/backends/local";
import type { Item } from "../../src/storage/database";

const item = { id: "1", image: new ArrayBuffer(3), metadata: { labels: "Crack" } } as unknown as Item;

function answer(status: number, body: object, headers = {}) {
  vi.stubGlobal("location", { hash: "", pathname: "/", search: "" });
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status, headers }));
}

afterEach(() => vi.unstubAllGlobals());

test.each([200, 201])("%i is done", async (status) => {
  answer(status, {});
  expect(await new Local().send(item)).toEqual({ kind: "done" });
});

test.each([408, 429, 500, 503, 507])("%i is sent again later", async (status) => {
  answer(status, { error: "Busy." }, { "Retry-After": "5" });
  expect(await new Local().send(item)).toMatchObject({ kind: "later", reason: "Busy.", wait: 5000 });
});

test.each([401, 403, 421])("%i is about the connection: it waits", async (status) => {
  answer(status, { error: "Scan the code again." });
  expect(await new Local().send(item)).toMatchObject({ kind: "later", wait: 0, unknown: false });
});

test.each([400, 409, 413, 415, 422])("%i is refused, with the server's sentence", async (status) => {
  answer(status, { error: "Never." });
  expect(await new Local().send(item)).toEqual({ kind: "refused", reason: "Never." });
});

test("without a connection it may have arrived", async () => {
  answer(200, {});
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
  expect(await new Local().send(item)).toMatchObject({ kind: "later", unknown: true });
});
