import type { Verdict } from "../reading/verdict";
import { isOn } from "../storage/settings";

const BUZZ: Readonly<Record<Verdict["kind"], number[]>> = { defect: [60, 60, 60], good: [60], none: [], unsure: [] };
/** Hz, one after the other: low and twice for a defect, high for a good weld. */
const TONES: Readonly<Record<Verdict["kind"], number[]>> = { defect: [330, 330], good: [880], none: [], unsure: [] };
const TONE = 0.12; // s
const LOUD = 0.25;

/** Says a verdict to hand and ear, once; each only where the user has switched it on. */
export class Signal {
  #said = "";
  #audio: AudioContext | null = null;

  constructor() {
    // browsers let a page sound only after it has been touched
    document.addEventListener("pointerdown", () => isOn("sound") && void this.#ready()?.resume());
  }

  verdict({ kind, labels }: Verdict): void {
    const said = labels.join();
    if (said === this.#said) return;
    this.#said = said;
    if (!said) return;
    if (isOn("vibrate") && BUZZ[kind].length) navigator.vibrate?.(BUZZ[kind]);
    if (isOn("sound")) this.#sound(TONES[kind]);
  }

  /** The next verdict is a new one, whatever it is. */
  forget(): void {
    this.#said = "";
  }

  #ready(): AudioContext | null {
    if (typeof AudioContext === "undefined") return null;
    return (this.#audio ??= new AudioContext());
  }

  #sound(tones: readonly number[]): void {
    const audio = this.#ready();
    if (audio?.state !== "running") return;
    tones.forEach((hertz, i) => {
      const start = audio.currentTime + i * TONE * 1.5;
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(LOUD, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + TONE); // without a click at its end
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + TONE);
    });
  }
}
