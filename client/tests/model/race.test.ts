import { expect, test, vi } from "vitest";
import { race, type Run } from "../../src/model/race";
import type { Output } from "../../src/model/protocol";

const output = (probability: number): Output => ({
  ...{ probabilities: Float32Array.of(probability), heatmaps: Float32Array.of(0.5), rows: 1, columns: 1, ms: 0 },
});
let clock = 0;
/** Takes so many ms and gives this. */
const runner = (ms: number, given: Output | Error = output(0.5)): Run =>
  vi.fn(async () => {
    clock += ms;
    if (given instanceof Error) throw given;
    return given;
  });
const won = (wasm: Run, webgpu: Run) => race(4, wasm, webgpu, () => clock);

test("WebGPU has to be faster by a fifth, and to say the same", async () => {
  expect(await won(runner(10), runner(5))).toBe("webgpu");
  expect(await won(runner(10), runner(9))).toBe("wasm");
  expect(await won(runner(10), runner(1, output(0.5 + 1.1 / 255)))).toBe("wasm");
  expect(await won(runner(10), runner(1, output(0.5 + 0.9 / 255)))).toBe("webgpu");
  expect(await won(runner(10), runner(1, output(NaN)))).toBe("wasm");
  expect(await won(runner(10), runner(1, { ...output(0.5), heatmaps: new Float32Array(2) }))).toBe("wasm");
  expect(await won(runner(10), runner(1, { ...output(0.5), heatmaps: Float32Array.of(0.6) }))).toBe("wasm");
});

test("both see the same pictures, several of them; one that throws ends the race", async () => {
  const [wasm, webgpu] = [runner(2), runner(1)];
  await won(wasm, webgpu);
  const seen = (run: Run) => vi.mocked(run).mock.calls.slice(0, 3).map(([pixels]) => pixels.join()); // prettier-ignore
  expect(seen(wasm)).toEqual(seen(webgpu));
  expect(new Set(seen(wasm)).size).toBe(3);
  await expect(won(runner(1), runner(1, new Error("device lost")))).rejects.toThrow("device lost");
});
