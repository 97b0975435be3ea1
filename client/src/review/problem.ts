import { log } from "../incidents/log";

/**
 * Something that went wrong at the desk: a headline, and what can be done. Reviewers read English, as the desk speaks.
 * `locked`: the server wants another token.
 */
export class DeskProblem extends Error {
  readonly locked: boolean;

  constructor(
    readonly title: string,
    message: string,
    { locked = false, ...options }: ErrorOptions & { locked?: boolean } = {},
  ) {
    super(message, options);
    this.locked = locked;
    this.name = "DeskProblem";
  }
}

/** Any thrown value as one of these; the reason of one that nobody foresaw is for the log. */
export function asDeskProblem(error: unknown): DeskProblem {
  if (error instanceof DeskProblem) return error;
  log(`unexpected: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`);
  return new DeskProblem("Something went wrong", "Reload the page; what you decided so far is safe.", { cause: error });
}
