/**
 * The open documents, kept in step with the editor by incremental edits in the negotiated encoding. Says who is open
 * and what the text is; knows nothing of projects or stages.
 */
import type { TextDocumentContentChangeEvent, TextDocumentsConfiguration } from "vscode-languageserver";
import { normalUri } from "./fromProtocol.ts";
import { type Encoding, LineIndex } from "./positions.ts";

/** One open document. `lines` is replaced by every edit. */
export class Document {
  readonly uri: string;
  version: number;
  lines: LineIndex;
  /** Edited since it was opened or saved. */
  edited = false;

  constructor(uri: string, version: number, lines: LineIndex) {
    this.uri = uri;
    this.version = version;
    this.lines = lines;
  }

  get text(): string {
    return this.lines.text;
  }
}

/** How `TextDocuments` makes and edits our documents. `encoding` is asked late: it is known after `initialize`. */
export function documentsConfiguration(encoding: () => Encoding): TextDocumentsConfiguration<Document> {
  return {
    create: (uri, _language, version, text) => new Document(uri, version, new LineIndex(text, encoding())),
    update(document, changes: TextDocumentContentChangeEvent[], version) {
      for (const change of changes) {
        if ("range" in change) {
          const start = document.lines.offsetAt(change.range.start);
          const end = document.lines.offsetAt(change.range.end);
          document.lines = document.lines.edit(Math.min(start, end), Math.max(start, end), change.text);
        } else {
          document.lines = new LineIndex(change.text, encoding());
        }
      }
      document.version = version;
      document.edited = true;
      return document;
    },
  };
}

/** The open documents by URI, however a URI is spelled. */
export class OpenDocuments {
  readonly #open = new Map<string, Document>();

  get(uri: string): Document | undefined {
    return this.#open.get(normalUri(uri));
  }

  all(): Iterable<Document> {
    return this.#open.values();
  }

  add(document: Document): void {
    this.#open.set(normalUri(document.uri), document);
  }

  remove(document: Document): void {
    this.#open.delete(normalUri(document.uri));
  }
}
