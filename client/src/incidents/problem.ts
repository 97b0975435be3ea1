import { type ProblemCode, text, type Values } from "../texts/texts";
import { log } from "./log";

/** Something that went wrong, by its code; its sentences say what a welder can do about it. */
export class Problem extends Error {
  readonly title: string;

  constructor(
    readonly code: ProblemCode,
    { values, ...options }: ErrorOptions & { values?: Values } = {},
  ) {
    super(text(`problem.${code}.do`, values), options);
    this.name = "Problem";
    this.title = text(`problem.${code}`, values);
  }
}

/** Any thrown value as a Problem; the reason of one that nobody foresaw is for the log, not for a welder. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  log(`unexpected: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`);
  return new Problem("unexpected", { cause: error });
}

/** What a toast or a line of text says of any thrown value. */
export function told(error: unknown): string {
  const { title, message } = asProblem(error);
  return `${title}. ${message}`;
}

/** "The phone's storage is full" for what browsers throw then, else undefined. */
export function storageFull(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !/quota|full|storage/i.test(error.name + error.message)) return undefined;
  return new Problem("storageFull", { cause: error });
}
