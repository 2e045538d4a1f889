/**
 * Plain data → bytes: how a summary goes to disk. Knows the shapes of values, not the types: objects, maps, arrays, strings,
 * numbers, booleans, null and undefined, so that a field that is new to a type is never forgotten. Keeps nothing between calls.
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
  isLittleEndian,
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
  SHORT_STRINGS,
  SMALL,
  STRING,
  TRUE,
  UNDEFINED,
} from "./layout.ts";
import { ANY, isUsual, type KnownShape, knownShape, RANGE_KEYS, SHAPES, WORD_NUMBERS, WORDS } from "./vocabulary.ts";

/** Bytes of a value made of plain data; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
export function encode(value: unknown): Uint8Array {
  const out = new ValueWriter();
  out.value(value);
  return out.finish();
}

const NOTHING = new Uint8Array(0);
/** Memory that a writer had before, for the next one. */
let spare = NOTHING;
/** Bytes; more are left to the garbage collector. */
const LARGEST_KEPT = 1 << 18;

/** Lets go of memory that no writer uses. */
export function releaseWriters(): void {
  spare = NOTHING;
}

/** Writes values one after the other; each is found again by its number. */
export class ValueWriter {
  #bytes = spare;
  #length = 0;
  #digest = "";
  /** What the next whole number is told from. */
  #number = 0;
  readonly #places: number[] = [];
  /** Strings that are not among the `WORDS`, numbered behind them. */
  readonly #strings = new Map<string, number>();
  /** The bytes of all strings one after the other, as code units, and where each begins and the last one ends. */
  #joined = "";
  readonly #stringPlaces: number[] = [0];
  readonly #shapes: (readonly string[])[] = [];
  /** Numbers of shapes by how many keys they have, the one that was found last in front. */
  readonly #shapesBySize: number[][] = [];
  readonly #float = new DataView(new ArrayBuffer(8));

  constructor() {
    spare = NOTHING;
  }

  /** Writes a value; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
  value(value: unknown): void {
    this.#places.push(this.#length);
    this.#digest = "";
    this.#number = 0;
    this.#value(value, 0);
  }

  /** All that was written, as bytes. Nothing may be written after that. */
  finish(): Uint8Array {
    const end = this.#length;
    const shapePlaces: number[] = [];
    for (const keys of this.#shapes) {
      shapePlaces.push(this.#length - end);
      this.#varint(keys.length);
      for (let i = 0; i < keys.length; i++) this.#varint(this.#string(keys[i]));
    }
    const body = this.#bytes.subarray(0, end);
    const shapes = this.#bytes.subarray(end, this.#length);
    const text = this.#joined;
    const width = text.length < 2 ** 16 && body.length < 2 ** 16 && shapes.length < 2 ** 16 ? 2 : 4;
    const count = this.#stringPlaces.length + shapePlaces.length + this.#places.length;
    const out = new Uint8Array(HEAD + count * width + text.length + shapes.length + body.length);
    out[9] = width;
    putNumber(out, 12, this.#strings.size, 4);
    putNumber(out, 16, shapePlaces.length, 4);
    putNumber(out, 20, this.#places.length, 4);
    let at = HEAD;
    for (const places of [this.#stringPlaces, shapePlaces, this.#places]) {
      putNumbers(out, at, places, width);
      at += places.length * width;
    }
    putText(out, at, text);
    at += text.length;
    out.set(shapes, at);
    out.set(body, at + shapes.length);
    const [first, second] = checksum(out);
    putNumber(out, 0, first, 4);
    putNumber(out, 4, second, 4);
    if (this.#bytes.length <= LARGEST_KEPT) spare = this.#bytes;
    return out;
  }

  #value(value: unknown, depth: number): void {
    if (depth > MOST_DEPTH) throw new RangeError("nested too deep to be encoded");
    switch (typeof value) {
      case "number":
        this.#numeral(value);
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
    if (text.length === 32) {
      if (text === this.#digest) {
        this.#byte(SAME_DIGEST);
        return;
      }
      if (this.#putDigest(text)) return;
    }
    const index = this.#string(text);
    if (index < SHORT_STRINGS) {
      this.#byte(SHORT_STRING + (index >> 8));
      this.#byte(index & 255);
    } else {
      this.#byte(STRING);
      this.#varint(index);
    }
  }

  /** Writes a text as a digest, if it is one. */
  #putDigest(text: string): boolean {
    if (this.#length + 17 > this.#bytes.length) this.#grow(17);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = DIGEST;
    for (let i = 0; i < 32; i += 2) {
      const high = text.charCodeAt(i);
      const low = text.charCodeAt(i + 1);
      if (high > 102 || low > 102) return false;
      const byte = (HEX_DIGITS[high] << 4) | HEX_DIGITS[low];
      if (byte > 255) return false;
      bytes[at++] = byte;
    }
    this.#length = at;
    this.#digest = text;
    return true;
  }

  #numeral(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0)) {
      if (value >= 0 && value < 128) this.#byte(SMALL | value);
      else {
        this.#byte(INTEGER);
        this.#difference(value);
      }
      return;
    }
    this.#byte(DOUBLE);
    this.#float.setFloat64(0, value);
    for (let i = 0; i < 8; i++) this.#byte(this.#float.getUint8(i));
  }

  #difference(value: number): void {
    this.#varint(zigzag(value - this.#number));
    this.#number = value;
  }

  #array(items: readonly unknown[], depth: number): void {
    if (items.length > 3 && areOffsets(items)) {
      this.#numbers(items);
      return;
    }
    if (items.length < 63) this.#byte(ARRAY | items.length);
    else {
      this.#byte(LONG_ARRAY);
      this.#varint(items.length);
    }
    for (let i = 0; i < items.length; i++) this.#value(items[i], depth + 1);
  }

  #numbers(items: readonly number[]): void {
    let ascends = true;
    for (let i = 1; ascends && i < items.length; i++) ascends = items[i] >= items[i - 1];
    this.#byte(ascends ? ASCENDING : NUMBERS);
    this.#varint(items.length);
    let before = 0;
    for (let i = 0; i < items.length; i++) {
      const difference = items[i] - before;
      this.#varint(ascends ? difference : zigzag(difference));
      before = items[i];
    }
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
    if (this.#range(keys, object)) return;
    const known = knownShape(keys, object);
    if (known >= 0) {
      this.#byte(KNOWN_SHAPE + known);
      this.#fields(SHAPES[known], object, depth);
      return;
    }
    this.#byte(OBJECT);
    this.#varint(this.#shape(keys));
    for (let i = 0; i < keys.length; i++) this.#value(object[keys[i]], depth + 1);
  }

  #range(keys: readonly string[], { start, end }: Record<string, unknown>): boolean {
    if (keys.length !== 2 || keys[0] !== RANGE_KEYS[0] || keys[1] !== RANGE_KEYS[1]) return false;
    if (!isOffset(start) || !isOffset(end)) return false;
    this.#byte(RANGE);
    this.#difference(start);
    this.#varint(zigzag(end - start));
    return true;
  }

  #fields({ keys, fixed, usual, bitBytes }: KnownShape, object: Record<string, unknown>, depth: number): void {
    let bits = 0;
    let count = 0;
    for (let i = 0; i < keys.length; i++) {
      if (usual[i] === ANY) continue;
      if (!isUsual(object[keys[i]], usual[i])) bits |= 1 << count;
      count++;
    }
    for (let i = 0; i < bitBytes; i++) this.#byte((bits >> (8 * i)) & 255);
    for (let i = 0; i < keys.length; i++) {
      if (fixed[i] !== ANY) continue;
      if (usual[i] !== ANY) {
        const isWritten = (bits & 1) !== 0;
        bits >>= 1;
        if (!isWritten) continue;
      }
      this.#value(object[keys[i]], depth + 1);
    }
  }

