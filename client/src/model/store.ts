import type { Backend } from "../backends/backend";
import { type Manifest, parse } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { Problem, storageFull, told } from "../incidents/problem";
import { database } from "../storage/database";
import { sha256 } from "../storage/sha256";

const CURRENT = "current";

export interface StoredModel {
  readonly manifest: Manifest;
  readonly bytes: ArrayBuffer;
}

/** The model that this phone keeps; null before the first download, and when what is kept is no model's description. */
export async function stored(): Promise<StoredModel | null> {
  const kept = await (await database()).get("models", CURRENT);
  if (!kept) return null;
  try {
    return { manifest: parse(lifted(kept.manifest)), bytes: kept.bytes };
  } catch (error) {
    log(`the kept model is downloaded anew: ${told(error)}`);
    return null;
  }
}

/** The app of version 0.1 kept manifests flat; a phone that gets the next one far from a network has only that. */
function lifted(kept: unknown): unknown {
  const { side, resize, thresholds, labels, ...same } = (kept ?? {}) as Record<string, unknown>;
  if (typeof side !== "number" || !Array.isArray(labels) || !Array.isArray(thresholds)) return kept;
  return {
    ...same,
    labels,
    thresholds: Object.fromEntries(labels.map((label, i) => [label, thresholds[i]])),
    input: { shape: [1, side, side, 3], dtype: "uint8", resize },
  };
}

/**
 * The backend's model, downloaded only if it is another than `before`, its SHA-256 verified.
 *
 * Throws a Problem when it is damaged or can't be had; nothing is stored here.
 */
export async function latest(
  backend: Backend,
  before: StoredModel | null,
  progress: (bytes: number, total: number) => void,
): Promise<StoredModel> {
  const manifest = parse(await backend.manifest());
  if (before?.manifest.sha256 === manifest.sha256) return { manifest, bytes: before.bytes };
  const bytes = await backend.model(manifest, (arrived) => progress(arrived, manifest.bytes));
  if ((await sha256(bytes)) !== manifest.sha256) {
    throw new Problem("damagedModel");
  }
  return { manifest, bytes };
}

/** Keeps this model in place of the one before, in one transaction. */
export async function keep(model: StoredModel): Promise<void> {
  try {
    await (await database()).put("models", model, CURRENT);
  } catch (error) {
    throw storageFull(error) ?? error;
  }
}
