import type { Backend } from "../backends/backend";
import { type Manifest, parse } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { Problem, storageFull, told } from "../incidents/problem";
import { database } from "../storage/database";
import { sha256 } from "../storage/sha256";
import { tries, wanted } from "./canary";

const CURRENT = "current";
const ASIDE = "aside"; // while one is tried here: the other of the two

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
 * The backend's model, downloaded only if it is another than `before`, its SHA-256 and who signed it verified.
 *
 * Throws a Problem when it is damaged, not to be trusted or can't be had; of the model nothing is stored here.
 */
export async function latest(
  backend: Backend,
  before: StoredModel | null,
  progress: (bytes: number, total: number) => void,
): Promise<StoredModel> {
  const { manifest, accept } = await wanted(backend);
  const here = before?.manifest.sha256 === manifest.sha256 ? before.bytes : await setAside(manifest.sha256);
  if (here) {
    accept();
    return { manifest, bytes: here };
  }
  const bytes = await backend.model(manifest, (arrived) => progress(arrived, manifest.bytes));
  if ((await sha256(bytes)) !== manifest.sha256) {
    throw new Problem("damagedModel");
  }
  accept();
  return { manifest, bytes };
}

/** The bytes of this model, where it is the other of two while one is tried here. */
async function setAside(sha: string): Promise<ArrayBuffer | null> {
  const kept = tries() ? await (await database()).get("models", ASIDE).catch(() => undefined) : undefined;
  return kept && (await sha256(kept.bytes)) === sha ? kept.bytes : null;
}

/** The other of two models while one is tried here; null where it is not on this phone. */
export async function beside(): Promise<StoredModel | null> {
  const kept = await (await database()).get("models", ASIDE);
  return kept ? { manifest: parse(kept.manifest), bytes: kept.bytes } : null;
}

/** Keeps this model in place of the one before, in one transaction. */
export async function keep(model: StoredModel): Promise<void> {
  try {
    const transaction = (await database()).transaction("models", "readwrite");
    const before = await transaction.store.get(CURRENT);
    if (!tries()) await transaction.store.delete(ASIDE);
    else if (before && digestOf(before.manifest) !== model.manifest.sha256) await transaction.store.put(before, ASIDE);
    await Promise.all([transaction.store.put(model, CURRENT), transaction.done]);
  } catch (error) {
    throw storageFull(error) ?? error;
  }
}

function digestOf(kept: unknown): unknown {
  return (kept as Partial<Manifest> | null)?.sha256;
}
