import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awake } from "../../src/camera/awake";

let page: EventTarget & { hidden?: boolean };
let held: { released: boolean; release(): Promise<void> }[];
const request = vi.fn(async () => {
  const lock = { released: false, release: async () => void (lock.released = true) };
  held.push(lock);
  return lock;
});
const settled = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  held = [];
  page = new EventTarget();
  request.mockClear();
  vi.stubGlobal("document", page);
  vi.stubGlobal("navigator", { wakeLock: { request } });
});
afterEach(() => vi.unstubAllGlobals());

test("the screen stays on while the camera films, also after the page was away, and may go dark then", async () => {
  const awake = new Awake();
  awake.hold();
  awake.hold();
  await settled();
  expect(request).toHaveBeenCalledTimes(1);
  held[0]!.released = true; // as browsers do when the page is hidden
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  expect(request).toHaveBeenCalledTimes(2);
  awake.release();
  await settled();
  expect(held[1]!.released).toBe(true);
  page.dispatchEvent(new Event("visibilitychange"));
  await settled();
  expect(request).toHaveBeenCalledTimes(2);
});

test("a phone that does not, or refuses, goes on", async () => {
  request.mockRejectedValueOnce(new DOMException("", "NotAllowedError"));
  const awake = new Awake();
  awake.hold();
  await settled();
  vi.stubGlobal("navigator", {});
  new Awake().hold();
  await settled();
  awake.release();
});
