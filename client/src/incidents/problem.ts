/** Something that went wrong, said so that a welder knows what to do next. */
export class Problem extends Error {
  constructor(
    readonly title: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "Problem";
  }
}

/** Any thrown value as a Problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Problem("Something went wrong", `${reason || "The reason is unknown"}. Reload the app and try again.`, {
    cause: error,
  });
}

/** What a toast or a line of text says of any thrown value. */
export function told(error: unknown): string {
  const { title, message } = asProblem(error);
  return `${title}. ${message}`;
}

/** "Phone storage is full" for what browsers throw then, else undefined. */
export function storageFull(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !/quota|full|storage/i.test(error.name + error.message)) return undefined;
  return new Problem(
    "The phone's storage is full",
    "Nothing was saved. Delete some photos or apps, then try again; this page keeps what you entered.",
    { cause: error },
  );
}
