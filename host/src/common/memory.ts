/**
 * A project's files in memory: the twin of the disk for tests, for a revision in git, and for a web worker that was handed
 * its files. Behaves like the disk in all that `ProjectFiles` promises. Never reads anything by itself.
 */
import { HISTORY_FILE, type HistoryLine, objectPath, parseHistoryLine, type Result } from "@fastpipe/engine";
import type { WriteProblem } from "./files.ts";
import { type FolderEntry, LOCK_FILE, type LockEdit, type ObjectStore, type ProjectFiles, readText } from "./files.ts";
import { normalName, PINNING_FILES, pinnedVersion } from "./packages.ts";

export interface MemoryOptions {
  readonly root?: string;
  /** Installed distributions: version by name. */
  readonly packages?: Readonly<Record<string, string>>;
  /** Called with every file written, before it can be read: a web server writes through. */
  readonly write?: (path: string, text: string) => Promise<void>;
}

export class MemoryFiles implements ProjectFiles {
  readonly root: string;
  readonly objects: ObjectStore;
  readonly #files = new Map<string, Uint8Array>();
  readonly #folders = new Map<string, Map<string, "file" | "folder">>([["", new Map()]]);
  readonly #packages = new Map<string, string>();
  readonly #through: (path: string, text: string) => Promise<void>;
  /** Writes one after the other, as the lock on disk does between processes. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(files: Readonly<Record<string, string | Uint8Array>>, options: MemoryOptions = {}) {
    this.root = options.root ?? "/";
    this.#through = options.write ?? (async () => {});
    for (const [name, version] of Object.entries(options.packages ?? {})) this.#packages.set(normalName(name), version);
    for (const [path, content] of Object.entries(files)) this.set(path, content);
    this.objects = {
      read: async (hash) => {
        const path = objectPath(hash);
        return path === null ? null : readText(this, path);
      },
      write: (objects, history) => this.#keep(objects, history),
      history: async () =>
        (readText(this, HISTORY_FILE) ?? "")
          .split("\n")
          .map(parseHistoryLine)
          .filter((line) => line !== null),
    };
  }

  /** Puts a file, or takes it away. */
  set(path: string, content: string | Uint8Array | null): void {
    if (content === null) {
      this.#files.delete(path);
      this.#unlist(path);
      return;
    }
    this.#files.set(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
    let kind: "file" | "folder" = "file";
    for (let child = path; child !== ""; ) {
      const slash = child.lastIndexOf("/");
      const folder = slash < 0 ? "" : child.slice(0, slash);
      const entries = this.#folders.get(folder) ?? new Map();
      this.#folders.set(folder, entries);
      entries.set(child.slice(slash + 1), kind);
      kind = "folder";
      child = folder;
    }
  }

  /** Paths of all files, sorted. */
  paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  list(folder: string): readonly FolderEntry[] {
    return [...(this.#folders.get(folder) ?? [])].map(([name, kind]) => ({ name, kind }));
  }

  read(path: string): Uint8Array | null {
    return this.#files.get(path) ?? null;
  }

  hasFile(path: string): boolean {
    return this.read(path) !== null;
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path);
  }

  packageVersion(name: string): string | null {
    const installed = this.#packages.get(normalName(name));
    if (installed !== undefined) return installed;
    for (const file of PINNING_FILES) {
      const version = pinnedVersion(file, readText(this, file) ?? "", name);
      if (version !== null) return version;
    }
    return null;
  }

  updateLock<T>(change: () => LockEdit<T>): Promise<Result<T, WriteProblem>> {
    const next = this.#turn.then(async (): Promise<Result<T, WriteProblem>> => {
      const { write, result } = change();
      if (write !== null) await this.#write(LOCK_FILE, write);
      return { ok: true, value: result };
    });
    this.#turn = next.catch(() => {});
    return next;
  }

  async #keep(objects: ReadonlyMap<string, string>, history: readonly HistoryLine[]): Promise<void> {
    for (const [hash, text] of objects) {
      const path = objectPath(hash);
      if (path !== null && !this.#files.has(path)) await this.#write(path, text);
    }
    if (history.length === 0) return;
    const lines = history.map((line) => `${JSON.stringify(line)}\n`).join("");
    await this.#write(HISTORY_FILE, (readText(this, HISTORY_FILE) ?? "") + lines);
  }

  async #write(path: string, text: string): Promise<void> {
    await this.#through(path, text);
    this.set(path, text);
  }

  /** Takes a path out of its folder, and folders that become empty with it. */
  #unlist(path: string): void {
    for (let child = path; child !== ""; ) {
      const slash = child.lastIndexOf("/");
      const folder = slash < 0 ? "" : child.slice(0, slash);
      const entries = this.#folders.get(folder);
      entries?.delete(child.slice(slash + 1));
      if (folder === "" || entries === undefined || entries.size > 0) return;
      this.#folders.delete(folder);
      child = folder;
    }
  }
}
