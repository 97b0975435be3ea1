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
