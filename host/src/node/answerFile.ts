/**
 * One value for one state of a project, on disk: `.fastpipe/cache/*.answers`. In front of it stand all files that had a say,
 * with how they looked and what they held. Damaged or of another state counts as absent; trouble with the disk is silent.
 *
 * Layout, little-endian: magic; SHA-1 of the rest; number of files, of first-party ones among them, length of their paths (u32
 * each); six doubles for each file (its look, or -1 first where it was not there); a byte each for whether the look can be
 * trusted; SHA-1 of each content; the paths, joined by NUL; the value.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decode, encode } from "@fastpipe/engine";
import { digest } from "./digest.ts";
import type { Look } from "./look.ts";

const MAGIC = "fastpipe answers 2\n\0";
const HEAD = MAGIC.length + 20;
const FILE = 6 * 8 + 1 + 20;

/** A file that had a say: `look` null where it was not there, `stamp` (SHA-1, hexadecimal) null where it had no content. */
export interface Witness {
  readonly file: string;
  readonly look: Look | null;
  readonly trusted: boolean;
  readonly stamp: string | null;
}

export interface Testimony {
  /** First-party files first. */
  readonly witnesses: readonly Witness[];
  readonly firstParty: number;
  readonly value: unknown;
}

const NO_CONTENT = "0".repeat(40);

/** What is in a file; null where that is nothing, or damaged. `firstParty`: others than these are of another state. */
export function readAnswers(file: string, firstParty: readonly string[]): Testimony | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  if (bytes.length < HEAD + 12 || bytes.toString("latin1", 0, MAGIC.length) !== MAGIC) return null;
  const rest = bytes.subarray(HEAD);
  if (digest(rest) !== bytes.toString("hex", MAGIC.length, HEAD)) return null;
  const [count, first, length] = [rest.readUInt32LE(0), rest.readUInt32LE(4), rest.readUInt32LE(8)];
  const afterFiles = 12 + count * FILE;
  const paths = rest.toString("utf8", afterFiles, afterFiles + length).split("\0");
  if (first !== firstParty.length || firstParty.some((name, i) => name !== paths[i])) return null;
  const witnesses: Witness[] = [];
  for (let i = 0; i < count; i++) {
    const double = (n: number) => rest.readDoubleLE(12 + i * 48 + n * 8);
    const at = 12 + count * 48 + count + i * 20;
    const stamp = rest.toString("hex", at, at + 20);
    witnesses.push({
      file: paths[i],
      look:
        double(0) < 0
          ? null
          : { mode: double(0), size: double(1), mtime: double(2), ctime: double(3), dev: double(4), ino: double(5) },
      trusted: rest[12 + count * 48 + i] === 1,
      stamp: stamp === NO_CONTENT ? null : stamp,
    });
  }
  const value = decode(rest.subarray(afterFiles + length));
  return value === undefined ? null : { witnesses, firstParty: first, value };
}

/** Puts a file in place as a whole. Throws what the disk says. */
export function writeAnswers(file: string, { witnesses, firstParty, value }: Testimony): void {
  const count = witnesses.length;
  const paths = Buffer.from(witnesses.map((witness) => witness.file).join("\0"));
  const front = Buffer.alloc(12 + count * FILE);
  front.writeUInt32LE(count, 0);
  front.writeUInt32LE(firstParty, 4);
  front.writeUInt32LE(paths.length, 8);
  for (const [i, { look, trusted, stamp }] of witnesses.entries()) {
    const numbers =
      look === null ? [-1, 0, 0, 0, 0, 0] : [look.mode, look.size, look.mtime, look.ctime, look.dev, look.ino];
    for (const [n, number] of numbers.entries()) front.writeDoubleLE(number, 12 + i * 48 + n * 8);
    front[12 + count * 48 + i] = trusted ? 1 : 0;
    front.write(stamp ?? NO_CONTENT, 12 + count * 49 + i * 20, "hex");
  }
  const rest = Buffer.concat([front, paths, encode(value)]);
  const head = Buffer.alloc(HEAD);
  head.write(MAGIC, 0, "latin1");
  head.write(digest(rest), MAGIC.length, "hex");
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.${Date.now().toString(36)}`;
  writeFileSync(unfinished, Buffer.concat([head, rest]));
  renameSync(unfinished, file);
}
