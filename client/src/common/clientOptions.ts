/** How the language client is set up: which documents, which options, which middleware. Decides nothing at run time. */

import type { InitOptions } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { LanguageClientOptions, Middleware } from "vscode-languageclient";
import { RevealOutputChannelOn } from "vscode-languageclient";

/** Schemes of Python documents that belong to a workspace; old versions in `git:` and our own pages do not. */
function workspaceSchemes(): string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return [...new Set(["file", ...folders.map((folder) => folder.uri.scheme)])];
}

export function clientOptions(
  log: vscode.LogOutputChannel,
  trace: vscode.LogOutputChannel,
  init: InitOptions,
  middleware: Middleware,
): LanguageClientOptions {
  const texts = vscode.l10n.bundle;
  const options: InitOptions = { pages: true, asks: true, history: true, ...(texts ? { texts } : {}), ...init };
  return {
    documentSelector: workspaceSchemes().map((scheme) => ({ scheme, language: "python" })),
    diagnosticCollectionName: "fastpipe",
    outputChannel: log,
    traceOutputChannel: trace,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: options,
    middleware,
    markdown: { isTrusted: { enabledCommands: ENABLED_IN_HOVERS }, supportHtml: false },
  };
}

/** Commands that a link in a hover may run; those that write are not among them without a question of their own. */
const ENABLED_IN_HOVERS = [
  "fastpipe.explainStage",
  "fastpipe.showDiff",
  "fastpipe.acceptChange",
  "fastpipe.acceptChangeEverywhere",
  "fastpipe.showDependents",
  "fastpipe.showHistory",
];
