type Child = Node | string | null | false;
type Properties<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style" | "dataset" | "children">
> & { aria?: Record<string, string> };

/** An element with properties, ARIA attributes and children; null and false are left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const { aria, ...rest } = properties;
  const made = document.createElement(tag);
  Object.assign(made, rest);
  for (const [name, value] of Object.entries(aria ?? {}))
    made.setAttribute(name === "role" ? name : `aria-${name}`, value);
  made.append(...children.filter((child): child is Node | string => child !== null && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A line icon of 24 × 24, drawn by the path `d`, in the colour of the text. */
export function icon(d: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  svg.append(path);
  return svg;
}

/** Sets the text only when it is another, so that screen readers say it once. */
export function say(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
