/**
 * A project's files on disk. Every read tolerates what a disk can do: a file that is gone, unreadable, a folder, a pipe. It
 * remembers how each file looked when it was read, so that `poll` can say what changed since without watching. Never
 * follows a link to a folder out of the root, and writes nothing but `fastpipe.lock` and `.fastpipe/`.
 */
import { createHash } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { type Config, type Lock, type Result, STORE_FOLDER } from "@fastpipe/engine";
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
import { type Installed, installed, sitePackages } from "./environment.ts";
import { Busy, exclusively } from "./exclusive.ts";
import { gitSources } from "./git.ts";
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
  /** Size, times, inode; empty when it could not be read. */
  readonly signature: string;
  /** Digest of the content, kept where the signature alone can't be trusted: it was younger than the clock is fine. */
  readonly content: string | null;
}

/** Two writes within this time may leave the same signature, whatever the file system's clock. */
const RACY_MS = 2_000;
// Opening a pipe for reading waits for a writer, unless told not to.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

export class NodeFiles implements ProjectFiles {
  readonly root: string;
  readonly objects: DiskStore;
  readonly #env: NodeJS.ProcessEnv;
  readonly #files = new Map<string, Seen>();
  readonly #folders = new Map<string, Seen>();
  readonly #versions = new Map<string, string | null>();
  #realRoot: string | null = null;
  #installed: Installed | null = null;

  /** `root` is an absolute path. */
  constructor(root: string, env: NodeJS.ProcessEnv = process.env) {
    this.root = root;
    this.objects = new DiskStore(root);
    this.#env = env;
  }

  list(folder: string): readonly FolderEntry[] {
    const { entries, seen } = this.#look(folder);
    this.#folders.set(folder, seen);
    const found: FolderEntry[] = [];
    for (const entry of entries) {
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
    this.#files.set(file, seen);
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
    if (seen.content === null) return signature(this.#stat(file)) === seen.signature;
    const now = this.#readNow(file);
    if (now.bytes === null || digest(now.bytes) !== seen.content) return false;
    // Old enough by now, perhaps: then the signature will do next time.
    this.#files.set(file, now.seen);
    return true;
  }

  #sameFolder(folder: string, seen: Seen): boolean {
    if (seen.content === null) return signature(this.#stat(folder)) === seen.signature;
    const now = this.#look(folder);
    if (this.#listingDigest(folder, now.entries) !== seen.content) return false;
    this.#folders.set(folder, now.seen);
    return true;
  }

  #look(folder: string): { entries: readonly Dirent[]; seen: Seen } {
    try {
      // The look at the clock comes first: what changes in between is seen as a change later.
      const stats = statSync(this.#absolute(folder), { bigint: true });
      const entries = readdirSync(this.#absolute(folder), { withFileTypes: true });
      return {
        entries,
        seen: { signature: signature(stats), content: isRacy(stats) ? this.#listingDigest(folder, entries) : null },
      };
    } catch {
      return { entries: [], seen: { signature: "", content: null } };
    }
  }

  #readNow(file: string): { bytes: Uint8Array | null; seen: Seen } {
    let handle: number | undefined;
    try {
      if (leavesRoot(file)) return { bytes: null, seen: { signature: "", content: null } };
      handle = openSync(this.#absolute(file), READ_FLAGS);
      const stats = fstatSync(handle, { bigint: true });
      if (!stats.isFile()) return { bytes: null, seen: { signature: signature(stats), content: null } };
      const bytes = readAll(handle, Number(stats.size));
      return { bytes, seen: { signature: signature(stats), content: isRacy(stats) ? digest(bytes) : null } };
    } catch {
      // Gone, unreadable, too large: the engine says what that means. It may still have a signature to compare.
      return { bytes: null, seen: { signature: signature(this.#stat(file)), content: null } };
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

  #listingDigest(folder: string, entries: readonly Dirent[]): string {
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

  #stat(file: string): BigIntStats | null {
    try {
      return leavesRoot(file) ? null : statSync(this.#absolute(file), { bigint: true });
    } catch {
      return null;
    }
  }

  #absolute(file: string): string {
    return path.join(this.root, file);
  }
}

function leavesRoot(file: string): boolean {
  return file.includes("\0") || path.posix.normalize(file.replaceAll("\\", "/")).startsWith("../");
}

function signature(stats: BigIntStats | null): string {
  if (stats === null) return "";
  return `${stats.mode} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.dev} ${stats.ino}`;
}

function isRacy(stats: BigIntStats): boolean {
  return Math.max(Number(stats.ctimeMs), Number(stats.mtimeMs)) > Date.now() - RACY_MS;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("base64");
}

/** All bytes to the end, also when the file grows or shrinks meanwhile. */
function readAll(handle: number, size: number): Uint8Array {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}
