import { afterEach, expect, test, vi } from "vitest";
import { Local } from "../src/backends/local";
import { backend } from "../src/config";

afterEach(() => vi.unstubAllGlobals());

const serving = (config: object, status = 200) =>
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(config), { status }));

test("config.json names the backend", async () => {
  serving({ backend: "local" });
  expect(await backend()).toBeInstanceOf(Local);
});

test.each([[{}], [{ backend: "ftp" }], [{ backend: "firebase" }], [{ backend: "firebase", firebase: {} }]])(
  "%j names none",
  async (config) => {
    serving(config);
    await expect(backend()).rejects.toMatchObject({ title: "The app is not set up" });
  },
);

test("no config.json, and no network", async () => {
  serving({}, 404);
  await expect(backend()).rejects.toMatchObject({ code: "notSetUp" });
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(backend()).rejects.toMatchObject({ title: "No network" });
});
