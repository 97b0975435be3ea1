import { afterEach, expect, test, vi } from "vitest";
import { keepOffline } from "../../src/offline/registration";

afterEach(() => vi.unstubAllGlobals());

/** A browser with a service worker; `takes` lets another take over. */
function browser(controlled: boolean, waiting: { postMessage: (said: string) => void } | null = null) {
  const reload = vi.fn();
  const container = Object.assign(new EventTarget(), {
    controller: controlled ? {} : null,
    register: async () => Object.assign(new EventTarget(), { waiting, installing: null }),
  });
  vi.stubGlobal("navigator", { serviceWorker: container });
  vi.stubGlobal("location", { reload });
  return { reload, takes: () => container.dispatchEvent(new Event("controllerchange")) };
}

const soon = () => new Promise((done) => setTimeout(done, 0));

test("an update, also one that another tab has asked for, waits until no correction is being written", async () => {
  const { reload, takes } = browser(true);
  let closed = () => {};
  const free = () => new Promise<void>((done) => (closed = done));
  await keepOffline(() => undefined, free);
  takes();
  await soon();
  expect(reload).not.toHaveBeenCalled();
  closed();
  await soon();
  expect(reload).toHaveBeenCalledOnce();
});

test("a version that waits is offered, and takes over when the user wishes", async () => {
  const postMessage = vi.fn();
  browser(true, { postMessage });
  const offered: (() => void)[] = [];
  await keepOffline(
    (takeOver) => offered.push(takeOver),
    async () => undefined,
  );
  expect(offered).toHaveLength(1);
  expect(postMessage).not.toHaveBeenCalled();
  offered[0]!();
  expect(postMessage).toHaveBeenCalledWith("take over");
});

test("the first service worker of a phone reloads nothing", async () => {
  const { reload, takes } = browser(false);
  await keepOffline(
    () => undefined,
    async () => undefined,
  );
  takes();
  await soon();
  expect(reload).not.toHaveBeenCalled();
});
