/** Entry point of the extension in a browser: the server is a web worker and gets its files from this side. */
import * as vscode from "vscode";
import { activate as activateWith } from "../common/activate.ts";

export function activate(context: vscode.ExtensionContext): void {
  const inDist = (path: string): string => vscode.Uri.joinPath(context.extensionUri, "dist", path).toString(true);
  let worker: Worker | undefined;
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  activateWith(context, async () => {
    const { BrowserMessageReader, BrowserMessageWriter, LanguageClient } = await import(
      "vscode-languageclient/browser"
    );
    // Not the worker itself: VS Code's extension host has a `Worker` of its own that the client does not recognise.
    const connect = async () => {
      worker?.terminate();
      worker = new Worker(inDist("browser/server.js"));
      return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
    };
    return {
      init: {
        files: true,
        wasm: { treeSitter: inDist("web-tree-sitter.wasm"), python: inDist("tree-sitter-python.wasm") },
      },
      makeClient: (options) => new LanguageClient("fastpipe", "Fastpipe", connect, options),
    };
  });
}
