import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveCamera } from "../../src/camera/live-camera";

class Track extends EventTarget {
  readyState = "live";
  muted = false;
  stop = vi.fn(() => void (this.readyState = "ended"));
  says(event: string) {
    if (event === "ended") this.readyState = "ended";
    if (event === "mute" || event === "unmute") this.muted = event === "mute";
    this.dispatchEvent(new Event(event));
  }
}

let tracks: Track[];
let page: EventTarget & { hidden?: boolean };
let frames: (() => void)[];
let answer: () => Promise<unknown>;
const events = { state: vi.fn(), failed: vi.fn() };
const live = () => tracks.filter(({ readyState }) => readyState === "live");

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  tracks = [];
  frames = [];
  page = new EventTarget();
  answer = async () => {
    await new Promise((done) => setTimeout(done, 100));
    const track = new Track();
    tracks.push(track);
    return { getTracks: () => [track], getVideoTracks: () => [track] };
  };
  vi.stubGlobal("document", page);
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: vi.fn(() => answer()) } });
});
afterEach(() => vi.useRealTimers());

function camera() {
  const video = {
    play: async () => undefined,
    requestVideoFrameCallback: (act: () => void) => frames.push(act),
    readyState: 4,
  };
  return new LiveCamera(video as unknown as HTMLVideoElement, events);
}

async function opened() {
  const made = camera();
  const ready = made.open();
  await vi.advanceTimersByTimeAsync(100);
  await ready;
  return made;
}

test("three taps open one camera, and none is left behind", async () => {
  const made = camera();
  const taps = [made.open(), made.open(), made.open()];
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(taps);
  expect(tracks).toHaveLength(1);
  made.close();
  expect(live()).toHaveLength(0);
});

test("a camera that is closed while it opens does not stay on", async () => {
  const made = camera();
  const ready = made.open();
  made.close();
  await vi.advanceTimersByTimeAsync(100);
  await ready;
  expect(live()).toHaveLength(0);
});

test("a camera that dies at once is opened anew twice, later each time, and then somebody has to look", async () => {
  await opened();
  for (let second = 0; second < 60; second++) {
    for (const track of live()) track.says("ended");
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(tracks).toHaveLength(3);
  expect(events.failed).toHaveBeenCalledOnce();
  expect(events.failed.mock.calls[0]![0]).toMatchObject({ code: "cameraStops" });
});

test("a call takes the camera and gives it back: both are said", async () => {
  const made = await opened();
  tracks[0]!.says("mute");
  expect(made.on).toBe(false);
  tracks[0]!.says("unmute");
  expect(made.on).toBe(true);
  expect(events.state.mock.calls.map(([state]) => state)).toEqual(["on", "paused", "on"]);
});

test("a camera that stays silent is opened anew, one that another app has is not", async () => {
  const made = await opened();
  for (let i = 0; i < 6; i++) {
    const came = made.frame();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await came).toBe(false);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  expect(tracks).toHaveLength(2);
  tracks[1]!.says("mute");
  for (let i = 0; i < 20; i++) {
    const came = made.frame();
    await vi.advanceTimersByTimeAsync(1_000);
    await came;
  }
  expect(tracks).toHaveLength(2);
});

test("a frame that comes is told at once", async () => {
  const made = await opened();
  const came = made.frame();
  frames.at(-1)!();
  expect(await came).toBe(true);
});

test("back from the background: what has ended or stays muted is opened anew", async () => {
  const made = await opened();
  tracks[0]!.muted = true;
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(100);
  expect(tracks).toHaveLength(2);
  expect(live()).toHaveLength(1);
  expect(made.on).toBe(true);
});
