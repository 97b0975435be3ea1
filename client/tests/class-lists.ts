/** Lists of classes as projects have them: 3, 7, 20 and 30, with and without a background, exclusive or not. */
import type { PublishedManifest, Words } from "../src/contract/generated/manifest";
import { manifestOf } from "./manifest-example";

export const SEVEN = [
  "Background",
  "Bad Welding",
  "Crack",
  "Excess Reinforcement",
  "Good Welding",
  "Porosity",
  "Splatters",
];
const THREE = ["crater", "not_fully_soldered_through_to_the_second_copper_layer_of_board", "ok"];
const TWENTY = [
  "no part", "scratches", "rolled_in_scale", "patches", "crazing", "pitted_surface", "inclusion", "dent", "burr",
  "clean", "polished", "oil film", "rust", "edge crack", "centre segregation", "Oberflächenlängsriss",
  "roll mark", "hole", "lamination", "weld seam",
]; // prettier-ignore
const THIRTY = [
  "裂纹", "气孔", "焊接飞溅与未熔合的组合缺陷需要由检验员再次确认", "لحام جيد", "شقوق طولية في منطقة التأثير الحراري للحام",
  "תקין", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunter", "Ü", "кратер", "ρωγμή",
  ...Array.from({ length: 20 }, (_, i) => `class number ${i + 11}${i % 4 ? "" : " with a name that goes on and on and on"}`),
]; // prettier-ignore

const COLOURS = ["#4c78a8", "#e45756", "#f2cf5b", "#b279a2", "#54a24b", "#ff9da6", "#f58518", "#000000", "#ffffff"];
const LONG: Words = {
  title: "Crater at the end of the solder line, with a hole that goes through the pad",
  short: "Crater at the line's end",
  what: "The solder has drawn back and left a hollow. ".repeat(9).slice(0, 400),
  causes: "Usual causes: taken off too early, too little solder, pad not clean. ".repeat(6).slice(0, 400),
};
const WELD: Record<string, Record<string, Words>> = {
  Background: {
    en: { title: "No weld here", short: "No weld", what: "Point the camera at the weld and fill the frame with it." },
    de: { title: "Keine Naht im Bild", short: "Keine Naht", what: "Die Kamera auf die Schweißnaht richten." },
  },
  Crack: {
    en: {
      title: "Crack",
      short: "Crack",
      what: "The metal has torn. The weakest of all defects: grind it out, do not weld over it.",
      causes: "Usual causes: cooled too fast, no preheat, restrained joint, wrong filler.",
    },
    de: {
      title: "Riss",
      short: "Riss",
      what: "Der Werkstoff ist gerissen. Der schlimmste aller Fehler: ausschleifen, nicht überschweißen.",
      causes: "Häufige Ursachen: zu schnell abgekühlt, nicht vorgewärmt, Stoß eingespannt, falscher Zusatzwerkstoff.",
    },
  },
  "Excess Reinforcement": { en: { short: "Excess bead" }, de: { title: "Nahtüberhöhung", short: "Überhöhung" } },
};

export const LISTS: Readonly<Record<string, PublishedManifest>> = {
  "three, one an image": manifestOf(THREE, {
    exclusive: true,
    good: ["ok"],
    colours: COLOURS,
    words: { crater: { en: LONG } },
  }),
  "seven with a background": manifestOf(SEVEN, {
    background: "Background",
    good: ["Good Welding"],
    colours: COLOURS,
    words: WELD,
  }),
  "seven without colours and words": { ...manifestOf(SEVEN), classes: [] },
  "twenty with a background, one an image": manifestOf(TWENTY, {
    background: "no part",
    exclusive: true,
    good: ["clean", "polished"],
    colours: TWENTY.map((_, i) => COLOURS[i % COLOURS.length]!),
  }),
  "twenty without": manifestOf(TWENTY.slice(1).concat("blister"), { good: ["clean", "polished"] }),
  "thirty in many scripts": manifestOf(THIRTY, {
    good: ["لحام جيد"],
    colours: THIRTY.map((_, i) => COLOURS[i % COLOURS.length]!),
    words: { 裂纹: { zh: { title: "裂纹", short: "裂纹", what: "金属已开裂。请打磨去除，不要在上面施焊。" } } },
  }),
};
