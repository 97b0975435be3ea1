import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { UploadMetadata } from "../contract/generated/upload";

/** Why a correction is still here: what it waits for, or what the backend has against it for good. */
export type Reason = "network" | "unreachable" | "busy" | "token" | "address" | "tooLarge" | "notAccepted" | "rules";

/** A correction that waits to be sent; its photograph lies apart, so that a list of many is read in no time. */
export interface Item {
  readonly id: string; // a UUID, made once: the server knows a repetition by it
  readonly metadata: Readonly<UploadMetadata>;
  /** of its labels, in the words of the list that it was made with: another may be in use when it is shown */
  readonly names?: readonly string[];
  readonly created: number; // ms since 1970
  /** the photograph, small enough for a list: a data URL; "" where there is none */
  readonly thumb: string;
  attempts: number;
  /** an attempt has ended without an answer: the upload may be there */
  unknown: boolean;
  /** "refused": the backend will never take it as it is; it stays until the user deletes it */
  state: "waiting" | "refused";
  /** of the last attempt; "" before the first */
  reason: Reason | "";
}

/** A correction that is being written, kept over a reload. */
export interface Draft {
  readonly image: ArrayBuffer; // JPEG
  readonly chosen: readonly string[];
  readonly note: string;
  readonly taken: number; // ms since 1970
  /** its entry in the history; older versions of the app kept none */
  readonly shot?: string;
}

/** A closed line around a place, points [x, y] from 0 to 1. */
export type Line = readonly (readonly [number, number])[];

/** A photograph that the model was asked about, and what it said; the photograph lies apart. */
export interface Shot {
  readonly id: string;
  readonly taken: number; // ms since 1970
  readonly model: { readonly version: string; readonly sha256: string };
  readonly kind: "defect" | "good" | "none" | "unsure";
  /** the classes of the verdict, surest first; none when unsure */
  readonly labels: readonly string[];
  /** of the verdict, in the words that the user has seen */
  readonly names: readonly string[];
  /** why there is no verdict: the frame's fault */
  readonly obstacle: "dark" | "bright" | "blurred" | "moving" | null;
  readonly scores: Readonly<Record<string, number>>;
  /** where, as it was drawn: only a place that the app shows */
  readonly outlines: readonly { readonly label: string; readonly lines: readonly Line[] }[];
  /** the photograph, small enough for a list: a data URL */
  readonly thumb: string;
  readonly bytes: number; // of the photograph
  /** what the user has said it is; null: nothing */
  readonly correction: { readonly labels: readonly string[]; readonly names: readonly string[] } | null;
  readonly note: string;
}

/** As whom the service worker sends, which has no localStorage. */
export interface Sender {
  readonly token: string;
  readonly uploader: string;
}

interface Schema extends DBSchema {
  outbox: { key: string; value: Item; indexes: { state: string } };
  /** JPEG of each item in the outbox, by its id */
  pictures: { key: string; value: ArrayBuffer };
  drafts: { key: string; value: Draft };
  /** `manifest`: as whichever version of the app stored it */
  models: { key: string; value: { manifest: unknown; bytes: ArrayBuffer } };
  history: { key: string; value: Shot; indexes: { taken: number } };
  /** JPEG of each entry of the history, by its id */
  shots: { key: string; value: ArrayBuffer };
  sender: { key: string; value: Sender };
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

/** The app's IndexedDB. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("weldspot", 3, {
    async upgrade(db, before, _, transaction) {
      if (before < 1) {
        db.createObjectStore("outbox", { keyPath: "id" });
        db.createObjectStore("models");
      }
      if (before < 2) {
        db.createObjectStore("pictures");
        db.createObjectStore("drafts");
        transaction.objectStore("outbox").createIndex("state", "state");
        await parted(transaction);
      }
      if (before < 3) {
        db.createObjectStore("history", { keyPath: "id" }).createIndex("taken", "taken");
        db.createObjectStore("shots");
        db.createObjectStore("sender");
      }
    },
    blocking: () => void forget(), // another tab has a newer app
    terminated: () => (opened = null),
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function forget(): Promise<void> {
  const old = await opened;
  opened = null;
  old?.close();
}

/** Version 1 kept each photograph in its item, and a sentence for why it was refused. */
async function parted(transaction: IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">): Promise<void> {
  type Old = Item & { image: ArrayBuffer; refused: string; next: number };
  const pictures = transaction.objectStore("pictures");
  for (let at = await transaction.objectStore("outbox").openCursor(); at; at = await at.continue()) {
    const { image, refused, next: _, ...same } = at.value as Old;
    await pictures.put(image, same.id);
    const kept = refused ? (["refused", "notAccepted"] as const) : (["waiting", ""] as const);
    await at.update({ ...same, thumb: "", state: kept[0], reason: kept[1] });
  }
}
