/**
 * Marks on what changed, in the gutter and the overview ruler, with a hover that says whom it concerns. Stages have their
 * lens; this is for the helpers and constants that they use. Moves with the text by VS Code's own doing.
 */
import { type CommandArguments, ServerCommand, type StatusResult } from "@fastpipe/shared";
import * as vscode from "vscode";
import { stagesCount } from "./words.ts";

interface Mark {
  readonly line: number;
  readonly key: string;
  readonly name: string;
  readonly root: string;
  readonly stages: string[];
}

export class Marks {
  readonly #type: vscode.TextEditorDecorationType;
  readonly #registrations: vscode.Disposable;
  /** By file, then key. */
  #marks = new Map<string, Map<string, Mark>>();

  constructor(extension: vscode.Uri) {
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, `client/media/changed-${theme}.svg`);
    this.#type = vscode.window.createTextEditorDecorationType({
      overviewRulerColor: new vscode.ThemeColor("fastpipe.staleForeground"),
      overviewRulerLane: vscode.OverviewRulerLane.Right,
      dark: { gutterIconPath: icon("dark"), gutterIconSize: "contain" },
      light: { gutterIconPath: icon("light"), gutterIconSize: "contain" },
    });
    this.#registrations = vscode.Disposable.from(
      this.#type,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("fastpipe.marks")) this.#draw();
      }),
    );
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  show({ projects }: StatusResult): void {
    this.#marks = new Map();
    for (const { root, stages } of projects) {
      for (const stage of stages) {
        for (const { key, name, uri, line } of stage.changes) {
          if (uri === null || line === null || !/^(?:func|class|const):/.test(key)) continue;
          const file = vscode.Uri.parse(uri).toString();
          const marks = this.#marks.get(file) ?? new Map<string, Mark>();
          this.#marks.set(file, marks);
          const mark = marks.get(key) ?? { line, key, name, root, stages: [] };
          marks.set(key, mark);
          mark.stages.push(stage.stage);
        }
      }
    }
    this.#draw();
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { uri } = editor.document;
      const enabled = vscode.workspace.getConfiguration("fastpipe", uri).get("marks.enabled", true);
      const marks = enabled ? [...(this.#marks.get(uri.toString())?.values() ?? [])] : [];
      editor.setDecorations(
        this.#type,
        marks
          .filter(({ line }) => line <= editor.document.lineCount)
          .map((mark) => ({ range: firstWord(editor.document, mark.line - 1), hoverMessage: hoverOf(mark) })),
      );
    }
  }
}

/** `def`, `class` or the constant: the name of a function has a hover of its own. */
function firstWord(document: vscode.TextDocument, line: number): vscode.Range {
  const { firstNonWhitespaceCharacterIndex: start, text } = document.lineAt(line);
  return new vscode.Range(line, start, line, start + (/^\w+/.exec(text.slice(start))?.[0].length ?? 0));
}

function hoverOf({ key, name, root, stages }: Mark): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [ServerCommand.showDiff, ServerCommand.showDependents] };
  text.appendText(vscode.l10n.t("{0} changed: makes {1} stale", name, stagesCount(stages.length)));
  text.appendMarkdown(" (").appendText(stages.slice(0, 4).join(", "));
  text.appendText(stages.length > 4 ? ", …" : "").appendMarkdown(")\n\n");
  const args = (argument: CommandArguments): string => encodeURIComponent(JSON.stringify([argument]));
  const links = [
    `[${vscode.l10n.t("Show Diff")}](command:${ServerCommand.showDiff}?${args({ root, key })})`,
    `[${vscode.l10n.t("Show Dependents")}](command:${ServerCommand.showDependents}?${args({ root, key })})`,
  ];
  text.appendMarkdown(links.join(" · "));
  return text;
}
