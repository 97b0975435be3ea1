import { Awake } from "../camera/awake";
import { LiveCamera } from "../camera/live-camera";
import { type Still, still } from "../camera/photo";
import { square } from "../camera/pixels";
import type { Manifest } from "../contract/served-manifest";
import { asProblem, type Problem } from "../incidents/problem";
import type { Classifier } from "../model/classifier";
import { ClassBook } from "../reading/class-book";
import { type Reading, Reader } from "../reading/reader";
import { chosenCamera, isOn, onSettings, sensitivity, TUNED } from "../storage/settings";
import { text } from "../texts/texts";
import { Bars } from "./bars";
import { element, icon, say } from "./element";
import { GALLERY } from "./icons";
import { Lens } from "./lens";
import { Notice, type NoticeEvents } from "./notice";
import { Signal } from "./signal";
import { VerdictCard } from "./verdict-card";
import { Where } from "./where";

const SHORTEST = 66; // ms between two frames that are looked at: a phone that gets hot slows down
const RESTING = 200; // when nothing moves and the verdict stands
const STALE = 750; // ms without an answer; looked for every WATCH: nothing older than a second is shown
const WATCH = 200;

export interface LiveEvents extends NoticeEvents {
  /** a reading is shown */
  looked(reading: Reading, manifest: Manifest): void;
  capture(still: Still): void;
}

