import { expect, test } from "vitest";
import { edges, outline } from "../../src/review/outline";

test("one hot cell has four sides, two beside each other six", () => {
  expect(
    edges(
      [
        [0, 0],
        [0, 1],
      ],
      0.5,
    ),
  ).toBe("M1 1h1M1 2h1M1 1v1M2 1v1");
  expect(
    edges(
      [
        [1, 1],
        [0, 0],
      ],
      0.5,
    ).match(/M/g),
  ).toHaveLength(6);
});

test("without heat there is no outline", () => {
  expect(outline([])).toBeNull();
  expect(
    outline([
      [0, 0],
      [0, 0],
    ]),
  ).toBeNull();
});
