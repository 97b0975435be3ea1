import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { phone, Server } from "../e2e/server";
import { ROOT } from "./root";

const MINUTES = Number(process.env.WELDSPOT_BENCH_MINUTES ?? 1);
const TICKS = 100; // a second: what Linux counts in /proc

/** `make bench-client`: the live view over a scene at rest; WELDSPOT_BENCH_MINUTES=10 for longer. */
test("a still scene in numbers", async ({}, info) => {
  test.skip(process.platform !== "linux", "counts in /proc");
  test.setTimeout((MINUTES + 3) * 60_000);
  const server = new Server(ROOT);
  await server.start();
  const profile = info.outputPath("profile");
  const context = await phone(profile);
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("weldspot.speed", "on"));
  await page.goto(server.url);
  await expect(page.locator(".speed")).not.toBeEmpty({ timeout: 60_000 });
  await page.waitForTimeout(20_000); // loaded, settled, its cache filled
  const start = used(profile);
  const lines = [
    `start                    ${(start.bytes / 1e6).toFixed(0)} MB of pages, ${(await heap()).toFixed(1)} MB of script`,
  ];
  const asked = await inferences();
  for (let minute = 1; minute <= MINUTES; minute++) {
    await page.waitForTimeout(60_000);
    const now = used(profile);
    const core = (kind: "pages" | "all") => ((now[kind] - start[kind]) / TICKS / (60 * minute)).toFixed(2);
    lines.push(
      `${minute} min`.padEnd(25) +
        `${(now.bytes / 1e6).toFixed(0)} MB of pages, ${(await heap()).toFixed(1)} MB of script, ` +
        `${core("pages")} core of pages (limit 0.3), ${core("all")} with the browser's camera and drawing`,
    );
  }
  lines.push(`frames a second          ${asked} at the start, ${await inferences()} at the end`);
  console.log(lines.join("\n"));
  await context.close();
  await server.stop();

  async function heap(): Promise<number> {
    const session = await context.newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    await session.detach();
    return usedSize / 1e6;
  }
  async function inferences(): Promise<string> {
    return page.locator(".speed").innerText();
  }
});

/** Of the browser with this profile: ticks of its pages and of all its processes, and resident bytes of its pages. */
function used(profile: string): { pages: number; all: number; bytes: number } {
  const found = { pages: 0, all: 0, bytes: 0 };
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const read = (id: string, name: string) => {
    try {
      return readFileSync(`/proc/${id}/${name}`, "utf8");
    } catch {
      return ""; // it has ended
    }
  };
  const parents = new Map(processes.map((id) => [id, read(id, "stat").split(") ")[1]?.split(" ")[1]]));
  const main = processes.find((id) => read(id, "cmdline").includes(`--user-data-dir=${profile}`) && !read(id, "cmdline").includes("--type=")); // prettier-ignore
  const ours = (id: string | undefined): boolean => id === main || (id !== undefined && id !== "0" && ours(parents.get(id))); // prettier-ignore
  for (const id of processes.filter(ours)) {
    const stat = read(id, "stat").split(") ")[1]?.split(" ");
    if (!stat) continue;
    const ticks = Number(stat[11]) + Number(stat[12]);
    found.all += ticks;
    if (!read(id, "cmdline").includes("--type=renderer")) continue;
    found.pages += ticks;
    found.bytes += Number(stat[21]) * 4096;
  }
  return found;
}
