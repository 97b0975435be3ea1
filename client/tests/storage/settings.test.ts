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
  vi.stubGlobal("history", { replaceState, state: null });
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
  settings.setSensitivity(0.7);
  expect(settings.sensitivity()).toBe(0.7);
  expect(settings.uploader()).toBe(settings.uploader());
  expect((await opened("", true)).sensitivity()).toBe(0.5);
});

test.each(["0", "1", "-3", "0.05", "high", ""])(
  "a sensitivity of “%s” is none: the thresholds stay as tuned",
  async (value) => {
    stored.set("weldspot.sensitivity", value);
    expect((await opened()).sensitivity()).toBe(0.5);
  },
);

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

test("an installed app's own address does not put back the token that it was installed with", async () => {
  (await opened("#token=first")).token();
  (await opened()).setToken("typed");
  expect((await opened("#token=first")).token()).toBe("typed");
  expect((await opened("#token=scanned")).token()).toBe("scanned");
});

test("a token is found in the address that the server has printed", async () => {
  const { tokenIn } = await opened();
  expect(tokenIn("https://192.168.1.5:8000/#token=a%2Fb")).toBe("a/b");
  expect(tokenIn("https://192.168.1.5:8000/#token=100%")).toBe("100%");
  expect(tokenIn("abc")).toBe("");
});

test("switches are off until they are turned on, and whoever listens hears of each change", async () => {
  const settings = await opened();
  let heard = 0;
  settings.onSettings(() => heard++);
  expect(settings.isOn("vibrate")).toBe(false);
  settings.turn("vibrate", true);
  expect(settings.isOn("vibrate")).toBe(true);
  settings.setSensitivity(0.4);
  expect(heard).toBe(2);
});

test("the hand and the camera that were chosen are kept; a worker without storage is told as whom it sends", async () => {
  const settings = await opened();
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  expect([settings.hand(), settings.chosenCamera()]).toEqual(["both", ""]);
  settings.setHand("left");
  settings.chooseCamera("wide");
  expect(document.documentElement.dataset.hand).toBe("left");
  stored.set("weldspot.hand", "third");
  const later = await opened();
  expect([later.hand(), later.chosenCamera()]).toEqual(["both", "wide"]);
  const worker = await opened("", true);
  worker.sendAs({ token: "t", uploader: "u" });
  expect([worker.token(), worker.uploader()]).toEqual(["t", "u"]);
});
