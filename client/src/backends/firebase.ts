import { type FirebaseOptions, initializeApp } from "firebase/app";
import {
  type Auth,
  connectAuthEmulator,
  indexedDBLocalPersistence,
  initializeAuth,
  signInAnonymously,
} from "firebase/auth";
import { connectStorageEmulator, type FirebaseStorage, getBytes, getStorage, ref, uploadBytes } from "firebase/storage";
import type { Manifest } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { Problem } from "../incidents/problem";
import type { Item } from "../storage/database";
import type { Backend, Outcome, Progress } from "./backend";

/** Firebase's web configuration, and where the emulators listen: {"auth": "127.0.0.1:9099", "storage": …}. */
export interface Options extends FirebaseOptions {
  readonly emulators?: { readonly auth?: string; readonly storage?: string };
}

const PATIENCE_MS = 15_000; // the SDK's own is two minutes, for which a welder does not wait
const UPLOAD_MS = 60_000;
const NO_RETRY_MS = 1; // the SDK would take its own first attempt, whose answer was lost, for somebody else's object
const LARGEST_MANIFEST = 2 ** 20;
// denied: the rules let nobody write over an object, so after an attempt without an answer it means that it is there
const DENIED = "storage/unauthorized";
const FINAL = new Set([DENIED, "storage/quota-exceeded", "storage/invalid-argument", "auth/operation-not-allowed"]);

/** Anonymous Auth, and Cloud Storage for corrections, models and manifest: see docs/publishing.md. */
export class Firebase implements Backend {
  readonly wantsToken = false;
  readonly #auth: Auth;
  readonly #storage: FirebaseStorage;
  readonly #root: string;

  constructor(options: Options, model: string) {
    const app = initializeApp(options);
    this.#auth = initializeAuth(app, { persistence: indexedDBLocalPersistence });
    this.#storage = getStorage(app);
    this.#storage.maxOperationRetryTime = PATIENCE_MS;
    this.#storage.maxUploadRetryTime = NO_RETRY_MS;
    this.#root = `models/${model}`;
    const { auth, storage } = options.emulators ?? {};
    if (auth) connectAuthEmulator(this.#auth, `http://${auth}`, { disableWarnings: true });
    if (storage) connectStorageEmulator(this.#storage, storage.split(":")[0]!, Number(storage.split(":")[1]));
  }

  async manifest(): Promise<unknown> {
    const bytes = await this.#read("manifest.json", LARGEST_MANIFEST);
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      throw new Problem("badAnswer", { cause: error });
    }
  }

  async canary(): Promise<unknown> {
    try {
      const bytes = await getBytes(ref(this.#storage, `${this.#root}/canary.json`), LARGEST_MANIFEST);
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (error) {
      if (code(error) === "storage/object-not-found") return null;
      throw new Problem("unreachable", { cause: error });
    }
  }

  async report(id: string, json: string): Promise<"done" | "later" | "refused"> {
    try {
      await this.#auth.authStateReady();
      if (!this.#auth.currentUser) await signInAnonymously(this.#auth);
      const bytes = new TextEncoder().encode(json);
      await Promise.race([
        uploadBytes(ref(this.#storage, `telemetry/${id}.json`), bytes, { contentType: "application/json" }),
        late(),
      ]);
      return "done";
    } catch (error) {
      return FINAL.has(code(error)) ? "refused" : "later"; // denied too: it is there already, or is not wanted
    }
  }

  async model(manifest: Manifest, progress: Progress): Promise<ArrayBuffer> {
    const bytes = await this.#read(manifest.file, manifest.bytes);
    progress(bytes.byteLength);
    return bytes;
  }

  async send(item: Item, image: ArrayBuffer): Promise<Outcome> {
    let left = false; // the phone
    try {
      await this.#auth.authStateReady();
      const { uid } = this.#auth.currentUser ?? (await signInAnonymously(this.#auth)).user;
      const metadata = { contentType: "image/jpeg", customMetadata: { ...item.metadata } };
      left = navigator.onLine;
      const upload = uploadBytes(ref(this.#storage, `feedback/${uid}/${item.id}.jpg`), image, metadata);
      await Promise.race([upload, late()]);
      return { kind: "done" };
    } catch (error) {
      return outcome(code(error), item.unknown, left);
    }
  }

  async #read(path: string, most: number): Promise<ArrayBuffer> {
    try {
      return await getBytes(ref(this.#storage, `${this.#root}/${path}`), most);
    } catch (error) {
      log(`${path}: ${code(error)}`);
      if (code(error) === "storage/object-not-found") {
        throw new Problem("noModel", { cause: error });
      }
      throw new Problem("unreachable", { cause: error });
    }
  }
}

function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("no answer within a minute")), UPLOAD_MS));
}

/** What an error of the SDK means for an item; `unknown`: an attempt before this one may have arrived; `left`: this one. */
export function outcome(code: string, unknown: boolean, left: boolean): Outcome {
  if (code === DENIED && unknown) return { kind: "done" };
  if (code === DENIED) return { kind: "refused", reason: "rules", detail: code };
  if (FINAL.has(code)) return { kind: "refused", reason: "notAccepted", detail: code };
  return { kind: "later", reason: left ? "unreachable" : "network", detail: code, wait: 0, unknown: left };
}

function code(error: unknown): string {
  return (error as { code?: string })?.code ?? (error instanceof Error ? error.message : String(error));
}
