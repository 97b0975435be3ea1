import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page } from "@playwright/test";

interface Decision {
  readonly upload: string;
  readonly decision: string;
  readonly by: string;
  readonly after: string[];
  readonly before: string[];
  readonly reason: string;
}

/** A folder with so many corrections that wait. */
export function waiting(folder: string, count: number, hostile = false): string {
  rmSync(folder, { recursive: true, force: true });
  const script = fileURLToPath(new URL("corrections.py", import.meta.url));
  execFileSync("python", [script, folder, String(count), ...(hostile ? ["hostile"] : [])], { stdio: "inherit" });
  return folder;
}

/** A model that this share of the phones tries. */
export function tried(folder: string, version: string, share: number): void {
  const steps = [{ share, at: "2026-05-01T10:00:00+00:00", why: "begun", looks: 0 }];
  const course = { version, sha256: "ab".repeat(32), before: "cd".repeat(32), steps, ending: "" };
  writeFileSync(join(folder, "data/canary.json"), JSON.stringify(course));
}

/** Every decision that is written down there, in order. */
export function decisions(folder: string): Decision[] {
  const reviews = join(folder, "data/reviews");
  if (!existsSync(reviews)) return [];
  const lines = readdirSync(reviews)
    .sort()
    .flatMap((name) => readFileSync(join(reviews, name), "utf8").split("\n"));
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Decision);
}

/** Opens the desk under a name. */
export async function open(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}review`);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Begin" }).click();
  await expect(card(page)).toBeVisible();
}

export const card = (page: Page) => page.getByRole("article", { name: "Correction" });
export const empty = (page: Page) => page.getByRole("heading", { name: "Nothing waits for you" });
export const left = (page: Page) => page.locator(".count-left");
