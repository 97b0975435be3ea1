import type { Manifest } from "../contract/served-manifest";
import type { Item, Reason } from "../storage/database";

/** Called with the bytes that have arrived. */
export type Progress = (bytes: number) => void;

/**
 * What became of an attempt: it is stored there; or it may go through later, at the earliest after `wait` ms, and
 * `unknown` says that it may have arrived; or it never will as it is. `detail`: the backend's own words, for the log.
 */
export type Outcome = { readonly kind: "done" } | Held | Refused;

export interface Held {
  readonly kind: "later";
  readonly reason: Exclude<Reason, Refused["reason"]>;
  readonly detail: string;
  readonly wait: number;
  readonly unknown: boolean;
}

export interface Refused {
  readonly kind: "refused";
  readonly reason: "tooLarge" | "notAccepted" | "rules";
  readonly detail: string;
}

/** Where models come from and corrections go to. */
export interface Backend {
  /** whether a token opens it */
  readonly wantsToken: boolean;
  /** manifest.json as it is served. Throws a Problem. */
  manifest(): Promise<unknown>;
  /** The file that the manifest names. Throws a Problem. */
  model(manifest: Manifest, progress: Progress): Promise<ArrayBuffer>;
  /** canary.json as it is served, null where no model is tried. Throws a Problem. */
  canary(): Promise<unknown>;
  /** Sends the sums of one day (JSON); "later": it may go through then, "refused": it never will. */
  report(id: string, json: string): Promise<"done" | "later" | "refused">;
  /** Sends an item with its photograph (JPEG). */
  send(item: Item, image: ArrayBuffer): Promise<Outcome>;
}
