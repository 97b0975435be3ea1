import { beforeEach, expect, test, vi } from "vitest";

let stored: Map<string, string>;

/** The module as a page sees it that has just been opened at this address. */
async function opened(hash = "", forbidden = false) {
  vi.resetModules();
  const storage = { getItem: (key: string) => stored.get(key) ?? null, setItem: stored.set.bind(stored) };
  const refuse = () => {
    throw new DOMException("", "SecurityError");
  };
  vi.stubGlobal("localStorage", forbidden ? { getItem: refuse, setItem: refuse } : storage);
  vi.stubGlobal("location", { hash, pathname: "/app/", search: "?a=b" });
  const replaceState = vi.fn();
  vi.stubGlobal("history", { replaceState });
  return { ...(await import("../../src/storage/settings")), replaceState };
}

beforeEach(() => {
  stored = new Map();
});

test("the token is taken out of the address, decoded and kept", async () => {
  const first = await opened("#token=a%2Fb");
  expect(first.token()).toBe("a/b");
  expect(first.replaceState).toHaveBeenCalledWith(null, "", "/app/?a=b");
  const later = await opened();
  expect(later.token()).toBe("a/b");
  expect(later.replaceState).not.toHaveBeenCalled();
});

test("without a token there is none, and a new one takes the place of the old", async () => {
  expect((await opened()).token()).toBe("");
  (await opened("#token=old")).token();
  expect((await opened("#token=new")).token()).toBe("new");
});

test("where storage is forbidden a choice holds until the page is closed", async () => {
  const settings = await opened("#token=x", true);
  expect(settings.token()).toBe("x");
  settings.setConfidence(0.7);
  expect(settings.confidence()).toBe(0.7);
  expect(settings.uploader()).toBe(settings.uploader());
  expect((await opened("", true)).confidence()).toBe(0.5);
});

test.each(["0", "1", "-3", "high", ""])("a confidence of “%s” is none: the thresholds stay as tuned", async (value) => {
  stored.set("weldspot.confidence", value);
  expect((await opened()).confidence()).toBe(0.5);
});

test("this phone's name is made once, for good", async () => {
  const name = (await opened()).uploader();
  expect(name).toMatch(/^[0-9a-f-]{36}$/);
  expect((await opened()).uploader()).toBe(name);
});

test("the system decides about the theme unless the user has", async () => {
  stored.set("weldspot.theme", "pink");
  expect((await opened()).theme()).toBe("auto");
  stored.set("weldspot.theme", "dark");
  expect((await opened()).theme()).toBe("dark");
});
