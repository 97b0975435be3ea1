import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllGlobals());

test("the browser's offer is kept for when it is asked for, once; an iPhone is told how", async () => {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("navigator", {});
  const { install, installable } = await import("../../src/offline/install");
  expect(installable()).toBeNull();
  const prompt = vi.fn();
  const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), { prompt });
  page.dispatchEvent(offer);
  expect(offer.defaultPrevented).toBe(true);
  expect(installable()).toBe("asked");
  await install();
  await install();
  expect(prompt).toHaveBeenCalledOnce();
  expect(installable()).toBeNull();
  vi.stubGlobal("navigator", { standalone: false });
  expect(installable()).toBe("by hand");
  vi.stubGlobal("navigator", { standalone: true }); // it is installed
  expect(installable()).toBeNull();
});
