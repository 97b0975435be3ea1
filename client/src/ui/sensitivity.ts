import { type Manifest, thresholdsOf } from "../contract/served-manifest";
import { ClassBook } from "../reading/class-book";
import { adjusted } from "../reading/thresholds";
import { sensitivity, setSensitivity, TUNED } from "../storage/settings";
import { text } from "../texts/texts";
import { element, say } from "./element";

const RANGE = { min: "0.15", max: "0.85", step: "0.05" };

/** How readily defects are named: as tuned in the middle, where a mark is, and what a change does in figures. */
export function sensitivitySection(manifest: Manifest | null): HTMLElement {
  const input = element("input", { type: "range", value: String(sensitivity()), ...RANGE, id: "sensitivity" });
  const told = element("p", { className: "hint", aria: { live: "polite" } });
  const reset = element("button", { type: "button", className: "button" }, text("sensitivity.reset"));
  const show = () => {
    const changed = sensitivity() !== TUNED;
    say(told, changed ? change(manifest) : text("sensitivity.tuned"));
    reset.hidden = !changed;
    input.value = String(sensitivity());
  };
  const set = (value: number) => {
    setSensitivity(value);
    show();
  };
  input.oninput = () => set(Number(input.value));
  reset.onclick = () => set(TUNED);
  show();
  return element(
    "section",
    { className: "sensitivity" },
    element("h3", {}, element("label", { htmlFor: input.id }, text("sensitivity"))),
    element("p", {}, text("sensitivity.what")),
    element("div", { className: "scale" }, input, element("i", { className: "tuned", aria: { hidden: "true" } })),
    element(
      "p",
      { className: "ends" },
      ...[text("sensitivity.less"), text("sensitivity.tuned"), text("sensitivity.more")].map((end) =>
        element("span", {}, end),
      ),
    ),
    told,
    reset,
  );
}

/** The change in figures, of the first defect that the model knows. */
function change(manifest: Manifest | null): string {
  const book = manifest && new ClassBook(manifest);
  const tuned = manifest ? thresholdsOf(manifest) : [];
  const first = tuned.findIndex((threshold, i) => threshold < Infinity && book!.kind(book!.labels[i]!) === "defect");
  if (!book || first < 0) return text("sensitivityChanged");
  return text("sensitivity.now", {
    class: book.of(book.labels[first]!).short,
    percent: percent(adjusted(tuned[first]!, sensitivity())),
    tuned: percent(tuned[first]!),
  });
}

const percent = (share: number) => Math.round(100 * share);
