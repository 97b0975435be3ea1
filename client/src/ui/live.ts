import { close, open } from "../camera/camera";
import { type Still, still } from "../camera/photo";
import { square } from "../camera/pixels";
import type { Manifest } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { asProblem, type Problem } from "../incidents/problem";
import type { Classifier } from "../model/classifier";
import { ClassBook } from "../reading/class-book";
import { colours, paint, wipe } from "../reading/heatmap";
import { type Reading, Reader } from "../reading/reader";
import { confidence, setConfidence } from "../storage/settings";
import { Bars } from "./bars";
import { element, icon, say } from "./element";
import { GALLERY, HEAT } from "./icons";
import { type Action, problemCard } from "./problem-card";
import { VerdictCard } from "./verdict-card";

const SHORTEST = 66; // ms between two frames that are looked at: a phone that gets hot slows down

export interface LiveEvents {
  capture(still: Still): void;
  pick(): void;
  retry(): void;
}

/** The live view: what the camera sees, what the model says of it, and where. */
export class Live {
  readonly #video = element("video", { muted: true, playsInline: true, aria: { label: "Camera" } });
  readonly #heat = element("canvas", { className: "heat", aria: { hidden: "true" } });
  readonly #speed = element("p", { className: "speed", aria: { hidden: "true" } });
  readonly #notice = element("div", { className: "notice" });
  readonly #card = new VerdictCard();
  readonly #bars = new Bars();
  readonly #shutter = element("button", {
    type: "button",
    className: "shutter",
    disabled: true,
    onclick: () => this.#capture(),
  });
  readonly #heatSwitch = element(
    "button",
    { type: "button", className: "tool", onclick: () => this.#toggleHeat() },
    icon(HEAT),
    "Where",
  );
  readonly #reader: Reader;
  readonly root: HTMLElement;
  #stream: MediaStream | null = null;
  #book: ClassBook | null = null; // of the model that runs
  #heatOn = true;
  #paused = false;
  #times: number[] = [];

  constructor(
    classifier: Classifier,
    private readonly events: LiveEvents,
  ) {
    this.#reader = new Reader(classifier);
    this.#shutter.setAttribute("aria-label", "Capture and correct");
    this.#heatSwitch.setAttribute("aria-pressed", "true");
    const gallery = element(
      "button",
      { type: "button", className: "tool", onclick: () => events.pick() },
      icon(GALLERY),
      "Photo",
    );
    this.root = element(
      "div",
      { className: "live" },
      element(
        "div",
        { className: "stage" },
        this.#video,
        this.#heat,
        element("div", { className: "guide" }),
        this.#speed,
        this.#notice,
      ),
      element(
        "div",
        { className: "panel" },
        this.#card.root,
        this.#bars.root,
        slider(),
        element("div", { className: "controls" }, gallery, this.#shutter, this.#heatSwitch),
      ),
    );
    this.#card.message("Starting", "Getting the camera and the model ready.");
    this.#bars.clear();
  }

  /** Opens the camera; a Problem is shown with what to do. */
  async start(): Promise<void> {
    close(this.#stream);
    try {
      this.#stream = await open(this.#video);
      this.#stream.getVideoTracks()[0]?.addEventListener("ended", () => this.#lost());
      void this.#loop(this.#stream);
    } catch (error) {
      this.#stream = null;
      this.problem(asProblem(error));
    }
  }

  /** The model that runs from now on. */
  model(manifest: Manifest): void {
    this.#book = new ClassBook(manifest);
    this.#reader.reset();
    this.#bars.forget();
    wipe(this.#heat);
    if (!this.#stream) return;
    this.clear();
    this.#card.message("Looking …", "Hold the phone still.");
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#times = [];
    if (!paused) this.#reader.reset();
  }

  progress(share: number): void {
    this.#card.message("Loading the model", `${Math.round(100 * share)} % has arrived. It stays on this phone.`);
  }

  problem(problem: Problem): void {
    const actions: Action[] = [{ text: "Try again", act: () => this.events.retry() }];
    if (this.#book) actions.push({ text: "Pick a photo", act: () => this.events.pick() });
    this.#notice.replaceChildren(problemCard(problem, actions));
    this.#shutter.disabled = true;
    this.#card.message("Not looking", "See above what to do.");
    this.#bars.clear();
    wipe(this.#heat);
  }

  clear(): void {
    this.#notice.replaceChildren();
  }

  async #loop(stream: MediaStream): Promise<void> {
    while (this.#stream === stream) {
      const start = performance.now();
      try {
        await this.#frame(start);
      } catch (error) {
        this.problem(asProblem(error));
        this.#stream = null;
        close(stream);
        return;
      }
      await new Promise((done) => setTimeout(done, Math.max(0, SHORTEST - (performance.now() - start))));
    }
  }

  async #frame(now: number): Promise<void> {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!this.#book || this.#paused || document.hidden || !width || this.#video.readyState < 2) return;
    if (this.#video.paused) await this.#video.play().catch(() => undefined);
    const book = this.#book;
    let reading: Reading;
    try {
      reading = await this.#reader.read(this.#video, square(width, height), book, now);
    } catch (error) {
      if (book !== this.#book) return; // a new model took the place of the one that was asked
      throw error;
    }
    if (book === this.#book && !this.#paused) this.#show(reading, book, now);
  }

  #show(reading: Reading, book: ClassBook, now: number): void {
    this.#shutter.disabled = false;
    this.#times = [...this.#times.filter((time) => now - time < 1000), now];
    say(this.#speed, `${reading.output.ms.toFixed(0)} ms · ${this.#times.length} frames/s`);
    if (reading.obstacle) {
      this.#card.obstacle(reading.obstacle);
      this.#bars.clear();
      wipe(this.#heat);
      return;
    }
    if (reading.verdict) this.#card.verdict(reading.verdict, book);
    else this.#card.message("Looking …", "Hold the phone still.");
    this.#bars.show(reading.probabilities, reading.thresholds, book);
    const { heatmaps, rows, columns } = reading.output;
    if (this.#heatOn && reading.verdict?.kind === "defect") {
      paint(
        this.#heat,
        colours(heatmaps, rows, columns, book.labels.indexOf(reading.verdict.labels[0]!)),
        rows,
        columns,
      );
    } else wipe(this.#heat);
  }

  #capture(): void {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (width) this.events.capture(still(this.#video, square(width, height)));
  }

  #toggleHeat(): void {
    this.#heatOn = !this.#heatOn;
    this.#heatSwitch.setAttribute("aria-pressed", String(this.#heatOn));
    if (!this.#heatOn) wipe(this.#heat);
  }

  #lost(): void {
    log("the camera went away");
    this.#stream = null;
    this.events.retry();
  }
}

function slider(): HTMLElement {
  const value = element("output", {}, percent(confidence()));
  const input = element("input", {
    type: "range",
    min: "0.05",
    max: "0.95",
    step: "0.05",
    value: String(confidence()),
  });
  input.addEventListener("input", () => {
    setConfidence(Number(input.value));
    value.textContent = percent(confidence());
  });
  return element("label", { className: "confidence" }, element("span", {}, "Confidence"), input, value);
}

const percent = (share: number) => `${Math.round(100 * share)} %`;
