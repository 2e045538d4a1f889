/**
 * One project in the editor: the host's project, the open buffers that belong to it, and what is still to be told to the
 * engine. Everything asked of it is answered for the text as it stands, buffers before disk. Speaks URIs outward, paths
 * below the root inward; sends nothing.
 */
import {
  emptyLock,
  type HistoryLine,
  type Lock,
  type Program,
  type RecordedSources,
  readStages,
  type Stage,
} from "@fastpipe/engine";
import {
  type Project as HostProject,
  idleSettings,
  LOCK_FILE,
  openProject,
  type ProjectDelta,
  timestamp,
} from "@fastpipe/host";
import type { BrokenOutlines } from "./brokenOutlines.ts";
import type { Document, OpenDocuments } from "./documents.ts";
import { pathBelow } from "./fromProtocol.ts";
import { placedIn, startIn } from "./places.ts";
import type { OpenedFiles } from "./platform.ts";
import { type Encoding, LineIndex } from "./positions.ts";
import { folderName, uriBelow } from "./toProtocol.ts";

/** Something wrong with the project as a whole. Line and column are 1-based. */
export interface ProjectProblem {
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export class Project {
  readonly root: string;
  readonly lockPath = LOCK_FILE;
  readonly opened: OpenedFiles;
  readonly #host: HostProject;
  readonly #documents: OpenDocuments;
  readonly #encoding: Encoding;
  readonly #outlines: BrokenOutlines;
  #buffers = new Map<string, string | null>();
  #disk = new Set<string>();
  #relist = false;
  #sources: { readonly lock: Lock | null; readonly of: Map<string, RecordedSources> } = { lock: null, of: new Map() };
  /** Line tables of files that are not open, as long as their text is the same. */
  readonly #lines = new Map<string, LineIndex>();

  constructor(
    root: string,
    opened: OpenedFiles,
    documents: OpenDocuments,
    outlines: BrokenOutlines,
    encoding: Encoding,
  ) {
    this.root = root;
    this.opened = opened;
    this.#documents = documents;
    this.#outlines = outlines;
    this.#encoding = encoding;
    this.#host = openProject(opened.files);
  }

  get name(): string {
    return folderName(this.root);
  }

  get program(): Program {
    return this.#host.program;
  }

  /** The lock; an empty one where it can't be read, which `problems` says. */
  get lock(): Lock {
    const { lock } = this.#host;
    return lock.ok ? lock.value : emptyLock(this.#host.config.level);
  }

  /** Folders that hold the project's code, for watching. */
  get folders(): readonly string[] {
    return this.#host.discovery.folders;
  }

  uriOf(path: string): string {
    const uri = uriBelow(this.root, path);
    return this.#documents.get(uri)?.uri ?? uri;
  }

  pathOf(uri: string): string | null {
    return pathBelow(this.root, uri);
  }

  /** The text of a file with its lines, as it stands in the editor or else on disk. */
  lines(path: string): LineIndex | null {
    const open = this.#documents.get(this.uriOf(path));
    if (open) return open.lines;
    const text = this.program.text(path);
    if (text === null) return null;
    const known = this.#lines.get(path);
    if (known?.text === text) return known;
    const lines = new LineIndex(text, this.#encoding);
    this.#lines.set(path, lines);
    return lines;
  }

  // ------------------------------------------------------------------------------------------ changes

  /** A buffer's text, or null when it was closed. Told to the engine with the next `flush`. */
  changeBuffer(path: string, text: string | null): void {
    this.#buffers.set(path, text);
    if (text === null) this.#outlines.close(this.uriOf(path));
  }

  changeDisk(paths: Iterable<string>, relist: boolean): void {
    for (const path of paths) this.#disk.add(path);
    this.#relist ||= relist;
  }

  /** Tells the engine what happened since; null when nothing did. */
  flush(): ProjectDelta | null {
    if (this.#buffers.size === 0 && this.#disk.size === 0 && !this.#relist) return null;
    const change = { buffers: this.#buffers, disk: [...this.#disk], relist: this.#relist };
    this.#buffers = new Map();
    this.#disk = new Set();
    this.#relist = false;
    return this.#host.applyChange(change);
  }

  // ------------------------------------------------------------------------------------------ questions

  /** What keeps the project from working, in the order of importance. */
  problems(): ProjectProblem[] {
    const { lock, configProblem } = this.#host;
    const found: ProjectProblem[] = [];
    if (!lock.ok) found.push({ ...lock.error, path: LOCK_FILE });
    if (configProblem) {
      const { message, file = "pyproject.toml", line = 1 } = configProblem;
      found.push({ message, path: file, line, column: 1 });
    }
    return found;
  }

  /** Settings that lead to nothing. */
  warnings(): ProjectProblem[] {
    const found = idleSettings(this.#host);
    return found.map(({ message, file = "pyproject.toml", line = 1 }) => ({ message, path: file, line, column: 1 }));
  }

  /** Stages of a file, where they stand in its present text. */
  stagesIn(path: string): Stage[] {
    const stages = this.program.stages().filter((stage) => stage.file === path);
    const uri = this.uriOf(path);
    const text = stages.some((stage) => stage.broken) ? this.lines(path)?.text : undefined;
    if (text === undefined) {
      this.#outlines.close(uri);
      return stages;
    }
    const outline = this.#outlines.of(uri, text);
    return stages.map((stage) => placedIn(text, stage, outline));
  }

  /** Where definitions at module level start in a file's present text, also while that does not parse. */
  placesIn(path: string): (name: string, start: number) => number {
    const text = this.program.problem(path) === null ? undefined : this.lines(path)?.text;
    if (text === undefined) return (_, start) => start;
    const outline = this.#outlines.of(this.uriOf(path), text);
    return (name, start) => startIn(text, name, start, outline);
  }

  /** Ids of the stages that see a definition changed. */
  changedIn(key: string): string[] {
    const found: string[] = [];
    for (const { status } of readStages(this.program, this.lock, null)) {
      if (status.changed.some((change) => change.key === key)) found.push(status.stage);
    }
    return found;
  }

  /** Looks at every stage, so that all files they name have been asked for. */
  readStages(): void {
    for (const _ of readStages(this.program, this.lock, null));
  }

  /** Files whose buffer is not what is on disk. */
  unsaved(): Set<string> {
    const found = new Set<string>();
    for (const document of this.#documents.all()) {
      const path = this.pathOf(document.uri);
      if (path !== null && this.#isUnsaved(path, document)) found.add(path);
    }
    return found;
  }

  /** Files with edits of this session that are not saved; one that only its disk left behind is not among them. */
  edited(): Set<string> {
    const found = new Set<string>();
    for (const document of this.#documents.all()) {
      const path = document.edited ? this.pathOf(document.uri) : null;
      if (path !== null && this.#isUnsaved(path, document)) found.add(path);
    }
    return found;
  }

  #isUnsaved(path: string, document: Document): boolean {
    const bytes = this.opened.peek(path);
    if (bytes === null) return document.text !== "" || document.edited;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes) !== document.text;
    } catch {
      // Not UTF-8: the editor decoded it in its own way, so only its edits tell.
      return document.edited;
    }
  }

  object(hash: string): Promise<string | null> {
    return Promise.resolve(this.#host.sources.object(hash));
  }

  /** Where recorded texts of a stage are looked for: the object store, then (on disk) git, whose answers are kept. */
  sourcesOf(stage: string): RecordedSources {
    const { lock } = this;
    if (this.#sources.lock !== lock) this.#sources = { lock, of: new Map() };
    const known = this.#sources.of.get(stage) ?? this.#host.sourcesOf(stage);
    this.#sources.of.set(stage, known);
    return known;
  }

  /** What was recorded when: by this machine, and by the committed versions of the lock. In no order. */
  async history(): Promise<readonly HistoryLine[]> {
    const lines = [...(await this.opened.files.objects.history())];
    for (const { stages } of this.opened.committedLocks?.() ?? []) {
      for (const [stage, { at, file, entries }] of stages) {
        for (const [key, recorded] of entries) lines.push({ at, key, file, stage, recorded });
      }
    }
    return lines;
  }

  now(): string {
    return timestamp();
  }

  /** Record, accept, revoke and undo; each reads the lock again and writes it. */
  get writer(): Pick<HostProject, "record" | "accept" | "revoke" | "undo"> {
    return this.#host;
  }
}
