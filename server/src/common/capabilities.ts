/**
 * What the client can do, read once from `initialize`, and what the server says it can do in turn. Nothing else looks
 * at the protocol's capability tree.
 */

import { type InitOptions, ServerCommand } from "@fastpipe/shared";
import type { InitializeParams, InitializeResult } from "vscode-languageserver";
import { CodeActionKind, TextDocumentSyncKind } from "vscode-languageserver";
import { ENCODINGS, type Encoding } from "./positions.ts";

/** What the client supports, as plain flags. */
export interface ClientCapabilities {
  readonly encoding: Encoding;
  readonly configuration: boolean;
  readonly configurationRegistration: boolean;
  readonly watchedFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly workDoneProgress: boolean;
  readonly codeLensRefresh: boolean;
  readonly showDocument: boolean;
  readonly messageActions: boolean;
  readonly markdownHover: boolean;
  readonly codeActionLiterals: boolean;
  readonly options: InitOptions;
}

/** The flags from what the client sent; anything absent or odd counts as not supported. */
export function clientCapabilities(params: InitializeParams): ClientCapabilities {
  const { workspace, window, general, textDocument } = params.capabilities;
  const offered = general?.positionEncodings ?? [];
  const options = params.initializationOptions;
  return {
    encoding: offered.find((e): e is Encoding => (ENCODINGS as readonly string[]).includes(e)) ?? "utf-16",
    configuration: workspace?.configuration === true,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    workDoneProgress: window?.workDoneProgress === true,
    codeLensRefresh: workspace?.codeLens?.refreshSupport === true,
    showDocument: window?.showDocument?.support === true,
    messageActions: window?.showMessage !== undefined,
    markdownHover: textDocument?.hover?.contentFormat?.includes("markdown") ?? true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    options: typeof options === "object" && options !== null ? (options as InitOptions) : {},
  };
}

/** The answer to `initialize`. */
export function serverCapabilities(client: ClientCapabilities, version: string): InitializeResult {
  return {
    serverInfo: { name: "fastpipe", version },
    capabilities: {
      positionEncoding: client.encoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
      codeLensProvider: { resolveProvider: true },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
      executeCommandProvider: { commands: Object.values(ServerCommand), workDoneProgress: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
