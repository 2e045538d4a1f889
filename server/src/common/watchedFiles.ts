/**
 * Asks the client to watch files, where it can be asked: Python files, Fastpipe's own, and the files that stages name in
 * `code_files`. For other clients projects.ts watches by itself.
 */

import { readStages } from "@fastpipe/engine";
import { type Connection, DidChangeWatchedFilesNotification, type Disposable } from "vscode-languageserver";
import type { ClientCapabilities } from "./capabilities.ts";
import type { Project } from "./project.ts";

const ALWAYS = [
  "**/*.py",
  "**/pyproject.toml",
  "**/fastpipe.lock",
  "**/.gitignore",
  "**/pyvenv.cfg",
  "**/{uv.lock,poetry.lock,requirements.txt}",
];

export class FileWatchers {
  readonly #connection: Connection;
  readonly #client: ClientCapabilities;
  readonly #byProject = new Map<string, { readonly files: string; readonly registration: Promise<Disposable> }>();
  #always = false;

  constructor(connection: Connection, client: ClientCapabilities) {
    this.#connection = connection;
    this.#client = client;
  }

  /** Brings the watches of a project up to date. */
  watch(project: Project): void {
    if (!this.#client.watchedFiles) return;
    if (!this.#always) {
      this.#always = true;
      void this.#register(ALWAYS);
    }
    const files = codeFiles(project);
    const before = this.#byProject.get(project.root);
    const text = files.join("\n");
    if (text === (before?.files ?? "")) return;
    void before?.registration.then((registration) => registration.dispose());
    if (files.length === 0) this.#byProject.delete(project.root);
    else this.#byProject.set(project.root, { files: text, registration: this.#register(files.map((f) => `**/${f}`)) });
  }

  #register(globs: readonly string[]): Promise<Disposable> {
    const watchers = globs.map((globPattern) => ({ globPattern }));
    return this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }
}

/** Files other than Python that stages track, sorted. */
function codeFiles(project: Project): string[] {
  const found = new Set<string>();
  for (const { tracked } of readStages(project.program, project.lock, null)) {
    // What a decorator names comes last.
    for (let i = (tracked?.size ?? 0) - 1; tracked && i >= 0; i--) {
      const [kind] = tracked.key(i).split(":", 1);
      if (kind === "file") found.add(tracked.entry(i).file);
      else if (kind !== "decl" && kind !== "package") break;
    }
  }
  // Characters that a glob reads in its own way can't be escaped in this protocol: one unknown character stands for each.
  return [...found].sort().map((file) => file.replace(/[*?[\]{}]/g, "?"));
}
