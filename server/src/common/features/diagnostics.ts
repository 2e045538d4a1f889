/**
 * What a project reports by itself: as information what its stages use and Fastpipe can't track; as errors what keeps
 * the project from working (a lock that can't be read, a setting that makes no sense). Python's own syntax errors are left
 * to the editor's Python support. Remembers what was published so that it can be taken back.
 */

import { type Notice, readStages } from "@fastpipe/engine";
import { t } from "@vscode/l10n";
import { type Connection, type Diagnostic, DiagnosticSeverity } from "vscode-languageserver";
import type { Project, ProjectProblem } from "../project.ts";
import { pointRange, textRange } from "../toProtocol.ts";

const SOURCE = "fastpipe";

export class Diagnostics {
  readonly #connection: Connection;
  /** By project root: what each file was last told, as text. */
  readonly #published = new Map<string, Map<string, string>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Publishes what changed since last time. `notices` says, file by file, whether notices are wanted. */
  publish(project: Project, notices: (uri: string) => boolean): void {
    const now = new Map<string, Diagnostic[]>();
    for (const { uri, diagnostic } of [...projectProblems(project), ...projectNotices(project, notices)]) {
      const same = now.get(uri);
      if (same) same.push(diagnostic);
      else now.set(uri, [diagnostic]);
    }
    this.#send(project.root, now);
  }

  /** Takes everything back that was said about a project. */
  forget(root: string): void {
    this.#send(root, new Map());
    this.#published.delete(root);
  }

  #send(root: string, now: ReadonlyMap<string, Diagnostic[]>): void {
    const before = this.#published.get(root) ?? new Map<string, string>();
    const after = new Map<string, string>();
    for (const [uri, diagnostics] of now) {
      const text = JSON.stringify(diagnostics);
      after.set(uri, text);
      if (before.get(uri) !== text) void this.#connection.sendDiagnostics({ uri, diagnostics });
    }
    for (const uri of before.keys()) {
      if (!now.has(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    }
    this.#published.set(root, after);
  }
}

interface Placed {
  readonly uri: string;
  readonly diagnostic: Diagnostic;
}

function projectProblems(project: Project): Placed[] {
  const placed = (severity: DiagnosticSeverity) => {
    return ({ message, path, line, column }: ProjectProblem) => {
      const diagnostic = { range: pointRange(line, column), severity, source: SOURCE, message };
      return { uri: project.uriOf(path), diagnostic };
    };
  };
  return [
    ...project.problems().map(placed(DiagnosticSeverity.Error)),
    ...project.warnings().map(placed(DiagnosticSeverity.Warning)),
  ];
}

/** Every notice once, whichever stages reach it; each says which. */
function projectNotices(project: Project, wanted: (uri: string) => boolean): Placed[] {
  const found = new Map<string, { notice: Notice; stages: string[] }>();
  for (const { status, tracked } of readStages(project.program, project.lock, null)) {
    for (const notice of tracked?.untracked ?? []) {
      const key = JSON.stringify([notice.file, notice.line, notice.kind, notice.text]);
      const same = found.get(key);
      if (same) same.stages.push(status.stage);
      else found.set(key, { notice, stages: [status.stage] });
    }
  }
  const placed: Placed[] = [];
  for (const { notice, stages } of found.values()) {
    const uri = project.uriOf(notice.file);
    const lines = project.lines(notice.file);
    if (!lines || !wanted(uri)) continue;
    const { reason, fix, kind } = notice;
    const named = stages.slice(0, 3).join(", ");
    const users = stages.length > 3 ? t("{0} and {1} more", named, stages.length - 3) : named;
    placed.push({
      uri,
      diagnostic: {
        range: textRange(lines, notice.line, notice.text),
        severity: DiagnosticSeverity.Information,
        source: SOURCE,
        code: kind,
        message: t("Not tracked: {0} (reached by {1})", [reason, fix].filter(Boolean).join(". "), users),
      },
    });
  }
  return placed;
}
