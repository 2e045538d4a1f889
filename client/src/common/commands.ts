/**
 * Runs the server's commands for a person: adds the place of the cursor, asks what the server asks back (which stage,
 * what reason, save first?), and shows what came out. Writes nothing itself.
 */

import { type ChooseResult, type CommandArguments, type CommandResult, ServerCommand } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { BaseLanguageClient, Middleware } from "vscode-languageclient";
import type { Diffs } from "./diffs.ts";
import { showHistory } from "./history.ts";
import type { Pages } from "./pages.ts";
import { askReason, rememberReason } from "./reasons.ts";

type Send = (args: CommandArguments) => Promise<CommandResult | null>;

/** Commands that write the lock: not in Restricted Mode. */
const WRITING: readonly string[] = [
  ServerCommand.recordStage,
  ServerCommand.recordAll,
  ServerCommand.acceptChange,
  ServerCommand.acceptChangeEverywhere,
  ServerCommand.revokeAccept,
  ServerCommand.undo,
];

/** How long the offer to take something back stands in the status bar, milliseconds. */
const UNDO_OFFERED = 12_000;

/** A question is never asked more often than this in one command: a server that keeps asking is broken. */
const MAX_QUESTIONS = 5;

export class CommandRunner {
  client: BaseLanguageClient | undefined;
  readonly #memory: vscode.Memento;
  readonly #pages: Pages;
  readonly #diffs: Diffs;
  readonly #done: vscode.StatusBarItem;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(memory: vscode.Memento, pages: Pages, diffs: Diffs) {
    this.#memory = memory;
    this.#pages = pages;
    this.#diffs = diffs;
    this.#done = vscode.window.createStatusBarItem("done", vscode.StatusBarAlignment.Left, 49);
    this.#done.name = vscode.l10n.t("Fastpipe: last action");
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#done.dispose();
  }

  /** Takes the place of the plain forwarding that the language client registers for each of the server's commands. */
  readonly middleware: Middleware = {
    executeCommand: (command, args, next) =>
      this.#run(command, argumentsOf(args), async (a) => (await next(command, [a])) as CommandResult | null),
  };

  async #run(command: string, given: CommandArguments, send: Send): Promise<void> {
    if (WRITING.includes(command) && !vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t("Nothing is recorded or accepted in Restricted Mode. Trust this workspace first."),
      );
      return;
    }
    let args = given;
    for (let question = 0; question < MAX_QUESTIONS; question++) {
      const result = await this.#send(command, args, send);
      if (!result) return;
      switch (result.type) {
        case "page":
          return this.#pages.show(result, args);
        case "diff":
          return this.#diffs.show(result);
        case "history":
          return showHistory(result, this.#diffs);
        case "done":
          if (args.reason) await rememberReason(this.#memory, args.reason);
          this.#tell(plain(result.message), result.undo === true);
          return;
        case "choose": {
          const chosen = await this.#choose(result, args);
          if (!chosen) return;
          args = chosen;
          break;
        }
        case "refused": {
          if (!(await offerToSave(plain(result.message), result.unsaved, result.uri, result.line))) return;
          break;
        }
      }
    }
  }

  /** Says in the status bar what was done, and offers to take it back for a while. Nothing pops up. */
  #tell(message: string, undo: boolean): void {
    void vscode.commands.executeCommand("setContext", "fastpipe.canUndo", undo);
    this.#done.text = undo ? `$(check) ${message} · ${vscode.l10n.t("Undo")}` : `$(check) ${message}`;
    this.#done.command = undo ? ServerCommand.undo : undefined;
    this.#done.tooltip = undo ? vscode.l10n.t("Bring the baselines back that this replaced") : undefined;
    this.#done.accessibilityInformation = { label: message };
    this.#done.show();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#done.hide(), UNDO_OFFERED);
  }

  async #send(command: string, args: CommandArguments, send: Send): Promise<CommandResult | null> {
    const slow = command === ServerCommand.showDependents || command === ServerCommand.recordAll;
    if (!slow) return send(args);
    const options = { location: vscode.ProgressLocation.Window, title: "Fastpipe" };
    return vscode.window.withProgress(options, () => send(args));
  }

  async #choose(result: ChooseResult, args: CommandArguments): Promise<CommandArguments | undefined> {
    if (result.what === "reason") {
      const recent = result.choices.map((choice) => choice.label);
      const reason = await askReason(this.#memory, result.message, recent);
      return reason === undefined ? undefined : { ...args, reason };
    }
    if (result.choices.length === 0) {
      void vscode.window.showInformationMessage(result.message);
      return undefined;
    }
    const items = result.choices.map((choice) => ({ label: choice.label, description: choice.detail, choice }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: result.message, matchOnDescription: true });
    return picked && { ...args, ...picked.choice.arguments };
  }
}

/** The server's argument from what VS Code hands a command: ours as it is, a menu's as nothing but the cursor's place. */
function argumentsOf(args: readonly unknown[]): CommandArguments {
  const [first] = args;
  if (typeof first === "object" && first !== null && !(first instanceof vscode.Uri)) {
    // An item of the tree carries what its menu is about.
    const { commandArguments } = first as { commandArguments?: CommandArguments };
    return commandArguments ?? (first as CommandArguments);
  }
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "python") return {};
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

/** Shows why a command was refused. True when the files that stood in the way have been saved. */
async function offerToSave(
  message: string,
  unsaved: readonly string[],
  uri: string | undefined,
  line: number | undefined,
): Promise<boolean> {
  if (unsaved.length === 0) {
    const open = vscode.l10n.t("Open File");
    const answer = await vscode.window.showErrorMessage(message, ...(uri ? [open] : []));
    if (answer === open && uri) await openAt(vscode.Uri.parse(uri), line ?? 1);
    return false;
  }
  const save = vscode.l10n.t("Save and Continue");
  const answer = await vscode.window.showWarningMessage(message, { modal: false }, save);
  if (answer !== save) return false;
  for (const document of vscode.workspace.textDocuments) {
    if (unsaved.includes(document.uri.toString()) && !(await document.save())) return false;
  }
  return true;
}

/** Without the marks of code, which VS Code's messages do not read. */
function plain(message: string): string {
  return message.replaceAll("`", "");
}

/** Opens a file with the cursor at the start of a 1-based line. */
export async function openAt(uri: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(line - 1, 0), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}
