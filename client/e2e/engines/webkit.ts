import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import type { Engine } from "./engine";

const DRIVER = "/usr/bin/WebKitWebDriver";
const SCREEN = "/usr/bin/Xvfb";
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";
const BROWSER = existsSync(LIBRARIES)
  ? readdirSync(LIBRARIES)
      .filter((name) => /^webkit2?gtk-/.test(name))
      .map((name) => `${LIBRARIES}/${name}/MiniBrowser`)
      .find(existsSync)
  : undefined;

export const WEBKIT = BROWSER !== undefined && existsSync(DRIVER) && existsSync(SCREEN);

/** WebKitGTK over its WebDriver (https://www.w3.org/TR/webdriver2/), on a screen of its own, with its mock camera. */
export async function webkit(): Promise<Engine> {
  const screen = spawn(SCREEN, ["-displayfd", "1", "-screen", "0", "800x1000x24", "-nolisten", "tcp"]);
  const display = await new Promise<string>((done) => screen.stdout.once("data", (told) => done(String(told).trim())));
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${display}`, LC_ALL: "C.UTF-8", LANG: "C.UTF-8", LANGUAGE: "en" };
  const driver = spawn(DRIVER, [`--port=${port}`], { env });
  const ended: ChildProcess[] = [driver, screen];
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    const { value } = (await answer.json()) as { value: any };
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  const options = { binary: BROWSER, args: ["--automation", "--enable-mock-capture-devices=true"] };
  const wanted = { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } };
  let session = "";
  for (let i = 0; !session; i++) {
    await new Promise((done) => setTimeout(done, 250));
    session = await ask("POST", "", wanted).then(
      ({ sessionId }) => `/${sessionId}`,
      (error) => {
        if (i > 20) throw error;
        return "";
      },
    );
  }
  await ask("POST", `${session}/timeouts`, { script: 120_000 });
  return {
    open: (url) => ask("POST", `${session}/url`, { url }),
    evaluate: async (work, given) => {
      const script = `const [given, done] = arguments;
        Promise.resolve().then(() => (${work})(given)).then((is) => done({ is }), (no) => done({ no: String(no) }));`;
      const { is, no } = await ask("POST", `${session}/execute/async`, { script, args: [given ?? null] });
      if (no !== undefined) throw new Error(no);
      return is;
    },
    close: async () => {
      await ask("DELETE", session).catch(() => undefined);
      for (const each of ended) each.kill();
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
