const SVG = "http://www.w3.org/2000/svg";
const HALF = 0.5; // of the hottest place

/** The edges of where the model's heat is at least half of its most, over the whole picture; null without heat. */
export function outline(heat: readonly (readonly number[])[]): SVGElement | null {
  const rows = heat.length;
  const columns = heat[0]?.length ?? 0;
  const most = Math.max(0, ...heat.flat());
  if (rows < 2 || columns < 2 || most <= 0) return null;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("outline");
  for (const kind of ["under", "over"]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", edges(heat, HALF * most));
    path.classList.add(kind);
    svg.append(path);
  }
  return svg;
}

/** The sides of cells at or over the limit whose neighbour is under it, as an SVG path. */
export function edges(heat: readonly (readonly number[])[], limit: number): string {
  const inside = (y: number, x: number) => (heat[y]?.[x] ?? -1) >= limit;
  let path = "";
  heat.forEach((row, y) =>
    row.forEach((_, x) => {
      if (!inside(y, x)) return;
      if (!inside(y - 1, x)) path += `M${x} ${y}h1`;
      if (!inside(y + 1, x)) path += `M${x} ${y + 1}h1`;
      if (!inside(y, x - 1)) path += `M${x} ${y}v1`;
      if (!inside(y, x + 1)) path += `M${x + 1} ${y}v1`;
    }),
  );
  return path;
}
