import { readFileSync } from "node:fs";
import { type Browser, type BrowserContextOptions, expect, type Page, type Route, test } from "@playwright/test";
import { LISTS } from "../../tests/class-lists";
import { SEND } from "../welder";
import { ADDRESS, serve, texturedCamera } from "./app";
import { pick } from "./phone";

const SEVEN = LISTS["seven with a background"]!;
const CRACK = [0.02, 0.03, 0.9, 0.06, 0.1, 0.05, 0.02];

const tap = (page: Page, name: string | RegExp) => page.getByRole("button", { name, exact: true }).last().click();
const review = (page: Page) => page.getByRole("dialog", { name: "Is this right?" });
const cropper = (page: Page) => page.getByRole("dialog", { name: "Crop" });

/** The app, looking; `before` runs in its page first. */
async function opened(
  browser: Browser,
  before: () => unknown = () => {},
  options: BrowserContextOptions = {},
  feedback?: (route: Route) => Promise<void>,
): Promise<Page> {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, locale: "en-US", hasTouch: true, ...options },
  });
  await texturedCamera(context);
  await context.addInitScript(before);
  await serve(context, SEVEN, CRACK, feedback);
  const page = await context.newPage();
  await page.goto(ADDRESS);
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  return page;
}

const frame = async (page: Page) => {
  const [photo, square] = await Promise.all([
    page.locator(".crop .still").boundingBox(),
    page.locator(".crop-frame").boundingBox(),
  ]);
  const [left, width] = [(square!.x - photo!.x) / photo!.width, square!.width / photo!.width];
  return { left, right: left + width, width };
};

test("a part of a photograph is chosen by finger, two fingers and keys, and goes as all its file has of it", async ({
  browser,
}) => {
  const page = await opened(browser);
  await pick(page, 2000, 1500, "half");
  await expect(review(page)).toBeVisible();
  await review(page).getByLabel("Note").fill("second pass");
  await tap(page, "Crop");
  await page.keyboard.press("Escape");
  await expect(cropper(page)).toBeHidden();
  await expect(review(page).locator("canvas.still")).toBeVisible();
  await tap(page, "Crop");
  const square = page.locator(".crop-frame");
  await expect(square).toBeVisible();
  expect((await frame(page)).width).toBeCloseTo(0.75, 1);

  const at = (await square.boundingBox())!;
  const middle = [at.x + at.width / 2, at.y + at.height / 2] as const;
  await page.mouse.move(...middle);
  await page.mouse.down();
  await page.mouse.move(middle[0] + 300, middle[1], { steps: 3 });
  await page.mouse.up();
  expect((await frame(page)).right).toBeCloseTo(1, 1);

  const touch = await page.context().newCDPSession(page);
  const fingers = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) => {
    const x = middle[0] + 40;
    const points = type === "touchEnd" ? [] : [x - apart, x + apart].map((x, id) => ({ x, y: middle[1], id }));
    return touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  };
  await fingers("touchStart", 80);
  for (const apart of [70, 60, 50, 40]) await fingers("touchMove", apart);
  await fingers("touchEnd", 0);
  const pinched = await frame(page);
  expect(pinched.width).toBeLessThan(0.55);
  await square.focus();
  for (let i = 0; i < 30; i++) await page.keyboard.press("Shift+ArrowRight");
  expect((await frame(page)).right).toBeCloseTo(1, 1);
  await page.keyboard.press("-");
  expect((await frame(page)).width).toBeLessThan(pinched.width);
  await cropper(page).getByRole("slider", { name: "Size of the part" }).fill("20");
  for (let i = 0; i < 30; i++) await square.press("Shift+ArrowRight");

  const { width } = await frame(page);
  await tap(page, "Use this part");
  await expect(cropper(page)).toBeHidden();
  await expect(review(page).getByLabel("Note")).toHaveValue("second pass");
  const still = await review(page)
    .locator("canvas.still")
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const greys = data.filter((_, i) => i % 4 === 0);
      return { side: canvas.width, square: canvas.width === canvas.height, plain: greys.every((grey) => grey === 119) };
    });
  expect(still.square).toBe(true);
  expect(still.plain).toBe(false); // of the right half
  expect(still.side / 2000).toBeCloseTo(width, 1); // of the file, not of what was shown of it
  await tap(page, SEND);
  await expect(review(page)).toBeHidden();
  await page.context().close();
});

