import { beforeEach, expect, test, vi } from "vitest";

const stored = new Map<string, string>();
const KEY = {
  public: "a",
  expires: "2099-01-01T00:00:00Z",
  recovery: "r",
  seen: { production: { counter: 3, release: "d" } },
};

async function started(built: unknown = null) {
  vi.resetModules();
  vi.stubGlobal("builtWith", built);
  return import("../../src/trust/kept");
}

beforeEach(() => {
  stored.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: stored.set.bind(stored),
  });
});

test("kept over a restart, and forgotten on request", async () => {
  expect((await started()).trusted()).toBeNull();
  (await started()).trust(KEY);
  expect((await started()).trusted()).toEqual({ ...KEY, built: "" });
  (await started()).forget();
  expect((await started()).trusted()).toBeNull();
});

test("what is kept and is no key is none", async () => {
  for (const kept of ["null", "3", "{}", "half a", '{"public": 3, "seen": {}}', '{"public": "a", "seen": null}']) {
    stored.set("weldspot.key", kept);
    expect((await started()).trusted()).toBeNull();
  }
});

test("forgotten in an app that was built with a key: that one counts again", async () => {
  const app = await started({ public: "b", expires: KEY.expires, recovery: "r" });
  expect(app.trusted()).toMatchObject({ public: "b", seen: {}, built: "b" });
  app.trust(KEY);
  expect(app.trusted()).toMatchObject(KEY);
  app.forget();
  expect(app.trusted()).toMatchObject({ public: "b", seen: {} });
});
