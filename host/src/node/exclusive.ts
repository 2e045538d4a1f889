/**
 * One process at a time: a lock file made with O_EXCL, held for the moment in which `fastpipe.lock` is read, changed and
 * written. A file left behind by a process that died is taken over. Never blocks the event loop while it waits.
 */
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";

/** How long to wait for another process before giving up. */
const PATIENCE = 20_000;
/** A holder that is alive but this old hangs; one on another machine can't be asked and gets less. */
const HANGS_AFTER = 600_000;
const FOREIGN_STALE_AFTER = 60_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** Thrown when another process holds the file for longer than is sensible. */
export class Busy extends Error {}

/** Runs `work` while holding `file`. Errors of the file system (a read-only folder) come out as they are. */
export async function exclusively<T>(file: string, work: () => T): Promise<T> {
  const holder: Holder = { pid: process.pid, host: hostname(), token: randomBytes(8).toString("hex") };
  const until = Date.now() + PATIENCE;
  mkdirSync(path.dirname(file), { recursive: true });
  for (let pause = 5; !take(file, holder); pause = Math.min(pause * 1.5, 100)) {
    if (takeOver(file)) continue;
    if (Date.now() > until) throw new Busy(busyMessage(file));
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
  try {
    return work();
  } finally {
    if (read(file)?.token === holder.token) remove(file);
  }
}

function take(file: string, holder: Holder): boolean {
  let handle: number;
  try {
    handle = openSync(file, "wx");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // EPERM: Windows, while the file is being removed.
    if (code === "EEXIST" || (code === "EPERM" && process.platform === "win32")) return false;
    throw error;
  }
  let written = false;
  try {
    writeSync(handle, JSON.stringify(holder));
    written = true;
  } finally {
    closeSync(handle);
    // On a full disk. An empty file would keep the next process waiting.
    if (!written) remove(file);
  }
  return true;
}

/** Removes the file if its holder is gone. Two that notice at once are kept apart by a second file of the same kind. */
function takeOver(file: string): boolean {
  if (!isAbandoned(file)) return false;
  const claim = `${file}.stale`;
  try {
    closeSync(openSync(claim, "wx"));
  } catch {
    // Somebody else is at it, or died at it.
    if (age(claim) > FOREIGN_STALE_AFTER) remove(claim);
    return false;
  }
  try {
    if (!isAbandoned(file)) return false;
    remove(file);
    return true;
  } finally {
    remove(claim);
  }
}

function isAbandoned(file: string): boolean {
  const old = age(file);
  const holder = read(file);
  // Between open and write the file is empty; a crash there leaves it so.
  if (holder === null) return old > 5_000;
  if (holder.host !== hostname()) return old > FOREIGN_STALE_AFTER;
  return !isAlive(holder.pid) || old > HANGS_AFTER;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function read(file: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as Partial<Holder>;
    return typeof holder.pid === "number" && typeof holder.host === "string" ? (holder as Holder) : null;
  } catch {
    return null;
  }
}

/** Milliseconds since it was made; negative or 0 when it is gone. */
function age(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Gone already.
  }
}

function busyMessage(file: string): string {
  const holder = read(file);
  const who = holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;
  return `${who} is writing the lock and does not finish; stop it, or delete ${file}`;
}
