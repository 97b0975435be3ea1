import { App } from "./app";
import { log } from "./log";
import { asProblem, Problem } from "./problem";
import { applyTheme, token } from "./settings";
import { problemCard } from "./ui/problem-card";
import { toast } from "./ui/toast";

applyTheme();
token(); // out of the address at once
const root = document.querySelector<HTMLElement>("#app")!;
addEventListener("unhandledrejection", (event) => log(`unexpected: ${event.reason}`));
try {
  if (!isSecureContext) {
    throw new Problem(
      "This address is not secure",
      "Browsers give camera and storage to https pages only. Open the https address that the server printed; `make serve` with --self-signed prints one.",
    );
  }
  void new App(root).start();
} catch (error) {
  root.replaceChildren(problemCard(asProblem(error), [{ text: "Reload", act: () => location.reload() }]));
}
void keepOffline();

async function keepOffline(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register("sw.js");
    const offer = () =>
      registration.waiting &&
      navigator.serviceWorker.controller &&
      toast("A new version of the app is here.", {
        text: "Reload",
        act: () => registration.waiting?.postMessage("take over"),
      });
    offer();
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener(
        "statechange",
        (event) => (event.target as ServiceWorker).state === "installed" && offer(),
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