test("of a photograph too long and narrow a part is asked for at once; closed, nothing is left over", async ({
  browser,
}) => {
  const page = await opened(browser);
  await pick(page, 3000, 400, "half");
  await expect(page.getByText("This photo is too long and narrow")).toBeVisible();
  await expect(cropper(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(cropper(page)).toBeHidden();
  await expect(page.getByRole("region", { name: "Verdict" }).getByRole("heading").first()).toHaveText("Crack");
  await pick(page, 3000, 400, "half");
  await tap(page, "Use this part");
  await expect(review(page)).toBeVisible();
  await page.context().close();
});

test("what was captured is kept with verdict, outline and what the welder said, deleted and had back", async ({
  browser,
}) => {
  const page = await opened(browser, () => localStorage.setItem("weldspot.unmeasured", "on"));
  await tap(page, "Capture and correct");
  await review(page).getByLabel("Note").fill("second pass");
  await tap(page, SEND);
  await pick(page, 640, 480, "half");
  await expect(review(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await tap(page, "History");
  const rows = page.getByRole("dialog", { name: "History" }).getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText("You: Crack");
  await rows.last().getByRole("button").first().click();
  const one = page.getByRole("dialog", { name: "The photograph" });
  await expect(one).toContainText("second pass");
  await expect(one.locator("polygon.ink").first()).toBeVisible();
  const width = () => one.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width).toBeGreaterThan(100);

  const saving = page.waitForEvent("download");
  await one.getByRole("button", { name: "Save as JSON" }).click();
  const report = JSON.parse(readFileSync(await (await saving).path(), "utf8"));
  expect(report.photographs).toMatchObject([
    { verdict: { kind: "defect", labels: ["Crack"] }, correction: { labels: ["Crack"] }, note: "second pass" },
  ]);
  expect(report.photographs[0].picture).toMatch(/^data:image\/jpeg;base64,\/9j/);
  expect(report.photographs[0].outlines[0].lines.length).toBeGreaterThan(0);

  await page.evaluate(() => (window.print = () => Object.assign(window, { printed: true })));
  await one.getByRole("button", { name: "Print or PDF" }).click();
  await expect.poll(() => page.evaluate(() => (window as any).printed)).toBe(true);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const ink = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return [backgroundColor, color];
  });
  expect(ink).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  await expect(page.locator(".report")).toContainText("Crack");
  await expect(page.locator(".report img")).toBeVisible();
  await expect(page.locator(".top, .live, dialog").first()).toBeHidden();
  expect((await page.pdf()).length).toBeGreaterThan(10_000);
  await page.emulateMedia({ media: "screen" });

  await one.getByRole("button", { name: "Delete" }).click();
  await expect(rows).toHaveCount(1);
  await tap(page, "Undo");
  await expect(rows).toHaveCount(2);
  await tap(page, "Delete all");
  await expect(page.getByText("Nothing yet")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await tap(page, "History");
  await expect(page.getByText("Nothing yet")).toBeVisible();
  await page.context().close();
});

test("light, zoom, another lens and a tap to focus, where the camera has them; the screen stays on", async ({
  browser,
}) => {
  const page = await opened(browser, () => {
    const wishes: object[] = [];
    Object.assign(window, { wishes, asked: [] as unknown[], held: 0 });
    const able = { torch: true, zoom: { min: 1, max: 4 }, focusMode: ["continuous", "single-shot"] };
    Object.assign(MediaStreamTrack.prototype, {
      getCapabilities: () => able,
      getSettings: () => ({ deviceId: (window as any).asked.at(-1) ?? "rear" }),
      applyConstraints: async ({ advanced }: { advanced: object[] }) => void wishes.push(advanced[0]!),
    });
    const devices = ["rear", "wide"].map((deviceId) => ({ kind: "videoinput", deviceId, label: deviceId }));
    navigator.mediaDevices.enumerateDevices = async () => devices as MediaDeviceInfo[];
    const open = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = (wanted) => {
      const { deviceId } = wanted!.video as { deviceId?: { exact: string } };
      if (deviceId) (window as any).asked.push(deviceId.exact);
      return open.call(navigator.mediaDevices, wanted);
    };
    const request = async () => ((window as any).held++, { released: false, release: async () => undefined });
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
  });
  await tap(page, "Light");
  await expect(page.getByRole("button", { name: "Light" })).toHaveAttribute("aria-pressed", "true");
  await tap(page, "Zoom 1×");
  await expect(page.getByRole("button", { name: "Zoom 2×" })).toBeVisible();
  const stage = (await page.locator(".stage").boundingBox())!;
  await page.mouse.click(stage.x + stage.width / 4, stage.y + stage.height / 2);
  await expect(page.locator(".ring")).toBeVisible();
  const wishes = () => page.evaluate(() => (window as any).wishes);
  await expect.poll(wishes).toMatchObject([{ torch: true }, { zoom: 2 }, { focusMode: "single-shot" }]);
  const [point] = (await wishes())[2].pointsOfInterest;
  expect(point.x).toBeCloseTo(0.25, 1);
  expect(point.y).toBeCloseTo(0.5, 1);
  await tap(page, "Other camera");
  await expect.poll(() => page.evaluate(() => (window as any).asked)).toEqual(["wide"]);
  await expect(page.getByRole("region", { name: "Verdict" }).getByRole("heading").first()).toHaveText("Crack");
  await tap(page, "Other camera");
  await expect.poll(() => page.evaluate(() => (window as any).asked)).toEqual(["wide", "rear"]);
  await expect.poll(() => page.evaluate(() => (window as any).held)).toBeGreaterThan(0);
  await page.context().close();
});

test("the first start shows what the app is for, once; the shutter is where the thumb is", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-US" });
  await texturedCamera(context);
  await context.addInitScript(() => sessionStorage.getItem("again") ?? localStorage.removeItem("weldspot.introduced"));
  await context.addInitScript(
    () => sessionStorage.getItem("again") && localStorage.setItem("weldspot.introduced", "on"),
  );
  await serve(context, SEVEN, CRACK);
  const page = await context.newPage();
  await page.goto(ADDRESS);
  const introduction = page.getByRole("dialog", { name: "How it works" });
  await expect(introduction.locator("svg")).toHaveCount(4); // and the one that closes it
  await tap(page, "Start");
  await expect(introduction).toBeHidden();
  // a dialog's close event comes after it is hidden
  await expect.poll(() => page.evaluate(() => localStorage.getItem("weldspot.introduced"))).toBe("on");
  await page.evaluate(() => sessionStorage.setItem("again", "yes"));
  await page.reload();
  await expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled();
  await expect(introduction).toBeHidden();

  const shutter = page.getByRole("button", { name: "Capture and correct" });
  const middle = async () => {
    const { x, width } = (await shutter.boundingBox())!;
    return (x + width / 2) / page.viewportSize()!.width;
  };
  expect(await middle()).toBeCloseTo(0.5, 1);
  for (const [hand, least, most] of [
    ["Left", 0, 0.25],
    ["Right", 0.75, 1],
  ] as const) {
    await tap(page, "Model and settings");
    await page.getByRole("radiogroup", { name: "Hand" }).getByRole("radio", { name: hand }).check();
    await page.keyboard.press("Escape");
    expect(await middle()).toBeGreaterThan(least);
    expect(await middle()).toBeLessThan(most);
    await page.setViewportSize({ width: 844, height: 390 });
    expect(await middle()).toBeGreaterThan(hand === "Left" ? 0 : 0.5);
    expect(await middle()).toBeLessThan(hand === "Left" ? 0.5 : 1);
    await page.setViewportSize({ width: 390, height: 844 });
  }
  await context.close();
});

test("the app can be installed where the browser offers it: said once after a correction, then from the settings", async ({
  browser,
}) => {
  const page = await opened(
    browser,
    () => localStorage.removeItem("weldspot.hinted"),
    {},
    (route) => route.fulfill({ status: 201, json: {} }),
  );
  await page.evaluate(() => {
    const offer = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
      prompt: async () => Object.assign(window, { prompted: true }),
    });
    dispatchEvent(offer);
  });
  await expect(page.getByText("home screen")).toBeHidden();
  await tap(page, "Capture and correct");
  await tap(page, SEND);
  await expect(page.getByText("The correction has arrived.")).toBeVisible();
  await expect(page.getByText("home screen")).toBeVisible();
  await page.locator(".toast .round").click();
  await tap(page, "Capture and correct");
  await tap(page, SEND);
  await expect(page.locator(".count")).toBeHidden();
  await expect(page.getByText("home screen")).toBeHidden();
  await tap(page, "Model and settings");
  await tap(page, "Install the app");
  await expect.poll(() => page.evaluate(() => (window as any).prompted)).toBe(true);
  await page.context().close();
});
