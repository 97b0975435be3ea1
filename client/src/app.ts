import type { Backend } from "./backends/backend";
import { fromFile, type Still } from "./camera/photo";
import { backend as configured } from "./config";
import type { Manifest } from "./contract/served-manifest";
import { log } from "./incidents/log";
import { asProblem, told } from "./incidents/problem";
import { Classifier } from "./model/classifier";
import { keep, latest, stored, type StoredModel } from "./model/store";
import { Outbox } from "./outbox/outbox";
import { AboutSheet } from "./ui/about-sheet";
import { element, icon } from "./ui/element";
import { MENU, OUTBOX } from "./ui/icons";
import { Live } from "./ui/live";
import { OutboxSheet } from "./ui/outbox-sheet";
import { Review } from "./ui/review";
import { toast } from "./ui/toast";

/** The whole app: which model runs, and what opens when. */
export class App {
  readonly #classifier = new Classifier();
  readonly #outbox = new Outbox(() => this.#connect());
  readonly #live = new Live(this.#classifier, {
    capture: (still) => void this.#review(still),
    pick: () => this.#file.click(),
    retry: () => void this.start(),
  });
  readonly #review_ = new Review(
    this.#classifier,
    this.#outbox,
    () => this.#live.pause(false),
    () => this.#sent(),
  );
  readonly #waiting = new OutboxSheet(this.#outbox, () => this.#live.pause(false));
  readonly #about = new AboutSheet(
    () => this.#checked(),
    () => this.#live.pause(false),
  );
  readonly #file = element("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    onchange: () => void this.#picked(),
  });
  readonly #badge = element("span", { className: "badge", hidden: true }, "Staging");
  readonly #count = element("span", { className: "count", hidden: true });
  #backend: Promise<Backend> | null = null;
  #model: StoredModel | null = null;
  #pending: Still | null = null; // picked before the model is there

  constructor(root: HTMLElement) {
    root.replaceChildren(this.#header(), this.#live.root, this.#file);
    this.#outbox.onChange(() => void this.#counted());
    addEventListener("online", () => void this.#outbox.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || void this.#outbox.send());
  }

  /** Model and camera, at first and after Try again. */
  async start(): Promise<void> {
    this.#live.clear();
    void this.#counted();
    void this.#outbox.hurry();
    const camera = this.#live.start();
    try {
      await this.#prepare();
    } catch (error) {
      await camera; // what ails the model matters more
      this.#live.problem(asProblem(error));
    }
  }

  /** The kept model runs at once, and the backend's takes its place when it is another. */
  async #prepare(): Promise<void> {
    if (!this.#model) {
      const kept = await stored().catch(() => null);
      const broken: unknown = kept && (await this.#run(kept).catch((error) => error));
      if (!kept || broken) {
        await this.#update((share) => this.#live.progress(share)).catch((error) => {
          throw broken || error;
        });
        return;
      }
    }
    this.#update(() => undefined).catch((error) => {
      const { title } = asProblem(error);
      log(`no new model: ${title}`);
      if (navigator.onLine && !title.includes("reached")) toast(`${title}; the one before keeps working.`);
    });
  }

  /** True when another model runs now. */
  async #update(progress: (share: number) => void): Promise<boolean> {
    const before = this.#model;
    const next = await latest(await this.#connect(), before, progress);
    const other = next.manifest.sha256 !== before?.manifest.sha256;
    if (other || !fits(before!.manifest, next.manifest)) await this.#run(next);
    else this.#show(next);
    await keep(next).catch((error) => toast(`${asProblem(error).title}: the model has to be loaded anew next time.`));
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
    this.#badge.hidden = model.manifest.stage !== "staging";
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
      const other = await this.#update(() => undefined);
      this.#about.show(this.#model?.manifest ?? null);
      return other ? "A new model runs now." : "This is the newest model.";
    } catch (error) {
      return told(error);
    }
  }

  async #review(still: Still): Promise<void> {
    if (!this.#model) {
      this.#pending = still;
      toast("The photo opens when the model is there.");
      return;
    }
    const { manifest } = this.#model;
    this.#live.pause(true);
    try {
      await this.#review_.open(still, manifest);
    } catch (error) {
      if (manifest !== this.#model.manifest) return this.#review(still); // a new model came in between
      this.#live.pause(false);
      this.#live.problem(asProblem(error));
    }
  }

  async #picked(): Promise<void> {
    const file = this.#file.files?.[0];
    this.#file.value = "";
    if (!file) return;
    try {
      await this.#review(await fromFile(file));
    } catch (error) {
      toast(told(error));
    }
  }

  async #counted(): Promise<void> {
    const items = await this.#outbox.items().catch(() => []);
    this.#count.hidden = !items.length;
    this.#count.textContent = String(items.length);
    this.#count.classList.toggle(
      "refused",
      items.some((item) => item.refused),
    );
  }

  #sent(): void {
    toast(navigator.onLine ? "Thank you. The correction is on its way." : "Kept. It is sent when there is a network.");
  }

  #header(): HTMLElement {
    const outbox = element(
      "button",
      { type: "button", className: "round", onclick: () => this.#open(() => this.#waiting.open()) },
      icon(OUTBOX),
      this.#count,
    );
    outbox.setAttribute("aria-label", "Waiting to be sent");
    const menu = element(
      "button",
      { type: "button", className: "round", onclick: () => this.#open(() => this.#about.open(this.manifest)) },
      icon(MENU),
    );
    menu.setAttribute("aria-label", "Model and settings");
    return element("header", { className: "top" }, element("h1", {}, "WeldSpot"), this.#badge, outbox, menu);
  }

  get manifest(): Manifest | null {
    return this.#model?.manifest ?? null;
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
