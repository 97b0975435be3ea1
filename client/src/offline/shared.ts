/** A photograph that another app shares with this one: https://w3c.github.io/web-share-target/ */

/** Where the manifest lets browsers post it. */
export const SHARE = "share";
/** The cache in which it waits for the page. */
export const SHARED = "weldspot-shared";
const FIELD = "photo";
const NAME = "x-weldspot-name";
const MODIFIED = "x-weldspot-modified";

/** The service worker's part: keeps the first file. */
export async function keepShared(form: FormData): Promise<void> {
  const file = form.getAll(FIELD).find((each) => each instanceof File && each.size > 0);
  if (!(file instanceof File)) return;
  const headers = { [NAME]: encodeURIComponent(file.name), [MODIFIED]: String(file.lastModified) };
  const response = new Response(file, { headers: { ...headers, "Content-Type": file.type } });
  await (await caches.open(SHARED)).put(FIELD, response);
}

/** The page's part: the file, once; null where none was shared. */
export async function takeShared(): Promise<File | null> {
  if (!new URLSearchParams(location.search).has("shared")) return null;
  history.replaceState(history.state, "", location.pathname + location.hash);
  const cache = await caches.open(SHARED);
  const kept = await cache.match(FIELD);
  if (!kept) return null;
  await cache.delete(FIELD);
  const { headers } = kept;
  const lastModified = Number(headers.get(MODIFIED)) || Date.now();
  return new File([await kept.blob()], decodeURIComponent(headers.get(NAME) ?? ""), { lastModified });
}
