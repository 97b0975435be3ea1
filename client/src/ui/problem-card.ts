import { log } from "../incidents/log";
import type { Problem } from "../incidents/problem";
import { element } from "./element";

export interface Action {
  readonly text: string;
  readonly act: () => void;
}

/** What went wrong and what to do about it, with buttons that do it; the first is the main one. */
export function problemCard(problem: Error & Pick<Problem, "title">, actions: readonly Action[]): HTMLElement {
  const cause = problem.cause instanceof Error ? `${problem.cause.name}: ${problem.cause.message}` : problem.cause;
  log(`${problem.title}${cause ? ` (${cause})` : ""}`);
  return element(
    "div",
    { className: "problem", aria: { role: "alert" } },
    element("h2", {}, problem.title),
    element("p", {}, problem.message),
    element(
      "div",
      { className: "actions" },
      ...actions.map(({ text, act }, i) =>
        element("button", { type: "button", className: i ? "button" : "button main", onclick: act }, text),
      ),
    ),
  );
}
