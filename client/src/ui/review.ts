import { obstacle, statistics } from "../camera/frames";
import { jpeg, type Still, thumb } from "../camera/photo";
import { Sampler } from "../camera/pixels";
import { NOTE_CHARACTERS } from "../contract/generated/limits";
import { type Manifest, sideOf } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { told } from "../incidents/problem";
import type { History } from "../history/history";
import type { Classifier, Output } from "../model/classifier";
import type { Outbox } from "../outbox/outbox";
import { metadata } from "../outbox/upload-metadata";
import { ClassBook } from "../reading/class-book";
import { wipe } from "../reading/heatmap";
import { chosenThresholds } from "../reading/reader";
import { judge, proposed, UNSURE } from "../reading/verdict";
import type { Shot } from "../storage/database";
import { text } from "../texts/texts";
import { Choices } from "./choices";
import { Drafting } from "./drafting";
import { element, icon, say } from "./element";
import { shotOf } from "./history/shot";
import { CROP } from "./icons";
import { Sheet } from "./sheet";
import { VerdictCard } from "./verdict-card";
import { mark } from "./where";

/** What is reviewed: a still, when it was taken, and what had been written already. */
export interface Taken {
  readonly still: Still;
  readonly taken: Date;
  readonly draft?: { readonly image: ArrayBuffer; readonly chosen: readonly string[]; readonly note: string };
  /** its entry in the history, where it has one */
  readonly shot?: string;
  /** what had been written of a larger part */
  readonly note?: string;
  /** asks for a part of it, where there is more of it */
  readonly crop?: (shot: string, note: string) => void;
}

interface Shown extends Taken {
  readonly book: ClassBook;
  readonly output: Output;
  readonly proposal: readonly string[];
  readonly image: () => Promise<ArrayBuffer>; // JPEG
  readonly shot: string;
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
  #kept: Promise<void> | null = null; // in the history

  constructor(
    private readonly classifier: Classifier,
    private readonly outbox: Outbox,
    private readonly history: History,
    private readonly events: {
      closed(): void;
      sent(id: string, manifest: Manifest, changed: boolean): void;
      kept(): void;
    },
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
    const image = once(draft ? async () => draft.image : async () => (await jpeg(still)).arrayBuffer());
    const shot = given.shot ?? crypto.randomUUID();
    const shown = { ...given, book, output, proposal, image, shot };
    this.#shown = shown;
    this.#kept = draft ? null : this.#remember(shown, (kept) => shotOf(kept, output, book, verdict, against));
    this.#note.value = draft?.note ?? given.note ?? "";
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
      element("div", { className: "photo" }, still, heat, this.#crop(shown)),
      card.root,
      this.#choices.root,
      element("label", { className: "note" }, element("span", {}, text("note")), this.#note),
    );
    this.#sheet.body.scrollTop = 0;
    say(this.#failure, "");
    if (given.crop && given.shot && !given.note) void this.#drafting.drop(); // choices for a larger part count no more
    this.#drafting.begin(draft !== undefined || Boolean(given.note));
    this.#check();
    this.#sheet.open();
  }

  /** Into the history, beside what the user does: a phone without room for it still takes corrections. */
  async #remember(
    { shot: id, taken, still, image }: Shown,
    entry: (kept: Pick<Shot, "id" | "taken" | "thumb" | "bytes">) => Shot,
  ): Promise<void> {
    try {
      const bytes = await image();
      await this.history.keep(
        entry({ id, taken: taken.getTime(), thumb: thumb(still), bytes: bytes.byteLength }),
        bytes,
      );
    } catch (error) {
      log(`not kept in the history: ${error}`);
    }
  }

  async #amend(shot: string, said: Pick<Shot, "correction" | "note">): Promise<void> {
    await this.#kept;
    await this.history.amend(shot, said).catch((error) => log(`not kept in the history: ${error}`));
  }

  #crop({ crop, shot }: Shown): HTMLElement | null {
    if (!crop) return null;
    const act = () => crop(shot, this.#note.value);
    const button = element("button", { type: "button", className: "round", onclick: act }, icon(CROP));
    button.setAttribute("aria-label", text("crop"));
    return button;
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
    return { image: await shown.image(), chosen, note, taken: shown.taken.getTime(), shot: shown.shot };
  }

  async #submit(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    this.#send.disabled = true;
    let id: string;
    const { book, output, taken, still, proposal } = shown;
    let changed = true;
    try {
      const image = await shown.image();
      const { chosen } = this.#choices!;
      changed = chosen.join() !== proposal.join();
      const described = await metadata(image, chosen, output.probabilities, book.manifest, this.#note.value, taken);
      id = await this.outbox.add(image, described, shorts(book, chosen), thumb(still));
      const correction = { labels: chosen, names: shorts(book, chosen) };
      void this.#amend(shown.shot, { correction, note: described.note ?? "" });
    } catch (error) {
      say(this.#failure, told(error));
      this.#send.disabled = false;
      return;
    }
    await this.#drafting.drop();
    this.#sheet.close();
    this.events.sent(id, book.manifest, changed);
  }
}

const shorts = (book: ClassBook, labels: readonly string[]) => labels.map((label) => book.of(label).short);

/** The same promise however often it is asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () =>
    (made ??= make().catch((error) => {
      made = null; // next time it may work
      throw error;
    }));
}
