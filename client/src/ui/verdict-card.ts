import type { Obstacle } from "../camera/frames";
import { caveat, type ClassBook, type Kind, type Meaning } from "../reading/class-book";
import type { Verdict } from "../reading/verdict";
import { LANGUAGE, text } from "../texts/texts";
import { dot, words } from "./class-name";
import { element, icon, say } from "./element";
import { DEFECT, FRAME, GOOD, UNSURE } from "./icons";

const NAMED = 3; // classes in the headline; the bars have the others
const ICONS: Readonly<Record<Kind, string>> = { defect: DEFECT, good: GOOD, none: FRAME, unsure: UNSURE };

/** The verdict in plain words; told to screen readers when it changes. */
export class VerdictCard {
  readonly #mark = element("span", { className: "mark" });
  readonly #headline = element("h2", { aria: { live: "polite" } });
  readonly #progress = element("progress", { hidden: true, max: 1, aria: { label: text("loading") } });
  readonly #what = element("p", { dir: "auto" });
  readonly #causes = element("p", { className: "causes", dir: "auto" });
  readonly #others = element("div", { className: "others" }); // what the further defects are
  #classes = ""; // in the headline
  readonly root = element(
    "section",
    { className: "verdict", aria: { label: text("verdict") }, onclick: () => this.root.classList.toggle("whole") },
    this.#mark,
    element("div", {}, this.#headline, this.#progress, this.#what, this.#causes, this.#others),
  );

  /** @param book of the model that gave the verdict */
  verdict({ kind, labels, perhaps = [] }: Verdict, book: ClassBook): void {
    const [first, ...others] = labels.map((label) => book.of(label));
    if (first === undefined) {
      const classes = perhaps.map((label) => book.of(label).short).join(", ");
      this.message(text("unsure"), classes ? text("unsure.perhaps", { classes }) : text("unsure.what"));
      return;
    }
    this.#name([first, ...others]);
    const left = kind === "good" && book.unknown.length > 0; // a good verdict does not speak of them
    this.#causes.classList.toggle("caveat", left); // which is said on the smallest screen
    this.#show(kind, first.what, left ? caveat(book.unknown) : first.causes);
    this.#what.lang = first.language;
    this.#causes.lang = left ? LANGUAGE : first.language;
  }

  obstacle(obstacle: Obstacle): void {
    this.message(text(`obstacle.${obstacle}`), text("obstacle"));
  }

  /** @param progress 0 to 1, of something that takes a while */
  message(headline: string, what: string, progress?: number): void {
    this.#classes = "";
    say(this.#headline, headline);
    this.#others.replaceChildren();
    this.#show("unsure", what, "");
    this.#progress.hidden = progress === undefined;
    this.#progress.value = progress ?? 0;
    this.#what.lang = LANGUAGE;
  }

  /** Screen readers are told a headline once, so it changes only with the classes. */
  #name(classes: readonly Meaning[]): void {
    this.#progress.hidden = true;
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
    this.#headline.replaceChildren(...named, ...(left > 0 ? [text("andMore", { count: left })] : []));
    this.#others.replaceChildren(
      ...classes
        .slice(1)
        .filter(({ what }) => what)
        .map(explained),
    );
  }

  #show(kind: Kind, what: string, causes: string): void {
    say(this.#what, what);
    say(this.#causes, causes);
    if (this.root.dataset.kind === kind) return;
    this.root.dataset.kind = kind;
    this.#mark.replaceChildren(icon(ICONS[kind]));
  }
}

/** A further class of the verdict: what it is. */
function explained(meaning: Meaning): HTMLElement {
  return element("p", {}, element("strong", {}, words(meaning, meaning.title)), " ", words(meaning, meaning.what));
}
