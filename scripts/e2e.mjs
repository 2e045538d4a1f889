/**
 * `npm run e2e`: packages the extension and uses it in a real VS Code in a real browser, then once more as a web extension.
 * Pictures go to .e2e/pictures/. Ends with `N passed, N failed`; exit code 1 when something failed.
 *
 *   npm run e2e [-- desktop] [-- web]
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { desktopSteps } from "../e2e/desktop.mjs";
import { mannersSteps, prepareFolders } from "../e2e/manners.mjs";
import { runSteps } from "../e2e/steps.mjs";
import { webSteps } from "../e2e/web.mjs";
import {
  freePort,
  openBrowser,
  prepare,
  SETTINGS,
  serveWeb,
  serveWorkbench,
  unpack,
  Workbench,
} from "../e2e/workbench.mjs";
import { packageExtension } from "./package.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pictures = path.join(root, ".e2e/pictures");
const workspace = path.join(root, "test-workspace");
const only = process.argv.slice(2);
const started = performance.now();

const ASKS_FOR_TRUST = {
  ...SETTINGS,
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "always",
  "security.workspace.trust.banner": "never",
};
/** Settings of VS Code where they are not the usual ones. */
const SETTINGS_OF = { manners: ASKS_FOR_TRUST };

const SCENARIOS = {
  async desktop(place, vsix) {
    const server = await serveWorkbench(place, vsix, await freePort());
    return { server, steps: (vscode) => desktopSteps(vscode, (file) => place.at("ws", file)) };
  },
  async manners(place, vsix) {
    await prepareFolders(place);
    const server = await serveWorkbench(place, vsix, await freePort(), { trust: true });
    return { server, steps: (vscode) => mannersSteps(vscode, place, server) };
  },
  async web(place, vsix) {
    const server = await serveWeb(place, await unpack(place, vsix));
    return { server, steps: webSteps };
  },
};

/** One scenario from an empty place to an empty place. A scenario that can't start counts as one failed step. */
async function run(name, vsix) {
  const place = await prepare(workspace, SETTINGS_OF[name]);
  let browser;
  let server;
  try {
    const scenario = await SCENARIOS[name](place, vsix);
    server = scenario.server;
    browser = await openBrowser(place.at("profile"));
    const vscode = new Workbench(browser.page, pictures);
    await browser.page.goto(server.address(), { waitUntil: "domcontentloaded" });
    await browser.page.locator(".monaco-workbench").waitFor();
    return await runSteps(name, scenario.steps(vscode), async () => {
      await vscode.picture(`${name}-failed`).catch(() => {});
      await writeFile(path.join(pictures, `${name}-console.log`), browser.console.join("\n"));
    });
  } catch (error) {
    process.stdout.write(`FAILED  ${name}: could not start\n${error.stack ?? error}\n`);
    return { passed: 0, failed: 1 };
  } finally {
    await browser?.close();
    await server?.stop();
    await place.dispose();
  }
}

await rm(pictures, { recursive: true, force: true });
await mkdir(pictures, { recursive: true });
const vsix = await packageExtension();
let passed = 0;
let failed = 0;
for (const name of Object.keys(SCENARIOS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const result = await run(name, vsix);
  passed += result.passed;
  failed += result.failed;
}
process.stdout.write(`pictures in ${pictures}; ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
