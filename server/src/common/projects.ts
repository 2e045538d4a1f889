/**
 * All projects of the workspace: opened with their folders, closed with them, each file belonging to the nearest root.
 * Takes changes of buffers and files to the projects that hold them. Computes nothing by itself until it is asked.
 */
import { BrokenOutlines } from "./brokenOutlines.ts";
import type { ClientCapabilities } from "./capabilities.ts";
import type { Document, OpenDocuments } from "./documents.ts";
import { normalUri, pathBelow } from "./fromProtocol.ts";
import type { Disposable, Platform } from "./platform.ts";
import { Project } from "./project.ts";
import type { Log } from "./requests.ts";

/** Directories watched for one project when the client does not watch. */
const MOST_WATCHED = 2000;

/** A file on disk that is another one now; `written` when it was there before and still is. */
export interface FileChange {
  readonly uri: string;
  readonly written: boolean;
}

/** What the rest of the server wants to know. */
export interface ProjectEvents {
  /** Something was told to a project, or will be: what is shown may be old. */
  changed(project: Project): void;
  closed(root: string): void;
}

export class Projects {
  readonly #platform: Platform;
  readonly #client: ClientCapabilities;
  readonly #documents: OpenDocuments;
  readonly #events: ProjectEvents;
  readonly #log: Log;
  readonly #outlines: BrokenOutlines;
  /** By root, the deepest roots first. */
  #open: Project[] = [];
  /** Roots by the workspace folder that brought them; `""` for those of files outside all folders. */
  readonly #folders = new Map<string, readonly string[]>();
  readonly #watches = new Map<string, Disposable>();
  /** Openings and readings under way; one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(
    platform: Platform,
    client: ClientCapabilities,
    documents: OpenDocuments,
    events: ProjectEvents,
    log: Log,
  ) {
    this.#platform = platform;
    this.#client = client;
    this.#documents = documents;
    this.#events = events;
    this.#log = log;
    this.#outlines = new BrokenOutlines(platform.outline, log);
  }

  all(): readonly Project[] {
    return this.#open;
  }

  /** The project that a file belongs to. */
  of(uri: string): Project | null {
    return this.#open.find((project) => project.pathOf(uri) !== null) ?? null;
  }

  /** The project with this root. */
  at(root: string): Project | null {
    const wanted = normalUri(root).replace(/\/+$/, "");
    return this.#open.find((project) => project.root.replace(/\/+$/, "") === wanted) ?? null;
  }

  /** Whether a path of a project is its own and not that of a project further down. */
  isOwn(project: Project, path: string): boolean {
    return this.of(project.uriOf(path)) === project;
  }

  /** Until everything asked for so far is open and read. */
  settled(): Promise<void> {
    return this.#work;
  }

  // ------------------------------------------------------------------------------------------ folders

