import { defineConfig } from "@playwright/test";
import { LAUNCH } from "./e2e/browser";

delete process.env.MLFLOW_TRACKING_URI; // each project's own registry

// a minute with the emulators' starts; continuous integration has it set
const emulated = process.env.WELDSPOT_ALL_TESTS ? [] : ["firebase.spec.ts", "rules.spec.ts"];

export default defineConfig({
  outputDir: "test-results/served", // each run empties its own: two may run at a time
  testIgnore: "**/.project/**", // a clone of this repository, with its own tests
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 }, // the runner may have other work
  reporter: "list",
  projects: [
    { name: "project", testDir: "e2e", testMatch: "project.setup.ts", timeout: 600_000 },
    {
      name: "tests",
      testDir: "e2e",
      testMatch: "*.spec.ts",
      testIgnore: ["**/.project/**", "looks/**", "desk/**", ...emulated],
      dependencies: ["project"],
    },
    {
      name: "looks", // no server
      testDir: "e2e/looks",
      outputDir: "test-results/looks",
      use: { launchOptions: LAUNCH, serviceWorkers: "block" },
    },
    { name: "desk", testDir: "e2e/desk", outputDir: "test-results/desk", use: { launchOptions: LAUNCH } }, // no model
    { name: "bench", testDir: "bench", timeout: 600_000, dependencies: ["project"] },
  ],
});
