import { boxOf, largest, moved, resized, type Size, type Square } from "../camera/crop";
import { LEAST, type Picked } from "../camera/gallery";
import type { Still } from "../camera/photo";
import type { Box } from "../camera/pixels";
import { told } from "../incidents/problem";
import { text } from "../texts/texts";
import { element, say } from "./element";
import { Sheet } from "./sheet";

const STEP = 0.02; // of the photograph, with an arrow key; five times as far with Shift
const GROWTH = 1.1; // with + and −, and with a turn of a wheel

/** Chooses the part of a photograph that is meant: dragged, pinched, or by keys. */
export class Cropper {
  readonly #sheet: Sheet;
  readonly #frame = element("div", {
    className: "crop-frame",
    tabIndex: 0,
    aria: { role: "application", label: text("crop.frame"), describedby: "crop-how" },
    onkeydown: (event) => this.#key(event),
  });
  readonly #size = element("input", {
    type: "range",
    min: "0",
    max: "100",
    id: "crop-size",
    oninput: () => this.#resize(this.#sideAt(Number(this.#size.value))),
  });
  readonly #hint = element("p", { className: "hint", id: "crop-how", aria: { live: "polite" } }, text("crop.how"));
  readonly #use = element(
    "button",
    { type: "button", className: "button main", onclick: () => void this.#used() },
    text("crop.use"),
  );
  readonly #fingers = new Map<number, { x: number; y: number }>();
  #photo: Picked | null = null;
  #shown: HTMLElement | null = null;
  #square: Square = { x: 0, y: 0, side: 1 };
  #make: (box: Box) => Promise<Still> = () => Promise.reject();
  #done: (still: Still | null) => void = () => undefined;

  constructor() {
    this.#sheet = new Sheet(text("crop"), () => this.#answer(null));
    this.#sheet.footer.append(this.#use);
    const { style } = this.#frame;
    style.touchAction = "none";
    this.#frame.addEventListener("pointerdown", (event) => this.#down(event));
    this.#frame.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"] as const)
      this.#frame.addEventListener(name, (event) => this.#fingers.delete(event.pointerId));
    this.#frame.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.#resize(this.#square.side * (event.deltaY < 0 ? 1 / GROWTH : GROWTH));
      },
      { passive: false },
    );
  }

  /**
   * The part that the user means; null when it was closed.
   *
   * @param make the part of a box in pixels of the whole photograph: a large one takes a while
   */
  ask(photo: Picked, make: (box: Box) => Promise<Still>): Promise<Still | null> {
    this.#photo = photo;
    this.#make = make;
    this.#use.disabled = false;
    const { still } = photo;
    const shown = element("canvas", { className: "still", width: still.width, height: still.height });
    shown.setAttribute("role", "img");
    shown.setAttribute("aria-label", text("thePhotograph"));
    shown.getContext("2d")!.drawImage(still, 0, 0); // the still itself is in the review
    this.#shown = shown;
    this.#fingers.clear();
    this.#show(largest(this.#of));
    say(this.#hint, text("crop.how"));
    this.#sheet.body.replaceChildren(
      element("div", { className: "photo crop" }, shown, this.#frame),
      this.#hint,
      element(
        "section",
        {},
        element("label", { htmlFor: this.#size.id }, text("crop.size")),
        element("div", { className: "scale" }, this.#size),
      ),
    );
    this.#sheet.open();
    return new Promise((done) => (this.#done = done));
  }

  async #used(): Promise<void> {
    const asked = this.#done;
    this.#use.disabled = true;
    say(this.#hint, text("opening"));
    try {
      const still = await this.#make(this.#box());
      if (asked === this.#done) this.#answer(still); // else it has been closed
    } catch (error) {
      if (asked !== this.#done) return;
      say(this.#hint, told(error));
      this.#use.disabled = false;
    }
  }

  #answer(still: Still | null): void {
    const done = this.#done;
    this.#done = () => undefined;
    this.#sheet.close();
    done(still);
  }

  get #of(): Size {
    return this.#photo!.still;
  }

  /** The smallest side, in pixels of the still: what is enlarged shows nothing. */
  get #least(): number {
    const { still, whole } = this.#photo!;
    return (LEAST * still.width) / whole.width;
  }

  #box(): Box {
    return boxOf(this.#square, this.#of, this.#photo!.whole);
  }

  #show(square: Square): void {
    this.#square = square;
    const { width, height } = this.#of;
    const { style } = this.#frame;
    style.left = `${(100 * square.x) / width}%`;
    style.top = `${(100 * square.y) / height}%`;
    style.width = `${(100 * square.side) / width}%`;
    style.height = `${(100 * square.side) / height}%`;
    const most = Math.min(width, height);
    const least = Math.min(this.#least, most);
    this.#size.value = String(most > least ? Math.round((100 * (square.side - least)) / (most - least)) : 100);
  }

  #sideAt(percent: number): number {
    const most = Math.min(this.#of.width, this.#of.height);
    const least = Math.min(this.#least, most);
    return least + ((most - least) * percent) / 100;
  }

  #resize(side: number): void {
    this.#show(resized(this.#square, side, this.#least, this.#of));
  }

  #key(event: KeyboardEvent): void {
    const far = STEP * this.#of.width * (event.shiftKey ? 5 : 1);
    const ways: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-far, 0],
      ArrowRight: [far, 0],
      ArrowUp: [0, -far],
      ArrowDown: [0, far],
    };
    const way = ways[event.key];
    if (way) this.#show(moved(this.#square, ...way, this.#of));
    else if (event.key === "+" || event.key === "=") this.#resize(this.#square.side * GROWTH);
    else if (event.key === "-") this.#resize(this.#square.side / GROWTH);
    else return;
    event.preventDefault();
  }

  #down(event: PointerEvent): void {
    this.#frame.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  /** One finger drags; two pinch: the square grows as they part. */
  #move(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (other) {
      const apart = (finger: { x: number; y: number }) => Math.hypot(finger.x - other.x, finger.y - other.y);
      return this.#resize((this.#square.side * apart(now)) / Math.max(1, apart(before)));
    }
    const scale = this.#of.width / Math.max(1, this.#shown!.clientWidth);
    this.#show(moved(this.#square, (now.x - before.x) * scale, (now.y - before.y) * scale, this.#of));
  }
}
