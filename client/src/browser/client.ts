/** What the extension runs in a browser, once there are stages: the server is a web worker, its files come from here. */
import * as vscode from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import { start as startWith } from "../common/start.ts";

export function start(context: vscode.ExtensionContext, activated: number): Promise<void> {
  const inDist = (path: string): string => vscode.Uri.joinPath(context.extensionUri, "dist", path).toString(true);
  let worker: Worker | undefined;
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  // Not the worker itself: VS Code's extension host has a `Worker` of its own that the client does not recognise.
  const connect = async () => {
    worker?.terminate();
    worker = new Worker(inDist("browser/server.js"));
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  const platform = {
    init: {
      files: true,
      wasm: { treeSitter: inDist("web-tree-sitter.wasm"), python: inDist("tree-sitter-python.wasm") },
    },
    makeClient: (options: ConstructorParameters<typeof LanguageClient>[3]) =>
      new LanguageClient("fastpipe", "Fastpipe", connect, options),
  };
  return startWith(context, platform, activated);
}
