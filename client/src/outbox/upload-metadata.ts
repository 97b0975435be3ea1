import { DEVICE_CHARACTERS, NOTE_CHARACTERS } from "../contract/generated/limits";
import type { UploadMetadata } from "../contract/generated/upload";
import type { Manifest } from "../contract/served-manifest";
import { sha256 } from "../storage/sha256";

/** The metadata of an upload, which src/weldspot/loop/feedback/upload_metadata.py reads: all strings. */
export async function metadata(
  image: ArrayBuffer,
  chosen: readonly string[],
  probabilities: ArrayLike<number>,
  manifest: Manifest,
  note: string,
  taken: Date,
): Promise<UploadMetadata> {
  const text = note.trim().slice(0, NOTE_CHARACTERS);
  return {
    labels: manifest.labels.filter((label) => chosen.includes(label)).join(","),
    classes: manifest.labels.join(","),
    scores: manifest.labels.map((_, i) => Math.min(1, Math.max(0, probabilities[i]!)).toFixed(6)).join(","),
    model: manifest.sha256,
    taken: taken.toISOString(),
    device: navigator.userAgent.slice(0, DEVICE_CHARACTERS),
    sha256: await sha256(image),
    ...(text && { note: text }),
  };
}
