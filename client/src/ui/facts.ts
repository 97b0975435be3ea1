import { element } from "./element";

/** Names and values, one a line. */
export function facts(rows: readonly (readonly [string, string])[]): HTMLElement {
  return element(
    "dl",
    {},
    ...rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}

/** A switch with its name. */
export function switchOf(name: string, on: boolean, changed: (on: boolean) => void): HTMLElement {
  const input = element("input", { type: "checkbox", checked: on, onchange: () => changed(input.checked) });
  input.setAttribute("role", "switch");
  return element("label", { className: "check" }, input, element("span", {}, name));
}
