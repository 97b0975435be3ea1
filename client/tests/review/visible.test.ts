import { expect, test } from "vitest";
import { visible } from "../../src/review/visible";

test("what hides or turns letters is shown as what it is", () => {
  expect(visible("\u202egpj.dlew\u202c")).toBe("\\u202egpj.dlew\\u202c");
  expect(visible("\x1b[2J\n")).toBe("\\u001b[2J\\u000a");
  expect(visible("Schweißnaht 溶接 – 3 × 4")).toBe("Schweißnaht 溶接 – 3 × 4");
});
