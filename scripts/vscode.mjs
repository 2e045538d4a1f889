/**
 * `npm run vscode`: a real VS Code in the browser with the extension packaged from this working copy, on a copy of
 * test-workspace. Prints the address and runs until it is interrupted; keeps nothing.
 *
 *   npm run vscode [-- --port 8123] [-- FOLDER]
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort, prepare, QUIET, serveWorkbench } from "../e2e/workbench.mjs";
import { packageExtension } from "./package.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values, positionals } = parseArgs({ options: { port: { type: "string" } }, allowPositionals: true });
const workspace = path.resolve(positionals[0] ?? path.join(root, "test-workspace"));

const vsix = await packageExtension();
const place = await prepare(workspace, QUIET);
const server = await serveWorkbench(place, vsix, Number(values.port) || (await freePort()));
process.stdout.write(`VS Code with Fastpipe: ${server.address()}\na copy of ${workspace}: ${place.at("ws")}\n`);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await server.stop();
    await place.dispose();
    process.exit(0);
  });
}
