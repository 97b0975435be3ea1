/**
 * The app in Firebase mode on this machine, without an account: Firebase's emulators for Auth, Storage and Hosting.
 * `npm run emulators` starts them on the ports of firebase.json; the browser tests on free ones.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("./", import.meta.url));
const CLIENT = join(HERE, "..");
const TOOLS = join(HERE, "node_modules/firebase-tools/lib/bin/firebase.js");
const JAVA = 21; // what Google's rules runtime asks for
const PATIENCE_MS = 120_000;
const LINES = 40; // kept for the message when they don't start

export const PROJECT = "demo-weldspot"; // Firebase's tools never go to the network for a project named demo-…
export const BUCKET = `${PROJECT}.appspot.com`;

/**
 * Starts them and resolves when all answer. `free`: on free ports; `double`: storage.rules is judged by rules/ here,
 * not by Google's runtime, which needs Java and is fetched from Google once.
 *
 * @param {{free?: boolean, double?: boolean}} options
 * @returns {Promise<{app: string, auth: string, storage: string, stop: () => Promise<void>}>}
 */
export async function start({ free = false, double = false } = {}) {
  if (!existsSync(TOOLS))
    throw new Error("Firebase's tools are missing; run: npm --prefix client/emulator ci --ignore-scripts");
  if (!existsSync(join(CLIENT, "dist"))) throw new Error("the app is not built; run: npm --prefix client run build");
  const folder = mkdtempSync(join(tmpdir(), "weldspot-emulators-"));
  const { auth, storage, hosting } = await assemble(folder, free);
  const child = spawn(
    process.execPath,
    [TOOLS, "emulators:start", "--project", PROJECT, "--config", join(folder, "firebase.json")],
    { cwd: folder, env: environment(folder, double), stdio: ["ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  await ready(child).catch(async (error) => {
    await stop();
    throw error;
  });
  return { app: `http://${hosting}/`, auth, storage, stop };
}

/** firebase.json for these ports, the rules, the app and its config.json. @param {string} folder @param {boolean} free */
async function assemble(folder, free) {
  const config = JSON.parse(readFileSync(join(CLIENT, "firebase.json"), "utf8"));
  const { emulators } = config;
  if (free) {
    Object.assign(emulators, { hub: {}, logging: {} });
    const services = [emulators.auth, emulators.storage, emulators.hosting, emulators.hub, emulators.logging];
    for (const [i, port] of (await freePorts(services.length)).entries()) services[i].port = port;
  }
  const at = (/** @type {string} */ name) => `127.0.0.1:${emulators[name].port}`;
  const [auth, storage, hosting] = [at("auth"), at("storage"), at("hosting")];
  for (const header of config.hosting.headers[0].headers) {
    header.value = header.value.replace("connect-src 'self'", `connect-src 'self' http://${auth} http://${storage}`);
  }
  cpSync(join(CLIENT, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(CLIENT, "storage.rules"), join(folder, "storage.rules"));
  const firebase = { apiKey: "none", projectId: PROJECT, storageBucket: BUCKET, emulators: { auth, storage } };
  const app = { backend: "firebase", model: "weldspot", firebase };
  writeFileSync(join(folder, "dist/config.json"), JSON.stringify(app));
  writeFileSync(join(folder, "firebase.json"), JSON.stringify(config));
  return { auth, storage, hosting };
}

/** @param {number} count @returns {Promise<number[]>} */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** @param {string} folder @param {boolean} double @returns {NodeJS.ProcessEnv} */
function environment(folder, double) {
  const jar = join(folder, "rules-runtime.jar");
  if (double) writeFileSync(jar, ""); // the emulator looks that it is there
  mkdirSync(join(folder, "settings"));
  return {
    ...process.env,
    CI: "1", // asks for no news
    XDG_CONFIG_HOME: join(folder, "settings"), // a person's own login stays out of it
    ...(double && {
      STORAGE_EMULATOR_BINARY_PATH: jar,
      PATH: [join(HERE, "bin"), process.env.PATH].join(delimiter),
    }),
  };
}

/** @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} child */
function ready(child) {
  /** @type {string[]} */
  const lines = [];
  const said = () => lines.slice(-LINES).join("");
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the emulators did not start:\n${said()}`)), PATIENCE_MS);
      const read = (/** @type {Buffer} */ chunk) => {
        lines.push(chunk.toString());
        if (/All emulators ready/.test(said())) (clearTimeout(late), resolve());
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", (code) => {
        clearTimeout(late);
        reject(new Error(`the emulators ended with ${code}:\n${said()}`));
      });
    })
  );
}

function hasJava() {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" });
  return Number(/version "(\d+)/.exec(stderr ?? "")?.[1] ?? 0) >= JAVA;
}

async function main() {
  const double = !hasJava();
  if (double)
    console.log(`No Java ${JAVA}: storage.rules is judged by client/emulator/rules, not by Google's runtime.`);
  const { app, storage, stop } = await start({ double });
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
  console.log(`The app in Firebase mode: ${app}    (Ctrl-C ends it, and forgets what was uploaded)`);
  console.log("Its model, from the project's folder, once `weldspot promote` has made one the production model:");
  console.log(`  weldspot compose loop.publish.bucket=${BUCKET}`);
  console.log(`  FIREBASE_STORAGE_EMULATOR_HOST=${storage} weldspot publish --target firebase_storage`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(`emulators: ${error.message}`);
    process.exitCode = 1;
  });
}
