import { App } from "./app";
import { log } from "./incidents/log";
import { asProblem, Problem } from "./incidents/problem";
import { rememberToken } from "./offline/installed";
import { keepOffline } from "./offline/registration";
import { applyHand, applyTheme, token } from "./storage/settings";
import { LANGUAGE, text } from "./texts/texts";
import { problemCard } from "./ui/problem-card";
import { toast } from "./ui/toast";

document.documentElement.lang = LANGUAGE;
applyTheme();
applyHand();
void rememberToken(token()); // out of the address at once
const root = document.querySelector<HTMLElement>("#app")!;
addEventListener("unhandledrejection", (event) => log(`unexpected: ${event.reason}`));
let app: App | null = null;
let start = Promise.resolve();
try {
  if (!isSecureContext) throw new Problem("insecure");
  app = new App(root);
  const started = app;
  addEventListener("hashchange", () => token() && void started.renewed()); // the code was scanned again, into this tab
  start = app.start();
} catch (error) {
  root.replaceChildren(problemCard(asProblem(error), [{ text: text("reload"), act: () => location.reload() }]));
}
// what it fetches for later would be in the way of what is waited for now
void start.finally(() =>
  keepOffline(
    (act) => toast(text("newVersion"), { text: text("reload"), act }),
    () => app?.free() ?? Promise.resolve(),
  ),
);
