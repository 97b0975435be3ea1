import { log } from "../incidents/log";
import { asProblem, Problem } from "../incidents/problem";
import { close, open } from "./camera";

const FRAME_MS = 1_000; // without a new frame: the caller is told
const SILENT_MS = 4_000; // without one while it should film: opened anew
const REOPEN_MS = 1_000; // longer each time
const DEATHS = 3; // within MINUTE, then somebody has to look
const MINUTE = 60_000;

export interface CameraEvents {
  /** "paused": another app has it; "again": it is being opened anew; "on": it films */
  state(now: "on" | "paused" | "again"): void;
  /** It does not come back by itself. */
  failed(problem: Problem): void;
}

/** The camera of the live view: one stream at most, opened anew when it ends, falls silent or comes back from a call. */
export class LiveCamera {
  #stream: MediaStream | null = null;
  #opening: Promise<void> | null = null;
  #wanted = false;
  #deaths: number[] = [];
  #lastFrame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly events: CameraEvents,
    private readonly device: () => string = () => "", // the one that the user has chosen
  ) {
    document.addEventListener("visibilitychange", () => document.hidden || this.#looked());
  }

  /** Whether it films as far as it says itself. */
  get on(): boolean {
    return this.track?.readyState === "live" && !this.track.muted;
  }

  get track(): MediaStreamTrack | null {
    return this.#stream?.getVideoTracks()[0] ?? null;
  }

  /** Opens it; taps while it opens wait for the same. Throws a Problem. */
  open(): Promise<void> {
    this.#wanted = true;
    this.#deaths = [];
    return this.#open();
  }

  /** Switches it off. */
  close(): void {
    this.#wanted = false;
    this.#drop();
  }

  /** Waits for the next frame; false when none came within a second. */
  async frame(): Promise<boolean> {
    const came = await this.#next();
    const now = performance.now();
    if (came || document.hidden || !this.on) this.#lastFrame = now;
    else if (now - this.#lastFrame > SILENT_MS && !this.#opening) this.#lost("no frame comes");
    return came;
  }

  #next(): Promise<boolean> {
    const { video } = this;
    return new Promise((done) => {
      const timer = setTimeout(() => done(false), FRAME_MS);
      const came = (is: boolean) => {
        clearTimeout(timer);
        done(is);
      };
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(() => came(true));
      else setTimeout(() => came(this.on && video.readyState >= 2 && !document.hidden), 33);
    });
  }

  #open(): Promise<void> {
    this.#opening ??= this.#opened().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #opened(): Promise<void> {
    this.#drop();
    const stream = await open(this.video, this.device());
    if (!this.#wanted) return close(stream);
    this.#stream = stream;
    this.#lastFrame = performance.now();
    const mine = (act: () => void) => () => void (this.#stream === stream && act());
    const track = stream.getVideoTracks()[0];
    track?.addEventListener("ended", mine(() => this.#lost("it ended"))); // prettier-ignore
    track?.addEventListener("mute", mine(() => this.events.state("paused"))); // prettier-ignore
    track?.addEventListener("unmute", mine(() => this.events.state("on"))); // prettier-ignore
    this.events.state(track?.muted ? "paused" : "on");
  }

  #drop(): void {
    clearTimeout(this.#timer);
    close(this.#stream);
    this.#stream = null;
  }

  /** Comes back by itself, a little later each time; after the third time within a minute somebody has to look. */
  #lost(why: string): void {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((time) => now - time < MINUTE), now];
    log(`the camera went away (${why}), ${this.#deaths.length} within a minute`);
    this.#drop();
    if (this.#deaths.length >= DEATHS) {
      this.#deaths = [];
      return this.events.failed(new Problem("cameraStops", { cause: why }));
    }
    this.events.state("again");
    this.#timer = setTimeout(() => void this.#again(), REOPEN_MS * this.#deaths.length);
  }

  async #again(): Promise<void> {
    if (!this.#wanted || document.hidden) return; // then when it is looked at
    await this.#open().catch((error) => this.events.failed(asProblem(error)));
  }

  /** The page is in front again: on an iPhone the track may have ended, or stay muted for good. */
  #looked(): void {
    if (!this.#wanted || this.#opening) return;
    this.#lastFrame = performance.now();
    if (!this.on) void this.#again();
    else if (this.video.paused) void this.video.play().catch(() => undefined);
  }
}
