import type { Shot } from "../../storage/database";
import { text } from "../../texts/texts";
import { element } from "../element";
import { facts } from "../facts";
import { saidOf } from "./shot";

const SVG = "http://www.w3.org/2000/svg";
const FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export const timeOf = ({ taken }: Shot) => FORMAT.format(taken);

/** One photograph of the history: with its outline, the verdict, and what the user has said. On screen and on paper. */
export async function shotView(shot: Shot, image: ArrayBuffer | undefined): Promise<HTMLElement> {
  const picture = element("img", { className: "still", alt: text("thePhotograph") });
  if (image) {
    const url = URL.createObjectURL(new Blob([image], { type: "image/jpeg" }));
    picture.src = url;
    await picture.decode().catch(() => undefined);
    URL.revokeObjectURL(url);
  }
  const { version, sha256 } = shot.model;
  const { correction, note } = shot;
  return element(
    "article",
    { className: "taken" },
    element("div", { className: "photo" }, picture, outline(shot)),
    element("h3", { className: "told", dir: "auto" }, saidOf(shot)),
    facts([
      [text("history.taken"), timeOf(shot)],
      [text("model"), version || sha256.slice(0, 12)],
      ...(correction ? [[text("history.correction"), correction.names.join(", ")] as const] : []),
      ...(note ? [[text("note"), note] as const] : []),
    ]),
  );
}

/** The line around the place, as it was drawn when it was taken. */
function outline({ outlines }: Shot): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("heat");
  for (const line of outlines.flatMap(({ lines }) => lines)) {
    for (const name of ["edge", "ink"]) {
      const polygon = document.createElementNS(SVG, "polygon");
      polygon.setAttribute("points", line.map(([x, y]) => `${x},${y}`).join(" "));
      polygon.classList.add(name);
      svg.append(polygon);
    }
  }
  return svg;
}
