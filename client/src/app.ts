import type { Backend } from "./backends/backend";
import { unpacked } from "./camera/photo";
import { backend as configured } from "./config";
import type { Manifest } from "./contract/served-manifest";
import { History } from "./history/history";
import { log } from "./incidents/log";
import { asProblem, told } from "./incidents/problem";
import { Arrivals } from "./model/arrivals";
import { lotIsOld } from "./model/canary";
import { Classifier } from "./model/classifier";
import { keep, latest, stored, type StoredModel } from "./model/store";
import { rememberToken } from "./offline/installed";
import { takeShared } from "./offline/shared";
import { askLater, leaving } from "./outbox/background";
import { keptDraft } from "./outbox/drafts";
import { Outbox } from "./outbox/outbox";
import { token } from "./storage/settings";
import { dayOf, Telemetry } from "./telemetry/telemetry";
import { text } from "./texts/texts";
import { DISTRUSTED } from "./trust/release";
import { offerInstall } from "./ui/app-section";
import { Gallery } from "./ui/gallery";
import { Header } from "./ui/header";
import { HistorySheet } from "./ui/history/history-sheet";
import { Introduction } from "./ui/introduction";
import { Live } from "./ui/live";
import { OutboxSheet } from "./ui/outbox-sheet";
import { Review, type Taken } from "./ui/review";
import { Sending } from "./ui/sending";
import { SettingsSheet } from "./ui/settings-sheet";
import { toast } from "./ui/toast";

