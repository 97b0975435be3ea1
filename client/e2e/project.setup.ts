import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "@playwright/test";

test("the project that is served: minutes the first time, nothing after", () => {
  const env = { ...process.env, PYTHONPATH: fileURLToPath(new URL("../../tests", import.meta.url)) };
  execFileSync("python", [fileURLToPath(new URL("project.py", import.meta.url))], { env, stdio: "inherit" });
});
