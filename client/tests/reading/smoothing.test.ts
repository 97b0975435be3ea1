import { expect, test } from "vitest";
import { Smoother, Steady } from "../../src/reading/smoothing";

test("smoothing depends on time, not on the number of frames", () => {
  const [few, many] = [new Smoother(200), new Smoother(200)];
  few.update(Float32Array.of(0), 0);
  many.update(Float32Array.of(0), 0);
  for (let t = 10; t <= 400; t += 10) many.update(Float32Array.of(1), t);
  expect(many.update(Float32Array.of(1), 400)[0]).toBeCloseTo(few.update(Float32Array.of(1), 400)[0]!, 5);
});

test("a value that lasts is shown, one that flickers is not", () => {
  const steady = new Steady("a", 100);
  expect(steady.update("b", 0)).toBe("a");
  expect(steady.update("a", 50)).toBe("a");
  expect(steady.update("b", 60)).toBe("a");
  expect(steady.update("b", 160)).toBe("b");
});

test("after its time constant 63 % of a step has arrived; a reset or another length begins anew", () => {
  const smoother = new Smoother(200);
  smoother.update(Float32Array.of(0), 0);
  expect(smoother.update(Float32Array.of(1), 200)[0]).toBeCloseTo(1 - Math.exp(-1), 5);
  smoother.reset();
  expect([...smoother.update(Float32Array.of(1), 210)]).toEqual([1]);
  expect([...smoother.update(Float32Array.of(0, 1), 220)]).toEqual([0, 1]);
});
