/**
 * The port to a project's files: what a project needs from a disk, a browser's file system or a test. Reading is synchronous
 * because the engine's port is; a layer that can't do that reads ahead. Paths are relative to the root, with `/`. Never
 * leaves the root, except through a file that is a link.
 */
import type { Config, ContentPort, HistoryLine, Layout, Lock, RecordedSources, Result } from "@fastpipe/engine";
import type { AnswerPort } from "./settled.ts";

/** One entry of a folder. Links are resolved by the layer: `kind` is what they lead to. Dangling links are left out. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  /** For a link to a folder: where it leads, below the root; null when outside. Not set for a plain folder. */
  readonly target?: string | null;
}

/** What discovery needs of a file layer. */
export interface FolderPort {
  /** Entries in any order; empty when the folder is gone, null when it is there and can't be read. `""` is the root. */
  list(folder: string): readonly FolderEntry[] | null;
  /** Bytes of a regular file (a link to one counts), or null: missing, unreadable, a folder, a device. */
  read(path: string): Uint8Array | null;
}

/** Why a file can't be written. */
export interface WriteProblem {
  readonly code: "lock-busy" | "not-writable";
  readonly message: string;
}

/** What is to be written, and what to hand back to the caller of `updateLock`. */
export interface LockEdit<T> {
  /** The whole new text; null leaves the file alone. */
  readonly write: string | null;
  readonly result: T;
}

/** Recorded source texts and their history: everything below `.fastpipe/`. */
export interface ObjectStore {
  /** Text by hash; null when it is not kept here. */
  read(hash: string): Promise<string | null>;
  /** Adds texts (each once) and history lines. A store that can't be written is not an error: the lock is what counts. */
  write(objects: ReadonlyMap<string, string>, history: readonly HistoryLine[]): Promise<void>;
  /** All history lines, oldest first. */
  history(): Promise<readonly HistoryLine[]>;
}

/** One project's files. */
export interface ProjectFiles extends FolderPort, Layout {
  /** The root for people: an absolute path, or a URI. */
  readonly root: string;
  /** Version of an installed or locked distribution (`package_deps`), or null. */
  packageVersion(name: string): string | null;
  /**
   * Asks for the new text of `fastpipe.lock` and writes it atomically. While that lasts, no other process can do the same:
   * what `change` reads of the lock is what it is, and nobody's update is lost.
   */
  updateLock<T>(change: () => LockEdit<T>): Promise<Result<T, WriteProblem>>;
  readonly objects: ObjectStore;
  /** Where the layer tells contents apart and can keep things between runs. */
  readonly contents?: ContentPort;
  /** Where the layer keeps answers about whole projects between runs. */
  readonly answers?: AnswerPort;
  /** Writes what is kept between runs, if that is worth it. `alive`: whether a file is first party still. Never throws. */
  saveCache?(alive: (file: string) => boolean): void;
  /** These files were told to have changed; what the layer remembers of them is of before. */
  forget?(files: Iterable<string>): void;
  /** Recorded texts of a stage that the object store does not have, by key and hash: out of a version control system. */
  older?(config: Config, lock: Lock, stage: string): NonNullable<RecordedSources["older"]>;
}

export const LOCK_FILE = "fastpipe.lock";

const decoder = new TextDecoder("utf-8");
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/** A file as UTF-8 text, or null. For Fastpipe's own files; Python sources have their own rules of decoding. */
export function readText(files: FolderPort, path: string): string | null {
  const bytes = files.read(path);
  return bytes === null ? null : decoder.decode(bytes);
}

/**
 * A file that must not be taken for absent: its text, null where there is none, or what is wrong with one that is there and
 * can't be read. Settings and lock are read like this, since doing without them means something else.
 */
export function readPresent(files: FolderPort & Layout, path: string): Result<string | null, string> {
  const bytes = files.read(path);
  if (bytes === null) {
    const there = files.hasFile(path) || files.hasFolder(path);
    return there ? { ok: false, error: "it is there and can't be read" } : { ok: true, value: null };
  }
  try {
    return { ok: true, value: strictDecoder.decode(bytes) };
  } catch {
    return { ok: false, error: "it is not UTF-8 text" };
  }
}
