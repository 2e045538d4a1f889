/**
 * Read-only pages of text: what a command answers, as virtual documents. A stage's explain page is asked for again
 * when states change while it is on show; the other pages stay as they were made.
 */

import { type CommandArguments, type ExplainParams, type PagePlace, type PageResult, Request } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { GraphPanel } from "./graphPanel.ts";

const PAGE_SCHEME = "fastpipe-explain";

interface Page {
  result: PageResult;
  /** How to make it again; only for explain pages. */
  readonly explain?: ExplainParams;
}

export class Pages implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  client: BaseLanguageClient | undefined;
  readonly #pages = new Map<string, Page>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #graph: GraphPanel;
  readonly #registrations: vscode.Disposable;

  constructor(graph: GraphPanel) {
    this.#graph = graph;
    this.#registrations = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: PAGE_SCHEME }, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === PAGE_SCHEME) setTimeout(() => this.#forget(uri.toString()), 0);
      }),
    );
  }

  /** A document that gets its language is told closed and opened again: only one that stays away is. */
  #forget(key: string): void {
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === key)) this.#pages.delete(key);
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  /** Opens a page in the active group, as a preview; a graph in its panel. */
  async show(result: PageResult, args: CommandArguments): Promise<void> {
    if (result.picture) return this.#graph.show(result.title, result.picture);
    const uri = vscode.Uri.from({ scheme: PAGE_SCHEME, path: `/${result.title}`, query: args.root ?? "" });
    this.#pages.set(uri.toString(), { result, explain: result.explain });
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const typed =
      document.languageId === result.language
        ? document
        : await vscode.languages.setTextDocumentLanguage(document, result.language);
    await vscode.window.showTextDocument(typed, { preview: true });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.toString())?.result.text ?? vscode.l10n.t("This page is gone. Run the command again.");
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const places = this.#pages.get(document.uri.toString())?.result.places ?? [];
    return places.map((place) => new vscode.DocumentLink(rangeOf(place), targetOf(place)));
  }

  /** States changed: explain pages on show are made again. */
  refresh(): void {
    for (const [key, page] of this.#pages) {
      if (page.explain) void this.#refresh(key, page, page.explain);
    }
  }

  async #refresh(key: string, page: Page, explain: ExplainParams): Promise<void> {
    const result = await this.client?.sendRequest<PageResult | null>(Request.explain, explain).catch(() => null);
    if (!result || this.#pages.get(key) !== page || result.text === page.result.text) return;
    page.result = result;
    this.#changed.fire(vscode.Uri.parse(key));
  }
}

function rangeOf(place: PagePlace): vscode.Range {
  return new vscode.Range(place.pageLine, place.start, place.pageLine, place.end);
}

/** A link that VS Code opens at a line (the fragment says which), or the command that it runs. */
function targetOf(place: PagePlace): vscode.Uri {
  if (place.command) {
    const { command, arguments: argument } = place.command;
    return vscode.Uri.from({ scheme: "command", path: command, query: JSON.stringify([argument]) });
  }
  return vscode.Uri.parse(place.uri).with({ fragment: `L${place.line}` });
}
