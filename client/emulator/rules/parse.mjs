/**
 * Parses the part of Firebase's rules language that storage.rules uses; anything else is an error, never skipped.
 * https://firebase.google.com/docs/rules/rules-language
 *
 * @typedef {{kind: "value", value: unknown} | {kind: "name", name: string} | {kind: "list", items: Expression[]}
 *   | {kind: "member", of: Expression, name: string}
 *   | {kind: "call", of: Expression | null, name: string, given: Expression[]} | {kind: "not", of: Expression}
 *   | {kind: "binary", operator: string, left: Expression, right: Expression}} Expression
 * @typedef {{methods: string[], condition: Expression}} Allow
 * @typedef {{parameters: string[], body: Expression}} Procedure
 * @typedef {{path: string[], allows: Allow[], functions: Map<string, Procedure>, matches: Match[]}} Match
 */

const TOKEN =
  /\s+|\/\/[^\n]*|(?<word>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?)|(?<text>'[^'\\\n]*'|"[^"\\\n]*")|(?<sign>&&|\|\||==|!=|<=|>=|\*\*|[-+*/%<>!=(){}[\].,:;])/y;
const METHODS = { read: ["get", "list"], write: ["create", "update", "delete"] };
const LEVELS = [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]];
const CONSTANTS = new Map(Object.entries({ true: true, false: false, null: null }));

/** @param {string} source @returns {Match} the block of `service firebase.storage`; throws SyntaxError with the line */
export function parse(source) {
  return new Parser(source).file();
}

class Parser {
  #at = 0;
  /** @type {{kind: string, text: string, line: number}[]} */
  #tokens = [];

  /** @param {string} source */
  constructor(source) {
    let line = 1;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
      const start = TOKEN.lastIndex;
      const found = TOKEN.exec(source);
      if (!found) throw new SyntaxError(`line ${line}: unknown text at ${source.slice(start, start + 20)}`);
      const [kind, text] = Object.entries(found.groups ?? {}).find(([, text]) => text !== undefined) ?? ["space", ""];
      if (kind !== "space") this.#tokens.push({ kind, text: text ?? "", line });
      line += found[0].split("\n").length - 1;
    }
    this.#tokens.push({ kind: "end", text: "the end", line });
  }

  file() {
    for (const text of ["rules_version", "="]) this.#expect(text);
    if (this.#next().text.slice(1, -1) !== "2") this.#fail("rules_version = '2'");
    for (const text of [";", "service", "firebase", ".", "storage"]) this.#expect(text);
    const service = this.#block([]);
    if (this.#peek().kind !== "end") this.#fail("the end of the file");
    return service;
  }

  /** @param {string[]} path @returns {Match} */
  #block(path) {
    /** @type {Match} */
    const match = { path, allows: [], functions: new Map(), matches: [] };
    this.#expect("{");
    while (!this.#accept("}")) {
      if (this.#accept("match")) match.matches.push(this.#block(this.#path()));
      else if (this.#accept("allow")) match.allows.push(this.#allow());
      else if (this.#accept("function")) match.functions.set(...this.#function());
      else this.#fail("match, allow or function");
    }
    return match;
  }

  /** Segments: a name, `{x}` or `{x=**}`. */
  #path() {
    const path = [];
    while (this.#accept("/")) {
      if (!this.#accept("{")) path.push(this.#word());
      else {
        const name = this.#word();
        path.push(`{${name}${this.#accept("=") && this.#expect("**") ? "=**" : ""}}`);
        this.#expect("}");
      }
    }
    return path;
  }

  /** @returns {Allow} */
  #allow() {
    /** @type {string[]} */
    const methods = [];
    do {
      const name = this.#word();
      const meant = /** @type {Record<string, string[]>} */ (METHODS)[name] ?? [name];
      if (!meant.every((method) => Object.values(METHODS).flat().includes(method))) this.#fail("a method", -1);
      methods.push(...meant);
    } while (this.#accept(","));
    /** @type {Expression} */
    let condition = { kind: "value", value: true };
    if (this.#accept(":")) {
      this.#expect("if");
      condition = this.#expression();
    }
    this.#expect(";");
    return { methods, condition };
  }

  /** @returns {[string, Procedure]} */
  #function() {
    const name = this.#word();
    this.#expect("(");
    const parameters = this.#separated(")", () => this.#word());
    for (const text of ["{", "return"]) this.#expect(text);
    const body = this.#expression();
    for (const text of [";", "}"]) this.#expect(text);
    return [name, { parameters, body }];
  }

  /** @param {number} level @returns {Expression} */
  #expression(level = 0) {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#expression(level + 1);
    while (operators.includes(this.#peek().text) && this.#peek().kind !== "text") {
      left = { kind: "binary", operator: this.#next().text, left, right: this.#expression(level + 1) };
    }
    return left;
  }

  /** @returns {Expression} */
  #unary() {
    if (this.#accept("!")) return { kind: "not", of: this.#unary() };
    let value = this.#primary();
    while (this.#accept(".")) {
      const name = this.#word();
      value = this.#accept("(")
        ? { kind: "call", of: value, name, given: this.#separated(")", () => this.#expression()) }
        : { kind: "member", of: value, name };
    }
    return value;
  }

  /** @returns {Expression} */
  #primary() {
    const { kind, text } = this.#next();
    if (kind === "number") return { kind: "value", value: Number(text) };
    if (kind === "text") return { kind: "value", value: text.slice(1, -1) };
    if (text === "[") return { kind: "list", items: this.#separated("]", () => this.#expression()) };
    if (text === "(") {
      const inner = this.#expression();
      this.#expect(")");
      return inner;
    }
    if (kind !== "word") return this.#fail("a value", -1);
    if (CONSTANTS.has(text)) return { kind: "value", value: CONSTANTS.get(text) };
    if (this.#accept("("))
      return { kind: "call", of: null, name: text, given: this.#separated(")", () => this.#expression()) };
    return { kind: "name", name: text };
  }

  /** @template T @param {string} end @param {() => T} one @returns {T[]} */
  #separated(end, one) {
    /** @type {T[]} */
    const all = [];
    if (this.#accept(end)) return all;
    do all.push(one());
    while (this.#accept(","));
    this.#expect(end);
    return all;
  }

  #word() {
    if (this.#peek().kind !== "word") this.#fail("a name");
    return this.#next().text;
  }

  #peek() {
    return /** @type {{kind: string, text: string, line: number}} */ (this.#tokens[this.#at]);
  }

  #next() {
    const token = this.#peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** @param {string} text */
  #accept(text) {
    const found = this.#peek().text === text && this.#peek().kind !== "text";
    if (found) this.#at++;
    return found;
  }

  /** @param {string} text */
  #expect(text) {
    return this.#accept(text) || this.#fail(text);
  }

  /** @param {string} wanted @param {number} offset @returns {never} */
  #fail(wanted, offset = 0) {
    const { line, text } = this.#tokens[Math.max(0, this.#at + offset)] ?? this.#peek();
    throw new SyntaxError(`line ${line}: ${wanted} expected, found ${text}`);
  }
}
