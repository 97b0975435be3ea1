import { App } from "./app";
import { log } from "./incidents/log";
import { asProblem, Problem } from "./incidents/problem";
import { keepOffline } from "./offline/registration";
import { applyTheme, token } from "./storage/settings";
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
void keepOffline((act) => toast("A new version of the app is here.", { text: "Reload", act }));
