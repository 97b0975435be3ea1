import type { Manifest } from "../contract/served-manifest";
import { sha256 } from "../storage/sha256";

const LONGEST_NOTE = 2000;
const LONGEST_DEVICE = 200;

/** The metadata of an upload, in the form that src/weldspot/loop/feedback/upload_metadata.py reads: all strings. */
export async function metadata(
  image: ArrayBuffer,
  chosen: readonly string[],
  probabilities: ArrayLike<number>,
  manifest: Manifest,
  note: string,
  taken: Date,
): Promise<Record<string, string>> {
  const text = note.trim().slice(0, LONGEST_NOTE);
  return {
    labels: manifest.labels.filter((label) => chosen.includes(label)).join(","),
    scores: manifest.labels.map((_, i) => Math.min(1, Math.max(0, probabilities[i]!)).toFixed(6)).join(","),
    model: manifest.sha256,
    taken: taken.toISOString(),
    device: navigator.userAgent.slice(0, LONGEST_DEVICE),
    sha256: await sha256(image),
    ...(text && { note: text }),
  };
}
