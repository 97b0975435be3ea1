import type { Manifest } from "../contract/served-manifest";
import { Problem } from "../incidents/problem";
import type { Item } from "../storage/database";
import { token, uploader } from "../storage/settings";
import type { Backend, Outcome, Progress } from "./backend";

const RETRIED = [408, 425, 429];
// token or address is wrong, not the correction: it waits until that is mended
const CONNECTION: Readonly<Record<number, "token" | "address">> = { 401: "token", 403: "address", 421: "address" };
const TOO_LARGE = 413;
const UPLOAD_MS = 150_000; // the server gives a body 120 s

/** `weldspot serve`: see docs/serving.md. */
export class Local implements Backend {
  readonly wantsToken = true;

  async manifest(): Promise<unknown> {
    const response = await asked("api/manifest.json", { cache: "no-cache" });
    return response.json().catch((error) => {
      throw new Problem("badAnswer", { cause: error });
    });
  }

  async canary(): Promise<unknown> {
    const response = await fetch("api/canary.json", { cache: "no-cache", headers: authorization() });
    return response.status === 200 ? response.json() : null; // 204: nothing is tried; 404: an older server
  }

  async report(_: string, json: string): Promise<"done" | "later" | "refused"> {
    try {
      const headers = { ...authorization(), "Content-Type": "application/json" };
      const { ok, status } = await fetch("api/telemetry", { method: "POST", body: json, headers });
      const waits = RETRIED.includes(status) || status in CONNECTION || status === 404 || status >= 500;
      return ok ? "done" : waits ? "later" : "refused"; // 404: an older server
    } catch {
      return "later";
    }
  }

  async model(manifest: Manifest, progress: Progress): Promise<ArrayBuffer> {
    const response = await asked(`api/models/${manifest.sha256}.tflite`, {});
    try {
      return await received(response, progress);
    } catch (error) {
      throw new Problem("unreachable", { cause: error });
    }
  }

  async send(item: Item, image: ArrayBuffer): Promise<Outcome> {
    const form = new FormData();
    form.append("image", new Blob([image], { type: "image/jpeg" }), `${item.id}.jpg`);
    form.append("metadata", JSON.stringify(item.metadata));
    let response: Response;
    try {
      response = await fetch(`api/feedback/${uploader()}/${item.id}`, {
        method: "POST",
        body: form,
        headers: authorization(),
        signal: AbortSignal.timeout(UPLOAD_MS),
      });
    } catch (error) {
      const reason = navigator.onLine ? "unreachable" : "network";
      return { kind: "later", reason, detail: String(error), wait: 0, unknown: true };
    }
    if (response.status === 200 || response.status === 201) return { kind: "done" };
    const detail = await sentence(response);
    const wrong = CONNECTION[response.status];
    if (wrong) return { kind: "later", reason: wrong, detail, wait: 0, unknown: false };
    if (RETRIED.includes(response.status) || response.status >= 500) {
      const wait = 1000 * (Number(response.headers.get("Retry-After")) || 0);
      return { kind: "later", reason: "busy", detail, wait, unknown: response.status !== 429 };
    }
    return { kind: "refused", reason: response.status === TOO_LARGE ? "tooLarge" : "notAccepted", detail };
  }
}

async function asked(path: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...options, headers: authorization() });
  } catch (error) {
    throw new Problem("unreachable", { cause: error });
  }
  if (response.ok) return response;
  const cause = await sentence(response); // in the server's words, for the log
  if (response.status === 401) throw new Problem("token", { cause });
  throw new Problem(response.status === 404 ? "noModel" : "noAnswer", { cause });
}

/** The body, counted as it comes. */
async function received(response: Response, progress: Progress): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const reader = response.body!.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    parts.push(value);
    size += value.length;
    progress(size);
  }
}

function authorization(): Record<string, string> {
  const known = token();
  return known ? { Authorization: `Bearer ${known}` } : {};
}

async function sentence(response: Response): Promise<string> {
  const body = await response.json().catch(() => null);
  return typeof body?.error === "string" ? body.error : `The server answered ${response.status}.`;
}
