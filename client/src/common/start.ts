/**
 * Composition root of the extension: makes the language client and hangs everything that VS Code draws on it. The two
 * entry points differ only in how a client is made. No analysis happens on this side.
 */

import { ClientCommand, type InitOptions, Notification, type StatusResult } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { clientOptions } from "./clientOptions.ts";
import { CommandRunner } from "./commands.ts";
import { Diffs } from "./diffs.ts";
import { serveFiles } from "./files.ts";
import { Pages } from "./pages.ts";
import { StatusBar } from "./statusBar.ts";

/** Makes the client for one platform. `init` is what the platform adds to the initialization options. */
export interface ClientPlatform {
  readonly init: InitOptions;
  makeClient(options: LanguageClientOptions): BaseLanguageClient;
}

/** Starts the server and everything that depends on it; ready when the server has answered `initialize`. */
export async function start(context: vscode.ExtensionContext, platform: ClientPlatform): Promise<void> {
  const log = vscode.window.createOutputChannel("Fastpipe", { log: true });
  const trace = vscode.window.createOutputChannel("Fastpipe Trace", { log: true });
  const pages = new Pages();
  const diffs = new Diffs();
  const commands = new CommandRunner(context.workspaceState, pages, diffs);
  const statusBar = new StatusBar();
  const client = platform.makeClient(clientOptions(log, trace, platform.init, commands.middleware));

  commands.client = client;
  pages.client = client;
  client.onNotification(Notification.didChangeStatus, (status: StatusResult) => {
    statusBar.show(status);
    pages.refresh();
    const stages = status.projects.some((project) => project.stages.length > 0);
    void vscode.commands.executeCommand("setContext", "fastpipe.hasStages", stages);
  });
  serveFiles(client);

  context.subscriptions.push(
    log,
    trace,
    pages,
    diffs,
    statusBar,
    vscode.commands.registerCommand(ClientCommand.showLog, () => log.show()),
    vscode.commands.registerCommand(ClientCommand.showStale, () => statusBar.pick()),
    vscode.commands.registerCommand(ClientCommand.restartServer, async () => {
      log.info("restarting the server");
      statusBar.show({ projects: [] });
      if (client.needsStop()) await client.stop();
      await client.start();
    }),
    { dispose: () => void (client.needsStop() && client.stop()) },
  );
  try {
    await client.start();
  } catch (error) {
    // The extension stays: its log says why, and the server can be started again.
    log.error(`the server did not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const answer = await vscode.window.showErrorMessage("Fastpipe's language server did not start.", "Show Log");
    if (answer) log.show();
  }
}