  openFolders(folders: readonly string[], progress: (done: number, all: number) => void = () => {}): Promise<void> {
    return this.#then(async () => {
      for (const [done, folder] of folders.entries()) {
        progress(done, folders.length);
        const roots = (await this.#platform.findRoots(folder)).map(normalUri);
        this.#folders.set(normalUri(folder), roots);
        for (const root of roots) await this.#openRoot(root);
      }
    });
  }

  closeFolders(folders: readonly string[]): Promise<void> {
    return this.#then(async () => {
      for (const folder of folders) this.#folders.delete(normalUri(folder));
      const wanted = new Set([...this.#folders.values()].flat());
      for (const project of this.#open.filter(({ root }) => !wanted.has(root))) this.#close(project);
    });
  }

  /** A marker file came or went: projects below the folders may be others now. */
  rediscover(): Promise<void> {
    return this.#then(async () => {
      for (const folder of [...this.#folders.keys()].filter((uri) => uri !== "")) {
        this.#folders.set(folder, (await this.#platform.findRoots(folder)).map(normalUri));
      }
      const wanted = new Set([...this.#folders.values()].flat());
      for (const project of this.#open.filter(({ root }) => !wanted.has(root))) this.#close(project);
      for (const root of wanted) await this.#openRoot(root);
    });
  }

  async #openRoot(root: string): Promise<void> {
    if (this.at(root)) return;
    const opened = await this.#platform.openFiles(root);
    const project = new Project(root, opened, this.#documents, this.#outlines, this.#client.encoding);
    this.#open = [...this.#open, project].sort((a, b) => b.root.length - a.root.length || (a.root < b.root ? -1 : 1));
    for (const document of this.#documents.all()) {
      const path = project.pathOf(document.uri);
      if (path !== null) project.changeBuffer(path, document.text);
    }
    opened.onFetched((paths) => {
      project.changeDisk(paths, false);
      this.#events.changed(project);
    });
    if (opened.settled) {
      // What the stages name and is not here yet: nothing is shown before it is.
      project.readStages();
      await opened.settled();
    }
    this.watch(project);
    this.#log.info(`project ${root}`);
    this.#events.changed(project);
  }

  #close(project: Project): void {
    this.#open = this.#open.filter((other) => other !== project);
    this.#watches.get(project.root)?.dispose();
    this.#watches.delete(project.root);
    this.#events.closed(project.root);
  }

  /** Watches the project's folders for a client that does not; once more when the folders are others. */
  watch(project: Project): void {
    if (this.#client.watchedFiles) return;
    this.#watches.get(project.root)?.dispose();
    const folders = project.folders;
    if (folders.length > MOST_WATCHED) this.#log.warn(`${project.root}: only ${MOST_WATCHED} folders are watched`);
    const watch = this.#platform.watch(project.root, folders.slice(0, MOST_WATCHED), () => void this.#poll(project));
    if (watch) this.#watches.set(project.root, watch);
    else this.#watches.delete(project.root);
  }

  // ------------------------------------------------------------------------------------------ changes

  /** A buffer was opened or edited. A file outside of all folders brings its own project. */
  changeBuffer(document: Document): void {
    const holders = this.#holders(document.uri);
    for (const { project, path } of holders) {
      project.changeBuffer(path, document.text);
      this.#events.changed(project);
    }
    if (holders.length === 0 && document.uri.startsWith("file:")) void this.#openAbove(document.uri);
  }

  closeBuffer(document: Document): void {
    for (const { project, path } of this.#holders(document.uri)) {
      project.changeBuffer(path, null);
      this.#events.changed(project);
    }
  }

  /** Files were created, written or deleted. */
  changeFiles(changes: readonly FileChange[]): void {
    const changed = new Map<Project, string[]>();
    for (const { uri } of changes) {
      for (const { project, path } of this.#holders(uri)) {
        changed.set(project, [...(changed.get(project) ?? []), path]);
      }
    }
    for (const [project, paths] of changed) void this.#refresh(project, paths);
    if (changes.some((change) => this.#movesRoots(change))) void this.rediscover();
  }

  /** Whether a change may make a folder a project, or stop it from being one. */
  #movesRoots({ uri, written }: FileChange): boolean {
    const marker = /^(.*)\/(fastpipe\.lock|pyproject\.toml)$/.exec(uri);
    if (!marker) return false;
    const known = this.at(marker[1]) !== null;
    // What a lock says makes no difference, and one more marker in a project neither.
    return marker[2] === "fastpipe.lock" ? !(written || known) : true;
  }

  /** Projects that a file is in: an outer project may import what an inner one holds, so both are told. */
  #holders(uri: string): { project: Project; path: string }[] {
    return this.#open.flatMap((project) => {
      const path = project.pathOf(uri);
      return path === null ? [] : [{ project, path }];
    });
  }

  #poll(project: Project): Promise<void> {
    return this.#then(async () => {
      const change = project.opened.poll?.();
      if (!change || (change.disk.length === 0 && !change.relist)) return;
      project.changeDisk(change.disk, change.relist);
      this.#events.changed(project);
    });
  }

  #refresh(project: Project, paths: readonly string[] | null): Promise<void> {
    return this.#then(async () => {
      await project.opened.refresh(paths);
      project.changeDisk(paths ?? [], paths === null);
      this.#events.changed(project);
    });
  }

  #openAbove(file: string): Promise<void> {
    return this.#then(async () => {
      if (this.of(file) || !this.#documents.get(file)) return;
      const root = await this.#platform.rootAbove(file);
      if (root === null || pathBelow(root, file) === null) return;
      this.#folders.set("", [...new Set([...(this.#folders.get("") ?? []), normalUri(root)])]);
      await this.#openRoot(normalUri(root));
    });
  }

  /** Does work behind all work asked for before; a failure is logged and does not stop what follows. */
  #then(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#log.error(`projects: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
    return this.#work;
  }
}
