/**
 * Bytes → plain data, as encode.ts wrote it: all of it, or single values without the others, so that what one part of a
 * summary costs does not depend on how long it is. Bytes that are not what `encode` gave are refused as a value, never with a
 * crash.
 */
import {
  ARRAY,
  ASCENDING,
  checksum,
  DIGEST,
  DOUBLE,
  FALSE,
  HEAD,
  INTEGER,
  KNOWN_SHAPE,
  LONG_ARRAY,
  MAP,
  MOST_DEPTH,
  NULL,
  NUMBERS,
  OBJECT,
  RANGE,
  SAME_DIGEST,
  SHORT_STRING,
  SMALL,
  STRING,
  TRUE,
  UNDEFINED,
} from "./layout.ts";
import { ANY, EMPTY_RANGE, NO_ITEMS, SHAPES, WORDS } from "./vocabulary.ts";

/** The value that these bytes were made of, or undefined where they are damaged. (No summary is undefined.) */
export function decode(bytes: Uint8Array): unknown {
  const reader = ValueReader.open(bytes);
  return reader === null || reader.count !== 1 ? undefined : reader.value(0);
}

class Damaged extends Error {}

/** Reads single values of what a `ValueWriter` wrote. Keeps the strings that it came across. */
export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #width: number;
  /** Where each table begins, and what its offsets count from. */
  readonly #shapeTable: number;
  readonly #valueTable: number;
  readonly #strings: number;
  readonly #shapesAt: number;
  readonly #valuesAt: number;
  readonly #texts: (string | undefined)[] = [];
  readonly #shapes: (Shape | undefined)[] = [];
  readonly #stringCount: number;
  readonly #shapeCount: number;
  /** Number of values. */
  readonly count: number;
  #at = 0;
  #digest = "";
  /** What the next whole number is told from. */
  #number = 0;

  /** `bytes` as `open` has checked them once. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#width = bytes[9];
    this.#stringCount = numberAt(bytes, 12, 4);
    this.#shapeCount = numberAt(bytes, 16, 4);
    this.count = numberAt(bytes, 20, 4);
    this.#shapeTable = HEAD + (this.#stringCount + 1) * this.#width;
    this.#valueTable = this.#shapeTable + this.#shapeCount * this.#width;
    this.#strings = this.#valueTable + this.count * this.#width;
    this.#shapesAt = this.#strings + this.#stringPlace(this.#stringCount);
    this.#valuesAt = this.#shapesAt;
    if (this.#shapeCount > 0) {
      // Behind the last of the shapes.
      this.#at = this.#shapesAt + this.#tableAt(this.#shapeTable, this.#shapeCount - 1);
      for (let left = this.#varint(); left > 0; left--) this.#varint();
      this.#valuesAt = this.#at;
    }
  }

  /** A reader of these bytes, or null where they are damaged. */
  static open(bytes: Uint8Array): ValueReader | null {
    if (bytes.length < HEAD) return null;
    const [first, second] = checksum(bytes);
    if (numberAt(bytes, 0, 4) !== first || numberAt(bytes, 4, 4) !== second) return null;
    try {
      return new ValueReader(bytes);
    } catch (error) {
      if (error instanceof Damaged) return null;
      throw error;
    }
  }

  /** The value of a number below `count`; undefined where it is damaged. */
  value(number: number): unknown {
    try {
      this.#at = this.#valuesAt + this.#tableAt(this.#valueTable, number);
      this.#digest = "";
      this.#number = 0;
      return this.#value(0);
    } catch (error) {
      if (error instanceof Damaged || error instanceof RangeError) return undefined;
      throw error;
    }
  }

  #value(depth: number): unknown {
    if (depth > MOST_DEPTH) throw new Damaged();
    const tag = this.#byte();
    if (tag >= SMALL) return tag & 127;
    if (tag >= ARRAY) {
      const length = tag === LONG_ARRAY ? this.#many() : tag & 63;
      // Most arrays of a summary are empty, and none is ever changed: they can be one.
      if (length === 0) return NO_ITEMS;
      const items = new Array<unknown>(length);
      for (let i = 0; i < length; i++) items[i] = this.#value(depth + 1);
      return items;
    }
    if (tag >= SHORT_STRING) return this.#string(((tag - SHORT_STRING) << 8) | this.#byte());
    if (tag >= KNOWN_SHAPE) return this.#known(tag - KNOWN_SHAPE, depth);
    switch (tag) {
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case UNDEFINED:
        return undefined;
      case INTEGER:
        return this.#difference();
      case DOUBLE:
        return this.#double();
      case STRING:
        return this.#string(this.#varint());
      case MAP: {
        const map = new Map<unknown, unknown>();
        for (let left = this.#many(); left > 0; left--) {
          const key = this.#value(depth + 1);
          map.set(key, this.#value(depth + 1));
        }
        return map;
      }
      case OBJECT:
        return this.#object(depth);
      case NUMBERS:
        return this.#numbers(unzigzag);
      case ASCENDING:
        return this.#numbers(asItIs);
      case RANGE:
        return this.#range();
      case DIGEST:
        this.#digest = this.#hex();
        return this.#digest;
      case SAME_DIGEST:
        return this.#digest;
      default:
        throw new Damaged();
    }
  }

  #object(depth: number): unknown {
    const { keys, empty } = this.#shape(this.#varint());
    // A copy of a whole object has its room at once; adding one field after the other would move it again and again.
    const object: Record<string, unknown> = { ...empty };
    for (let i = 0; i < keys.length; i++) object[keys[i]] = this.#value(depth + 1);
    return object;
  }

  #shape(index: number): Shape {
    let shape = this.#shapes[index];
    if (shape === undefined) {
      if (index >= this.#shapeCount) throw new Damaged();
      const back = this.#at;
      this.#at = this.#shapesAt + this.#tableAt(this.#shapeTable, index);
      const keys: string[] = [];
      for (let left = this.#many(); left > 0; left--) keys.push(this.#string(this.#varint()));
      this.#at = back;
      shape = shapeOf(keys);
      this.#shapes[index] = shape;
    }
    return shape;
  }

  /** An object of a known shape. */
  #known(number: number, depth: number): unknown {
    if (number >= SHAPES.length) throw new Damaged();
    const { keys, fixed, usual, bitBytes, empty } = SHAPES[number];
    let bits = 0;
    for (let i = 0; i < bitBytes; i++) bits |= this.#byte() << (8 * i);
    const object: Record<string, unknown> = { ...empty };
    for (let i = 0; i < keys.length; i++) {
      if (fixed[i] !== ANY) continue;
      if (usual[i] !== ANY) {
        const isWritten = (bits & 1) !== 0;
        bits >>= 1;
        if (!isWritten) continue;
      }
      object[keys[i]] = this.#value(depth + 1);
    }
    return object;
  }

  #range(): unknown {
    const start = this.#difference();
    const range: Record<string, unknown> = { ...EMPTY_RANGE };
    range.start = start;
    range.end = start + unzigzag(this.#varint());
    return range;
  }

  #difference(): number {
    this.#number += unzigzag(this.#varint());
    return this.#number;
  }

  #numbers(meant: (written: number) => number): number[] {
    const length = this.#many();
    const items = new Array<number>(length);
    let before = 0;
    for (let i = 0; i < length; i++) {
      before += meant(this.#varint());
      items[i] = before;
    }
    return items;
  }

  #double(): number {
    if (this.#at + 8 > this.#bytes.length) throw new Damaged();
    const value = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8).getFloat64(0);
    this.#at += 8;
    return value;
  }

  #hex(): string {
    const codes = new Array<number>(32);
    for (let i = 0; i < 32; i += 2) {
      const byte = this.#byte();
      codes[i] = HEX_FIRST[byte];
      codes[i + 1] = HEX_SECOND[byte];
    }
    return String.fromCharCode(...codes);
  }

  /** A string of its own: part of a longer one would keep all of that. */
  #string(number: number): string {
    if (number < WORDS.length) return WORDS[number];
    const index = number - WORDS.length;
    let text = this.#texts[index];
    if (text === undefined) {
      if (index >= this.#stringCount) throw new Damaged();
      const from = this.#stringPlace(index);
      text = textOf(this.#bytes, this.#strings + from, this.#strings + this.#stringPlace(index + 1));
      this.#texts[index] = text;
    }
    return text;
  }

  #stringPlace(index: number): number {
    return this.#tableAt(HEAD, index);
  }

  #tableAt(table: number, index: number): number {
    const at = table + index * this.#width;
    if (at + this.#width > this.#bytes.length) throw new Damaged();
    return numberAt(this.#bytes, at, this.#width);
  }

  /** A number of things that follow, of a byte each at least. */
  #many(): number {
    const count = this.#varint();
    if (count > this.#bytes.length - this.#at) throw new Damaged();
    return count;
  }

  #varint(): number {
    let byte = this.#byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let scale = 128; ; scale *= 128) {
      if (scale > 2 ** 42) throw new Damaged();
      byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new Damaged();
    return this.#bytes[this.#at++];
  }
}

