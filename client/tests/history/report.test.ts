import { expect, test } from "vitest";
import { jsonReport } from "../../src/history/report";
import { shot } from "../shot-example";

test("a report says of each photograph what there was, and carries it", async () => {
  const image = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256); // more than one call takes
  const corrected = { ...shot("b", 5), correction: { labels: ["Porosity"], names: ["Pores"] }, note: "2nd “pass”" };
  const pictures: Record<string, ArrayBuffer> = { a: image.buffer };
  const made = new Date("2026-11-26T16:00:00Z");
  const report = JSON.parse(await (await jsonReport([shot("a"), corrected], async (id) => pictures[id], made)).text());
  expect(report).toMatchObject({ app: "weldspot", report: 1, made: "2026-11-26T16:00:00.000Z" });
  const [first, second] = report.photographs;
  expect(first).toMatchObject({
    ...{ id: "a", taken: "1970-01-01T00:00:00.000Z", model: { version: "3" }, scores: { Crack: 0.9 } },
    verdict: { kind: "defect", labels: ["Crack"], names: ["A crack"], obstacle: null },
    outlines: [{ label: "Crack", lines: [[[0.1, 0.1], [0.4, 0.1], [0.4, 0.4]]] }], // prettier-ignore
  });
  const bytes = await (await fetch(first.picture)).arrayBuffer();
  expect(new Uint8Array(bytes)).toEqual(image);
  expect(second).toMatchObject({ picture: null, correction: { names: ["Pores"] }, note: "2nd “pass”" });
});

test("one of nothing is a report too", async () => {
  const report = await jsonReport([], async () => undefined, new Date(0));
  expect(JSON.parse(await report.text()).photographs).toEqual([]);
});
