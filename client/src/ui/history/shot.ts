import type { Obstacle } from "../../camera/frames";
import type { Output } from "../../model/classifier";
import type { ClassBook } from "../../reading/class-book";
import type { Verdict } from "../../reading/verdict";
import type { Shot } from "../../storage/database";
import { text } from "../../texts/texts";
import { placesOf } from "../where";

/** What the history keeps of a photograph that was classified. */
export function shotOf(
  kept: Pick<Shot, "id" | "taken" | "thumb" | "bytes">,
  output: Output,
  book: ClassBook,
  verdict: Verdict,
  obstacle: Obstacle | null,
): Shot {
  const { version, sha256 } = book.manifest;
  const labels = obstacle ? [] : verdict.labels;
  const [first] = verdict.kind === "defect" ? labels : [];
  return {
    ...kept,
    model: { version, sha256 },
    kind: obstacle ? "unsure" : verdict.kind,
    labels,
    names: labels.map((label) => book.of(label).title),
    obstacle,
    scores: Object.fromEntries(
      book.labels.map((label, i) => [label, Math.round(output.probabilities[i]! * 1e6) / 1e6]),
    ),
    outlines: first === undefined ? [] : [{ label: first, lines: placesOf(output, book, first) }],
    correction: null,
    note: "",
  };
}

/** Its verdict in the words that were seen. */
export function saidOf({ names, obstacle }: Shot): string {
  if (obstacle) return text(`obstacle.${obstacle}`);
  return names.join(", ") || text("unsure");
}