function numberAt(bytes: Uint8Array, at: number, width: number): number {
  if (width === 2) return bytes[at] | (bytes[at + 1] << 8);
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

/** Objects of the same keys in the same order. */
interface Shape {
  readonly keys: readonly string[];
  readonly empty: Record<string, unknown>;
}

/** Shapes that were seen last, by their keys: files have mostly the same ones. */
const shapes = new Map<string, Shape>();
const MOST_SHAPES = 200;

function shapeOf(keys: readonly string[]): Shape {
  const name = keys.join("\0");
  let shape = shapes.get(name);
  if (shape === undefined || shape.keys.length !== keys.length) {
    const empty: Record<string, unknown> = {};
    for (const key of keys) {
      // Assigning this one would change the prototype instead.
      if (key === "__proto__") throw new Damaged();
      empty[key] = null;
    }
    shape = { keys, empty };
    if (shapes.size >= MOST_SHAPES) shapes.clear();
    shapes.set(name, shape);
  }
  return shape;
}

/** UTF-16 code units, lone surrogates as they are. */
function textOf(bytes: Uint8Array, from: number, end: number): string {
  if (end < from || end > bytes.length) throw new Damaged();
  const isWide = end > from && bytes[from] === 0;
  const unitBytes = isWide ? 2 : 1;
  if (isWide && (end - from) % 2 === 0) throw new Damaged();
  const parts: string[] = [];
  for (let at = isWide ? from + 1 : from; at < end; ) {
    const units: number[] = [];
    for (; at < end && units.length < 8192; at += unitBytes)
      units.push(unitBytes === 1 ? bytes[at] : bytes[at] | (bytes[at + 1] << 8));
    parts.push(String.fromCharCode(...units));
  }
  return parts.length === 1 ? parts[0] : parts.join("");
}

const asItIs = (value: number): number => value;
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const HEX_FIRST = Uint8Array.from(HEX, (pair) => pair.charCodeAt(0));
const HEX_SECOND = Uint8Array.from(HEX, (pair) => pair.charCodeAt(1));
