/// <reference lib="webworker" />
/**
 * Keeps the app on the phone: it opens without a network. The model is kept by src/model/store.ts. Sends what waits
 * while the app is closed, and takes a photograph that another app shares.
 */
import { Local } from "../backends/local";
import { sendNow, TAG } from "../outbox/background";
import { keepShared, SHARED, SHARE } from "./shared";

declare const self: ServiceWorkerGlobalScope;
declare const __VERSION__: string; // filled in by build/precache.ts
declare const __FILES__: string[];

const SHELL = `weldspot-shell-${__VERSION__}`;
const RUNTIME = `weldspot-${__LITERT__}`; // filled by src/model/worker.ts
const CONFIG = "config.json";

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const at = (name: string) => new URL(name, self.registration.scope).href;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.data === "take over" && self.skipWaiting());
self.addEventListener("sync", (event) => {
  const { tag } = event as SyncEvent;
  if (tag === TAG) (event as SyncEvent).waitUntil(sent());
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.url.startsWith(self.registration.scope) && request.url.slice(self.registration.scope.length);
  if (request.method === "POST" && path === SHARE) event.respondWith(shared(request));
  if (request.method !== "GET" || path === false) return;
  const name = path.replace(/[?#].*/, "");
  if (name === CONFIG) event.respondWith(fresh(request));
  else if (name === "" || __FILES__.includes(name)) event.respondWith(kept(request, name || "index.html"));
  else if (name.startsWith("assets/")) event.respondWith(kept(request, name));
});

async function fill(): Promise<void> {
  const cache = await caches.open(SHELL);
  // asked anew: what the browser happens to have may be of another version
  await cache.addAll(__FILES__.map((name) => new Request(at(name), { cache: "no-cache" })));
  await cache.add(new Request(at(CONFIG), { cache: "no-cache" })).catch(() => undefined);
}

async function tidy(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("weldspot-") && ![SHELL, RUNTIME, SHARED].includes(name)) await caches.delete(name);
  }
  // not waited for: Firefox asks every worker of the page too, and the model's threads sleep until there is work;
  // until activation has ended all that the page fetches waits
  void self.clients.claim();
}

async function kept(request: Request, name: string): Promise<Response> {
  return (await caches.match(at(name))) ?? fetch(request);
}

async function fresh(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(SHELL)).put(at(CONFIG), response.clone());
    return response;
  } catch (error) {
    const old = await caches.match(at(CONFIG));
    if (old) return old;
    throw error;
  }
}

/** Firebase's own library would be needed in here for its corrections: they wait until the app is open. */
async function sent(): Promise<void> {
  const config = await (await fresh(new Request(at(CONFIG)))).json();
  if (config.backend === "local") await sendNow(async () => new Local());
}

/** The app opens, and finds what was shared. */
async function shared(request: Request): Promise<Response> {
  await keepShared(await request.formData()).catch(() => undefined); // then it opens without
  return Response.redirect(at("./?shared"), 303);
}
