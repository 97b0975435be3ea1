/** A server of the built app whose manifest a test chooses, for browsers that are no Chromium too. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Publisher, publisher, served, succession } from "../../tests/trust/signer";
import { LISTS } from "../../tests/class-lists";
import { WORKER } from "./app";

const DIST = process.env.WELDSPOT_DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));
const TYPES: Record<string, string> = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };
const MODEL = JSON.stringify([0.02, 0.03, 0.9, 0.06, 0.1, 0.05, 0.02]);
const SHA256 = createHash("sha256").update(MODEL).digest("hex");
const FIELDS = {
  ...LISTS["seven with a background"]!,
  ...{ sha256: SHA256, bytes: MODEL.length, file: `models/${SHA256}.tflite` },
};

export class Publishing {
  url = "";
  manifest: unknown = null;
  #server: Server | null = null;

  start(): Promise<void> {
    this.#server = createServer((request, response) => {
      const path = new URL(request.url!, "http://x/").pathname.slice(1) || "index.html";
      const answer = (body: string | Buffer, type: string) =>
        response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store" }).end(body);
      if (path === "config.json") return answer(JSON.stringify({ backend: "local", model: "w" }), "application/json");
      if (path === "api/manifest.json") return answer(JSON.stringify(this.manifest), "application/json");
      if (path === `api/models/${SHA256}.tflite`) return answer(MODEL, "application/octet-stream");
      if (/^assets\/worker-[^/]*\.js$/.test(path)) return answer(WORKER, "text/javascript");
      const file = join(DIST, path);
      if (path === "sw.js" || !existsSync(file)) return response.writeHead(404).end();
      return answer(readFileSync(file), TYPES[extname(path)] ?? "application/octet-stream");
    });
    return new Promise((done) =>
      this.#server!.listen(0, "127.0.0.1", () => {
        this.url = `http://127.0.0.1:${(this.#server!.address() as { port: number }).port}/`;
        done();
      }),
    );
  }

  stop(): Promise<void> {
    this.#server?.closeAllConnections();
    return new Promise((done) => (this.#server ? this.#server.close(() => done()) : done()));
  }
}

export interface Case {
  readonly name: string;
  readonly manifest: unknown;
  /** what the phone says when it looks for a new model; the version that it shows then */
  readonly says: string;
  readonly version: string;
}

/** What a phone is offered, one after the other, and what it must say and show: docs/signing.md. */
export async function cases(): Promise<Case[]> {
  const [owner, next, third, recovery, stranger] = (await Promise.all(
    Array.from({ length: 5 }, () => publisher()),
  )) as [Publisher, Publisher, Publisher, Publisher, Publisher];
  const of = (by: Publisher, version: string, counter: number, more: object = {}) =>
    served(by, recovery, { version, counter, fields: FIELDS, ...more });
  const first = await of(owner, "1", 10);
  const tampered = await of(owner, "2", 11);
  const payload = Buffer.from(tampered.signed.release.payload, "base64").toString().replace('"Crack"', '"Clack"');
  tampered.signed.release.payload = Buffer.from(payload).toString("base64");
  const rotated = [await succession(owner, owner, next)];
  const recovered = [...rotated, await succession(recovery, next, third)];
  const newest = "This is the newest model.";
  return [
    { name: "unsigned, before any key", manifest: { ...FIELDS, version: "0" }, says: newest, version: "0" },
    { name: "signed", manifest: first, says: newest, version: "1" },
    { name: "unsigned", manifest: { ...FIELDS, version: "2" }, says: "The new model is not signed", version: "1" },
    { name: "tampered", manifest: tampered, says: "The description of the new model was changed", version: "1" },
    {
      name: "expired",
      manifest: await of(owner, "2", 12, { expires: "2020-01-01T00:00:00+00:00" }),
      says: "The signature of the new model has run out",
      version: "1",
    },
    {
      name: "by another key",
      manifest: await of(stranger, "2", 99),
      says: "The new model is signed by somebody else",
      version: "1",
    },
    { name: "newer", manifest: await of(owner, "2", 13), says: newest, version: "2" },
    { name: "replayed", manifest: first, says: "The server offers an older model", version: "2" },
    { name: "rolled back by its publisher", manifest: await of(owner, "1", 14), says: newest, version: "1" },
    {
      name: "by a key that was rotated to",
      manifest: await of(next, "3", 5, { successions: rotated }),
      says: newest,
      version: "3",
    },
    {
      name: "by the key before",
      manifest: await of(owner, "4", 99),
      says: "The new model is signed by somebody else",
      version: "3",
    },
    {
      name: "by the key that the recovery key handed over to",
      manifest: await of(third, "5", 1, { successions: recovered }),
      says: newest,
      version: "5",
    },
  ];
}
