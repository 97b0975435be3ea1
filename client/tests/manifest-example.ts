import type { PublishedManifest, ShownClass, Words } from "../src/contract/generated/manifest";

/** A manifest of a model with two classes, as it is served. */
export function manifest(sha256 = "a".repeat(64)): PublishedManifest {
  return {
    name: "weldspot",
    version: "3",
    published: "2026-11-23T10:25:51+00:00",
    stage: "production",
    file: `models/${sha256}.tflite`,
    sha256,
    bytes: 5,
    labels: ["Background", "Crack"],
    thresholds: { Background: 0.5, Crack: 0.6 },
    unknown: [],
    maps: ["Crack"],
    classes: [
      shown("Background", { words: { en: { title: "No weld here", short: "No weld" } } }),
      shown("Crack", { words: { en: { title: "A crack", what: "Torn." }, de: { title: "Riss", short: "Riss" } } }),
    ],
    background: "Background",
    exclusive: false,
    aliases: { cracks: "Crack" },
    input: { shape: [1, 288, 288, 3], dtype: "uint8", scale: 1, zero_point: 0, resize: "stretch" },
    outputs: { probabilities: [1, 2], heatmaps: "1,9,9,2" },
    metrics: { mean_average_precision: 0.97, mean_roc_auc: 0.99 },
    checks_passed: true,
    git_commit: "0".repeat(40),
    dvc_lock: "1".repeat(64),
    mlflow: { experiment: "weldspot", tag: "weldspot.key", key: "2".repeat(64) },
  };
}

/** One with these classes, each with the threshold 0.5 and no words but those given. */
export function manifestOf(labels: readonly string[], given: List = {}): PublishedManifest {
  const { good = [], words = {}, colours = [], ...same } = given;
  return {
    ...manifest(),
    labels: labels as [string, ...string[]],
    thresholds: Object.fromEntries(labels.map((label) => [label, 0.5])),
    classes: labels.map((label, i) =>
      shown(label, { good: good.includes(label), words: words[label], colour: colours[i] }),
    ),
    background: null,
    ...same,
  };
}

interface List extends Partial<PublishedManifest> {
  readonly good?: readonly string[];
  readonly words?: Readonly<Record<string, Record<string, Words>>>;
  readonly colours?: readonly string[];
}

function shown(name: string, { good = false, words = {}, colour = "#4c78a8" }: Partial<ShownClass>): ShownClass {
  return { name, colour, good, words };
}
