import type { Meaning } from "../reading/class-book";
import { element } from "./element";

/** The class's colour, for eyes only: what it says stands beside it. */
export function dot({ colour }: Meaning): HTMLElement {
  const made = element("i", { className: "dot", aria: { hidden: "true" } });
  made.style.setProperty("--colour", colour);
  return made;
}

/** Words of a class in their own language and direction. */
export function words({ language }: Meaning, text: string, className = ""): HTMLElement {
  const made = element("span", { className, lang: language, dir: "auto" });
  sayName(made, text);
  return made;
}

/** Whether a name is more than two short lines; letters of Asian scripts are twice as wide. */
export function isLong(text: string): boolean {
  return text.length + (text.match(/[\u1100-\uffff]/g)?.length ?? 0) > 24;
}

/** Sets a name that may break after `_` too, only when it is another. */
export function sayName(target: HTMLElement, text: string): void {
  if (target.textContent === text) return;
  target.replaceChildren(...text.split("_").flatMap((part, i) => (i ? ["_", element("wbr"), part] : [part])));
}