  #shape(keys: readonly string[]): number {
    const { length } = keys;
    this.#shapesBySize[length] ??= [];
    const alike = this.#shapesBySize[length];
    for (let i = 0; i < alike.length; i++) {
      const number = alike[i];
      const known = this.#shapes[number];
      let at = 0;
      while (at < length && known[at] === keys[at]) at++;
      if (at < length) continue;
      if (i > 0) {
        alike[i] = alike[0];
        alike[0] = number;
      }
      return number;
    }
    alike.unshift(this.#shapes.length);
    this.#shapes.push(keys);
    return this.#shapes.length - 1;
  }

  #string(text: string): number {
    let index = this.#strings.get(text) ?? WORD_NUMBERS.get(text);
    if (index === undefined) {
      index = WORDS.length + this.#strings.size;
      this.#strings.set(text, index);
      this.#joined += WIDE.test(text) ? widened(text) : text;
      this.#stringPlaces.push(this.#joined.length);
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
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  #grow(by: number): void {
    const grown = new Uint8Array(Math.max(4096, this.#bytes.length * 2, this.#length + by));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

function isOffset(item: unknown): item is number {
  return typeof item === "number" && (item | 0) === item && item >= 0 && item < 2 ** 30 && !Object.is(item, -0);
}

function areOffsets(items: readonly unknown[]): items is readonly number[] {
  for (let i = 0; i < items.length; i++) if (!isOffset(items[i])) return false;
  return true;
}

/** Small numbers of either sign as small numbers. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

/** Strings that are not one byte for each code unit, or would look as if they were not. */
const WIDE = /^\0|[^\0-\xff]/;

/** The bytes of such a string, as code units. */
function widened(text: string): string {
  let bytes = "\0";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes += String.fromCharCode(unit & 255, unit >> 8);
  }
  return bytes;
}

const OUT_OF_ASCII = /[^\0-\x7f]/;
const utf8 = new TextEncoder();

/** A text's units, each a byte. */
function putText(bytes: Uint8Array, from: number, text: string): void {
  if (!OUT_OF_ASCII.test(text)) {
    // The same bytes, written at once.
    utf8.encodeInto(text, bytes.subarray(from, from + text.length));
    return;
  }
  for (let i = 0; i < text.length; i++) bytes[from + i] = text.charCodeAt(i);
}

/** The values of lower-case hex digits by their codes; what no byte can have for other codes. */
const HEX_DIGITS = Int32Array.from({ length: 103 }, (_, code) => {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 ? code - 87 : 256;
});

/** Numbers one after the other; `from` is a multiple of `width`. */
function putNumbers(bytes: Uint8Array, from: number, values: readonly number[], width: number): void {
  if (isLittleEndian) {
    const { buffer } = bytes;
    (width === 2 ? new Uint16Array(buffer, from, values.length) : new Uint32Array(buffer, from, values.length)).set(
      values,
    );
    return;
  }
  for (let i = 0; i < values.length; i++) putNumber(bytes, from + i * width, values[i], width);
}

function putNumber(bytes: Uint8Array, at: number, value: number, width: number): void {
  for (let i = 0; i < width; i++) bytes[at + i] = value >>> (8 * i);
}