/** The whole app: which model runs, and what opens when. */
export class App {
  readonly #classifier = new Classifier();
  readonly #history = new History();
  readonly #outbox = new Outbox(
    () => this.#connect(),
    () => this.#history.makeRoom(),
  );
  readonly #telemetry = new Telemetry(() => this.#connect());
  readonly #live = new Live(this.#classifier, {
    looked: (reading, manifest) => this.#telemetry.look(reading, manifest),
    capture: (still) => void this.#review({ still, taken: new Date() }),
    pick: () => this.#gallery.input.click(),
    retry: () => this.#retry(),
    settings: () => this.#settings(),
  });
  readonly #closed = () => {
    this.#live.pause(false);
    for (const free of this.#waiting.splice(0)) free();
  };
  readonly #review_ = new Review(this.#classifier, this.#outbox, this.#history, {
    closed: this.#closed,
    sent: (id, manifest, changed) => {
      this.#sending.follow(id);
      this.#telemetry.sent(manifest, changed);
    },
    kept: () => this.#offerDraft(),
  });
  readonly #outboxSheet = new OutboxSheet(this.#outbox, () => this.#settings(), this.#closed);
  readonly #historySheet = new HistorySheet(this.#history, this.#closed);
  readonly #introduction = new Introduction();
  readonly #settingsSheet = new SettingsSheet({
    update: () => this.#checked(),
    token: () => void this.renewed(),
    introduce: () => this.#introduction.open(),
    closed: this.#closed,
  });
  readonly #sending = new Sending(this.#outbox, () => this.#settings());
  readonly #gallery = new Gallery(this.#live, {
    open: (taken) => this.#review(taken),
    isOpen: () => this.#review_.isOpen,
    closed: this.#closed,
  });
  #backend: Promise<Backend> | null = null;
  #model: StoredModel | null = null;
  #pending: Taken | null = null; // picked before the model is there
  #waiting: (() => void)[] = []; // for the review to be closed

  constructor(root: HTMLElement) {
    const header = new Header(
      this.#outbox,
      () => this.#open(() => this.#historySheet.open()),
      () => this.#open(() => this.#outboxSheet.open()),
      () => this.#settings(),
    );
    root.replaceChildren(header.root, this.#live.root, this.#gallery.input);
    addEventListener("online", () => void this.#outbox.hurry());
    document.addEventListener("visibilitychange", () => (document.hidden ? void leaving(this.#outbox) : this.#seen()));
    this.#outbox.onChange(({ kind }) => {
      if (kind === "added") void askLater();
      if (kind === "sent") offerInstall();
    });
    this.#introduction.offer();
    void takeShared().then((file) => file && this.#gallery.take(file)); // by another app
  }

  /** Model and camera, at first and after Try again. */
  async start(): Promise<void> {
    this.#live.clear();
    void this.#outbox.hurry();
    const camera = this.#live.start();
    try {
      await this.#prepare();
    } catch (error) {
      await camera; // what ails the model matters more
      this.#live.problem(asProblem(error));
    }
  }

  /** Resolves when a reload would take nothing away: no correction is being written. */
  free(): Promise<void> {
    return this.#review_.isOpen ? new Promise((done) => this.#waiting.push(done)) : Promise.resolve();
  }

  /** The user looks again, maybe after days. */
  #seen(): void {
    void this.#outbox.send();
    if (lotIsOld(dayOf(new Date()))) this.#update().catch((error) => log(`no new model: ${told(error)}`));
  }

  /** Another token is there, from the address or from the settings. */
  async renewed(): Promise<void> {
    void rememberToken(token());
    void this.#outbox.hurry();
    if (!this.#model) await this.start();
  }

  #retry(): void {
    this.#classifier.renew();
    void this.start();
  }

  /** The kept model runs at once, and the backend's takes its place when it is another. */
  async #prepare(): Promise<void> {
    if (!this.#model) {
      const arrivals = new Arrivals((share) => this.#live.progress(share));
      const runtime = this.#classifier.prepare((bytes, total) => arrivals.runtime(bytes, total));
      runtime.catch(() => undefined); // load says it too
      const kept = await stored().catch(() => null);
      const broken: unknown = kept && (await this.#run(kept).catch((error) => error));
      if (!kept || broken) {
        await this.#update(arrivals).catch((error) => {
          throw broken || error;
        });
        return this.#restore();
      }
      await this.#restore();
    }
    this.#update().catch((error) => {
      const { title, code } = asProblem(error);
      log(`no new model: ${title}`);
      const told = text("model.before", { problem: title });
      // it stays until it is read: what is said of a signature is for somebody to look into
      if (DISTRUSTED.has(code)) toast(told, { text: text("settings"), act: () => this.#settings() });
      else if (navigator.onLine && code !== "unreachable") toast(told);
    });
  }

  /** True when another model runs now. */
  async #update(arrivals = new Arrivals(() => undefined)): Promise<boolean> {
    const before = this.#model;
    const next = await latest(await this.#connect(), before, (bytes, total) => arrivals.model(bytes, total));
    const other = next.manifest.sha256 !== before?.manifest.sha256;
    if (other || !fits(before!.manifest, next.manifest)) await this.#run(next);
    else this.#show(next);
    void this.#telemetry.send();
    await keep(next).catch((error) => toast(text("model.unkept", { problem: asProblem(error).title })));
    return other;
  }

  async #run(model: StoredModel): Promise<void> {
    const { manifest, bytes } = model;
    await this.#classifier.load(bytes, manifest);
    log(`model ${manifest.sha256.slice(0, 12)}, version ${manifest.version || "–"}, ${manifest.stage}`);
    this.#show(model);
  }

  #show(model: StoredModel): void {
    // the same file may get other words, thresholds, names
    const changed = JSON.stringify(this.#model?.manifest) !== JSON.stringify(model.manifest);
    this.#model = model;
    if (changed) this.#live.model(model.manifest);
    const pending = this.#pending;
    this.#pending = null;
    if (pending) void this.#review(pending);
  }

  #connect(): Promise<Backend> {
    this.#backend ??= configured().catch((error) => {
      this.#backend = null;
      throw error;
    });
    return this.#backend;
  }

  async #checked(): Promise<string> {
    try {
      const other = await this.#update();
      this.#settingsSheet.show(this.manifest);
      return text(other ? "model.other" : "model.same");
    } catch (error) {
      return told(error);
    }
  }

  async #review(given: Taken): Promise<void> {
    if (!this.#model) {
      this.#pending = given;
      toast(text("photoLater"));
      return;
    }
    const { manifest } = this.#model;
    this.#live.pause(true);
    try {
      await this.#review_.open(given, manifest);
    } catch (error) {
      if (manifest !== this.#model.manifest) return this.#review(given); // a new model came in between
      this.#live.pause(false);
      this.#live.problem(asProblem(error));
    }
  }

  /** Goes on where a correction was being written: at once after a reload, else when the user wishes. */
  async #restore(): Promise<void> {
    const kept = await keptDraft().catch(() => null);
    if (kept?.mine) await this.#resume();
    else if (kept) this.#offerDraft();
  }

  #offerDraft(): void {
    toast(text("draftKept"), { text: text("draftOpen"), act: () => void this.#resume() });
  }

  async #resume(): Promise<void> {
    const kept = await keptDraft();
    if (!kept) return;
    const { image, taken, shot } = kept.draft;
    const draft = { still: await unpacked(image), taken: new Date(taken), draft: kept.draft };
    await this.#review({ ...draft, ...(shot && { shot }) });
  }

  get manifest(): Manifest | null {
    return this.#model?.manifest ?? null;
  }

  #settings(): void {
    this.#outboxSheet.close();
    this.#open(async () => {
      const wantsToken = await this.#connect().then((backend) => backend.wantsToken, () => true); // prettier-ignore
      this.#settingsSheet.open(this.manifest, wantsToken);
    });
  }

  #open(open: () => unknown): void {
    this.#live.pause(true);
    Promise.resolve()
      .then(open)
      .catch((error) => {
        this.#live.pause(false);
        toast(told(error));
      });
  }
}

/** Whether what has been loaded for one manifest answers to another of the same file. */
function fits(loaded: Manifest, next: Manifest): boolean {
  return loaded.labels.length === next.labels.length && String(loaded.input.shape) === String(next.input.shape);
}
