import { asDeskProblem, type DeskProblem } from "./problem";
import { reviewer } from "../storage/settings";
import { element, say } from "../ui/element";
import { problemCard } from "../ui/problem-card";
import { type Answer, type Card, decide, type Decision } from "./api";
import { CardView } from "./card-view";
import { Choices } from "./choices";
import { meaning } from "./keys";
import type { Names } from "./names";
import { Queue } from "./queue";
import { Reasons } from "./reasons";
import { signIn } from "./sign-in";

const LATER = 4000; // ms until an empty desk looks again

/** The desk: one card after the other, by keyboard and by touch; everything that was decided can be undone. */
export class Desk {
  readonly #count = element("p", { className: "count-left", aria: { live: "off" } });
  readonly #told = element("p", { className: "told", aria: { role: "status" } });
  readonly #loop = element("a", { href: "/loop", className: "button" });
  readonly #place = element("div", { className: "place" });
  readonly #accept = button("accept", "Right", "Enter", () => this.#yes());
  readonly #reject = button("reject", "Refuse", "X", () => void this.#no());
  readonly #undo = button("undo", "Undo", "U", () => void this.#back());
  readonly #skip = button("skip", "Later", "S", () => this.#later());
  readonly #reasons = new Reasons();
  readonly #made: { card: Card; seen: number }[] = [];
  #queue = new Queue("");
  #view: CardView | null = null;
  #choices: Choices | null = null;
  #busy = false;
  #timer = 0;

  constructor(
    readonly root: HTMLElement,
    readonly names: Names,
  ) {}

  async start(reason = ""): Promise<void> {
    if (!reviewer() || reason) {
      const wanted = reason || "Corrections from phones wait for somebody to look at them.";
      await signIn(this.root, wanted, reason.includes("token"));
    }
    this.#queue = new Queue(reviewer());
    this.root.replaceChildren(
      element("header", { className: "top" }, element("h1", {}, "Review"), this.#count, this.#loop),
      this.#place,
      element(
        "footer",
        { className: "decide" },
        this.#told,
        element("div", {}, this.#skip, this.#undo, this.#reject, this.#accept),
      ),
      this.#reasons.root,
    );
    document.onkeydown = (event) => this.#pressed(event);
    await this.#show();
  }

  async #show(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#queue.fill();
    } catch (error) {
      return this.#failed(asDeskProblem(error));
    }
    const card = this.#queue.first;
    this.#view?.close();
    this.#view = null;
    this.#choices = null;
    if (!card) {
      this.#empty();
    } else {
      const choices = new Choices(card);
      this.#choices = choices;
      this.#view = new CardView(card, choices, this.names, this.#queue.photo(card), () => this.#refresh());
      this.#place.replaceChildren(this.#view.root);
      this.#place.scrollTop = 0;
    }
    this.#refresh();
  }

  #empty(): void {
    this.#place.replaceChildren(
      element(
        "section",
        { className: "starting" },
        element("h2", {}, "Nothing waits for you"),
        element("p", {}, "What comes in appears here. `weldspot gate` admits what drift lets in."),
      ),
    );
    this.#timer = window.setTimeout(() => void this.#show(), LATER);
  }

  #failed(problem: DeskProblem): void {
    if (problem.locked) return void this.start("The token is missing or wrong.");
    this.#place.replaceChildren(problemCard(problem, [{ text: "Try again", act: () => void this.#show() }]));
    this.#view = null;
    this.#refresh();
  }

  #refresh(): void {
    this.#view?.refresh();
    const decision = this.#choices?.decision ?? null;
    const label = decision === "change" ? "Change to this" : "Right";
    say(this.#accept.querySelector("span")!, label);
    this.#accept.disabled = !this.#view || decision === null || this.#busy;
    this.#reject.disabled = this.#skip.disabled = !this.#view || this.#busy;
    this.#undo.disabled = !this.#made.length || this.#busy;
    const measuring = this.#queue.measuring ? "; the model is being asked" : "";
    say(this.#count, `${this.#queue.left} left${measuring}`);
    const { trial } = this.#queue;
    say(this.#loop, trial ? `Trial: version ${trial.version}, ${Math.round(trial.share * 100)} %` : "The loop");
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || this.#reasons.root.open) return;
    const target = event.target as HTMLElement;
    const own = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
    if (event.key === "Enter" && own) return; // it presses what has the focus
    const meant = meaning(event.key);
    if (!meant || !this.root.contains(this.#place)) return;
    event.preventDefault();
    if (meant.act === "toggle") this.#toggle(meant.at);
    else if (meant.act === "accept") this.#yes();
    else if (meant.act === "reject") void this.#no();
    else if (meant.act === "undo") void this.#back();
    else if (meant.act === "skip") this.#later();
  }

  #toggle(at: number): void {
    const label = this.#view?.card.offered[at];
    if (label === undefined) return;
    this.#choices!.toggle(label);
    this.#refresh();
  }

  #yes(): void {
    const decision = this.#choices?.decision;
    if (decision) void this.#say(decision, "");
  }

  async #no(): Promise<void> {
    if (!this.#view || this.#busy) return;
    const reason = await this.#reasons.ask();
    if (reason) await this.#say("reject", reason);
  }

  #later(): void {
    if (!this.#view || this.#busy) return;
    this.#queue.next(true);
    say(this.#told, "Later.");
    void this.#show();
  }

  async #say(decision: Decision, reason: string): Promise<void> {
    const card = this.#view?.card;
    if (!card || this.#busy) return;
    const labels = decision === "change" ? this.#choices!.labels : [];
    const answer = await this.#sent(card, card.seen, decision, labels, reason);
    if (!answer) return;
    if (answer.kind === "written") {
      this.#made.push({ card, seen: answer.seen });
      const copies = answer.written > 1 ? ` and ${answer.written - 1} near-copies` : "";
      say(this.#told, `${SAID[decision]}: ${card.labels.join(", ")}${copies}.`);
    }
    this.#queue.next();
    await this.#show();
  }

  async #back(): Promise<void> {
    const last = this.#made.at(-1);
    if (!last || this.#busy) return;
    const answer = await this.#sent(last.card, last.seen, "undo", [], "");
    if (!answer) return;
    this.#made.pop();
    if (answer.kind === "written") {
      say(this.#told, "Undone; here it is again.");
      this.#queue.again(last.card, answer.seen);
    }
    await this.#show();
  }

  /** The server's answer; null where it could not be asked, and then the card stays. */
  async #sent(
    card: Card,
    seen: number,
    decision: Decision,
    labels: readonly string[],
    reason: string,
  ): Promise<Answer | null> {
    this.#busy = true;
    this.#refresh();
    try {
      const answer = await decide({ id: card.id, seen, decision, by: reviewer(), labels, reason });
      if (answer.kind === "written") this.#queue.left = answer.left;
      else say(this.#told, answer.error);
      return answer.kind === "refused" ? null : answer;
    } catch (error) {
      const problem = asDeskProblem(error);
      if (problem.locked) this.#failed(problem);
      else say(this.#told, `${problem.title}: not written down. Try again.`);
      return null;
    } finally {
      this.#busy = false;
      this.#refresh();
    }
  }
}

const SAID: Readonly<Record<Decision, string>> = {
  accept: "Right",
  change: "Changed",
  reject: "Refused",
  undo: "Undone",
};

function button(name: string, text: string, key: string, act: () => void): HTMLButtonElement {
  const made = element(
    "button",
    { type: "button", className: `button ${name}${name === "accept" ? " main" : ""}`, onclick: act },
    element("span", {}, text),
    element("kbd", { aria: { hidden: "true" } }, key),
  );
  return made;
}
