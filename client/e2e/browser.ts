import { existsSync } from "node:fs";

const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** The machine's Chromium where it has one, else Playwright's own. */
export const LAUNCH = {
  ...(INSTALLED && { executablePath: INSTALLED }),
  args: ["--no-sandbox"], // containers run as root
};
