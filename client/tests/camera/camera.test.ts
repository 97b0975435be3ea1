import { afterEach, expect, test, vi } from "vitest";
import { close, open } from "../../src/camera/camera";

afterEach(() => vi.unstubAllGlobals());

const video = () => ({ play: async () => undefined, srcObject: null }) as unknown as HTMLVideoElement;
const camera = (getUserMedia: () => Promise<unknown>) => vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });

test.each([
  ["NotAllowedError", "WeldSpot may not use the camera"],
  ["OverconstrainedError", "No camera found"],
  ["AbortError", "The camera is busy"],
  ["TypeError", "The camera does not start"],
])("%s is a sentence", async (name, title) => {
  camera(() => Promise.reject(new DOMException("", name)));
  await expect(open(video())).rejects.toMatchObject({ title });
});

test("a page without https gets no camera", async () => {
  vi.stubGlobal("navigator", {});
  await expect(open(video())).rejects.toMatchObject({ title: "The browser keeps the camera closed" });
});

test("the stream is shown, and every track of it stopped", async () => {
  const stop = vi.fn();
  const stream = { getTracks: () => [{ stop }, { stop }] } as unknown as MediaStream;
  camera(async () => stream);
  const shown = video();
  close(await open(shown));
  expect(shown.srcObject).toBe(stream);
  expect(stop).toHaveBeenCalledTimes(2);
  close(null);
});
