/**
 * A project's files on disk. Every read tolerates what a disk can do: a file that is gone, unreadable, a folder, a pipe. It
 * remembers how each file looked when it was read, so that `poll` can say what changed since without watching. Never
 * follows a link to a folder out of the root, and writes nothing but `fastpipe.lock` and `.fastpipe/`. Above 400 lines
 * because reading, watching and the caches share what is remembered of each file.
 */
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import path from "node:path";
import { CONFIG_FILE, type Config, type ContentPort, type Lock, type Result, STORE_FOLDER } from "@fastpipe/engine";
import writeFileAtomic from "write-file-atomic";
import {
  type FolderEntry,
  LOCK_FILE,
  type LockEdit,
  type ProjectFiles,
  readText,
  type WriteProblem,
} from "../common/files.ts";
import { normalName, PINNING_FILES, pinnedVersion } from "../common/packages.ts";
import type { AnswerPort } from "../common/settled.ts";
import { readAnswers, type Witness, writeAnswers } from "./answerFile.ts";
import { digest } from "./digest.ts";
import { DiskCache, WORTH_BYTES } from "./diskCache.ts";
import { type Installed, installed, sitePackages } from "./environment.ts";
import { Busy, exclusively } from "./exclusive.ts";
import { gitSources } from "./git.ts";
import { isRacy, type Look, lookOf, sameLook } from "./look.ts";
import { DiskStore } from "./store.ts";

/** What changed on disk since it was read last. */
export interface DiskChange {
  readonly disk: readonly string[];
  readonly relist: boolean;
  /** A package version that was asked for is another one now. */
  readonly packages: boolean;
}

/** How a file or folder looked when it was read. */
interface Seen {
  /** Null when it could not be read, or was not there. */
  readonly look: Look | null;
  /** Digest of a file's content, or what a folder lists. */
  readonly content: string | null;
  /** It may change without looking different: it was younger than the clock is fine. */
  readonly racy: boolean;
}

/** Below `/`, as a container's project may lie there: no files of anybody, and links without end. */
const KERNEL: ReadonlySet<string> = new Set(["dev", "proc", "sys"]);
const UNSEEN: Seen = { look: null, content: null, racy: false };
/** What is kept of a project's answers. */
interface Testified {
  readonly versions: readonly (readonly [string, string | null])[];
  readonly value: unknown;
}

/** Read, but not what answers depend on: settings are compared, ignore files show in which files there are. */
const WITHOUT_SAY: ReadonlySet<string> = new Set([LOCK_FILE, CONFIG_FILE, ".gitignore"]);
/** Quiet after which a process that lives writes the cache. */
const SAVE_AFTER_MS = 10_000;
// Opening a pipe for reading waits for a writer, unless told not to.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export interface NodeFilesOptions {
  /** Whether `.fastpipe/cache/` is read and written. Default: unless the environment has `FASTPIPE_NO_CACHE`. */
  readonly cache?: boolean;
}

/** Replaced by the build with a digest of the engine's sources: what another engine made is not taken up. */
declare const FASTPIPE_BUILD: string | undefined;
const BUILD = typeof FASTPIPE_BUILD === "string" ? FASTPIPE_BUILD : "unbundled";

export class NodeFiles implements ProjectFiles {
  readonly root: string;
  readonly objects: DiskStore;
  readonly contents: ContentPort;
  readonly answers?: AnswerPort;
  readonly #cache: DiskCache | null;
  #saving: NodeJS.Timeout | null = null;
  /** The file that was read last. */
  #last: { readonly file: string; readonly seen: Seen } | null = null;
  readonly #env: NodeJS.ProcessEnv;
  readonly #files = new Map<string, Seen>();
  readonly #folders = new Map<string, Seen>();
  readonly #versions = new Map<string, string | null>();
  #realRoot: string | null = null;
  #installed: Installed | null = null;

