/** Entry point of the extension where Node runs it: the server is a child process over IPC. */
import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { start } from "../common/start.ts";

export function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath("dist/server.js");
  const server = { module, transport: TransportKind.ipc };
  return start(context, {
    init: {},
    makeClient: (options) => new LanguageClient("fastpipe", "Fastpipe", { run: server, debug: server }, options),
  });
}
