/** Entry point of the extension where Node runs it: the server is a child process over IPC. */
import type * as vscode from "vscode";
import { activate as activateWith } from "../common/activate.ts";

export function activate(context: vscode.ExtensionContext): void {
  const module = context.asAbsolutePath("dist/server.js");
  activateWith(context, async () => {
    const { LanguageClient, TransportKind } = await import("vscode-languageclient/node");
    const server = { module, transport: TransportKind.ipc };
    const run = { run: server, debug: server };
    return { init: {}, makeClient: (options) => new LanguageClient("fastpipe", "Fastpipe", run, options) };
  });
}
