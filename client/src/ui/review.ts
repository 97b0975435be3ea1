import { obstacle, statistics } from "../camera/frames";
import { jpeg, type Still, thumb } from "../camera/photo";
import { Sampler } from "../camera/pixels";
import { NOTE_CHARACTERS } from "../contract/generated/limits";
import { type Manifest, sideOf } from "../contract/served-manifest";
import { told } from "../incidents/problem";
import type { Classifier, Output } from "../model/classifier";
import type { Outbox } from "../outbox/outbox";
import { metadata } from "../outbox/upload-metadata";
import { ClassBook } from "../reading/class-book";
import { wipe } from "../reading/heatmap";
import { chosenThresholds } from "../reading/reader";
import { judge, proposed, UNSURE } from "../reading/verdict";
import { text } from "../texts/texts";
import { Choices } from "./choices";
import { Drafting } from "./drafting";
import { element, say } from "./element";
import { Sheet } from "./sheet";
import { VerdictCard } from "./verdict-card";
import { mark } from "./where";

/** What is reviewed: a still, when it was taken, and what had been written already. */
export interface Taken {
  readonly still: Still;
  readonly taken: Date;
  readonly draft?: { readonly image: ArrayBuffer; readonly chosen: readonly string[]; readonly note: string };
}

interface Shown extends Taken {
  readonly book: ClassBook;
  readonly output: Output;
  readonly proposal: readonly string[];
  readonly image: () => Promise<ArrayBuffer>; // JPEG
}

/** The still that was taken or picked: what the model says of it, and what the welder says. */
export class Review {
  readonly #sampler = new Sampler();
  readonly #sheet: Sheet;
  readonly #drafting: Drafting;
  readonly #note = element("textarea", {
    rows: 2,
    maxLength: NOTE_CHARACTERS,
    placeholder: text("note.example"),
    oninput: () => this.#chosen(),
  });
  readonly #send = element("button", {
    type: "button",
    className: "button main",
    onclick: () => void this.#submit(),
  });
  readonly #hint = element("p", { className: "hint", dir: "auto" }); // what is chosen: it may have scrolled away
  readonly #failure = element("p", { className: "failure", aria: { role: "alert" } });
  #choices: Choices | null = null;
  #shown: Shown | null = null;

  constructor(
    private readonly classifier: Classifier,
    private readonly outbox: Outbox,
    private readonly events: { closed(): void; sent(id: string): void; kept(): void },
  ) {
    this.#drafting = new Drafting(
      () => this.#written(),
      () => this.#sheet.close(),
      () => events.kept(),
    );
    this.#sheet = new Sheet(
      text("isThisRight"),
      () => {
        this.#drafting.end();
        this.#shown = null;
        this.events.closed();
      },
      () => this.#drafting.mayClose(),
    );
    this.#sheet.footer.append(this.#drafting.question, this.#failure, this.#hint, this.#send);
  }

  /** Classifies the still and opens the sheet. Throws a Problem. */
  async open(given: Taken, manifest: Manifest): Promise<void> {
    const { still, draft } = given;
    const box = { x: 0, y: 0, width: still.width, height: still.height };
    const side = sideOf(manifest);
    const pixels = this.#sampler.read(still, box, side, manifest.input.resize);
    const output = await this.classifier.run(pixels, manifest);
    const book = new ClassBook(manifest);
    const { thresholds, tuned } = chosenThresholds(manifest);
    const { probabilities } = output;
    const against = obstacle(statistics(pixels, side), null);
    const verdict = judge(probabilities, book, thresholds, UNSURE, tuned);
    const proposal = against ? [] : proposed(probabilities, book, thresholds, tuned);
    const image = draft ? async () => draft.image : async () => (await jpeg(still)).arrayBuffer();
    this.#shown = { ...given, book, output, proposal, image };
    this.#note.value = draft?.note ?? "";
    this.#choices = new Choices(book, probabilities, draft?.chosen ?? proposal, () => this.#chosen());
    const card = new VerdictCard();
    if (against) card.obstacle(against);
    else card.verdict(verdict, book);
    const heat = element("canvas", { className: "heat", aria: { hidden: "true" } });
    if (!against && verdict.kind === "defect") this.#outline(heat, verdict.labels[0]!);
    else wipe(heat);
    still.classList.add("still");
    still.setAttribute("role", "img");
    still.setAttribute("aria-label", text("thePhotograph"));
    this.#sheet.body.replaceChildren(
      element("div", { className: "photo" }, still, heat),
      card.root,
      this.#choices.root,
      element("label", { className: "note" }, element("span", {}, text("note")), this.#note),
    );
    this.#sheet.body.scrollTop = 0;
    say(this.#failure, "");
    this.#drafting.begin(draft !== undefined);
    this.#check();
    this.#sheet.open();
  }

  get isOpen(): boolean {
    return this.#shown !== null;
  }

  #chosen(): void {
    this.#check();
    this.#drafting.later();
  }

  #check(): void {
    const { book, proposal } = this.#shown!;
    const { chosen } = this.#choices!;
    this.#send.disabled = !chosen.length;
    const same = chosen.join() === proposal.join() && !this.#note.value.trim();
    say(this.#send, text(same && chosen.length ? "yes" : "sendCorrection"));
    say(this.#hint, shorts(book, chosen).join(", ") || text(book.exclusive ? "chooseOne" : "tickOne"));
  }

  #outline(canvas: HTMLCanvasElement, label: string): void {
    const { book, output } = this.#shown!;
    mark(canvas, output, book, label);
  }

  /** What would be lost: null where it is only what the model has proposed. */
  async #written() {
    const shown = this.#shown;
    if (!shown || !this.#choices) return null;
    const { chosen } = this.#choices;
    const note = this.#note.value;
    if (!shown.draft && !note.trim() && chosen.join() === shown.proposal.join()) return null;
    return { image: await shown.image(), chosen, note, taken: shown.taken.getTime() };
  }

  async #submit(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    this.#send.disabled = true;
    let id: string;
    try {
      const { book, output, taken, still } = shown;
      const image = await shown.image();
      const { chosen } = this.#choices!;
      const described = await metadata(image, chosen, output.probabilities, book.manifest, this.#note.value, taken);
      id = await this.outbox.add(image, described, shorts(book, chosen), thumb(still));
    } catch (error) {
      say(this.#failure, told(error));
      this.#send.disabled = false;
      return;
    }
    await this.#drafting.drop();
    this.#sheet.close();
    this.events.sent(id);
  }
}

const shorts = (book: ClassBook, labels: readonly string[]) => labels.map((label) => book.of(label).short);
