/** Entry point of the extension in a browser: the server is a web worker and gets its files from this side. */
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { start } from "../common/start.ts";

export function activate(context: vscode.ExtensionContext): Promise<void> {
  const inDist = (path: string): string => vscode.Uri.joinPath(context.extensionUri, "dist", path).toString(true);
  const makeWorker = (): Promise<Worker> => Promise.resolve(new Worker(inDist("browser/server.js")));
  return start(context, {
    init: {
      files: true,
      wasm: { treeSitter: inDist("web-tree-sitter.wasm"), python: inDist("tree-sitter-python.wasm") },
    },
    makeClient: (options) => new LanguageClient("fastpipe", "Fastpipe", makeWorker, options),
  });
}
