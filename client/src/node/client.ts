/** What the extension loads where Node runs it, once there are stages: the server is a child process over IPC. */
import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { start as startWith } from "../common/start.ts";

export function start(context: vscode.ExtensionContext, activated: number): Promise<void> {
  const server = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc };
  const run = { run: server, debug: server };
  const platform = {
    init: {},
    makeClient: (options: ConstructorParameters<typeof LanguageClient>[3]) =>
      new LanguageClient("fastpipe", "Fastpipe", run, options),
  };
  return startWith(context, platform, activated);
}
