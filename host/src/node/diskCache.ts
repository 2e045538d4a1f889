/**
 * What was made of files, between runs: `.fastpipe/cache/`. One file for each kind of thing, with an index in front. Whatever
 * is damaged, old or half written counts as absent and is written anew; trouble with the disk is silent. Safe to delete, and
 * with several processes: a file is replaced as a whole, and one that is being read stays as it was. Knows nothing of what it
 * keeps.
 *
 * Layout, little-endian: magic; length of the index (u32); SHA-1 of the index; the index; the records. The index: number of
 * entries (u32), length of the paths (u32), for each entry six doubles (its look), a u32 each for place, length and whether the
 * look can be trusted, SHA-1 of the content, SHA-1 of the record; then the paths, each ended by NUL.
 */
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { digest } from "./digest.ts";
import { isRacy, type Look } from "./look.ts";

const MAGIC = "fastpipe cache 1\n";
const HEAD = MAGIC.length + 4 + 20;
const ENTRY = 6 * 8 + 3 * 4 + 20 + 20;
/** A cache that grew beyond this forgets what the present process did not ask for. */
const MOST_BYTES = 256 * 2 ** 20;
/** A file up to this length is read as a whole. */
const MOST_AT_ONCE = 16 * 2 ** 20;
/** Files of other kinds (levels, versions) that are left in the folder; the oldest go. */
const MOST_FILES = 6;
/** Files half written by a process that died are removed when they are this old. */
const ABANDONED_MS = 600_000;
/** Less source text than this is made again sooner than a project is written to. */
export const WORTH_BYTES = 100_000;

interface Entry {
  look: Look;
  /** False when the file may have changed since without looking different. */
  trusted: boolean;
  /** SHA-1 of the content, hexadecimal. */
  readonly stamp: string;
  /** Where the record is: in the file, or made when it is written. */
  readonly record: Place | (() => Uint8Array);
}

interface Place {
  readonly at: number;
  readonly length: number;
  /** SHA-1, hexadecimal. */
  readonly digest: string;
}

export class DiskCache {
  readonly #folder: string;
  readonly #version: string;
  readonly #prepare: () => void;
  readonly #kinds = new Map<string, KindFile>();

  /** `version`: of what makes the records; another one finds nothing. `prepare` makes the folder above. */
  constructor(folder: string, version: string, prepare: () => void) {
    this.#folder = folder;
    this.#version = version;
    this.#prepare = prepare;
  }

