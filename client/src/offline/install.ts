/** Installing the app, as far as the browser lets a page ask: https://developer.mozilla.org/docs/Web/API/BeforeInstallPromptEvent */

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

let offered: InstallPrompt | null = null;

globalThis.addEventListener?.("beforeinstallprompt", (event) => {
  event.preventDefault(); // it is asked where a welder has a hand free: in the settings
  offered = event as InstallPrompt;
});
globalThis.addEventListener?.("appinstalled", () => (offered = null));

/** "asked": install() opens the browser's question; "by hand": an iPhone, where only the user can; null: neither. */
export function installable(): "asked" | "by hand" | null {
  if (offered) return "asked";
  const { standalone } = navigator as { standalone?: boolean }; // only an iPhone says so
  return standalone === false ? "by hand" : null;
}

/** Opens the browser's question, once for each offer. */
export async function install(): Promise<void> {
  const prompt = offered;
  offered = null;
  await prompt?.prompt();
}
