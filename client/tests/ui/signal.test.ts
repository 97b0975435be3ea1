import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { turn } from "../../src/storage/settings";
import { Signal } from "../../src/ui/signal";

const vibrate = vi.fn();
const tones: number[] = [];
const chained = { connect: () => chained, frequency: { value: 0 } };

class Audio {
  state = "running";
  currentTime = 0;
  destination = {};
  createOscillator() {
    const frequency = { set value(hertz: number) { tones.push(hertz); } }; // prettier-ignore
    return { ...chained, frequency, start: () => undefined, stop: () => undefined };
  }
  createGain() {
    return { ...chained, gain: { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined } };
  }
}

beforeEach(() => {
  tones.length = 0;
  vibrate.mockReset();
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("navigator", { vibrate });
  vi.stubGlobal("AudioContext", Audio);
});
afterEach(() => {
  for (const name of ["vibrate", "sound"] as const) turn(name, false);
  vi.unstubAllGlobals();
});

const crack = { kind: "defect", labels: ["Crack"] } as const;
const good = { kind: "good", labels: ["Good"] } as const;

test("nothing shakes or sounds until it is switched on", () => {
  new Signal().verdict(crack);
  expect([vibrate.mock.calls, tones]).toEqual([[], []]);
});

test("a verdict is told once, a defect otherwise than a good weld, and again when it comes back", () => {
  turn("vibrate", true);
  turn("sound", true);
  const signal = new Signal();
  signal.verdict(crack);
  signal.verdict(crack);
  expect(vibrate).toHaveBeenCalledTimes(1);
  expect(tones).toHaveLength(2);
  signal.verdict(good);
  expect(tones).toHaveLength(3);
  expect(tones[2]).toBeGreaterThan(tones[0]!);
  signal.forget();
  signal.verdict(good);
  expect(vibrate).toHaveBeenCalledTimes(3);
  signal.verdict({ kind: "unsure", labels: [] });
  expect(vibrate).toHaveBeenCalledTimes(3);
});
