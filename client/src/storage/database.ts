import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { UploadMetadata } from "../contract/generated/upload";

/** A correction that waits to be sent, complete in itself. */
export interface Item {
  readonly id: string; // a UUID, made once: the server knows a repetition by it
  readonly image: ArrayBuffer; // JPEG
  readonly metadata: Readonly<UploadMetadata>;
  /** of its labels, in the words of the list that it was made with: another may be in use when it is shown */
  readonly names?: readonly string[];
  readonly created: number; // ms since 1970
  attempts: number;
  /** when to try again, ms since 1970 */
  next: number;
  /** an attempt has ended without an answer: the upload may be there */
  unknown: boolean;
  /** why the backend will never take it; it stays until the user deletes it */
  refused: string;
}

interface Schema extends DBSchema {
  outbox: { key: string; value: Item };
  /** `manifest`: as whichever version of the app stored it */
  models: { key: string; value: { manifest: unknown; bytes: ArrayBuffer } };
}

let opened: Promise<IDBPDatabase<Schema>> | null = null;

/** The app's IndexedDB. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("weldspot", 1, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "id" });
      db.createObjectStore("models");
    },
    terminated() {
      opened = null;
    },
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}
