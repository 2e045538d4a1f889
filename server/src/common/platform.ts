/**
 * The port to what differs between Node and a web worker: where projects are, how their files are read and watched, where
 * a page can be put. Implemented in src/node and src/browser. Folders and files are URIs here, paths below a root are not.
 */

import type { Lock } from "@fastpipe/engine";
import type { OutlineLoader } from "@fastpipe/engine/outline";
import type { ProjectFiles } from "@fastpipe/host";
import type { Connection } from "vscode-languageserver";
import type { ClientCapabilities } from "./capabilities.ts";
import type { Log } from "./requests.ts";

/** Something that was seen to change below a root, by somebody else than the client. */
export interface SeenChange {
  readonly disk: readonly string[];
  /** What changed can't be named. */
  readonly relist: boolean;
}

export interface Disposable {
  dispose(): void;
}

/** A project's files, and how to bring them up to date. */
export interface OpenedFiles {
  readonly files: ProjectFiles;
  /** A file's bytes without counting as read: for comparing, not for the engine. */
  peek(path: string): Uint8Array | null;
  /** What changed since files were last read, where that can be found out without being told. */
  poll?(): SeenChange;
  /** Reads again what is kept of some files (null: of all), before the engine is told. Nothing to do where nothing is kept. */
  refresh(paths: readonly string[] | null): Promise<void>;
  /** Files that were asked for and could only be fetched since: the engine has to be told. Called back at any time. */
  onFetched(callback: (paths: readonly string[]) => void): void;
  /** Versions of the lock that were committed, oldest first, where a version control system can be asked. */
  committedLocks?(): readonly Lock[];
  /** Until they are there; missing where files are always there at once. */
  settled?(): Promise<void>;
}

export interface Platform {
  /** Roots of the projects that a workspace folder holds: the nearest upward, and those below. Sorted, without repeats. */
  findRoots(folder: string): Promise<readonly string[]>;
  /** Root of a file that is in no workspace folder, or null where nothing marks one. */
  rootAbove(file: string): Promise<string | null>;
  openFiles(root: string): Promise<OpenedFiles>;
  /** Says when something in folders of a root may have changed, for clients that don't; null where that can't be. */
  watch(root: string, folders: readonly string[], seen: () => void): Disposable | null;
  /** Where the outline's grammar comes from; null where it can't be had. */
  readonly outline: OutlineLoader | null;
  /** Puts a text where the client can open it; null where there is no such place. */
  writePage(name: string, text: string): Promise<string | null>;
}

/** Makes the platform when the client's capabilities are known. */
export type MakePlatform = (connection: Connection, client: ClientCapabilities, log: Log) => Platform;