  kind(name: string): KindFile {
    let found = this.#kinds.get(name);
    if (found === undefined) {
      const id = digest(Buffer.from(`${this.#version}\0${name}`)).slice(0, 16);
      found = new KindFile(path.join(this.#folder, `${id}.bin`));
      this.#kinds.set(name, found);
    }
    return found;
  }

  /** Writes what is new, if it is worth it, and lets go of the rest. `alive`: whether a file is still there. Never throws. */
  save(alive: (file: string) => boolean): void {
    const changed = [...this.#kinds.values()].filter((kind) => kind.worthSaving);
    try {
      if (changed.length > 0) {
        this.#prepare();
        mkdirSync(this.#folder, { recursive: true });
        for (const kind of changed) kind.save(alive);
        this.#clean();
      }
    } catch {
      // Read-only, full, gone: the next run makes it again.
    }
    for (const kind of this.#kinds.values()) kind.rest();
  }

  #clean(): void {
    const own = new Set([...this.#kinds.values()].map((kind) => kind.file));
    const others: { readonly file: string; readonly mtime: number }[] = [];
    for (const name of readdirSync(this.#folder)) {
      const file = path.join(this.#folder, name);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats === undefined || own.has(file)) continue;
      const finished = name.endsWith(".bin") || name.endsWith(".answers");
      if (!finished && stats.mtimeMs < Date.now() - ABANDONED_MS) rmSync(file, { force: true });
      if (finished) others.push({ file, mtime: stats.mtimeMs });
    }
    others.sort((a, b) => b.mtime - a.mtime);
    for (const { file } of others.slice(Math.max(0, MOST_FILES - own.size))) rmSync(file, { force: true });
  }
}

/** The records of one kind: at most one for each file. */
export class KindFile {
  readonly file: string;
  #entries: Map<string, Entry> | null = null;
  #handle: number | null = null;
  /** The whole file, unless it is very long: thousands of short reads cost more. */
  #whole: Buffer | null = null;
  readonly #used = new Set<string>();
  #size = 0;
  /** Length of the texts that new records were made of, and how many entries look different now. */
  #newBytes = 0;
  #changed = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** What is known of a file: as it looked, and its content. The record is read by `record`. */
  entry(file: string): Pick<Entry, "look" | "trusted" | "stamp"> | null {
    return this.#all().get(file) ?? null;
  }

  /** The bytes that were kept for a file; null where there are none, or damaged ones. */
  record(file: string): Uint8Array | null {
    const entry = this.#all().get(file);
    if (entry === undefined) return null;
    this.#used.add(file);
    if (typeof entry.record === "function") return entry.record();
    const bytes = this.#read(entry.record);
    if (bytes === null) {
      this.#all().delete(file);
      this.#changed++;
    }
    return bytes;
  }

  /** The content of a file is still the same, though it looks different. */
  seen(file: string, look: Look): void {
    const entry = this.#all().get(file);
    if (entry === undefined) return;
    entry.look = look;
    entry.trusted = !isRacy(look);
    if (entry.trusted) this.#changed++;
  }

  keep(file: string, stamp: string, look: Look, record: () => Uint8Array): void {
    this.#all().set(file, { look, trusted: !isRacy(look), stamp, record });
    this.#used.add(file);
    this.#newBytes += look.size;
    this.#changed++;
  }

  /** Writing everything again for a small change costs more than the change. */
  get worthSaving(): boolean {
    if (this.#changed === 0) return false;
    const entries = this.#all().size;
    return (this.#newBytes >= WORTH_BYTES || this.#size > 0) && this.#changed * 50 > entries;
  }

  save(alive: (file: string) => boolean): void {
    const all = this.#all();
    const forgetful = this.#size > MOST_BYTES;
    const files: string[] = [];
    const records: Uint8Array[] = [];
    let pathBytes = 0;
    for (const [file, entry] of all) {
      if (!alive(file) || (forgetful && !this.#used.has(file))) continue;
      const bytes = typeof entry.record === "function" ? entry.record() : this.#read(entry.record);
      if (bytes === null) continue;
      files.push(file);
      records.push(bytes);
      pathBytes += Buffer.byteLength(file) + 1;
    }
    const index = Buffer.alloc(8 + files.length * ENTRY + pathBytes);
    index.writeUInt32LE(files.length, 0);
    index.writeUInt32LE(pathBytes, 4);
    const places: Place[] = [];
    let at = HEAD + index.length;
    for (const [i, file] of files.entries()) {
      const place = { at, length: records[i].length, digest: digest(records[i]) };
      places.push(place);
      at += place.length;
      writeEntry(index, 8 + i * ENTRY, all.get(file) as Entry, place);
    }
    index.write(`${files.join("\0")}${files.length > 0 ? "\0" : ""}`, 8 + files.length * ENTRY);
    const head = Buffer.alloc(HEAD);
    head.write(MAGIC, 0, "latin1");
    head.writeUInt32LE(index.length, MAGIC.length);
    head.write(digest(index), MAGIC.length + 4, "hex");
    replace(this.file, [head, index, ...records]);
    // What was made is on disk now, and read from there.
    this.close();
  }

  /** Keeps no more than what is not written: a process that lives has asked for what it needed. */
  rest(): void {
    this.#whole = null;
    if (this.#changed === 0) this.close();
  }

  /** Lets go of the file; what is asked next is read again. */
  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
    this.#whole = null;
    this.#entries = null;
    this.#size = 0;
    this.#newBytes = 0;
    this.#changed = 0;
  }

  #all(): Map<string, Entry> {
    this.#entries ??= this.#open();
    return this.#entries;
  }

  #open(): Map<string, Entry> {
    try {
      this.#handle = openSync(this.file, "r");
      const { size } = fstatSync(this.#handle);
      if (size <= MOST_AT_ONCE) this.#whole = this.#bytes(0, size);
    } catch {
      return new Map();
    }
    const head = this.#bytes(0, HEAD);
    if (head?.toString("latin1", 0, MAGIC.length) === MAGIC) {
      const index = this.#bytes(HEAD, head.readUInt32LE(MAGIC.length));
      const entries = index && digest(index) === head.toString("hex", MAGIC.length + 4) ? readIndex(index) : null;
      if (entries !== null) {
        for (const { record } of entries.values())
          if (typeof record === "object") this.#size = Math.max(this.#size, record.at + record.length);
        return entries;
      }
    }
    // Something else is written in its place.
    this.#size = 1;
    this.#changed = 1;
    return new Map();
  }

  #read(place: Place): Uint8Array | null {
    const bytes = this.#bytes(place.at, place.length);
    return bytes !== null && digest(bytes) === place.digest ? bytes : null;
  }

  #bytes(at: number, length: number): Buffer | null {
    if (this.#whole !== null) return at + length <= this.#whole.length ? this.#whole.subarray(at, at + length) : null;
    if (this.#handle === null || length > MOST_BYTES) return null;
    try {
      const buffer = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const count = readSync(this.#handle, buffer, done, length - done, at + done);
        if (count === 0) return null;
        done += count;
      }
      return buffer;
    } catch {
      return null;
    }
  }
}

function writeEntry(index: Buffer, from: number, { look, trusted, stamp }: Entry, place: Place): void {
  let at = from;
  for (const value of [look.mode, look.size, look.mtime, look.ctime, look.dev, look.ino]) {
    at = index.writeDoubleLE(value, at);
  }
  at = index.writeUInt32LE(place.at, at);
  at = index.writeUInt32LE(place.length, at);
  at = index.writeUInt32LE(trusted ? 1 : 0, at);
  at += index.write(stamp, at, "hex");
  index.write(place.digest, at, "hex");
}

/** The entries of an index whose digest is right; null where the numbers in it can't be. */
function readIndex(index: Buffer): Map<string, Entry> | null {
  const count = index.readUInt32LE(0);
  if (8 + count * ENTRY + index.readUInt32LE(4) !== index.length) return null;
  const files = index.toString("utf8", 8 + count * ENTRY).split("\0");
  if (files.length !== count + 1) return null;
  const entries = new Map<string, Entry>();
  for (let i = 0; i < count; i++) {
    const at = 8 + i * ENTRY;
    const double = (n: number) => index.readDoubleLE(at + n * 8);
    const u32 = (n: number) => index.readUInt32LE(at + 48 + n * 4);
    entries.set(files[i], {
      look: { mode: double(0), size: double(1), mtime: double(2), ctime: double(3), dev: double(4), ino: double(5) },
      trusted: u32(2) === 1,
      stamp: index.toString("hex", at + 60, at + 80),
      record: { at: u32(0), length: u32(1), digest: index.toString("hex", at + 80, at + 100) },
    });
  }
  return entries;
}

/** Puts a file in place as a whole, or not at all. */
function replace(file: string, parts: readonly Uint8Array[]): void {
  const unfinished = `${file}.${process.pid}.${Date.now().toString(36)}`;
  const handle = openSync(unfinished, "wx");
  try {
    try {
      // Few large writes instead of thousands of small ones.
      const whole = Buffer.concat(parts);
      for (let done = 0; done < whole.length; ) done += writeSync(handle, whole, done);
    } finally {
      closeSync(handle);
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
