import { text } from "../texts/texts";
import { element, icon } from "./element";
import { CLOSE } from "./icons";

const STAYS = 5000; // ms

export interface Toast {
  /** Another text in its place. */
  say(text: string, action?: Action): void;
  close(): void;
}

interface Action {
  readonly text: string;
  readonly act: () => void;
}

const place = element("div", { className: "toasts", aria: { live: "polite" } });

/** A short notice that goes by itself, or one with a button that stays until it is closed. */
export function toast(told: string, action?: Action): Toast {
  within();
  const shown = element("div", { className: "toast" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    shown.remove();
  };
  const say = (told: string, action?: Action) => {
    clearTimeout(timer);
    shown.replaceChildren(element("span", {}, told), ...(action ? buttons(action, close) : []));
    if (!action) timer = setTimeout(close, STAYS);
    if (!shown.isConnected) place.append(shown);
  };
  say(told, action);
  return { say, close };
}

/** Puts the notices into the dialog on top, outside of which nothing can be tapped. */
export function within(): void {
  const dialogs = document.querySelectorAll("dialog[open]");
  const top = dialogs[dialogs.length - 1] ?? document.body;
  if (place.parentElement !== top) top.append(place);
}

function buttons({ text: name, act }: Action, close: () => void): HTMLElement[] {
  const tapped = () => {
    close();
    act();
  };
  const shut = element("button", { type: "button", className: "round", onclick: close }, icon(CLOSE));
  shut.setAttribute("aria-label", text("close"));
  const button = element("button", { type: "button", className: "button", onclick: tapped }, name);
  return [element("span", { className: "acts" }, button, shut)];
}
