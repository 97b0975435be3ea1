import { type Obstacle, ADVICE } from "../camera/frames";
import { caveat, meaning } from "../reading/labels";
import type { Kind, Verdict } from "../reading/verdict";
import { element, icon, say } from "./element";
import { DEFECT, FRAME, GOOD, UNSURE } from "./icons";

const ICONS: Readonly<Record<Kind, string>> = { defect: DEFECT, good: GOOD, none: FRAME, unsure: UNSURE };

/** The verdict in plain words; told to screen readers when it changes. */
export class VerdictCard {
  readonly #mark = element("span", { className: "mark" });
  readonly #headline = element("h2", { aria: { live: "polite" } });
  readonly #what = element("p");
  readonly #causes = element("p", { className: "causes" });
  readonly root = element(
    "section",
    { className: "verdict", aria: { label: "Verdict" } },
    this.#mark,
    element("div", {}, this.#headline, this.#what, this.#causes),
  );

  /** @param unknown the classes that the model does not know: a good verdict does not speak of them */
  verdict({ kind, labels }: Verdict, unknown: readonly string[] = []): void {
    const first = labels[0];
    if (first === undefined) {
      this.#show("unsure", "Not sure", "Go closer, fill the frame with the weld, or lower the confidence.", "");
      return;
    }
    const { what, causes } = meaning(first);
    this.#show(
      kind,
      labels.map((label, i) => (i ? lower(meaning(label).title) : meaning(label).title)).join(", "),
      what,
      kind === "good" && unknown.length ? caveat(unknown) : causes,
    );
  }

  obstacle(obstacle: Obstacle): void {
    this.#show("unsure", ADVICE[obstacle], "A verdict on this picture could not be trusted.", "");
  }

  message(headline: string, what: string): void {
    this.#show("unsure", headline, what, "");
  }

  #show(kind: Kind, headline: string, what: string, causes: string): void {
    say(this.#headline, headline);
    say(this.#what, what);
    say(this.#causes, causes);
    if (this.root.dataset.kind === kind) return;
    this.root.dataset.kind = kind;
    this.#mark.replaceChildren(icon(ICONS[kind]));
  }
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
