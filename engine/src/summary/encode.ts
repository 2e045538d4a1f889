/**
 * Plain data ↔ bytes: how a summary goes to disk and comes back. Knows the shapes of values, not the types: objects, maps,
 * arrays, strings, numbers, booleans, null and undefined, so that a field that is new to a type is never forgotten. Bytes that
 * are not what `encode` gave are refused as a value, never with a crash. Keeps nothing of what it reads.
 *
 * A `ValueWriter` writes any number of values that share their strings and the names of their fields; a `ValueReader` reads
 * one of them without the others, by its place: what one part of a summary costs does not depend on how long it is.
 */

/** To be counted up when bytes of before can't be read, or would be read as something else. */
export const ENCODING_VERSION = 2;

// Layout, little-endian: checksum (two u32); bytes of a code unit (1 or 2); bytes of an offset (2 or 4); two that are 0; u32
// each: number of strings, of shapes, of values. Offsets: of the strings and their end; of the shapes; of the values, each
// from where their kind begins. Then the strings, the shapes, the values.
const HEAD = 24;
// In a value, a byte from 0x80 is the number 0 to 127; from 0x40 an array of 0 to 62 items, or (0x7f) of as many as follow.
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const UNDEFINED = 3;
const INTEGER = 4;
const DOUBLE = 5;
const STRING = 6;
const MAP = 7;
const OBJECT = 8;
/** Whole numbers only: each as the difference to the one before. */
const NUMBERS = 9;
/** 32 lower-case hex digits, as 16 bytes. */
const DIGEST = 10;
/** The same digest as the one before in this value. */
const SAME_DIGEST = 11;
const ARRAY = 0x40;
const LONG_ARRAY = 0x7f;
const SMALL = 0x80;
/** Nesting of data that is no summary: literals nest at most as deep as the parser allows. */
const MOST_DEPTH = 4_000;

/** Bytes of a value made of plain data; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
export function encode(value: unknown): Uint8Array {
  const out = new ValueWriter();
  out.value(value);
  return out.finish();
}

/** The value that these bytes were made of, or undefined where they are damaged. (No summary is undefined.) */
export function decode(bytes: Uint8Array): unknown {
  const reader = ValueReader.open(bytes);
  return reader === null || reader.count !== 1 ? undefined : reader.value(0);
}

class Damaged extends Error {}

