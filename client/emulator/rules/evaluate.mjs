/**
 * Decides a request by parsed rules: allowed when any `allow` that the path reaches says true, and an error in a
 * condition allows nothing. https://firebase.google.com/docs/reference/rules/rules
 *
 * @typedef {import("./parse.mjs").Expression} Expression
 * @typedef {import("./parse.mjs").Match} Match
 * @typedef {Map<string, unknown>} Names
 */

/**
 * @param {Match} rules @param {string} path `/b/{bucket}/o/{object}` @param {string} method
 * @param {Record<string, unknown>} variables `request` and `resource`
 */
export function permitted(rules, path, method, variables) {
  return descend(rules, path.split("/").filter(Boolean), method, new Map(Object.entries(variables)), new Map());
}

/** @param {Match} match @param {string[]} path @param {string} method @param {Names} names @param {Match["functions"]} outer @returns {boolean} */
function descend(match, path, method, names, outer) {
  const bound = bind(match.path, path);
  if (!bound) return false;
  const scope = { names: new Map([...names, ...bound.names]), functions: new Map([...outer, ...match.functions]) };
  if (match.matches.some((inner) => descend(inner, bound.rest, method, scope.names, scope.functions))) return true;
  if (bound.rest.length) return false;
  return match.allows.some((allow) => allow.methods.includes(method) && holds(allow.condition, scope));
}

/** @param {string[]} pattern @param {string[]} path */
function bind(pattern, path) {
  /** @type {Names} */
  const names = new Map();
  for (const [i, segment] of pattern.entries()) {
    const [, name, all] = /^\{(\w+)(=\*\*)?\}$/.exec(segment) ?? [];
    if (name && all) return { names: names.set(name, path.slice(i).join("/")), rest: [] };
    const given = path[i];
    if (given === undefined || (!name && segment !== given)) return null;
    if (name) names.set(name, given);
  }
  return { names, rest: path.slice(pattern.length) };
}

/** @typedef {{names: Names, functions: Match["functions"]}} Scope */

/** @param {Expression} condition @param {Scope} scope */
function holds(condition, scope) {
  try {
    return evaluate(condition, scope) === true;
  } catch (error) {
    if (error instanceof RulesError) return false;
    throw error;
  }
}

/** A wrong type or a missing name: what Firebase calls an evaluation error. */
class RulesError extends Error {}

/** @param {Expression} expression @param {Scope} scope @returns {unknown} */
export function evaluate(expression, scope) {
  const inner = (/** @type {Expression} */ part) => evaluate(part, scope);
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "list":
      return expression.items.map(inner);
    case "name":
      return known(scope.names, expression.name);
    case "member":
      return member(inner(expression.of), expression.name);
    case "not":
      return !boolean(inner(expression.of));
    case "call":
      return expression.of
        ? method(inner(expression.of), expression.name, expression.given.map(inner))
        : called(expression.name, expression.given.map(inner), scope);
    case "binary":
      return binary(expression, inner);
  }
}

/** @param {string} name @param {unknown[]} given @param {Scope} scope */
function called(name, given, scope) {
  const { parameters, body } = known(scope.functions, name);
  if (parameters.length !== given.length) throw new RulesError(`${name} takes ${parameters.length} arguments`);
  const names = new Map([...scope.names, ...parameters.map((name, i) => /** @type {const} */ ([name, given[i]]))]);
  return evaluate(body, { ...scope, names });
}

/** @template T @param {Map<string, T>} names @param {string} name @returns {T} */
function known(names, name) {
  if (!names.has(name)) throw new RulesError(`${name} is not defined`);
  return /** @type {T} */ (names.get(name));
}

/** @param {unknown} value @param {string} name */
function member(value, name) {
  if (!isMap(value) || !Object.hasOwn(value, name)) throw new RulesError(`no ${name}`);
  return value[name];
}

/** @param {unknown} value @param {string} name @param {unknown[]} given */
function method(value, name, given) {
  const [first] = given;
  if (typeof value === "string" && name === "matches" && typeof first === "string") {
    const pattern = first.replaceAll("[:cntrl:]", "\\x00-\\x1f\\x7f"); // RE2 has it, JavaScript does not
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  }
  if (typeof value === "string" && name === "size") return [...value].length;
  if (isMap(value) && name === "keys") return Object.keys(value);
  if (isMap(value) && name === "size") return Object.keys(value).length;
  if (Array.isArray(value) && name === "size") return value.length;
  if (Array.isArray(value) && name === "hasAll" && Array.isArray(first))
    return first.every((one) => value.includes(one));
  if (Array.isArray(value) && name === "hasOnly" && Array.isArray(first))
    return value.every((one) => first.includes(one));
  throw new RulesError(`no method ${name}`);
}

/** @param {Extract<Expression, {kind: "binary"}>} expression @param {(part: Expression) => unknown} inner */
function binary({ operator, left, right }, inner) {
  if (operator === "&&" || operator === "||") return logical(operator === "||", left, right, inner);
  const [a, b] = [inner(left), inner(right)];
  if (operator === "==") return same(a, b);
  if (operator === "!=") return !same(a, b);
  if (operator === "in" && Array.isArray(b)) return b.some((one) => same(a, one));
  if (operator === "in" && isMap(b) && typeof a === "string") return Object.hasOwn(b, a);
  if (typeof a === "string" && typeof b === "string" && operator === "+") return a + b;
  if (typeof a !== "number" || typeof b !== "number") throw new RulesError(`${operator} between unlike types`);
  const results = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "%": a % b };
  const orders = { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b };
  return /** @type {Record<string, unknown>} */ ({ ...results, ...orders })[operator];
}

/**
 * An error on one side does not matter when the other side decides.
 *
 * @param {boolean} decisive @param {Expression} left @param {Expression} right @param {(part: Expression) => unknown} inner
 */
function logical(decisive, left, right, inner) {
  let failed = null;
  for (const side of [left, right]) {
    try {
      if (boolean(inner(side)) === decisive) return decisive;
    } catch (error) {
      failed ??= error;
    }
  }
  if (failed) throw failed;
  return !decisive;
}

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @param {unknown} value */
function boolean(value) {
  if (typeof value !== "boolean") throw new RulesError("not a boolean");
  return value;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
