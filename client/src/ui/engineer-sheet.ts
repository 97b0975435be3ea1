import type { Manifest } from "../contract/served-manifest";
import { clear, lines, onLog } from "../incidents/log";
import { isOn, turn, uploader, wayOf } from "../storage/settings";
import { text } from "../texts/texts";
import { publicKey } from "../contract/envelope";
import { forget, trusted } from "../trust/kept";
import { keyId } from "../trust/release";
import { element } from "./element";
import { facts, switchOf } from "./facts";
import { Sheet } from "./sheet";

/** What a welder need not know: the model in figures, and the log. */
export class EngineerSheet {
  readonly #sheet = new Sheet(text("engineers"));
  readonly #log = element("pre", { tabIndex: 0, aria: { label: text("engineer.log"), role: "log" } });

  constructor() {
    onLog(() => this.#sheet.dialog.open && this.#fill());
  }

  open(manifest: Manifest | null): void {
    this.#sheet.body.replaceChildren(
      ...(manifest ? [figures(manifest)] : []),
      signer(),
      switchOf(text("engineer.showSpeed"), isOn("speed"), (on) => turn("speed", on)),
      element("h3", {}, text("engineer.log")),
      this.#log,
      element(
        "div",
        { className: "actions" },
        element(
          "button",
          { type: "button", className: "button", onclick: () => void this.#copy() },
          text("engineer.copy"),
        ),
        element("button", { type: "button", className: "button", onclick: clear }, text("engineer.clear")),
      ),
      element("p", { className: "hint" }, text("engineer.sender", { id: uploader() })),
    );
    this.#fill();
    this.#sheet.open();
  }

  #fill(): void {
    this.#log.textContent = lines()
      .map(({ time, text }) => `${time.slice(0, 19).replace("T", " ")}  ${text}`)
      .join("\n");
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  async #copy(): Promise<void> {
    await navigator.clipboard?.writeText(this.#log.textContent ?? "").catch(() => undefined);
  }
}

/** The key that this phone trusts, and a way to forget it, which wants to be tapped twice. */
function signer(): HTMLElement {
  const section = element("section", { className: "signer" });
  const key = trusted();
  const value = element("dd", {}, key ? "…" : text("engineer.noKey"));
  section.append(element("dl", {}, element("div", {}, element("dt", {}, text("engineer.key")), value)));
  if (!key) return section;
  void keyId(publicKey(key.public, "key")).then((id) => (value.textContent = `${id.slice(0, 16)}…`));
  const button = element("button", { type: "button", className: "button" }, text("engineer.forget"));
  let sure = false;
  button.onclick = () => {
    button.textContent = text("engineer.forget.sure");
    if (sure) {
      forget();
      section.replaceChildren(element("p", { aria: { role: "status" } }, text("engineer.forgotten")));
    }
    sure = true;
  };
  section.append(button);
  return section;
}

function figures(manifest: Manifest): HTMLElement {
  return facts([
    [text("engineer.stage"), manifest.stage],
    ...Object.entries(manifest.metrics).map(([name, value]): [string, string] => [
      title(name),
      `${(100 * value).toFixed(1)}\u00a0%`,
    ]),
    [text("model.classes"), String(manifest.labels.length)],
    [text("engineer.size"), `${(manifest.bytes / 1e6).toFixed(2)} MB`],
    [text("engineer.runs"), wayOf(manifest.sha256) === "webgpu" ? "WebGPU" : "WebAssembly"],
    ["SHA-256", `${manifest.sha256.slice(0, 12)}…`],
  ]);
}

/** Names of metrics are not translated: engineers look for them in reports. */
function title(metric: string): string {
  const words = metric.replaceAll("_", " ").replace("roc auc", "ROC AUC");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
