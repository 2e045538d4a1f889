/**
 * The picture of a pipeline in a panel: asks the server for places, hands them to the page, and does what the page asks
 * (open code, show what a stage reaches, save). The page runs one script of ours and can fetch nothing.
 */
import { ClientCommand, type GraphPicture, type GraphResult, Request, ServerCommand } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** What the page says. */
type FromPage =
  | { readonly type: "ready" }
  | { readonly type: "open" | "expand" | "explain"; readonly id: string }
  | { readonly type: "save" };

export class GraphPanel {
  client: BaseLanguageClient | undefined;
  readonly #extension: vscode.Uri;
  readonly #registrations: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #picture: GraphPicture | undefined;
  #expanded = new Set<string>();

  constructor(extension: vscode.Uri) {
    this.#extension = extension;
    this.#registrations = vscode.commands.registerCommand(ClientCommand.saveGraph, () => this.#save());
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#registrations.dispose();
  }

  show(title: string, picture: GraphPicture): void {
    if (this.#picture?.root !== picture.root) this.#expanded = new Set();
    this.#picture = picture;
    if (this.#panel) {
      this.#panel.title = title;
      this.#panel.reveal();
      void this.#post();
      return;
    }
    const roots = ["dist", "client/media"].map((folder) => vscode.Uri.joinPath(this.#extension, folder));
    const options = {
      enableScripts: true,
      enableFindWidget: true,
      localResourceRoots: roots,
      retainContextWhenHidden: true,
    };
    const panel = vscode.window.createWebviewPanel("fastpipe.graph", title, vscode.ViewColumn.Active, options);
    panel.iconPath = vscode.Uri.joinPath(this.#extension, "client/media/activity.svg");
    this.#panel = panel;
    panel.webview.onDidReceiveMessage((message: FromPage) => this.#receive(message));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      void vscode.commands.executeCommand("setContext", "fastpipe.graphOpen", false);
    });
    panel.webview.html = this.#page(panel.webview);
    void vscode.commands.executeCommand("setContext", "fastpipe.graphOpen", true);
  }

  /** States changed: the picture on show is made again, each node where it was as far as the graph is the same. */
  refresh(): void {
    if (this.#panel) void this.#ask();
  }

  async #ask(): Promise<void> {
    const picture = this.#picture;
    if (!picture) return;
    const params = { root: picture.root, format: "layout", expand: [...this.#expanded] };
    const answer = await this.client?.sendRequest<GraphResult>(Request.graph, params).catch(() => undefined);
    if (!answer || this.#picture?.root !== picture.root) return;
    const next = JSON.parse(answer.text) as GraphPicture;
    if (JSON.stringify(next) === JSON.stringify(this.#picture)) return;
    this.#picture = next;
    await this.#post();
  }

  async #post(): Promise<void> {
    await this.#panel?.webview.postMessage({ type: "picture", picture: this.#picture });
  }

  async #receive(message: FromPage): Promise<void> {
    const picture = this.#picture;
    if (!picture) return;
    switch (message.type) {
      case "ready":
        return this.#post();
      case "save":
        return this.#save();
      case "expand":
        if (!this.#expanded.delete(message.id)) this.#expanded.add(message.id);
        return this.#ask();
      case "explain":
        await vscode.commands.executeCommand(ServerCommand.explainStage, { root: picture.root, stage: message.id });
        return;
      case "open": {
        const node = picture.nodes.find(({ id }) => id === message.id);
        if (!node?.uri) return;
        const at = new vscode.Position(Math.max(node.line - 1, 0), 0);
        const selection = new vscode.Range(at, at);
        // Beside the picture, so that both are in view.
        await vscode.window.showTextDocument(vscode.Uri.parse(node.uri), {
          selection,
          viewColumn: vscode.ViewColumn.Beside,
        });
        return;
      }
    }
  }

  async #save(): Promise<void> {
    const picture = this.#picture;
    if (!picture) return;
    const folder = vscode.Uri.parse(picture.root);
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, `${picture.name}-graph.svg`),
      filters: { SVG: ["svg"] },
      title: vscode.l10n.t("Save Graph"),
    });
    if (!target) return;
    const params = { root: picture.root, format: "svg", expand: [...this.#expanded] };
    const answer = await this.client?.sendRequest<GraphResult>(Request.graph, params);
    if (!answer) return;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(answer.text));
    void vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("Graph saved")}`, 5000);
  }

  #page(webview: vscode.Webview): string {
    const file = (path: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.#extension, path)).toString();
    const nonce = crypto.randomUUID();
    const policy = [
      "default-src 'none'",
      `style-src ${webview.cspSource}`,
      `script-src 'nonce-${nonce}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; ");
    return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file("client/media/graph.css")}">
</head>
<body>
<main id="graph" data-texts="${attribute(JSON.stringify(texts()))}"></main>
<script nonce="${nonce}" src="${file("dist/webview/graph.js")}"></script>
</body>
</html>`;
  }
}

/** What the page says itself, in the user's language. */
function texts(): Readonly<Record<string, string>> {
  return {
    graph: vscode.l10n.t("Graph of {0}: arrow keys move from stage to stage, Enter opens the code"),
    zoomIn: vscode.l10n.t("Zoom in"),
    zoomOut: vscode.l10n.t("Zoom out"),
    fit: vscode.l10n.t("Fit into the window"),
    save: vscode.l10n.t("Save as SVG"),
    showCode: vscode.l10n.t("Show what {0} uses in the code (C)"),
    hideCode: vscode.l10n.t("Hide what {0} uses in the code (C)"),
    reads: vscode.l10n.t("reads {0}"),
    writes: vscode.l10n.t("writes {0}"),
    help: vscode.l10n.t("Arrows: move · Enter: code · C: what it uses · E: explain · + − 0: zoom"),
  };
}

function attribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
