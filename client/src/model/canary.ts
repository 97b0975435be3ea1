import type { Backend } from "../backends/backend";
import { number, record } from "../contract/checks";
import type { Telemetry } from "../contract/generated/telemetry";
import { type Manifest, parse } from "../contract/served-manifest";
import { log } from "../incidents/log";
import { told } from "../incidents/problem";
import { sha256 } from "../storage/sha256";
import { isOn, uploader } from "../storage/settings";
import { release } from "../trust/release";

/** A manifest that may be followed; `accept` is called when its model is here: nothing older is taken in from then on. */
export interface Wanted {
  readonly manifest: Manifest;
  accept(): void;
}

interface Lot {
  readonly challenger: string;
  readonly lot: Telemetry["lot"];
}

const NONE: Lot = { challenger: "", lot: "" };
let drawn = { day: "", ...NONE };

/** What the lot of this day was, where it was asked for: "" else. */
export function lotOf(day: string): Lot {
  const { challenger, lot } = drawn;
  return drawn.day === day ? { challenger, lot } : NONE;
}

/** Whether a model is tried on this phone, and the lot of this day was not asked for. */
export function lotIsOld(day: string): boolean {
  return tries() && drawn.day !== day;
}

/** Whether a model is tried on this phone, so that it keeps both. */
export function tries(): boolean {
  return drawn.challenger !== "";
}

/**
 * The manifest that this phone follows: everybody's, or that of a challenger which is tried on a share of the phones, on
 * the days that its lot says. Only a phone that reports what it counts takes part. Throws a Problem.
 */
export async function wanted(backend: Backend, now = new Date()): Promise<Wanted> {
  const everybodys = await opened(await backend.manifest());
  const { manifest } = everybodys;
  const day = now.toISOString().slice(0, 10);
  drawn = { day, ...NONE };
  const tried = isOn("telemetry") ? await offered(backend) : null;
  if (!tried || tried.manifest.sha256 === manifest.sha256) return everybodys;
  const challenger = tried.manifest.sha256;
  if ((await chance(`${uploader()} ${challenger}`)) >= tried.share) return everybodys;
  const lot = (await chance(`${uploader()} ${challenger} ${day}`)) < 0.5 ? "challenger" : "production";
  drawn = { day, challenger, lot };
  log(`a new model is tried here: today by lot ${lot}`);
  return lot === "challenger" ? tried : everybodys;
}

/** What is tried, null where nothing is; one that can't be read is none: everybody's model goes on. */
async function offered(backend: Backend): Promise<(Wanted & { share: number }) | null> {
  try {
    const found = await backend.canary();
    if (found === null) return null;
    const { share, manifest } = record(found, "canary");
    return { share: number(share, "share", [0, 1]), ...(await opened(manifest, "canary")) };
  } catch (error) {
    log(`what is tried can't be read: ${told(error)}`);
    return null;
  }
}

/** What is served, if its signature holds; each channel counts for itself. */
async function opened(served: unknown, channel?: string): Promise<Wanted> {
  const { manifest, accept } = await release(served, channel);
  return { manifest: parse(manifest), accept };
}

/** A number from 0 to 1 that is the same for the same text, and tells nothing of it. */
export async function chance(text: string): Promise<number> {
  const digest = await sha256(new TextEncoder().encode(text).buffer as ArrayBuffer);
  return parseInt(digest.slice(0, 8), 16) / 2 ** 32;
}
