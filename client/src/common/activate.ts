/**
 * What happens when VS Code loads the extension: next to nothing. It looks whether the workspace has stages, and only then
 * loads the rest (start.ts) and starts the server. Until then its commands are stand-ins that start it when they are run.
 */
import { ClientCommand, ServerCommand } from "@fastpipe/shared";
import * as vscode from "vscode";
import { workspaceHasStages } from "./probe.ts";
import { mayHoldStages } from "./stageText.ts";

/** Loads the rest of the extension; called once, when it is needed. `activated` is in milliseconds. */
export type LoadClient = () => Promise<{ start(context: vscode.ExtensionContext, activated: number): Promise<void> }>;

/** Commands that the server or the running extension will register. */
const COMMANDS: readonly string[] = [
  ...Object.values(ServerCommand),
  ...Object.values(ClientCommand).filter((command) => command !== ClientCommand.openWalkthrough),
];

export function activate(context: vscode.ExtensionContext, load: LoadClient): void {
  const begun = performance.now();
  let starting: Promise<void> | undefined;
  const waiting: vscode.Disposable[] = [];
  const start = (): Promise<void> => {
    starting ??= (async () => {
      vscode.Disposable.from(...waiting.splice(0)).dispose();
      const client = await load();
      await client.start(context, activated);
    })();
    return starting;
  };

  context.subscriptions.push(
    vscode.commands.registerCommand(ClientCommand.openWalkthrough, async () => {
      await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`, false);
      // What was so before VS Code knew the walkthrough does not tick its steps; this change does.
      await vscode.commands.executeCommand("setContext", "fastpipe.walkthroughOpened", true);
    }),
    { dispose: () => void vscode.Disposable.from(...waiting.splice(0)).dispose() },
  );
  for (const command of COMMANDS) {
    const standIn = vscode.commands.registerCommand(command, async (...args: unknown[]) => {
      await start();
      return vscode.commands.executeCommand(command, ...args);
    });
    waiting.push(standIn);
  }
  const look = async (): Promise<void> => {
    if (starting) return;
    if (await workspaceHasStages(() => starting !== undefined)) await start();
    void vscode.commands.executeCommand("setContext", "fastpipe.looked", true);
  };
  const seen = (document: vscode.TextDocument): void => {
    if (document.languageId === "python" && mayHoldStages(document.getText())) void start();
  };
  const marks = vscode.workspace.createFileSystemWatcher("**/{fastpipe.lock,pyproject.toml}");
  waiting.push(
    marks,
    marks.onDidCreate(look),
    marks.onDidChange(look),
    vscode.workspace.onDidOpenTextDocument(seen),
    vscode.workspace.onDidSaveTextDocument(seen),
    vscode.workspace.onDidChangeWorkspaceFolders(look),
  );
  const activated = performance.now() - begun;
  void look();
}
