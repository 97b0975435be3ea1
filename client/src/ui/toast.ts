import { element } from "./element";

const STAYS = 4000; // ms

const place = element("div", { className: "toasts", aria: { live: "polite" } });

/** A short notice that goes by itself, or one with a button that stays. */
export function toast(text: string, action?: { readonly text: string; readonly act: () => void }): void {
  if (!place.isConnected) document.body.append(place);
  const button = action && element("button", { type: "button", className: "button", onclick: action.act }, action.text);
  const shown = element("div", { className: "toast" }, text, button ?? null);
  place.append(shown);
  if (!action) setTimeout(() => shown.remove(), STAYS);
}
