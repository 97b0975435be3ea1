import { cameras } from "../camera/camera";
import { chosenCamera, chooseCamera } from "../storage/settings";
import { text } from "../texts/texts";
import { element, icon } from "./element";
import { LENS, TORCH } from "./icons";

/** What some cameras can besides: https://www.w3.org/TR/image-capture/ */
type Able = MediaTrackCapabilities & { torch?: boolean; zoom?: { min: number; max: number }; focusMode?: string[] };
type Wish = MediaTrackConstraintSet & {
  torch?: boolean;
  zoom?: number;
  focusMode?: string;
  pointsOfInterest?: { x: number; y: number }[];
};

const STEPS = [1, 2, 4]; // times the widest
const RING_MS = 1_200;

/** Light, zoom, focus and choice of the camera, where there are any. */
export class Lens {
  readonly root = element("div", { className: "lens" });
  readonly #ring = element("div", { className: "ring", hidden: true });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param video shows the square in the middle of what the camera sees; a tap on it focuses there
   * @param reopen with the camera that has been chosen
   */
  constructor(
    private readonly track: () => MediaStreamTrack | null,
    private readonly video: HTMLVideoElement,
    private readonly reopen: () => void,
  ) {
    video.addEventListener("click", (event) => void this.#focus(event));
  }

  /** What lies over the picture. */
  get layers(): HTMLElement[] {
    return [this.#ring, this.root];
  }

  /** Shows what the camera that films now can do. */
  fit(): void {
    const able: Able = this.track()?.getCapabilities?.() ?? {};
    this.root.replaceChildren(...(able.torch ? [this.#torch()] : []), this.#zoom(able.zoom) ?? "");
    void this.#cameras();
  }

  #torch(): HTMLElement {
    let on = false;
    const button = element("button", { type: "button", className: "round" }, icon(TORCH));
    button.setAttribute("aria-label", text("torch"));
    button.setAttribute("aria-pressed", "false");
    button.onclick = async () => {
      if (!(await this.#wish({ torch: !on }))) return;
      on = !on;
      button.setAttribute("aria-pressed", String(on));
    };
    return button;
  }

  /** One button that goes from step to step: a row of them would lie over a small picture. */
  #zoom(able: Able["zoom"]): HTMLElement | null {
    if (!able) return null;
    const steps = STEPS.filter((step) => step * able.min <= able.max);
    if (steps.length < 2) return null;
    let [now] = steps as [number];
    const button = element("button", { type: "button", className: "round" });
    const told = () => {
      button.textContent = `${now}×`;
      button.setAttribute("aria-label", text("zoom", { now }));
    };
    told();
    button.onclick = async () => {
      const next = steps[(steps.indexOf(now) + 1) % steps.length]!;
      if (!(await this.#wish({ zoom: next * able.min }))) return;
      now = next;
      told();
    };
    return button;
  }

  /** A button that takes the next camera, where there are several: phones have one for each lens. */
  async #cameras(): Promise<void> {
    const track = this.track();
    const all = await cameras();
    if (all.length < 2 || track !== this.track()) return;
    const now = track?.getSettings?.().deviceId ?? chosenCamera();
    const next = all[(all.findIndex(({ deviceId }) => deviceId === now) + 1) % all.length]!;
    const button = element("button", { type: "button", className: "round", title: next.label }, icon(LENS));
    button.setAttribute("aria-label", text("lens"));
    button.onclick = () => {
      button.disabled = true; // until it films, which brings another
      chooseCamera(next.deviceId);
      this.reopen();
    };
    this.root.prepend(button);
  }

  /** Focuses where the picture was tapped; a ring says so, only where the camera does it. */
  async #focus({ offsetX, offsetY }: MouseEvent): Promise<void> {
    const { videoWidth: width, videoHeight: height, clientWidth: shown } = this.video;
    const able: Able = this.track()?.getCapabilities?.() ?? {};
    const focusMode = ["single-shot", "continuous"].find((mode) => able.focusMode?.includes(mode));
    if (!focusMode || !width) return;
    const side = Math.min(width, height); // the square that is shown
    const x = ((width - side) / 2 + (side * offsetX) / shown) / width;
    const y = ((height - side) / 2 + (side * offsetY) / shown) / height;
    if (!(await this.#wish({ pointsOfInterest: [{ x, y }], focusMode }))) return;
    clearTimeout(this.#timer);
    this.#ring.style.left = `${(100 * offsetX) / shown}%`;
    this.#ring.style.top = `${(100 * offsetY) / shown}%`;
    this.#ring.hidden = false;
    this.#timer = setTimeout(() => (this.#ring.hidden = true), RING_MS);
  }

  /** True when the camera does it. */
  async #wish(wish: Wish): Promise<boolean> {
    const done = this.track()?.applyConstraints({ advanced: [wish] });
    return done ? done.then(() => true).catch(() => false) : false;
  }
}
