import { install, installable } from "../offline/install";
import { type Hand, hand, isOn, setHand, setTheme, type Theme, theme, turn } from "../storage/settings";
import { text } from "../texts/texts";
import { element } from "./element";
import { switchOf } from "./facts";
import { toast } from "./toast";

const THEMES: readonly Theme[] = ["auto", "light", "dark", "glare"];
const HANDS: readonly Hand[] = ["left", "both", "right"];

/** How the app looks, feels and sounds. */
export function lookSection(): HTMLElement[] {
  return [
    element("h3", {}, text("look")),
    oneOf("theme", text("look"), THEMES, theme(), setTheme, (value) => text(`look.${value}`)),
    element("h3", {}, text("hand")),
    oneOf("hand", text("hand"), HANDS, hand(), setHand, (value) => text(`hand.${value}`)),
    switchOf(text("feel"), isOn("vibrate"), (on) => turn("vibrate", on)),
    switchOf(text("sound"), isOn("sound"), (on) => turn("sound", on)),
    switchOf(text("unmeasured"), isOn("unmeasured"), (on) => turn("unmeasured", on)),
  ];
}

/** What it may tell of itself, where its user wants that. */
export function telemetrySection(): HTMLElement[] {
  return [
    switchOf(text("telemetry"), isOn("telemetry"), (on) => turn("telemetry", on)),
    element("p", { className: "hint" }, text("telemetry.what")),
  ];
}

/** How it is installed, where it is not and can be. */
export function installSection(): HTMLElement | null {
  const how = installable();
  if (!how) return null;
  const button = element("button", { type: "button", className: "button" }, text("install"));
  button.onclick = () => {
    button.disabled = true;
    void install();
  };
  return element(
    "section",
    { className: "install" },
    element("h3", {}, text("install")),
    element("p", {}, text(how === "asked" ? "install.what" : "install.byHand")),
    how === "asked" && button,
  );
}

/** Says so once, to somebody who has found a use for the app. */
export function offerInstall(): void {
  if (isOn("hinted") || installable() !== "asked") return;
  turn("hinted", true);
  toast(text("install.what"), { text: text("install"), act: () => void install() });
}

function oneOf<T extends string>(
  name: string,
  label: string,
  values: readonly T[],
  now: T,
  set: (value: T) => void,
  say: (value: T) => string,
): HTMLElement {
  const choices = values.map((value) => {
    const input = element("input", { type: "radio", name, value, checked: value === now, onchange: () => set(value) });
    return element("label", { className: "check" }, input, element("span", {}, say(value)));
  });
  return element("div", { className: "checks looks", aria: { role: "radiogroup", label } }, ...choices);
}
