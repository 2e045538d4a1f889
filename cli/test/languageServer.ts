/** `fastpipe lsp` as a real process with a client on its streams, from bundles that lie side by side as they ship. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import {
  createProtocolConnection,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const repository = fileURLToPath(new URL("../..", import.meta.url));

export interface LanguageServer {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
}

let made: Promise<string> | undefined;

/** The folder with the bundles, made once per test file. */
function bundles(): Promise<string> {
  made ??= makeBundles();
  return made;
}

async function makeBundles(): Promise<string> {
  const outdir = mkdtempSync(path.join(tmpdir(), "fastpipe-lsp-"));
  process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
  const beside = {
    name: "beside",
    setup: (builder: { onResolve(filter: { filter: RegExp }, resolve: () => object): void }) =>
      builder.onResolve({ filter: /^@fastpipe\/server\/node$/ }, () => ({ path: "./server.js", external: true })),
  };
  const common = {
    absWorkingDir: repository,
    outdir,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  } as const;
  await build({
    ...common,
    entryPoints: { commands: "cli/src/main.ts" },
    plugins: [beside],
    supported: { "dynamic-import": false },
  });
  await build({ ...common, entryPoints: { cli: "cli/src/start.ts" } });
  await build({
    ...common,
    entryPoints: { server: "server/src/node/main.ts" },
    alias: { "web-tree-sitter": path.join(repository, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
  });
  return outdir;
}

/** Starts the server for a folder, until the test is done. `env`: by default, compiled code is kept beside the bundles. */
export async function startServer(
  root: string,
  initializationOptions: object = {},
  env?: NodeJS.ProcessEnv,
): Promise<LanguageServer> {
  const folder = await bundles();
  const child = spawn(process.execPath, [path.join(folder, "cli.js"), "lsp", "--stdio"], {
    stdio: "pipe",
    env: env ?? { ...process.env, XDG_CACHE_HOME: folder },
  });
  onTestFinished(() => void child.kill());
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const rootUri = pathToFileURL(root).href;
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri,
    capabilities: {},
    workspaceFolders: [{ uri: rootUri, name: "p" }],
    initializationOptions,
  });
  await connection.sendNotification("initialized", {});
  return { child, connection, initialized };
}
