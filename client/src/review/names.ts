import { parse } from "../contract/served-manifest";
import { ClassBook, type Meaning } from "../reading/class-book";
import { token } from "../storage/settings";

/** What the classes are called here: the words of the model that phones have now, else their bare names. */
export class Names {
  #book: ClassBook | null = null;

  async load(): Promise<void> {
    try {
      const known = token();
      const headers: Record<string, string> = known ? { Authorization: `Bearer ${known}` } : {};
      const response = await fetch("api/manifest.json", { headers });
      if (response.ok) this.#book = new ClassBook(parse(await response.json()));
    } catch {
      // the names alone will do
    }
  }

  of(label: string): Meaning {
    if (this.#book?.labels.includes(label)) return this.#book.of(label);
    return { name: label, title: label, short: label, what: "", causes: "", colour: "#7a7f4b", language: "" };
  }
}
