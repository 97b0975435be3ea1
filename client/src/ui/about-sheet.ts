import type { Manifest } from "../contract/served-manifest";
import { clear, lines, onLog } from "../incidents/log";
import { ClassBook } from "../reading/class-book";
import { setTheme, type Theme, theme, uploader } from "../storage/settings";
import { element } from "./element";
import { Sheet } from "./sheet";

const THEMES: readonly [Theme, string][] = [
  ["auto", "As the phone"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** The model that runs, the choice of theme, and the log. */
export class AboutSheet {
  readonly #sheet: Sheet;
  readonly #log = element("pre", { tabIndex: 0, aria: { label: "Log", role: "log" } });
  readonly #answer = element("p", { className: "hint", aria: { live: "polite" } });

  /** @param update looks for a new model and says what came of it, in a sentence */
  constructor(
    private readonly update: () => Promise<string>,
    closed: () => void,
  ) {
    this.#sheet = new Sheet("Model and settings", closed);
    onLog(() => this.#sheet.dialog.open && this.#fillLog());
  }

  open(manifest: Manifest | null): void {
    this.#answer.textContent = "";
    this.show(manifest);
    this.#fillLog();
    this.#sheet.open();
  }

  show(manifest: Manifest | null): void {
    this.#sheet.body.replaceChildren(
      element("h3", {}, "Model"),
      manifest ? facts(manifest) : element("p", {}, "There is none on this phone yet."),
      element("div", { className: "actions" }, this.#check()),
      this.#answer,
      element("h3", {}, "Look"),
      themes(),
      element("h3", {}, "Log"),
      this.#log,
      element(
        "div",
        { className: "actions" },
        element("button", { type: "button", className: "button", onclick: () => void this.#copy() }, "Copy"),
        element("button", { type: "button", className: "button", onclick: clear }, "Clear"),
      ),
      element("p", { className: "hint" }, `This phone sends as ${uploader()}`),
    );
  }

  #check(): HTMLElement {
    const button = element("button", { type: "button", className: "button main" }, "Check for a new model");
    button.onclick = async () => {
      button.disabled = true;
      this.#answer.textContent = "Looking …";
      this.#answer.textContent = await this.update();
      button.disabled = false;
    };
    return button;
  }

  #fillLog(): void {
    this.#log.textContent = lines()
      .map(({ time, text }) => `${time.slice(0, 19).replace("T", " ")}  ${text}`)
      .join("\n");
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  async #copy(): Promise<void> {
    await navigator.clipboard?.writeText(this.#log.textContent ?? "").catch(() => undefined);
  }
}

function facts(manifest: Manifest): HTMLElement {
  const { unknown } = new ClassBook(manifest);
  const since = new Date(manifest.published);
  const rows: [string, string][] = [
    ["Version", manifest.version || "not registered"],
    ["Stage", manifest.stage],
    [
      "Published",
      Number.isNaN(since.getTime())
        ? "unknown"
        : since.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
    ],
    ...Object.entries(manifest.metrics).map(([name, value]): [string, string] => [
      title(name),
      `${(100 * value).toFixed(1)} %`,
    ]),
    ["Classes", String(manifest.labels.length)],
    ...(unknown.length ? [["Does not know", unknown.map(({ short }) => short).join(", ")] as [string, string]] : []),
    ["Size", `${(manifest.bytes / 1e6).toFixed(2)} MB`],
    ["SHA-256", `${manifest.sha256.slice(0, 12)}…`],
  ];
  return element(
    "dl",
    {},
    ...rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}

function title(metric: string): string {
  const words = metric.replaceAll("_", " ").replace("roc auc", "ROC AUC");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function themes(): HTMLElement {
  const choices = THEMES.map(([value, text]) => {
    const input = element("input", {
      type: "radio",
      name: "theme",
      value,
      checked: theme() === value,
      onchange: () => setTheme(value),
    });
    return element("label", { className: "check" }, input, element("span", {}, text));
  });
  return element("div", { className: "checks three", aria: { role: "radiogroup", label: "Look" } }, ...choices);
}
