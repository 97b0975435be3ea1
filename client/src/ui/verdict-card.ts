import { type Obstacle, ADVICE } from "../camera/frames";
import { caveat, type ClassBook, type Kind, type Meaning } from "../reading/class-book";
import type { Verdict } from "../reading/verdict";
import { dot, words } from "./class-name";
import { element, icon, say } from "./element";
import { DEFECT, FRAME, GOOD, UNSURE } from "./icons";

const NAMED = 3; // classes in the headline; the bars have the others
const ICONS: Readonly<Record<Kind, string>> = { defect: DEFECT, good: GOOD, none: FRAME, unsure: UNSURE };

/** The verdict in plain words; told to screen readers when it changes. */
export class VerdictCard {
  readonly #mark = element("span", { className: "mark" });
  readonly #headline = element("h2", { aria: { live: "polite" } });
  readonly #what = element("p", { dir: "auto" });
  readonly #causes = element("p", { className: "causes", dir: "auto" });
  #classes = ""; // in the headline
  readonly root = element(
    "section",
    { className: "verdict", aria: { label: "Verdict" } },
    this.#mark,
    element("div", {}, this.#headline, this.#what, this.#causes),
  );

  /** @param book of the model that gave the verdict */
  verdict({ kind, labels }: Verdict, book: ClassBook): void {
    const [first, ...others] = labels.map((label) => book.of(label));
    if (first === undefined) {
      this.message("Not sure", "Go closer, fill the frame with the part, or lower the confidence.");
      return;
    }
    this.#name([first, ...others]);
    const left = kind === "good" && book.unknown.length > 0; // a good verdict does not speak of them
    this.#show(kind, first.what, left ? caveat(book.unknown) : first.causes);
    this.#what.lang = first.language;
    this.#causes.lang = left ? document.documentElement.lang : first.language;
  }

  obstacle(obstacle: Obstacle): void {
    this.message(ADVICE[obstacle], "A verdict on this picture could not be trusted.");
  }

  message(headline: string, what: string): void {
    this.#classes = "";
    say(this.#headline, headline);
    this.#show("unsure", what, "");
    this.#what.lang = document.documentElement.lang;
  }

  /** Screen readers are told a headline once, so it changes only with the classes. */
  #name(classes: readonly Meaning[]): void {
    const key = classes.map(({ title, colour }) => title + colour).join("\n");
    if (key === this.#classes) return;
    this.#classes = key;
    const named = classes
      .slice(0, NAMED)
      .flatMap((meaning, i) => [
        ...(i ? [", "] : []),
        element("span", { className: "class" }, dot(meaning), words(meaning, meaning.title)),
      ]);
    const left = classes.length - NAMED;
    this.#headline.replaceChildren(...named, ...(left > 0 ? [` and ${left} more`] : []));
  }

  #show(kind: Kind, what: string, causes: string): void {
    say(this.#what, what);
    say(this.#causes, causes);
    if (this.root.dataset.kind === kind) return;
    this.root.dataset.kind = kind;
    this.#mark.replaceChildren(icon(ICONS[kind]));
  }
}
