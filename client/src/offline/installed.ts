import { log } from "../incidents/log";

let shown = "";

/**
 * Lets an app that is installed from this page keep the server's token: on an iPhone it has a storage of its own, and
 * knows only the address that it starts with. The address part after # goes to no server.
 */
export async function rememberToken(token: string): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
  if (!link || !token) return;
  try {
    const original = (link.dataset.original ??= link.href);
    const manifest = await (await fetch(original)).json();
    const absolute = (address: string) => new URL(address, document.baseURI).href; // a blob has no folder
    for (const icon of manifest.icons) icon.src = absolute(icon.src);
    for (const key of ["id", "scope"]) manifest[key] = absolute(manifest[key]);
    manifest.share_target.action = absolute(manifest.share_target.action);
    manifest.start_url = absolute(`./#token=${encodeURIComponent(token)}`);
    if (shown) URL.revokeObjectURL(shown);
    shown = URL.createObjectURL(new Blob([JSON.stringify(manifest)], { type: "application/manifest+json" }));
    link.href = shown;
  } catch (error) {
    log(`an app installed from here would not know the token: ${error}`);
  }
}
