import type { Manifest } from "../contract/served-manifest";
import { Problem } from "../incidents/problem";
import type { Item } from "../storage/database";
import { token, uploader } from "../storage/settings";
import type { Backend, Outcome, Progress } from "./backend";

const RETRIED = [408, 425, 429];
const CONNECTION = [401, 403, 421]; // token or address is wrong, not the correction: it waits until that is mended
const UPLOAD_MS = 150_000; // the server gives a body 120 s

/** `weldspot serve`: see docs/serving.md. */
export class Local implements Backend {
  async manifest(): Promise<unknown> {
    const response = await asked("api/manifest.json", { cache: "no-cache" });
    return response.json().catch((error) => {
      throw new Problem("The model can't be used", "The server's answer is not a manifest. Is this its address?", {
        cause: error,
      });
    });
  }

  async model(manifest: Manifest, progress: Progress): Promise<ArrayBuffer> {
    const response = await asked(`api/models/${manifest.sha256}.tflite`, {});
    try {
      return await received(response, manifest.bytes, progress);
    } catch (error) {
      throw unreachable(error);
    }
  }

  async send(item: Item): Promise<Outcome> {
    const form = new FormData();
    form.append("image", new Blob([item.image], { type: "image/jpeg" }), `${item.id}.jpg`);
    form.append("metadata", JSON.stringify(item.metadata));
    let response: Response;
    try {
      response = await fetch(`api/feedback/${uploader()}/${item.id}`, {
        method: "POST",
        body: form,
        headers: authorization(),
        signal: AbortSignal.timeout(UPLOAD_MS),
      });
    } catch {
      return { kind: "later", reason: "No connection to the server", wait: 0, unknown: true };
    }
    if (response.status === 200 || response.status === 201) return { kind: "done" };
    const reason = await sentence(response);
    if (CONNECTION.includes(response.status)) return { kind: "later", reason, wait: 0, unknown: false };
    if (RETRIED.includes(response.status) || response.status >= 500) {
      const wait = 1000 * (Number(response.headers.get("Retry-After")) || 0);
      return { kind: "later", reason, wait, unknown: response.status !== 429 };
    }
    return { kind: "refused", reason };
  }
}

async function asked(path: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...options, headers: authorization() });
  } catch (error) {
    throw unreachable(error);
  }
  if (response.ok) return response;
  const reason = await sentence(response);
  if (response.status === 401) throw new Problem("The server wants its token", reason);
  throw new Problem(response.status === 404 ? "No model yet" : "The server does not give a model", reason);
}

/** The body, counted as it comes. */
async function received(response: Response, total: number, progress: Progress): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (const reader = response.body!.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts).arrayBuffer();
    parts.push(value);
    size += value.length;
    progress(Math.min(1, size / total));
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

function unreachable(error: unknown): Problem {
  return new Problem("The server can't be reached", "Connect to the network that it is in, then tap Try again.", {
    cause: error,
  });
}
