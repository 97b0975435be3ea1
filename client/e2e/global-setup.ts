import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Makes the project that is served; minutes the first time, nothing after. */
export default function setup(): void {
  execFileSync("python", [fileURLToPath(new URL("project.py", import.meta.url))], { stdio: "inherit" });
}
