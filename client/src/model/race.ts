/** Which way a model runs: on WebGPU only where it has shown that it is faster there, and says the same. */
import type { Output, Way } from "./protocol";

export type Run = (pixels: Uint8Array<ArrayBuffer>) => Promise<Output>;

const APART = 1 / 255; // of a probability
const FASTER = 0.8; // of the time: less is not worth a chip that the phone draws with
const ROUNDS = 5;
const PICTURES = 3;

/**
 * Runs both on the same pixels. Anything that a way throws loses it the race; WebAssembly is not asked to prove itself.
 *
 * @param now ms
 */
export async function race(side: number, wasm: Run, webgpu: Run, now = () => performance.now()): Promise<Way> {
  for (let seed = 0; seed < PICTURES; seed++) {
    const pixels = picture(side, seed);
    if (apart(await wasm(pixels), await webgpu(pixels)) > APART) return "wasm"; // the first run is the slow one, too
  }
  const pixels = picture(side, PICTURES);
  return (await median(() => webgpu(pixels), now)) < FASTER * (await median(() => wasm(pixels), now))
    ? "webgpu"
    : "wasm";
}

/** uint8[side, side, 3]: no two alike, with edges and with noise. */
function picture(side: number, seed: number): Uint8Array<ArrayBuffer> {
  let state = 2 ** 31 - 1 - seed;
  return Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    state = (state * 48271) % 2147483647; // Park and Miller
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return ((Math.floor(x / 16) + Math.floor(y / (8 + seed))) % 2) * 120 + (state % 100);
  });
}

/** How far apart they are, of any class and of any cell of its map; Infinity where one gives no number. */
function apart(a: Output, b: Output): number {
  let most = 0;
  for (const name of ["probabilities", "heatmaps"] as const) {
    if (a[name].length !== b[name].length) return Infinity;
    for (let i = 0; i < a[name].length; i++) {
      const each = Math.abs(a[name][i]! - b[name][i]!);
      if (!(each <= most)) most = Number.isNaN(each) ? Infinity : each;
    }
  }
  return most;
}

async function median(run: () => Promise<unknown>, now: () => number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = now();
    await run();
    times.push(now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1]!;
}
