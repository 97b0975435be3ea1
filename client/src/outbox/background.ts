/** The outbox while the page is closed, where the browser can: https://wicg.github.io/background-sync/spec/ */
import type { Backend } from "../backends/backend";
import { log } from "../incidents/log";
import { database } from "../storage/database";
import { sendAs, token, uploader } from "../storage/settings";
import { Outbox } from "./outbox";

export const TAG = "weldspot-outbox";
const SENDER = "current";

type Syncing = ServiceWorkerRegistration & { readonly sync?: { register(tag: string): Promise<void> } };

/** The page's part: the service worker is to send what waits as soon as there is a network, and knows as whom. */
export async function askLater(): Promise<void> {
  try {
    await (await database()).put("sender", { token: token(), uploader: uploader() }, SENDER);
    const registration: Syncing | undefined = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register(TAG);
  } catch (error) {
    log(`what waits is sent only while the app is open: ${error}`);
  }
}

/** The page may be closed now, perhaps for good: what waits is the service worker's. */
export async function leaving(outbox: Pick<Outbox, "counts">): Promise<void> {
  const { all, refused } = await outbox.counts().catch(() => ({ all: 0, refused: 0 }));
  if (all > refused) await askLater();
}

/** The service worker's part. Throws while something is left that may go through later: the browser comes again. */
export async function sendNow(backend: () => Promise<Backend>): Promise<void> {
  const sender = await (await database()).get("sender", SENDER);
  if (!sender) return;
  sendAs(sender);
  const outbox = new Outbox(backend);
  try {
    await outbox.send(); // under the lock that every tab takes
    const { all, refused } = await outbox.counts();
    if (all > refused) throw new Error(`${all - refused} still wait`);
  } finally {
    outbox.close();
  }
}
