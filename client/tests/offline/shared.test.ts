import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepShared, takeShared } from "../../src/offline/shared";

const kept = new Map<string, Response>();
const replaced = vi.fn();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("caches", {
    open: async () => ({
      put: async (key: string, response: Response) => void kept.set(key, response),
      match: async (key: string) => kept.get(key),
      delete: async (key: string) => kept.delete(key),
    }),
  });
  vi.stubGlobal("location", { search: "?shared", pathname: "/", hash: "" });
  vi.stubGlobal("history", { state: null, replaceState: replaced });
});
afterEach(() => vi.unstubAllGlobals());

function form(...files: File[]): FormData {
  const made = new FormData();
  for (const file of files) made.append("photo", file);
  return made;
}

test("a photograph that another app shares is taken once, with its name and its time", async () => {
  const file = new File(["bytes"], "Naht 1.jpg", { type: "image/jpeg", lastModified: 1_700_000_000_000 });
  await keepShared(form(new File([], "nothing"), file, new File(["more"], "second.jpg")));
  const taken = await takeShared();
  expect(taken).toMatchObject({ name: "Naht 1.jpg", lastModified: 1_700_000_000_000 });
  expect(await taken!.text()).toBe("bytes");
  expect(replaced).toHaveBeenCalledWith(null, "", "/");
  expect(await takeShared()).toBeNull();
});

test("nothing that is shared is nothing, and so is a page that was opened otherwise", async () => {
  await keepShared(form());
  expect(await takeShared()).toBeNull();
  await keepShared(form(new File(["bytes"], "a.jpg")));
  vi.stubGlobal("location", { search: "", pathname: "/", hash: "" });
  expect(await takeShared()).toBeNull();
});
