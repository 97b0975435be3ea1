import { DeskProblem } from "./problem";
import { token } from "../storage/settings";

/** One correction to decide on, as the server tells it; whatever the sender wrote is text. */
export interface Card {
  readonly id: string;
  readonly upload: string;
  readonly seen: number;
  readonly labels: readonly string[];
  readonly offered: readonly string[];
  /** of those, the ones that can stand beside no other */
  readonly alone: readonly string[];
  readonly scores: readonly (readonly [string, number])[];
  /** the production model's scores; else what the phone says it gave */
  readonly measured: boolean;
  readonly heat: readonly (readonly number[])[];
  readonly uploader: string;
  readonly reviewed: number;
  readonly agreement: number | null;
  readonly copies: number;
  readonly network: boolean;
  readonly device: string;
  readonly note: string;
  readonly taken: string;
  readonly like: readonly { readonly id: string; readonly labels: readonly string[] }[];
  readonly copied: readonly string[] | null;
}

export interface Cards {
  readonly cards: readonly Card[];
  readonly left: number;
  readonly waiting: number;
  readonly measuring: boolean;
  /** the model that a share (0 to 1) of the phones tries */
  readonly trial: { readonly version: string; readonly share: number } | null;
}

export type Decision = "accept" | "change" | "reject" | "undo";

export interface Word {
  readonly id: string;
  readonly seen: number;
  readonly decision: Decision;
  readonly by: string;
  readonly labels: readonly string[];
  readonly reason: string;
}

/** What became of a decision: written down, somebody else was faster, or it can't be (`error`). */
export type Answer =
  | { readonly kind: "written"; readonly written: number; readonly seen: number; readonly left: number }
  | { readonly kind: "taken"; readonly error: string }
  | { readonly kind: "refused"; readonly error: string };

const TIMEOUT = 20_000; // ms

export async function cards(by: string): Promise<Cards> {
  const response = await asked(`api/review/cards?by=${encodeURIComponent(by)}`);
  if (!response.ok) throw await problem(response);
  return (await response.json()) as Cards;
}

/** A photograph as an address inside this page: the picture itself is behind the token. */
export async function picture(path: string): Promise<string> {
  const response = await asked(path);
  if (!response.ok) throw await problem(response);
  return URL.createObjectURL(await response.blob());
}

export async function decide(word: Word): Promise<Answer> {
  const response = await asked("api/review/decisions", {
    method: "POST",
    body: JSON.stringify(word),
    headers: { "Content-Type": "application/json" },
  });
  if (response.status === 401 || response.status >= 500) throw await problem(response);
  const said = (await response.json()) as { written: number; seen: number; left: number; error: string };
  if (response.ok) return { ...said, kind: "written" };
  return { kind: response.status === 409 || response.status === 410 ? "taken" : "refused", error: said.error };
}

async function asked(path: string, options: RequestInit = {}): Promise<Response> {
  const known = token();
  const headers = { ...options.headers, ...(known && { Authorization: `Bearer ${known}` }) };
  try {
    return await fetch(path, { ...options, headers, signal: AbortSignal.timeout(TIMEOUT) });
  } catch (cause) {
    throw new DeskProblem("The server can't be reached", "What you decided so far is safe. Try again when it runs.", {
      cause,
    });
  }
}

async function problem(response: Response): Promise<DeskProblem> {
  const body = await response.json().catch(() => null);
  const said = typeof body?.error === "string" ? body.error : `The server answered ${response.status}.`;
  const locked = response.status === 401;
  return new DeskProblem(locked ? "The server wants its token" : "The server can't do this", said, { locked });
}
