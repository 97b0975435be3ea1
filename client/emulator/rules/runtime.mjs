/**
 * Answers the Storage emulator in the place of Google's rules runtime: one JSON object a line, in and out.
 * The calls are those of firebase-tools, lib/emulator/storage/rules/runtime.js.
 */
import { createInterface } from "node:readline";
import { permitted } from "./evaluate.mjs";
import { parse } from "./parse.mjs";

/** @type {Map<string, import("./parse.mjs").Match>} */
const rulesets = new Map();

/** @param {object} answer */
const tell = (answer) => process.stdout.write(`${JSON.stringify({ status: "ok", warnings: [], ...answer })}\n`);

/** @param {any} request */
function answer({ action, context }) {
  if (action === "load_ruleset") {
    rulesets.set(context.rulesetName, parse(context.source.files[0].content));
    return { rulesVersion: 2 };
  }
  if (action !== "verify") throw new Error(`unknown action ${action}`);
  const rules = rulesets.get(context.rulesetName);
  if (!rules) throw new Error(`unknown ruleset ${context.rulesetName}`);
  const variables = Object.entries(context.variables).map(([name, value]) => [name, plain(value)]);
  return { permit: permitted(rules, context.path, context.method, Object.fromEntries(variables)) };
}

/** A typed value of the protocol as JavaScript has it. @param {any} value @returns {unknown} */
function plain(value) {
  const [[kind, held]] = /** @type {[[string, any]]} */ (Object.entries(value));
  switch (kind) {
    case "string_value":
    case "bool_value":
    case "int_value":
    case "float_value":
    case "timestamp_value":
      return held;
    case "null_value":
      return null;
    case "list_value":
      return held.values.map(plain);
    case "map_value":
      return Object.fromEntries(Object.entries(held.fields).map(([name, one]) => [name, plain(one)]));
    case "path_value":
      return held.segments.map((/** @type {{simple: string}} */ { simple }) => simple).join("/");
  }
  throw new Error(`unknown kind of value ${kind}`);
}

tell({ id: -1 });
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    tell({ id: request.id, errors: [], result: answer(request) });
  } catch (error) {
    tell({ id: request.id, errors: [error instanceof Error ? error.message : String(error)] });
  }
}
