import { expect, test } from "vitest";
import { clear, lines, log, onLog } from "../../src/incidents/log";

test("lines are kept, the oldest go, and whoever listens hears of each until it ends", () => {
  clear();
  let heard = 0;
  const end = onLog(() => heard++);
  for (let i = 0; i < 310; i++) log(`line ${i}`);
  end();
  log("unheard");
  expect(heard).toBe(310);
  expect(lines()).toHaveLength(300);
  expect(lines().at(-1)!.text).toBe("unheard");
  expect(lines()[0]!.text).toBe("line 11");
  clear();
  expect(lines().map(({ text }) => text)).toEqual(["log cleared"]);
});
