import { afterEach, expect, test, vi } from "vitest";
import { cameras, close, open } from "../../src/camera/camera";

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

test("the rear camera, or the one that the user has chosen; one that is gone is no failure", async () => {
  const asked: MediaStreamConstraints[] = [];
  const getUserMedia = async (wanted: MediaStreamConstraints) => {
    asked.push(wanted);
    if (JSON.stringify(wanted).includes("gone")) throw new DOMException("", "OverconstrainedError");
    return { getTracks: () => [] };
  };
  const enumerateDevices = async () => [
    { kind: "videoinput", deviceId: "a" },
    { kind: "audioinput", deviceId: "b" },
    { kind: "videoinput", deviceId: "" }, // before it was allowed
  ];
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia, enumerateDevices } });
  await open(video());
  await open(video(), "wide");
  await open(video(), "gone");
  expect(asked.map(({ video }) => video)).toMatchObject([
    { facingMode: { ideal: "environment" } },
    { deviceId: { exact: "wide" } },
    { deviceId: { exact: "gone" } },
    { facingMode: { ideal: "environment" } },
  ]);
  expect(asked[1]!.video).not.toHaveProperty("facingMode");
  expect(await cameras()).toEqual([{ kind: "videoinput", deviceId: "a" }]);
  vi.stubGlobal("navigator", {});
  expect(await cameras()).toEqual([]);
});
