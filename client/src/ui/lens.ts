import { text } from "../texts/texts";
import { element, icon } from "./element";
import { TORCH } from "./icons";

/** What some cameras can besides: https://www.w3.org/TR/image-capture/ */
type Able = MediaTrackCapabilities & { torch?: boolean; zoom?: { min: number; max: number } };
type Wish = MediaTrackConstraintSet & { torch?: boolean; zoom?: number };

const STEPS = [1, 2, 4]; // times the widest

/** Light and zoom of the camera, where it has them. */
export class Lens {
  readonly root = element("div", { className: "lens" });

  constructor(private readonly track: () => MediaStreamTrack | null) {}

  /** Shows what the camera that films now can do. */
  fit(): void {
    const able: Able = this.track()?.getCapabilities?.() ?? {};
    this.root.replaceChildren(...(able.torch ? [this.#torch()] : []), ...(able.zoom ? this.#zoom(able.zoom) : []));
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

  #zoom({ min, max }: { min: number; max: number }): HTMLElement[] {
    const steps = STEPS.filter((step) => step * min <= max);
    if (steps.length < 2) return [];
    const buttons = steps.map((step, i) => {
      const button = element("button", { type: "button", className: "round" }, `${step}×`);
      button.setAttribute("aria-pressed", String(!i));
      button.onclick = async () => {
        if (!(await this.#wish({ zoom: step * min }))) return;
        for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      };
      return button;
    });
    return buttons;
  }

  /** True when the camera does it. */
  async #wish(wish: Wish): Promise<boolean> {
    const done = this.track()?.applyConstraints({ advanced: [wish] });
    return done ? done.then(() => true).catch(() => false) : false;
  }
}
