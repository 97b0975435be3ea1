import { afterEach, expect, test, vi } from "vitest";
import { parse } from "../../src/contract/served-manifest";
import { chosenThresholds } from "../../src/reading/reader";
import { manifest } from "../manifest-example";

afterEach(() => vi.unstubAllGlobals());

test("thresholds are the manifest's until the user asks for more confidence", () => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  const tuned = chosenThresholds(parse(manifest()));
  expect(tuned[0]).toBeCloseTo(0.5, 6);
  expect(tuned[1]).toBeCloseTo(0.6, 6);
  vi.stubGlobal("localStorage", { getItem: () => "0.8" });
  chosenThresholds(parse(manifest())).forEach((threshold, i) => expect(threshold).toBeGreaterThan(tuned[i]!));
});
