import type { Manifest } from "../contract/served-manifest";
import type { Item } from "../storage/database";

/** Called with the share that has arrived, 0 to 1. */
export type Progress = (share: number) => void;

/**
 * What became of an attempt: it is stored there; or it may go through later, at the earliest after `wait` ms, and
 * `unknown` says that it may have arrived; or it never will as it is.
 */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "later"; readonly reason: string; readonly wait: number; readonly unknown: boolean }
  | { readonly kind: "refused"; readonly reason: string };

/** Where models come from and corrections go to. */
export interface Backend {
  /** manifest.json as it is served. Throws a Problem. */
  manifest(): Promise<unknown>;
  /** The file that the manifest names. Throws a Problem. */
  model(manifest: Manifest, progress: Progress): Promise<ArrayBuffer>;
  send(item: Item): Promise<Outcome>;
}