  /** `root` is an absolute path. */
  constructor(root: string, env: NodeJS.ProcessEnv = process.env, options: NodeFilesOptions = {}) {
    this.root = root;
    this.objects = new DiskStore(root);
    this.#env = env;
    const cached = options.cache ?? !env.FASTPIPE_NO_CACHE;
    const folder = path.join(root, STORE_FOLDER, "cache");
    if (cached) {
      // One for each set of settings (a level, say); the newest counts.
      const place = (config: string) =>
        path.join(folder, `${digest(Buffer.from(`${BUILD}\0${config}`)).slice(0, 16)}.answers`);
      this.answers = {
        read: (config, files) => this.#readAnswers(place(config), files),
        write: (config, files, value) => this.#writeAnswers(place(config), files, value),
      };
    }
    this.#cache = cached ? new DiskCache(folder, BUILD, () => this.objects.prepare()) : null;
    this.contents = {
      stamp: (file) => (this.#last?.file === file ? this.#last.seen.content : null),
      again: (file, stamp) => {
        const { bytes, seen } = this.#readNow(file);
        return seen.content === stamp ? bytes : null;
      },
      kept: (kind, file) => this.#kept(kind, file),
      keep: (kind, file, stamp, bytes) => {
        const seen = this.#last?.file === file ? this.#last.seen : this.#files.get(file);
        if (this.#cache === null || !seen?.look || seen.content !== stamp) return;
        this.#cache.kind(kind).keep(file, stamp, seen.look, bytes);
        this.#saveLater();
      },
    };
  }

  #readAnswers(place: string, files: readonly string[]): unknown {
    const found = readAnswers(place, files);
    if (found === null || !found.witnesses.every((witness) => this.#confirms(witness))) return null;
    const { versions, value } = found.value as Testified;
    return versions.every(([name, version]) => this.packageVersion(name) === version) ? value : null;
  }

  #confirms({ file, look, trusted, stamp }: Witness): boolean {
    if (trusted && sameLook(this.#lookAt(file), look)) return true;
    const { seen } = this.#readNow(file);
    return seen.content === stamp && (seen.look === null) === (look === null);
  }

  /** Every first-party file had a say, and every other that was read; settings and lock are not what the answers are about. */
  #writeAnswers(place: string, files: readonly string[], value: unknown): void {
    const firstParty = new Set(files);
    const others = [...this.#files.keys()].filter(
      (file) => !firstParty.has(file) && !WITHOUT_SAY.has(path.posix.basename(file)) && !file.startsWith(STORE_FOLDER),
    );
    const witnesses: Witness[] = [];
    let bytes = 0;
    for (const file of [...files, ...others]) {
      const seen = this.#files.get(file);
      if (seen === undefined) return;
      witnesses.push({ file, look: seen.look, trusted: !seen.racy, stamp: seen.content });
      bytes += seen.look?.size ?? 0;
    }
    if (bytes < WORTH_BYTES) return;
    try {
      this.objects.prepare();
      const testified: Testified = { versions: [...this.#versions], value };
      writeAnswers(place, { witnesses, firstParty: files.length, value: testified });
    } catch {
      // Read-only, full: it is worked out again.
    }
  }

  /** Writes what was kept for the next run. `alive`: whether a file is first party still. */
  saveCache(alive: (file: string) => boolean = () => true): void {
    this.#cache?.save(alive);
  }

  /** For a process that lives: when nothing new has come for a while. A command that ends before saves by itself. */
  #saveLater(): void {
    if (this.#saving !== null) this.#saving.refresh();
    else this.#saving = setTimeout(() => this.saveCache(), SAVE_AFTER_MS).unref();
  }

  #kept(kind: string, file: string): { readonly stamp: string; readonly bytes: Uint8Array } | null {
    const records = this.#cache?.kind(kind);
    const entry = records?.entry(file) ?? null;
    if (records === undefined || entry === null) return null;
    const stats = this.#stat(file);
    if (stats === null) return null;
    let seen: Seen = { look: lookOf(stats), content: entry.stamp, racy: false };
    if (!entry.trusted || !sameLook(seen.look, entry.look)) {
      seen = this.#readNow(file).seen;
      if (seen.look === null || seen.content !== entry.stamp) return null;
      records.seen(file, seen.look);
    }
    const bytes = records.record(file);
    if (bytes === null) return null;
    this.#remember(file, seen);
    this.#saveLater();
    return { stamp: entry.stamp, bytes };
  }

  /** The first look at a file counts until `poll` or `forget`: what it told may still be believed somewhere. */
  #remember(file: string, seen: Seen): void {
    const before = this.#files.get(file);
    if (before === undefined || before.content === seen.content) this.#files.set(file, seen);
  }

  /** These were told to have changed: they are looked at anew. */
  forget(files: Iterable<string>): void {
    for (const file of files) this.#files.delete(file);
  }

  list(folder: string): readonly FolderEntry[] | null {
    const { entries, seen, closed } = this.#look(folder);
    this.#folders.set(folder, seen);
    if (closed) return null;
    const found: FolderEntry[] = [];
    const isTop = folder === "" && this.root === "/";
    for (const entry of entries) {
      if (isTop && KERNEL.has(entry.name)) continue;
      if (entry.isDirectory()) found.push({ name: entry.name, kind: "folder" });
      else if (entry.isFile()) found.push({ name: entry.name, kind: "file" });
      else if (entry.isSymbolicLink()) {
        const target = this.#follow(folder === "" ? entry.name : `${folder}/${entry.name}`, entry.name);
        if (target !== null) found.push(target);
      }
    }
    return found;
  }

  read(file: string): Uint8Array | null {
    const { bytes, seen } = this.#readNow(file);
    this.#remember(file, seen);
    this.#last = { file, seen };
    return bytes;
  }

  hasFile(file: string): boolean {
    return this.#stat(file)?.isFile() ?? false;
  }

  hasFolder(folder: string): boolean {
    return this.#stat(folder)?.isDirectory() ?? false;
  }

  older(config: Config, lock: Lock, stage: string): (key: string, hash: string) => string | null {
    return gitSources(this, config, lock, stage);
  }

  packageVersion(name: string): string | null {
    const known = this.#versions.get(name);
    if (known !== undefined) return known;
    const version = this.#findVersion(name);
    this.#versions.set(name, version);
    return version;
  }

  async updateLock<T>(change: () => LockEdit<T>): Promise<Result<T, WriteProblem>> {
    try {
      this.objects.prepare();
      return await exclusively(path.join(this.root, STORE_FOLDER, "writing"), () => {
        const { write, result } = change();
        if (write !== null) writeFileAtomic.sync(path.join(this.root, LOCK_FILE), write);
        return { ok: true, value: result };
      });
    } catch (error) {
      if (error instanceof Busy) return { ok: false, error: { code: "lock-busy", message: error.message } };
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return {
        ok: false,
        error: { code: "not-writable", message: `can't write ${LOCK_FILE}: ${message.replace(/^[A-Z]+: /, "")}` },
      };
    }
  }

  /**
   * What changed among everything that was read or listed so far. Files that were missing count when they appear. Forgets
   * what it knew of packages, so that the next question is answered from the disk.
   */
  poll(): DiskChange {
    const disk: string[] = [];
    for (const [file, seen] of this.#files) if (!this.#sameFile(file, seen)) disk.push(file);
    for (const file of disk) this.#files.delete(file);
    let relist = false;
    for (const [folder, seen] of this.#folders) {
      if (this.#sameFolder(folder, seen)) continue;
      relist = true;
      this.#folders.delete(folder);
    }
    const asked = [...this.#versions];
    this.#versions.clear();
    this.#installed = null;
    const packages = asked.some(([name, version]) => this.packageVersion(name) !== version);
    return { disk, relist, packages };
  }

  #sameFile(file: string, seen: Seen): boolean {
    if (!seen.racy) return sameLook(this.#lookAt(file), seen.look);
    const now = this.#readNow(file).seen;
    if (now.content !== seen.content) return false;
    // Old enough by now, perhaps: then the look will do next time.
    this.#files.set(file, now);
    return true;
  }

  #sameFolder(folder: string, seen: Seen): boolean {
    if (!seen.racy) return sameLook(this.#lookAt(folder), seen.look);
    const now = this.#look(folder);
    if (now.seen.look === null || this.#listing(folder, now.entries) !== seen.content) return false;
    this.#folders.set(folder, now.seen);
    return true;
  }

  /** `closed`: it is there and can't be listed. */
  #look(folder: string): { entries: readonly Dirent[]; seen: Seen; closed: boolean } {
    try {
      // The look at the clock comes first: what changes in between is seen as a change later.
      const look = lookOf(statSync(this.#absolute(folder)));
      const racy = isRacy(look);
      const entries = readdirSync(this.#absolute(folder), { withFileTypes: true });
      return { entries, seen: { look, content: racy ? this.#listing(folder, entries) : null, racy }, closed: false };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return { entries: [], seen: UNSEEN, closed: code !== "ENOENT" && code !== "ENOTDIR" };
    }
  }

  #readNow(file: string): { bytes: Uint8Array | null; seen: Seen } {
    let handle: number | undefined;
    try {
      if (leavesRoot(file)) return { bytes: null, seen: UNSEEN };
      handle = openSync(this.#absolute(file), READ_FLAGS);
      const stats = fstatSync(handle);
      const look = lookOf(stats);
      if (!stats.isFile()) return { bytes: null, seen: { look, content: null, racy: false } };
      const bytes = readAll(handle, stats.size);
      return { bytes, seen: { look, content: digest(bytes), racy: isRacy(look) } };
    } catch {
      // Gone, unreadable, too large: the engine says what that means. It may still have a look to compare.
      return { bytes: null, seen: { look: this.#lookAt(file), content: null, racy: false } };
    } finally {
      if (handle !== undefined) closeSync(handle);
    }
  }

  /** Version in the environment alone, pinning files aside. */
  installedVersion(name: string): string | null {
    this.#installed ??= installed(sitePackages(this.root, this.#env));
    return this.#installed.get(normalName(name)) ?? null;
  }

  #findVersion(name: string): string | null {
    const version = this.installedVersion(name);
    if (version !== null) return version;
    for (const file of PINNING_FILES) {
      const text = readText(this, file);
      const pinned = text === null ? null : pinnedVersion(file, text, name);
      if (pinned !== null) return pinned;
    }
    return null;
  }

  #listing(folder: string, entries: readonly Dirent[]): string {
    return entries
      .map((entry) => {
        if (entry.isFile()) return `f${entry.name}`;
        if (entry.isDirectory()) return `d${entry.name}`;
        return entry.isSymbolicLink()
          ? `l${entry.name}\0${this.#linkText(`${folder}/${entry.name}`)}`
          : `?${entry.name}`;
      })
      .sort()
      .join("\0");
  }

  #linkText(link: string): string {
    try {
      return readlinkSync(this.#absolute(link));
    } catch {
      return "";
    }
  }

  /** What a link leads to, or null where that is nothing, or neither file nor folder. */
  #follow(link: string, name: string): FolderEntry | null {
    const stats = this.#stat(link);
    if (stats === null) return null;
    if (stats.isFile()) return { name, kind: "file" };
    if (!stats.isDirectory()) return null;
    this.#realRoot ??= realpathSync(this.root);
    const target = path.relative(this.#realRoot, realpathSync(this.#absolute(link)));
    const outside = target === ".." || target.startsWith(`..${path.sep}`) || path.isAbsolute(target);
    return { name, kind: "folder", target: outside ? null : target.split(path.sep).join("/") };
  }

  #stat(file: string): Stats | null {
    try {
      return leavesRoot(file) ? null : (statSync(this.#absolute(file), { throwIfNoEntry: false }) ?? null);
    } catch {
      return null;
    }
  }

  #lookAt(file: string): Look | null {
    const stats = this.#stat(file);
    return stats === null ? null : lookOf(stats);
  }

  #absolute(file: string): string {
    // Quicker than path.join, for thousands of files; `/` separates on every system.
    return file === "" ? this.root : `${this.root}/${file}`;
  }
}

function leavesRoot(file: string): boolean {
  return file.includes("\0") || path.posix.normalize(file.replaceAll("\\", "/")).startsWith("../");
}

/** All bytes to the end, also when the file grows or shrinks meanwhile. */
function readAll(handle: number, size: number): Uint8Array {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    length += count;
    // Asked for one byte more than there should be, so that a file that is as long as it looks is read in one go.
    if (count === 0 || length === size) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}
