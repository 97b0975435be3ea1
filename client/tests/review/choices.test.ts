import { expect, test } from "vitest";
import { Choices } from "../../src/review/choices";

const CARD = { labels: ["Crack"], offered: ["Background", "Crack", "Porosity"], alone: ["Background"] };

test("the welder's labels are right until others are chosen", () => {
  const choices = new Choices(CARD);
  expect(choices.decision).toBe("accept");
  choices.toggle("Porosity");
  expect([choices.decision, choices.labels]).toEqual(["change", ["Crack", "Porosity"]]);
  choices.toggle("Porosity");
  expect(choices.decision).toBe("accept");
  choices.toggle("Crack");
  expect(choices.decision).toBeNull();
});

test("what can't stand beside others takes their place, and they its", () => {
  const choices = new Choices(CARD);
  choices.toggle("Background");
  expect(choices.labels).toEqual(["Background"]);
  choices.toggle("Porosity");
  expect(choices.labels).toEqual(["Porosity"]);
});

test("of an exclusive list one at a time", () => {
  const choices = new Choices({ ...CARD, alone: CARD.offered });
  choices.toggle("Porosity");
  expect(choices.labels).toEqual(["Porosity"]);
});
