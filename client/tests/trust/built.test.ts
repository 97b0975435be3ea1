import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { trusted } from "../../build/trust";
import { publisher, SOON, succession } from "./signer";

const folder = mkdtempSync(join(tmpdir(), "trust-"));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string, said: object) => {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(said));
  return pathToFileURL(file);
};

test("an app is built with the key that signs now, or with none", async () => {
  const [owner, next, recovery] = await Promise.all([publisher(), publisher(), publisher()]);
  const root = { public: owner.public, expires: SOON };
  expect(trusted(pathToFileURL(join(folder, "none.json")))).toBeNull();
  const first = written("first.json", { root, recovery: recovery.public });
  expect(trusted(first)).toEqual({ public: owner.public, expires: SOON, recovery: recovery.public });
  const successions = [await succession(owner, owner, next)];
  const rotated = written("rotated.json", { root, recovery: recovery.public, successions });
  expect(trusted(rotated)).toEqual({ public: next.public, expires: SOON, recovery: recovery.public });
});
