import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type BrowserContext, type BrowserContextOptions } from "@playwright/test";
import { parse } from "../src/contract/served-manifest";
import { ClassBook } from "../src/reading/class-book";
import { LAUNCH } from "./browser";

export const PROJECT = process.env.WELDSPOT_PROJECT ?? fileURLToPath(new URL(".project", import.meta.url));
const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

/** What the camera shows: the one defect and its box, left, top, right, bottom from 0 to 1. */
export const weld = (): { label: string; box: [number, number, number, number] } =>
  JSON.parse(readFileSync(join(PROJECT, "weld.json"), "utf8"));

/** The classes of a project's model, as a phone in English shows them. */
export function classes(project = PROJECT): ClassBook {
  const manifest = readFileSync(join(project, "artifacts/export/manifest.json"), "utf8");
  return new ClassBook(parse(JSON.parse(manifest)), ["en"]);
}

/** `weldspot serve` in a project, on a port of its own choosing or a given one. */
export class Server {
  url = "";
  #process: ChildProcess | null = null;

  constructor(private readonly root = PROJECT) {}

  async start(port = "0"): Promise<void> {
    const app = join(this.root, "client/dist/");
    if (app !== DIST) {
      rmSync(app, { recursive: true, force: true });
      cpSync(DIST, app, { recursive: true });
    }
    const process = spawn("weldspot", ["serve", "--port", port], { cwd: this.root });
    this.#process = process;
    this.url = await new Promise((resolve, reject) => {
      let told = "";
      process.stdout.on("data", (chunk) => {
        told += chunk;
        const found = /http:\/\/[\d.]+:\d+\//.exec(told);
        if (found) resolve(found[0]);
      });
      process.on("exit", (code) => reject(new Error(`weldspot serve ended with ${code}: ${told}`)));
    });
    for (;;) {
      const answer = await fetch(`${this.url}healthz`).catch(() => null);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.stop("SIGKILL");
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const process = this.#process;
    this.#process = null;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((done) => process.once("exit", done));
    process.kill(signal);
    await ended;
  }
}

/** The names of the uploads that wait in the spool. */
export function spooled(): string[] {
  const files = readdirSync(join(PROJECT, ".weldspot"), { recursive: true, encoding: "utf8" });
  return files.filter((name) => /feedback\/.*\.jpg$/.test(name));
}

export function emptySpool(): void {
  rmSync(join(PROJECT, ".weldspot/spool"), { recursive: true, force: true });
}

export function weldspot(...options: string[]): string {
  return execFileSync("weldspot", options, { cwd: PROJECT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

interface Row {
  readonly labels: string[];
  readonly classes: string[];
  readonly scores: number[]; // of the classes, in their order
  readonly [column: string]: unknown;
}

/** The rows that wait in a project's inbox, without their images. */
export function inbox(project = PROJECT): Row[] {
  const script = fileURLToPath(new URL("batches.py", import.meta.url));
  return JSON.parse(execFileSync("python", [script, join(project, "data/inbox")], { encoding: "utf8" }));
}

/** A phone with a browser of its own in `profile`, whose camera shows the weld. */
export async function phone(profile: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    ...LAUNCH,
    viewport: { width: 390, height: 844 },
    permissions: ["camera"],
    colorScheme: "dark",
    args: [
      ...LAUNCH.args,
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${join(PROJECT, "weld.y4m")}`,
    ],
    ...options,
  });
  await introduced(context);
  return context;
}

/** The first start was before, and the offer to install the app. */
export async function introduced(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (!location.protocol.startsWith("http")) return; // about:blank has no storage
    for (const name of ["introduced", "hinted"]) localStorage.setItem(`weldspot.${name}`, "on");
  });
}