/** The live view: what the camera sees, what the model says of it, and where. */
export class Live {
  readonly #video = element("video", { muted: true, playsInline: true, aria: { label: text("camera") } });
  readonly #where = new Where();
  readonly #speed = element("p", { className: "speed", aria: { hidden: "true" } });
  readonly #notice: Notice;
  readonly #card = new VerdictCard();
  readonly #bars = new Bars();
  readonly #camera: LiveCamera;
  readonly #lens: Lens;
  readonly #changed = element(
    "button",
    { type: "button", className: "changed", hidden: true, onclick: () => this.events.settings() },
    text("sensitivityChanged"),
  );
  readonly #shutter = element("button", {
    type: "button",
    className: "shutter",
    disabled: true,
    onclick: () => this.#capture(),
  });
  readonly #awake = new Awake();
  readonly #signal = new Signal();
  readonly #reader: Reader;
  readonly root: HTMLElement;
  #looking = false;
  #book: ClassBook | null = null; // of the model that runs
  #paused = false;
  #answered = 0; // when the reading that is shown was, ms; 0: none is
  #times: number[] = [];

  constructor(
    classifier: Classifier,
    private readonly events: LiveEvents,
  ) {
    this.#reader = new Reader(classifier);
    this.#notice = new Notice(events);
    const filming = {
      state: (now: "on" | "paused" | "again") => this.#filming(now),
      failed: (problem: Problem) => this.problem(problem),
    };
    this.#camera = new LiveCamera(this.#video, filming, chosenCamera);
    this.#lens = new Lens(
      () => this.#camera.track,
      this.#video,
      () => void this.start(),
    );
    this.#shutter.setAttribute("aria-label", text("capture"));
    const gallery = element(
      "button",
      { type: "button", className: "tool", onclick: () => events.pick() },
      icon(GALLERY),
      text("photo"),
    );
    const guide = element("div", { className: "guide" });
    this.root = element(
      "div",
      { className: "live" },
      element(
        "div",
        { className: "stage" },
        ...[this.#video, this.#where.canvas, guide, this.#speed, ...this.#lens.layers, this.#changed],
      ),
      element(
        "div",
        { className: "panel" },
        element("div", { className: "said" }, this.#card.root, this.#bars.root),
        element("div", { className: "controls" }, gallery, this.#shutter, this.#where.toggle),
      ),
      this.#notice.root,
    );
    this.#card.message(text("starting"), text("starting.what"));
    this.#bars.clear();
    onSettings(() => this.#settings());
    this.#settings();
    setInterval(() => this.#watch(), WATCH);
    document.addEventListener("visibilitychange", () => document.hidden && this.#answered && this.#nothing("looking"));
  }

  /** Opens the camera and looks; a Problem is shown with what to do. */
  async start(): Promise<void> {
    try {
      await this.#camera.open();
      if (!this.#looking) void this.#look();
    } catch (error) {
      this.problem(asProblem(error));
    }
  }

  /** The model that runs from now on. */
  model(manifest: Manifest): void {
    this.#book = new ClassBook(manifest);
    this.#reader.reset();
    this.#bars.forget();
    if (!this.#camera.on) return;
    this.clear();
    this.#nothing("looking");
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#times = [];
    if (paused) return;
    this.#reader.reset();
    if (this.#looking && !this.#camera.on) void this.start(); // another view had it
  }

  /** The share of what has to arrive, 0 to 1. */
  progress(share: number): void {
    const percent = Math.floor(100 * share);
    const what = percent < 100 ? text("loading.what", { percent }) : text("loading.start");
    this.#card.message(text("loading"), what, share);
  }

  /** Something that takes a while, over the picture; null: it is done. */
  busy(told: string | null): void {
    if (told === null) this.clear();
    else this.#notice.busy(told);
  }

  problem(problem: Problem): void {
    this.#looking = false;
    this.#camera.close();
    this.#awake.release();
    this.#notice.problem(problem);
    this.#nothing("notLooking");
  }

  clear(): void {
    this.#notice.clear();
  }

  async #look(): Promise<void> {
    for (this.#looking = true; this.#looking;) {
      const start = performance.now();
      let pace = SHORTEST;
      try {
        if (await this.#camera.frame()) pace = (await this.#frame()) ? RESTING : SHORTEST;
      } catch (error) {
        this.problem(asProblem(error));
      }
      await new Promise((done) => setTimeout(done, Math.max(0, pace - (performance.now() - start))));
    }
  }

  /** Reads the frame that is shown; true when nothing moves and the verdict stands. */
  async #frame(): Promise<boolean> {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.#book || this.#paused || document.hidden || !this.#camera.on || !width) return false;
    const book = this.#book;
    const now = performance.now();
    let reading: Reading;
    try {
      reading = await this.#reader.read(this.#video, square(width, height), book, now);
    } catch (error) {
      if (book !== this.#book) return false; // a new model took the place of the one that was asked
      throw error;
    }
    const late = performance.now() - now > STALE; // of a picture that is no longer there
    if (book !== this.#book || this.#paused || late || !this.#looking || !this.#camera.on) return false;
    this.#show(reading, book, now);
    this.events.looked(reading, book.manifest);
    return reading.settled && !reading.obstacle;
  }

  #show(reading: Reading, book: ClassBook, now: number): void {
    this.#answered = performance.now();
    this.#shutter.disabled = false;
    this.#times = [...this.#times.filter((time) => now - time < 1000), now];
    if (isOn("speed")) say(this.#speed, `${reading.output.ms.toFixed(0)} ms · ${this.#times.length} frames/s`);
    if (reading.obstacle) {
      this.#card.obstacle(reading.obstacle);
      this.#bars.clear();
      this.#where.wipe();
      return;
    }
    if (reading.verdict) {
      this.#card.verdict(reading.verdict, book);
      this.#signal.verdict(reading.verdict);
    } else this.#card.message(text("looking"), text("looking.what"));
    this.#bars.show(reading, book);
    const [first] = reading.verdict?.kind === "defect" ? reading.verdict.labels : [];
    if (first !== undefined) this.#where.show(reading.output, book, first);
    else this.#where.wipe();
  }

  /** No verdict stands without an answer that is fresh. */
  #watch(): void {
    if (!this.#answered || this.#paused || performance.now() - this.#answered < STALE) return;
    this.#nothing("lookingAgain");
  }

  /** Takes away what was read, and says why. */
  #nothing(why: "looking" | "lookingAgain" | "notLooking" | "cameraPaused"): void {
    this.#answered = 0;
    this.#signal.forget();
    this.#reader.reset();
    this.#shutter.disabled = !this.#camera.on || !this.#book;
    this.#card.message(text(why), text(`${why}.what`));
    this.#bars.clear();
    say(this.#speed, "");
    this.#where.wipe();
  }

  #filming(now: "on" | "paused" | "again"): void {
    if (now === "paused") this.#nothing("cameraPaused");
    else if (this.#book) this.#nothing("looking");
    this.#awake.hold();
    if (now === "again") this.busy(text("cameraAgain"));
    else this.clear();
    this.#lens.fit();
  }

  #capture(): void {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (width) this.events.capture(still(this.#video, square(width, height)));
  }

  #settings(): void {
    this.#changed.hidden = sensitivity() === TUNED;
    if (!isOn("speed")) say(this.#speed, "");
  }
}