/** Writes values one after the other; each is found again by its number. */
export class ValueWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;
  #digest = "";
  readonly #places: number[] = [];
  readonly #strings = new Map<string, number>();
  readonly #shapes: (readonly string[])[] = [];
  readonly #float = new DataView(new ArrayBuffer(8));

  /** Writes a value; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
  value(value: unknown): void {
    this.#places.push(this.#length);
    this.#digest = "";
    this.#value(value, 0);
  }

  /** All that was written, as bytes. */
  finish(): Uint8Array {
    const body = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(4096);
    this.#length = 0;
    const shapePlaces: number[] = [];
    for (const keys of this.#shapes) {
      shapePlaces.push(this.#length);
      this.#varint(keys.length);
      for (const key of keys) this.#varint(this.#string(key));
    }
    const shapes = this.#bytes.subarray(0, this.#length);
    const strings = [...this.#strings.keys()];
    const stringPlaces = [0];
    let units = 0;
    for (const text of strings) stringPlaces.push((units += text.length));
    const unitBytes = strings.every(isLatin) ? 1 : 2;
    const width = units < 2 ** 16 && body.length < 2 ** 16 && shapes.length < 2 ** 16 ? 2 : 4;
    const places = [...stringPlaces, ...shapePlaces, ...this.#places];
    const out = new Uint8Array(HEAD + places.length * width + units * unitBytes + shapes.length + body.length);
    out[8] = unitBytes;
    out[9] = width;
    putNumber(out, 12, strings.length, 4);
    putNumber(out, 16, shapePlaces.length, 4);
    putNumber(out, 20, this.#places.length, 4);
    let at = HEAD;
    for (const place of places) {
      putNumber(out, at, place, width);
      at += width;
    }
    for (const text of strings) {
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        out[at++] = unit;
        if (unitBytes === 2) out[at++] = unit >> 8;
      }
    }
    out.set(shapes, at);
    out.set(body, at + shapes.length);
    const [first, second] = checksum(out);
    putNumber(out, 0, first, 4);
    putNumber(out, 4, second, 4);
    return out;
  }

  #value(value: unknown, depth: number): void {
    if (depth > MOST_DEPTH) throw new RangeError("nested too deep to be encoded");
    switch (typeof value) {
      case "number":
        this.#number(value);
        break;
      case "string":
        this.#text(value);
        break;
      case "boolean":
        this.#byte(value ? TRUE : FALSE);
        break;
      case "undefined":
        this.#byte(UNDEFINED);
        break;
      case "object":
        if (value === null) this.#byte(NULL);
        else if (Array.isArray(value)) this.#array(value, depth);
        else if (value instanceof Map) this.#map(value, depth);
        else this.#object(value as Record<string, unknown>, depth);
        break;
      default:
        throw new TypeError(`a ${typeof value} is no plain data`);
    }
  }

  #text(text: string): void {
    if (text.length !== 32 || !isDigest(text)) {
      this.#byte(STRING);
      this.#varint(this.#string(text));
      return;
    }
    if (text === this.#digest) {
      this.#byte(SAME_DIGEST);
      return;
    }
    this.#digest = text;
    this.#byte(DIGEST);
    for (let i = 0; i < 32; i += 2) this.#byte((hexDigit(text.charCodeAt(i)) << 4) | hexDigit(text.charCodeAt(i + 1)));
  }

  #number(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0)) {
      if (value >= 0 && value < 128) this.#byte(SMALL | value);
      else {
        this.#byte(INTEGER);
        this.#varint(zigzag(value));
      }
      return;
    }
    this.#byte(DOUBLE);
    this.#float.setFloat64(0, value);
    for (let i = 0; i < 8; i++) this.#byte(this.#float.getUint8(i));
  }

  #array(items: readonly unknown[], depth: number): void {
    if (items.length > 3 && items.every(isOffset)) {
      this.#byte(NUMBERS);
      this.#varint(items.length);
      let before = 0;
      for (const item of items as readonly number[]) {
        this.#varint(zigzag(item - before));
        before = item;
      }
      return;
    }
    if (items.length < 63) this.#byte(ARRAY | items.length);
    else {
      this.#byte(LONG_ARRAY);
      this.#varint(items.length);
    }
    for (const item of items) this.#value(item, depth + 1);
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): void {
    this.#byte(MAP);
    this.#varint(map.size);
    for (const [key, value] of map) {
      // Empty lists come back as one and the same, which as keys they are not.
      if (typeof key === "object") throw new TypeError("an object is no key of plain data");
      this.#value(key, depth + 1);
      this.#value(value, depth + 1);
    }
  }

  #object(object: Record<string, unknown>, depth: number): void {
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null)
      throw new TypeError("an instance of a class is no plain data");
    const keys = Object.keys(object);
    this.#byte(OBJECT);
    this.#varint(this.#shape(keys));
    for (const key of keys) this.#value(object[key], depth + 1);
  }

  /** A summary has a dozen or two: looking through them is quicker than to spell one. */
  #shape(keys: readonly string[]): number {
    for (let i = 0; i < this.#shapes.length; i++) {
      const known = this.#shapes[i];
      if (known.length === keys.length && known.every((key, at) => key === keys[at])) return i;
    }
    this.#shapes.push(keys);
    return this.#shapes.length - 1;
  }

  #string(text: string): number {
    let index = this.#strings.get(text);
    if (index === undefined) {
      index = this.#strings.size;
      this.#strings.set(text, index);
    }
    return index;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#byte(128 | (rest & 127));
      rest = Math.floor(rest / 128);
    }
    this.#byte(rest);
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = value;
  }
}

