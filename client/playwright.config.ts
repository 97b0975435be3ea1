import { defineConfig } from "@playwright/test";

export default defineConfig({
  outputDir: "test-results",
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 }, // the runner may have other work
  reporter: "list",
  projects: [
    { name: "project", testDir: "e2e", testMatch: "project.setup.ts", timeout: 600_000 },
    { name: "tests", testDir: "e2e", testMatch: "*.spec.ts", testIgnore: "**/.project/**", dependencies: ["project"] },
    { name: "bench", testDir: "bench", timeout: 600_000 },
  ],
});
