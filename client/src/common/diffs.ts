/**
 * Recorded against present source, in VS Code's own diff editor. Both sides are virtual documents: an entry is a part
 * of a file, and its recorded version exists only in the object store.
 */

import type { DiffEntry, DiffResult } from "@fastpipe/shared";
import * as vscode from "vscode";

const SCHEME = "fastpipe-source";

export class Diffs implements vscode.TextDocumentContentProvider {
  readonly #contents = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registrations: vscode.Disposable;

  constructor() {
    this.#registrations = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.#contents.delete(uri.toString());
      }),
    );
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#contents.get(uri.toString()) ?? "";
  }

  /** One entry opens a diff editor, several one editor with all of them. */
  async show(diff: DiffResult): Promise<void> {
    const [only] = diff.entries;
    if (!only) {
      void vscode.window.showInformationMessage(vscode.l10n.t("{0}: nothing differs.", diff.title));
      return;
    }
    if (diff.entries.length > 1) {
      const sides = diff.entries.map((entry) => [vscode.Uri.parse(entry.uri), this.#left(entry), this.#right(entry)]);
      await vscode.commands.executeCommand("vscode.changes", diff.title, sides);
      return;
    }
    const title = vscode.l10n.t("{0} (recorded ↔ now)", only.title);
    await vscode.commands.executeCommand("vscode.diff", this.#left(only), this.#right(only), title, { preview: true });
  }

  /** Two texts of one definition, in a diff editor. */
  async compare(key: string, left: { label: string; text: string }, right: { label: string; text: string }) {
    const side = ({ label, text }: { label: string; text: string }): vscode.Uri =>
      this.#virtual(key, label, "version", text.endsWith("\n") ? text : `${text}\n`);
    const title = `${key.replace(/^\w+:/, "")} (${left.label} ↔ ${right.label})`;
    await vscode.commands.executeCommand("vscode.diff", side(left), side(right), title, { preview: true });
  }

  #left(entry: DiffEntry): vscode.Uri {
    const missing = entry.note ? `# ${entry.note}\n` : "";
    return this.#document("recorded", entry, entry.recorded ?? missing);
  }

  #right(entry: DiffEntry): vscode.Uri {
    return this.#document("now", entry, entry.present ?? "");
  }

  #document(side: string, entry: DiffEntry, content: string): vscode.Uri {
    return this.#virtual(entry.key, side, entry.uri, content);
  }

  #virtual(key: string, side: string, fragment: string, content: string): vscode.Uri {
    const name = `${key.replace(/^\w+:/, "")}.py`;
    // Both sides have one path: editors that show several changes would take two for a renamed file.
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: side, fragment });
    this.#contents.set(uri.toString(), content);
    this.#changed.fire(uri);
    return uri;
  }
}
