/**
 * Bundles everything that ships into dist/: the command line, the language server (Node and web worker), the VS Code
 * extension (Node and web), the two WebAssembly files of the outline, and the licences of all that is in them. It checks no
 * types and runs no tests.
 *
 *   node scripts/build.mjs [--minify] [--watch]
 *
 * The web bundles are refused when one of Node's built-in modules slipped into them.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { thirdPartyNotices } from "./notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const at = (...parts) => path.join(root, ...parts);
const minify = process.argv.includes("--minify");
const watch = process.argv.includes("--watch");

const common = {
  bundle: true,
  minify,
  sourcemap: minify ? false : "linked",
  sourcesContent: false,
  target: "es2022",
  logLevel: "warning",
  // They are in THIRD-PARTY-NOTICES.txt, whole.
  legalComments: "none",
  absWorkingDir: root,
  metafile: true,
};
/** Digest of the engine's sources: caches on disk are of one engine only. */
async function engineDigest() {
  const folder = at("engine/src");
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts")).sort();
  const digest = createHash("sha256");
  for (const name of names)
    digest.update(`${name.replaceAll("\\", "/")}\0`).update(await readFile(path.join(folder, name)));
  return digest.digest("hex").slice(0, 32);
}

/** Bundled to CommonJS, web-tree-sitter's ES build would ask `import.meta.url` where it lies; its .cjs build does not. */
const treeSitter = { "web-tree-sitter": at("node_modules/web-tree-sitter/web-tree-sitter.cjs") };
const node = {
  ...common,
  platform: "node",
  target: "node20",
  format: "cjs",
  alias: treeSitter,
  define: { FASTPIPE_BUILD: JSON.stringify(await engineDigest()) },
};
const browser = {
  ...common,
  platform: "browser",
  define: {
    "process.env.NODE_ENV": '"production"',
    // web-tree-sitter makes an address of it, which is never asked for: it is handed its bytes. A worker may have none.
    "import.meta.url": '"https://fastpipe.invalid/"',
  },
  // web-tree-sitter names these two in a branch that only Node takes.
  external: ["fs/promises", "module"],
};

const bundles = [
  // The server is its own file: `fastpipe lsp` requires it, every other command starts without it.
  {
    ...node,
    // Read at every start. Names stay as they are, for the stack of an internal error.
    minifyWhitespace: true,
    minifySyntax: true,
    entryPoints: { commands: "cli/src/main.ts" },
    outdir: "dist",
    external: ["./server.js"],
    plugins: [serverOnDemand()],
    // As `require`: code that was kept compiled knows no import.
    supported: { "dynamic-import": false },
  },
  // Sets the compiler up before it meets the commands.
  { ...node, entryPoints: { cli: "cli/src/start.ts" }, outdir: "dist" },
  { ...node, entryPoints: { server: "server/src/node/main.ts" }, outdir: "dist" },
  // The same for the extension: what VS Code loads in every Python folder is a few kilobytes.
  {
    ...node,
    entryPoints: { extension: "client/src/node/extension.ts" },
    outdir: "dist",
    external: ["vscode", "./client.js"],
    plugins: [clientOnDemand()],
    // As `require`, which VS Code knows how to give its own module to.
    supported: { "dynamic-import": false },
  },
  { ...node, entryPoints: { client: "client/src/node/client.ts" }, outdir: "dist", external: ["vscode"] },
  {
    ...browser,
    entryPoints: { extension: "client/src/browser/extension.ts" },
    outdir: "dist/browser",
    format: "cjs",
    external: ["vscode"],
  },
  { ...browser, entryPoints: { server: "server/src/browser/main.ts" }, outdir: "dist/browser", format: "iife" },
  { ...browser, entryPoints: { graph: "client/src/webview/graph.ts" }, outdir: "dist/webview", format: "iife" },
];

/** In the command line's bundle `@fastpipe/server/node` stays a `require("./server.js")`, run when it is reached. */
function serverOnDemand() {
  return {
    name: "server-on-demand",
    setup(build) {
      build.onResolve({ filter: /^@fastpipe\/server\/node$/ }, () => ({ path: "./server.js", external: true }));
    },
  };
}

/** In the extension's bundle for Node the import of `./client.ts` stays a `require("./client.js")`, run when it is reached. */
function clientOnDemand() {
  return {
    name: "client-on-demand",
    setup(build) {
      build.onResolve({ filter: /^\.\/client\.ts$/ }, () => ({ path: "./client.js", external: true }));
    },
  };
}

/** Fails when a web bundle would ask for one of Node's modules while it starts. */
function refuseNodeModules(results) {
  const builtin = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
  for (const { metafile } of results) {
    for (const [output, { imports }] of Object.entries(metafile.outputs)) {
      if (!output.startsWith("dist/browser/")) continue;
      const found = imports.filter((i) => builtin.has(i.path) && i.kind !== "dynamic-import").map((i) => i.path);
      if (found.length > 0) throw new Error(`${output} imports ${found.join(", ")}: a web worker has no Node modules`);
    }
  }
}

await mkdir(at("dist/browser"), { recursive: true });
await Promise.all([
  copyFile(at("node_modules/web-tree-sitter/web-tree-sitter.wasm"), at("dist/web-tree-sitter.wasm")),
  copyFile(at("node_modules/tree-sitter-python/tree-sitter-python.wasm"), at("dist/tree-sitter-python.wasm")),
]);
if (watch) {
  const contexts = await Promise.all(bundles.map((options) => esbuild.context({ ...options, logLevel: "info" })));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  const results = await Promise.allSettled(bundles.map((options) => esbuild.build(options)));
  // esbuild has printed what is wrong; a stack says no more.
  if (results.some((result) => result.status === "rejected")) process.exit(1);
  const built = results.map((result) => result.value);
  refuseNodeModules(built);
  await writeFile(at("dist/THIRD-PARTY-NOTICES.txt"), thirdPartyNotices(built.map(({ metafile }) => metafile)));
}
