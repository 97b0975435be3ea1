import type { Problem } from "../incidents/problem";
import { text } from "../texts/texts";
import { element } from "./element";
import { type Action, problemCard } from "./problem-card";

export interface NoticeEvents {
  pick(): void;
  retry(): void;
  settings(): void;
}

/** What lies over the picture: a problem with what to do, or something that takes a while. */
export class Notice {
  readonly root = element("div", { className: "notice" });

  constructor(private readonly events: NoticeEvents) {}

  busy(told: string): void {
    const spinner = element("i", { className: "spinner", aria: { hidden: "true" } });
    this.root.replaceChildren(element("p", { className: "busy", aria: { role: "status" } }, spinner, told));
  }

  problem(problem: Problem): void {
    const actions: Action[] = [{ text: text("again"), act: () => this.events.retry() }];
    if (problem.code === "token") actions.unshift({ text: text("enterToken"), act: () => this.events.settings() });
    if (problem.code === "modelStopped") actions.push({ text: text("reload"), act: () => location.reload() });
    actions.push({ text: text("pickPhoto"), act: () => this.events.pick() }); // it waits for the model, if need be
    this.root.replaceChildren(problemCard(problem, actions));
  }

  clear(): void {
    this.root.replaceChildren();
  }
}
