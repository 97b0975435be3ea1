import { expect, type Page } from "@playwright/test";
import { classes } from "./server";

/** Waits until the live view runs. */
export const ready = (page: Page) =>
  expect(page.getByRole("button", { name: "Capture and correct" })).toBeEnabled({ timeout: 20_000 });

/** The button that sends: a confirmation, or a correction. */
export const SEND = /^(Yes, that is right|Send correction)$/;

/** Captures what the camera shows and sends it with exactly these labels. */
export async function correct(page: Page, labels: string[]): Promise<void> {
  await page.getByRole("button", { name: "Capture and correct" }).click();
  const sheet = page.getByRole("dialog", { name: "Is this right?" });
  for (const box of await sheet.getByRole("checkbox").all()) await box.uncheck(); // radio buttons need none
  for (const label of labels) {
    const choice = sheet.getByRole(classes().exclusive ? "radio" : "checkbox");
    await choice.and(page.locator(`[value="${label}"]`)).check();
  }
  await sheet.getByRole("button", { name: SEND }).click();
  await expect(sheet).toBeHidden();
}
