import { log } from "../incidents/log";

/**
 * Keeps the app on the phone.
 *
 * @param offer called when a new version waits; what it is given lets that version take over
 */
export async function keepOffline(offer: (takeOver: () => void) => void): Promise<void> {
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
      if (!first) location.reload();
      first = false;
    });
  } catch (error) {
    log(`not available offline: ${error}`);
  }
}
