/** How a file or folder looks without reading it. Never reads content. */
import type { Stats } from "node:fs";

/** What `stat` says that changes when a file does. */
export interface Look {
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly dev: number;
  readonly ino: number;
}

/** Two writes within this time may leave the same look, whatever the file system's clock. */
const RACY_MS = 2_000;

export function lookOf(stats: Stats): Look {
  return {
    mode: stats.mode,
    size: stats.size,
    mtime: stats.mtimeMs,
    ctime: stats.ctimeMs,
    dev: stats.dev,
    ino: stats.ino,
  };
}

export function sameLook(a: Look | null, b: Look | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.mtime === b.mtime &&
    a.size === b.size &&
    a.ctime === b.ctime &&
    a.ino === b.ino &&
    a.mode === b.mode &&
    a.dev === b.dev
  );
}

/** Whether something that looks like this may change and look the same. */
export function isRacy(look: Look): boolean {
  return Math.max(look.ctime, look.mtime) > Date.now() - RACY_MS;
}
