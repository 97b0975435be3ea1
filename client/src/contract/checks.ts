/** Checks of what came as JSON; each throws a Problem that names the field. */
import { Problem } from "../incidents/problem";

export function wrong(field: string): Problem {
  return new Problem("badManifest", { values: { field } });
}

export function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(field);
  return value as Record<string, unknown>;
}

export function names(value: unknown, field: string): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string" && item)) throw wrong(field);
  return value as string[];
}

export function text(value: unknown, field: string, pattern: RegExp): string {
  if (typeof value !== "string" || !pattern.test(value)) throw wrong(field);
  return value;
}

export function number(value: unknown, field: string, [least, most]: readonly [number, number]): number {
  if (typeof value !== "number" || !(value >= least && value <= most)) throw wrong(field);
  return value;
}

/** What is not said is false. */
export function flag(value: unknown, field: string): boolean {
  if (value !== undefined && typeof value !== "boolean") throw wrong(field);
  return value ?? false;
}
