import type { Shot } from "../src/storage/database";

/** An entry of the history: a crack, with its place. */
export function shot(id: string, taken = 0): Shot {
  return {
    id,
    taken,
    model: { version: "3", sha256: "a".repeat(64) },
    kind: "defect",
    labels: ["Crack"],
    names: ["A crack"],
    obstacle: null,
    scores: { Crack: 0.9, Porosity: 0.1 },
    outlines: [{ label: "Crack", lines: [[[0.1, 0.1], [0.4, 0.1], [0.4, 0.4]]] }], // prettier-ignore
    thumb: "",
    bytes: 4,
    correction: null,
    note: "",
  };
}
