/** The correction that is being written: kept over a reload, a crash, a battery that dies. One for each tab. */
import { database, type Draft } from "../storage/database";

const LOCK = "weldspot-tab-"; // held by each tab for as long as it lives
const KEY = "weldspot.tab";

let tab = "";

/** This tab's name, the same after a reload. */
function own(): string {
  if (tab) return tab;
  try {
    tab = sessionStorage.getItem(KEY) ?? crypto.randomUUID();
    sessionStorage.setItem(KEY, tab);
  } catch {
    tab ||= crypto.randomUUID(); // storage is forbidden: a reload finds it as that of a tab that is gone
  }
  void navigator.locks.request(LOCK + tab, () => new Promise(() => undefined));
  return tab;
}

/** Keeps it in place of this tab's draft before. */
export async function keepDraft(draft: Draft): Promise<void> {
  await (await database()).put("drafts", draft, own());
}

/** This tab's draft, else one of a tab that is gone, which is this tab's from then on; null where there is none. */
export async function keptDraft(): Promise<{ draft: Draft; mine: boolean } | null> {
  const db = await database();
  const name = own();
  const mine = await db.get("drafts", name);
  if (mine) return { draft: mine, mine: true };
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  const left = (await db.getAllKeys("drafts")).find((key) => !alive.has(LOCK + key));
  if (left === undefined) return null;
  const transaction = db.transaction("drafts", "readwrite");
  const draft = await transaction.store.get(left);
  if (draft) await Promise.all([transaction.store.put(draft, name), transaction.store.delete(left)]);
  await transaction.done;
  return draft ? { draft, mine: false } : null;
}

export async function dropDraft(): Promise<void> {
  await (await database()).delete("drafts", own());
}