const isOffset = (item: unknown): boolean =>
  typeof item === "number" && Number.isInteger(item) && item >= 0 && item < 2 ** 30 && !Object.is(item, -0);

/** Small numbers of either sign as small numbers. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

function isLatin(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false;
  return true;
}

function isDigest(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (hexDigit(text.charCodeAt(i)) < 0) return false;
  return true;
}

/** The value of a lower-case hex digit, -1 for all else. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : -1;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const HEX_FIRST = Uint8Array.from(HEX, (pair) => pair.charCodeAt(0));
const HEX_SECOND = Uint8Array.from(HEX, (pair) => pair.charCodeAt(1));

function putNumber(bytes: Uint8Array, at: number, value: number, width: number): void {
  for (let i = 0; i < width; i++) bytes[at + i] = value >>> (8 * i);
}

/** Of all behind itself: two sums of which each shifts otherwise. */
function checksum(bytes: Uint8Array): readonly [number, number] {
  let first = bytes.length | 0;
  let second = 0x9747b28c | 0;
  let i = 8;
  for (const last = bytes.length - 3; i < last; i += 4) {
    const word = bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    first = Math.imul(first ^ word, 0x01000193);
    first ^= first >>> 15;
    second = (Math.imul(second, 31) + word) | 0;
  }
  for (; i < bytes.length; i++) {
    first = Math.imul(first ^ bytes[i], 0x01000193);
    second = (Math.imul(second, 31) + bytes[i]) | 0;
  }
  return [first >>> 0, second >>> 0];
}

const NONE: readonly unknown[] = Object.freeze([]);

/** Reads single values of what a `ValueWriter` wrote. Keeps the strings that it came across. */
export class ValueReader {
  readonly #bytes: Uint8Array;
  readonly #width: number;
  readonly #unitBytes: number;
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

  /** `bytes` as `open` has checked them once. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#unitBytes = bytes[8];
    this.#width = bytes[9];
    this.#stringCount = numberAt(bytes, 12, 4);
    this.#shapeCount = numberAt(bytes, 16, 4);
    this.count = numberAt(bytes, 20, 4);
    this.#shapeTable = HEAD + (this.#stringCount + 1) * this.#width;
    this.#valueTable = this.#shapeTable + this.#shapeCount * this.#width;
    this.#strings = this.#valueTable + this.count * this.#width;
    this.#shapesAt = this.#strings + this.#stringPlace(this.#stringCount) * this.#unitBytes;
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
      if (length === 0) return NONE;
      const items = new Array<unknown>(length);
      for (let i = 0; i < length; i++) items[i] = this.#value(depth + 1);
      return items;
    }
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
        return unzigzag(this.#varint());
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
        return this.#numbers();
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

  #numbers(): number[] {
    const length = this.#many();
    const items = new Array<number>(length);
    let before = 0;
    for (let i = 0; i < length; i++) {
      before += unzigzag(this.#varint());
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
  #string(index: number): string {
    let text = this.#texts[index];
    if (text === undefined) {
      if (index >= this.#stringCount) throw new Damaged();
      const from = this.#stringPlace(index);
      text = textOf(this.#bytes, this.#strings, from, this.#stringPlace(index + 1), this.#unitBytes);
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
function textOf(bytes: Uint8Array, base: number, from: number, to: number, unitBytes: number): string {
  const end = base + to * unitBytes;
  if (to < from || end > bytes.length) throw new Damaged();
  const parts: string[] = [];
  for (let at = base + from * unitBytes; at < end; ) {
    const units: number[] = [];
    for (; at < end && units.length < 8192; at += unitBytes)
      units.push(unitBytes === 1 ? bytes[at] : bytes[at] | (bytes[at + 1] << 8));
    parts.push(String.fromCharCode(...units));
  }
  return parts.length === 1 ? parts[0] : parts.join("");
}
