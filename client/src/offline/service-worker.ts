/// <reference lib="webworker" />
/** Keeps the app on the phone: it opens without a network. The model is kept by src/model/store.ts. */
export type {};
declare const self: ServiceWorkerGlobalScope;
declare const __VERSION__: string; // filled in by build/precache.ts
declare const __FILES__: string[];

const SHELL = `weldspot-shell-${__VERSION__}`;
const RUNTIME = `weldspot-${__LITERT__}`; // filled by src/model/worker.ts
const CONFIG = "config.json";
const at = (name: string) => new URL(name, self.registration.scope).href;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.url.startsWith(self.registration.scope) && request.url.slice(self.registration.scope.length);
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
    if (name.startsWith("weldspot-") && name !== SHELL && name !== RUNTIME) await caches.delete(name);
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
