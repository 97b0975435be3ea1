/** The seven classes, in the order of every table, model and manifest, and what welders should know about them. */

export const BACKGROUND = "Background";
export const GOOD = "Good Welding";

export interface Meaning {
  /** as a headline */
  readonly title: string;
  /** beside a check box */
  readonly short: string;
  readonly what: string;
  readonly causes: string;
}

export const MEANINGS: Readonly<Record<string, Meaning>> = {
  Background: {
    title: "No weld here",
    short: "No weld",
    what: "Point the camera at the weld and fill the frame with it.",
    causes: "",
  },
  "Bad Welding": {
    title: "Bad weld",
    short: "Bad weld",
    what: "An uneven bead that wanders, breaks off or has not fused with the plate.",
    causes: "Usual causes: travel speed or torch angle not held, current too low, dirty joint.",
  },
  Crack: {
    title: "Crack",
    short: "Crack",
    what: "The metal has torn. The weakest of all defects: grind it out, do not weld over it.",
    causes: "Usual causes: cooled too fast, no preheat, restrained joint, wrong filler.",
  },
  "Excess Reinforcement": {
    title: "Excess reinforcement",
    short: "Excess bead",
    what: "The bead stands too high above the plate; stress gathers at its edge.",
    causes: "Usual causes: travel too slow, wire feed or current too high.",
  },
  "Good Welding": {
    title: "Good weld",
    short: "Good weld",
    what: "Even ripples, straight edges, no defect found.",
    causes: "A camera sees the surface only.",
  },
  Porosity: {
    title: "Porosity",
    short: "Porosity",
    what: "Gas pores in the bead: holes on the surface, more beneath.",
    causes: "Usual causes: draught or too little shielding gas, damp filler, rust, oil or paint.",
  },
  Splatters: {
    title: "Spatter",
    short: "Spatter",
    what: "Drops of metal stuck to the plate beside the bead.",
    causes: "Usual causes: voltage too high, arc too long, wrong polarity, dirty plate.",
  },
};

/** The class's meaning; a class that the app does not know yet goes by its name. */
export function meaning(label: string): Meaning {
  return MEANINGS[label] ?? { title: label, short: label, what: "", causes: "" };
}

/** What a verdict of "good" leaves out, where the model does not know every class. */
export function caveat(unknown: readonly string[]): string {
  const names = unknown.map((label) => meaning(label).short.toLowerCase());
  return `This model does not know ${names.join(", ")}: look for that yourself.`;
}
