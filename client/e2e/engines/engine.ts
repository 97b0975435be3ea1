/** A browser that tests drive by nothing but scripts in its page. */
export interface Engine {
  open(url: string): Promise<void>;
  /** What the function gives for the argument, in the page. */
  evaluate<A, T>(work: (given: A) => T | Promise<T>, given: A): Promise<T>;
  close(): Promise<void>;
}

/** Polls in the page until the function gives true; its text is the message when it never does. */
export async function until<A>(
  engine: Engine,
  what: (given: A) => boolean | Promise<boolean>,
  given: A,
): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await engine.evaluate(what, given).catch(() => false))) {
    if (Date.now() > end) {
      const seen = await engine.evaluate(() => document.body.innerText, null).catch(String);
      throw new Error(`never: ${what} of ${JSON.stringify(given)?.slice(0, 80)}; the page says: ${seen}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}
