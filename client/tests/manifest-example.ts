/** A manifest of a model with two classes, as it is served. */
export function manifest(sha256 = "a".repeat(64)) {
  return {
    version: "3",
    published: "2026-11-23T10:25:51+00:00",
    stage: "production",
    file: `models/${sha256}.tflite`,
    sha256,
    bytes: 5,
    labels: ["Background", "Crack"],
    thresholds: { Background: 0.5, Crack: 0.6 },
    input: { shape: [1, 288, 288, 3], dtype: "uint8", resize: "stretch" },
    metrics: { mean_average_precision: 0.97 },
  };
}
