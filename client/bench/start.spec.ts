import { expect, test } from "@playwright/test";
import { phone, Server } from "../e2e/server";
import { ROOT } from "./root";
import { line } from "./line";

const LINE = 1_000_000; // bytes a second
const DELAY = 20; // ms each way

/** `make bench-client`: a phone that has never seen the app, on a line of 1 MB/s. */
test("the first start in numbers", async ({}, info) => {
  const server = new Server(ROOT);
  await server.start();
  const slow = await line(Number(new URL(server.url).port), LINE, DELAY);
  const context = await phone(info.outputPath("profile"));
  const page = await context.newPage();
  const shares: number[] = [];
  await page.exposeFunction("shared", (share: number) => shares.push(share));
  await page.addInitScript(() => {
    const seen = () => {
      const bar = document.querySelector<HTMLProgressElement>(".verdict progress");
      if (bar && !bar.hidden) (window as any).shared(bar.value);
      Object.assign(window, {
        verdict: document.querySelector(".bars .value")?.textContent ? performance.now() : null,
      });
    };
    setInterval(seen, 100);
  });
  const verdict = async () => {
    await page.waitForFunction(() => (window as any).verdict, null, { polling: 20, timeout: 60_000 });
    return page.evaluate(() => (window as any).verdict as number);
  };
  await page.goto(slow.url);
  const cold = await verdict();
  const bytes = slow.come();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForTimeout(8_000); // it fills its cache over the same line
  const warm: number[] = [];
  for (let i = 0; i < 5; i++) {
    await page.reload();
    warm.push(await verdict());
  }
  warm.sort((a, b) => a - b);
  const steps = shares.filter((share, i) => i === 0 || share !== shares[i - 1]);
  console.log(
    [
      `first verdict, cold      ${(cold / 1000).toFixed(1)} s on a line of 1 MB/s (limit 8), ${(bytes / 1e6).toFixed(2)} MB (limit 7.5)`,
      `progress                 ${steps.length} steps, the last ${Math.round(100 * Math.max(...shares))} %`,
      `first verdict, warm      ${(warm[2]! / 1000).toFixed(2)} s median of 5 (limit 1)`,
    ].join("\n"),
  );
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  await context.close();
  slow.close();
  await server.stop();
});
