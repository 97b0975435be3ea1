import { log } from "../incidents/log";

/**
 * Keeps the app on the phone.
 *
 * @param offer called when a new version waits; what it is given lets that version take over
 * @param free resolves when a reload takes nothing away from the user: also when another tab has asked for it
 */
export async function keepOffline(offer: (takeOver: () => void) => void, free: () => Promise<void>): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register("sw.js");
    const told = () =>
      registration.waiting &&
      navigator.serviceWorker.controller &&
      offer(() => registration.waiting?.postMessage("take over"));
    told();
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener(
        "statechange",
        (event) => (event.target as ServiceWorker).state === "installed" && told(),
      ),
    );
    let first = !navigator.serviceWorker.controller;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (!first) void free().then(() => location.reload());
      first = false;
    });
  } catch (error) {
    log(`not available offline: ${error}`);
  }
}
