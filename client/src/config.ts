import type { Backend } from "./backends/backend";
import { Local } from "./backends/local";
import { Problem } from "./incidents/problem";

/** The backend that config.json names. Throws a Problem. */
export async function backend(): Promise<Backend> {
  const config = await read();
  if (config.backend === "local") return new Local();
  if (config.backend === "firebase" && config.firebase && typeof config.model === "string") {
    const { Firebase } = await import("./backends/firebase"); // large, and not needed elsewhere
    return new Firebase(config.firebase, config.model);
  }
  throw new Problem("notSetUp", { cause: "config.json has to name the backend, “local” or “firebase”" });
}

async function read(): Promise<{ backend?: unknown; model?: unknown; firebase?: object }> {
  try {
    const response = await fetch("config.json");
    if (response.ok) return await response.json();
  } catch (error) {
    throw new Problem("noNetwork", { cause: error });
  }
  throw new Problem("notSetUp", { cause: "there is no config.json beside it" });
}
