/**
 * The engine, the host and their parts as one module for benchmarks: bundled as the product is, into a folder of its own.
 * Bundles only; measures nothing.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const CONTENTS = `
export * from "./engine/src/index.ts";
export * from "./engine/src/syntax/index.ts";
export * from "./engine/src/text/index.ts";
export { bind } from "./engine/src/binding/index.ts";
export { summarise } from "./engine/src/summary/summarise.ts";
export { STAGE_DECORATORS } from "./engine/src/summary/stageDecorators.ts";
export * from "./host/src/common/index.ts";
export * from "./host/src/node/index.ts";
`;

const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-bench-engine-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Path of the bundle, for other processes. */
export async function bundleEngine() {
  const outfile = path.join(folder, "engine.mjs");
  await build({
    stdin: { contents: CONTENTS, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    target: "node20",
    platform: "node",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    outfile,
    logLevel: "error",
  });
  return outfile;
}

let loaded = null;

/** The bundle, in this process. */
export async function engine() {
  if (loaded === null) {
    loaded = await import(pathToFileURL(await bundleEngine()).href);
    loaded.keepAllocationsYoung(); // as the command line and the server do
  }
  return loaded;
}
