/**
 * Composition root of the running extension: makes the language client and hangs everything that VS Code draws on it. The
 * two entry points differ only in how a client is made. No analysis happens on this side.
 */

import { ClientCommand, type InitOptions, Notification, type StatusResult } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { clientOptions } from "./clientOptions.ts";
import { CommandRunner } from "./commands.ts";
import { Diffs } from "./diffs.ts";
import { serveFiles } from "./files.ts";
import { GraphPanel } from "./graphPanel.ts";
import { Marks } from "./marks.ts";
import { Pages } from "./pages.ts";
import { ServerState } from "./serverState.ts";
import { StagesView } from "./stagesView.ts";
import { StatusBar } from "./statusBar.ts";

/** Makes the client for one platform. `init` is what the platform adds to the initialization options. */
export interface ClientPlatform {
  readonly init: InitOptions;
  makeClient(options: LanguageClientOptions): BaseLanguageClient;
}

/**
 * Starts the server and everything that depends on it; ready when the server has answered `initialize`. `activated` is
 * what activation took before this, milliseconds.
 */
export async function start(
  context: vscode.ExtensionContext,
  platform: ClientPlatform,
  activated: number,
): Promise<void> {
  const log = vscode.window.createOutputChannel("Fastpipe", { log: true });
  const trace = vscode.window.createOutputChannel("Fastpipe Trace", { log: true });
  const graph = new GraphPanel(context.extensionUri);
  const pages = new Pages(graph);
  const diffs = new Diffs();
  const commands = new CommandRunner(context.workspaceState, pages, diffs);
  const statusBar = new StatusBar();
  const stages = new StagesView();
  const marks = new Marks(context.extensionUri);
  const server = new ServerState(context.extension);
  server.activated = activated;
  log.info(`activated in ${activated.toFixed(1)} ms`);
  const client = platform.makeClient(clientOptions(log, trace, platform.init, commands.middleware));

  commands.client = client;
  pages.client = client;
  graph.client = client;
  const show = (status: StatusResult): void => {
    statusBar.show(status);
    stages.show(status);
    marks.show(status);
    server.show(status);
    tellContexts(status);
  };
  client.onNotification(Notification.didChangeStatus, (status: StatusResult) => {
    show(status);
    pages.refresh();
    graph.refresh();
  });
  client.onDidChangeState(({ newState }) => server.change(newState));
  serveFiles(client);

  context.subscriptions.push(
    ...[log, trace, pages, diffs, graph, commands, statusBar, stages, marks, server],
    vscode.commands.registerCommand(ClientCommand.showLog, () => log.show()),
    vscode.commands.registerCommand(ClientCommand.showStale, () => statusBar.pick()),
    vscode.commands.registerCommand(ClientCommand.copyDebugInformation, () => server.copyDebugInformation()),
    vscode.commands.registerCommand(ClientCommand.restartServer, async () => {
      log.info("restarting the server");
      show({ projects: [] });
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
    const answer = await vscode.window.showErrorMessage(
      vscode.l10n.t("Fastpipe's language server did not start."),
      vscode.l10n.t("Show Log"),
    );
    if (answer) log.show();
  }
}

/** What when-clauses and the walkthrough's steps look at. */
function tellContexts({ projects }: StatusResult): void {
  const stages = projects.flatMap((project) => project.stages);
  const set = (name: string, value: boolean): void => {
    void vscode.commands.executeCommand("setContext", `fastpipe.${name}`, value);
  };
  set("hasStages", stages.length > 0);
  set(
    "hasBaseline",
    stages.some(({ baseline }) => baseline !== null),
  );
  set(
    "sawStale",
    stages.some(({ state }) => state === "stale"),
  );
}
