import { log } from "../incidents/log";

/** Keeps the screen on where the browser can: https://www.w3.org/TR/screen-wake-lock/ */
export class Awake {
  #wanted = false;
  #lock: Promise<WakeLockSentinel | null> | null = null;

  constructor() {
    // browsers take it away with the page
    document.addEventListener("visibilitychange", () => document.hidden || (this.#wanted && this.hold()));
  }

  hold(): void {
    this.#wanted = true;
    const before = this.#lock;
    this.#lock = (async () => {
      const held = await before;
      if (held && !held.released) return held;
      return (await navigator.wakeLock?.request("screen")) ?? null;
    })().catch((error) => {
      log(`the screen may go dark: ${error}`); // a battery that is low
      return null;
    });
  }

  release(): void {
    this.#wanted = false;
    void this.#lock?.then((held) => held?.release()).catch(() => undefined);
    this.#lock = null;
  }
}
