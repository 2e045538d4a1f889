/**
 * Compiled code of a bundle, between runs, for versions of Node that keep none themselves: in the user's own cache folder
 * (never in a project: what is found there is run). One file for each bundle, Node and set of compiler flags, made when a
 * process ends, so that functions are in it that were compiled on the way. Whatever is damaged, of another version or
 * somebody else's counts as absent; trouble with the disk is silent. Safe to delete, and with several processes at once.
 *
 * Layout: magic; SHA-1 of the rest, since V8 does not look for damage; bytes of bytecode that the process had, and seconds
 * of CPU that it took (f64 each, little-endian); V8's own data.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import Module, { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import v8 from "node:v8";
import { Script } from "node:vm";

const MAGIC = "fastpipe code 1\n";
const SIGNED = MAGIC.length + 20;
const HEAD = SIGNED + 16;
const EXTENSION = ".code";
/** Files of other builds and versions of Node that are left in the folder; the oldest go. */
const MOST_FILES = 4;
/** Files half written by a process that died are removed when they are this old. */
const ABANDONED_MS = 600_000;
/** It is made anew by a process that compiled this much more than is in it. */
const GROWN = 1.1;
/** In a larger heap it takes a while to ask how much was compiled. */
const LARGE_HEAP = 24 * 2 ** 20;
/** A process that took this much longer than the one that made it has compiled more, if any has. */
const LONGER = 1.5;

/** The process that made it. */
interface Maker {
  /** Bytes. */
  readonly bytecode: number;
  /** Seconds of CPU. */
  readonly cpu: number;
}

interface Kept extends Maker {
  readonly data: Buffer;
}

/** Where this user's programs keep what can be made again; null where that can't be told. */
export function codeFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string | null {
  const given = platform === "win32" ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  if (given && path.isAbsolute(given)) return path.join(given, "fastpipe");
  try {
    const caches = platform === "win32" ? "AppData/Local" : platform === "darwin" ? "Library/Caches" : ".cache";
    const home = homedir();
    return path.isAbsolute(home) ? path.join(home, caches, "fastpipe") : null;
  } catch {
    // No home.
    return null;
  }
}

/**
 * Runs a bundle (CommonJS, an absolute path) as `require` would, from code kept in `folder` where there is some; keeps what
 * was compiled when the process ends. `flags`: of the compiler, in force now
 * beside those that Node was started with.
 */
export function requireCached(bundle: string, folder: string, flags: readonly string[]): void {
  const source = readFileSync(bundle, "utf8");
  const { version, arch, execArgv, env } = process;
  const options = [...execArgv, env.NODE_OPTIONS ?? "", ...flags].join(" ");
  const id = digest(`${version}\0${arch}\0${options}\0${source}`);
  const file = path.join(folder, `${id.toString("hex", 0, 8)}${EXTENSION}`);
  const kept = read(file);
  const script = new Script(Module.wrap(source), { filename: bundle, cachedData: kept?.data });
  const maker = script.cachedDataRejected === false ? kept : null;
  process.once("exit", () => keep(script, file, maker));
  const module = new Module(bundle);
  module.filename = bundle;
  module.loaded = true;
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(bundle), module, bundle, path.dirname(bundle));
}

/** What is in a file; null where that is nothing, damaged, or what somebody else may have put there. */
function read(file: string): Kept | null {
  try {
    const handle = openSync(file, "r");
    try {
      if (!isOwn(fstatSync(handle))) return null;
      const bytes = readFileSync(handle);
      if (bytes.length <= HEAD || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
      if (!digest(bytes.subarray(SIGNED)).equals(bytes.subarray(MAGIC.length, SIGNED))) return null;
      return {
        bytecode: bytes.readDoubleLE(SIGNED),
        cpu: bytes.readDoubleLE(SIGNED + 8),
        data: bytes.subarray(HEAD),
      };
    } finally {
      closeSync(handle);
    }
  } catch {
    return null;
  }
}

/** Keeps the code of a script where the process has more of it than the one that made what it took up. Never throws. */
function keep(script: Script, file: string, maker: Maker | null): void {
  try {
    const { user, system } = process.cpuUsage();
    const cpu = (user + system) / 1e6;
    const isLarge = v8.getHeapStatistics().used_heap_size > LARGE_HEAP;
    if (maker !== null && isLarge && cpu < maker.cpu * LONGER) return;
    const { bytecode_and_metadata_size: bytecode } = v8.getHeapCodeStatistics();
    if (maker !== null && bytecode <= maker.bytecode * GROWN) return;
    const folder = path.dirname(file);
    // Not into what belongs to somebody else, as the home may after `sudo`.
    if (!isOwn(statSync(existing(folder)))) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const data = script.createCachedData();
    const bytes = Buffer.alloc(HEAD + data.length);
    bytes.write(MAGIC, 0, "latin1");
    bytes.writeDoubleLE(bytecode, SIGNED);
    bytes.writeDoubleLE(cpu, SIGNED + 8);
    data.copy(bytes, HEAD);
    digest(bytes.subarray(SIGNED)).copy(bytes, MAGIC.length);
    const unfinished = `${file}.${process.pid}.${Date.now().toString(36)}`;
    writeFileSync(unfinished, bytes, { mode: 0o600 });
    renameSync(unfinished, file);
    clean(file);
  } catch {
    // Read-only, full, gone: the next run compiles again.
  }
}

/** Removes what other builds left. */
function clean(file: string): void {
  const folder = path.dirname(file);
  const others: { readonly file: string; readonly mtime: number }[] = [];
  for (const name of readdirSync(folder)) {
    const other = path.join(folder, name);
    const stats = other === file ? undefined : statSync(other, { throwIfNoEntry: false });
    if (stats === undefined || !name.includes(EXTENSION)) continue;
    if (name.endsWith(EXTENSION)) others.push({ file: other, mtime: stats.mtimeMs });
    else if (stats.mtimeMs < Date.now() - ABANDONED_MS) rmSync(other, { force: true });
  }
  others.sort((a, b) => b.mtime - a.mtime);
  for (const other of others.slice(MOST_FILES - 1)) rmSync(other.file, { force: true });
}

/** The folder, or the nearest one above that is there. */
function existing(folder: string): string {
  return statSync(folder, { throwIfNoEntry: false }) === undefined ? existing(path.dirname(folder)) : folder;
}

/** Whether nobody but this user can write it. Windows keeps other users out of the folder by itself. */
function isOwn(stats: Stats): boolean {
  return process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
}

function digest(bytes: string | Uint8Array): Buffer {
  return createHash("sha1").update(bytes).digest();
}
