/** `fastpipe lsp`: the command line hands its streams to the language server, which lies beside it as a bundle of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, it, onTestFinished } from "vitest";
import {
  createProtocolConnection,
  InitializeRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { folder, PIPELINE } from "./fastpipe.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

it("serves a client over stdin and stdout, and ends when told to", async () => {
  const bundles = mkdtempSync(path.join(tmpdir(), "fastpipe-lsp-"));
  onTestFinished(() => rmSync(bundles, { recursive: true, force: true }));
  const beside = {
    name: "beside",
    setup: (builder: { onResolve(filter: { filter: RegExp }, resolve: () => object): void }) =>
      builder.onResolve({ filter: /^@fastpipe\/server\/node$/ }, () => ({ path: "./server.js", external: true })),
  };
  await build({
    absWorkingDir: repository,
    entryPoints: { cli: "cli/src/main.ts" },
    outdir: bundles,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    plugins: [beside],
  });
  await build({
    absWorkingDir: repository,
    entryPoints: { server: "server/src/node/main.ts" },
    outdir: bundles,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    alias: { "web-tree-sitter": path.join(repository, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
  });
  const root = folder(PIPELINE);
  const child = spawn(process.execPath, [path.join(bundles, "cli.js"), "lsp", "--stdio"], { stdio: "pipe" });
  onTestFinished(() => void child.kill());
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  const rootUri = pathToFileURL(root).href;
  const { serverInfo } = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri,
    capabilities: {},
    workspaceFolders: [{ uri: rootUri, name: "p" }],
  });
  expect(serverInfo?.name).toBe("fastpipe");
  await connection.sendNotification("initialized", {});
  const { projects } = await connection.sendRequest<{ projects: { stages: { stage: string }[] }[] }>(
    "fastpipe/status",
    {},
  );
  expect(projects[0].stages.map((each) => each.stage)).toContain("pipeline.train");
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
});
