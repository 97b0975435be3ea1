import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PROJECT } from "../e2e/server";

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));

/** Whose model is measured: WELDSPOT_PROJECT's, else this checkout's, else the small one of the browser tests. */
export const ROOT =
  !process.env.WELDSPOT_PROJECT && existsSync(join(CHECKOUT, "artifacts/export/manifest.json")) ? CHECKOUT : PROJECT;
