/**
 * Plain data → bytes: how a summary goes to disk. Knows the shapes of values, not the types: objects, maps, arrays, strings,
 * numbers, booleans, null and undefined, so that a field that is new to a type is never forgotten. Keeps nothing between calls.
 */
import {
  ARRAY,
  checksum,
  DIGEST,
  DOUBLE,
  FALSE,
  HEAD,
  INTEGER,
  isLittleEndian,
  LONG_ARRAY,
  MAP,
  MOST_DEPTH,
  NULL,
  NUMBERS,
  OBJECT,
  SAME_DIGEST,
  SMALL,
  STRING,
  TRUE,
  UNDEFINED,
} from "./layout.ts";

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
  readonly #places: number[] = [];
  readonly #strings = new Map<string, number>();
  /** All strings one after the other, and where each begins and the last one ends. */
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
    const units = text.length;
    const unitBytes = OUT_OF_LATIN.test(text) ? 2 : 1;
    const width = units < 2 ** 16 && body.length < 2 ** 16 && shapes.length < 2 ** 16 ? 2 : 4;
    const count = this.#stringPlaces.length + shapePlaces.length + this.#places.length;
    const out = new Uint8Array(HEAD + count * width + units * unitBytes + shapes.length + body.length);
    out[8] = unitBytes;
    out[9] = width;
    putNumber(out, 12, this.#strings.size, 4);
    putNumber(out, 16, shapePlaces.length, 4);
    putNumber(out, 20, this.#places.length, 4);
    let at = HEAD;
    for (const places of [this.#stringPlaces, shapePlaces, this.#places]) {
      putNumbers(out, at, places, width);
      at += places.length * width;
    }
    putText(out, at, text, unitBytes);
    at += units * unitBytes;
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
    if (text.length === 32) {
      if (text === this.#digest) {
        this.#byte(SAME_DIGEST);
        return;
      }
      if (this.#putDigest(text)) return;
    }
    this.#byte(STRING);
    this.#varint(this.#string(text));
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
    if (items.length > 3 && areOffsets(items)) {
      this.#byte(NUMBERS);
      this.#varint(items.length);
      let before = 0;
      for (let i = 0; i < items.length; i++) {
        this.#varint(zigzag(items[i] - before));
        before = items[i];
      }
      return;
    }
    if (items.length < 63) this.#byte(ARRAY | items.length);
    else {
      this.#byte(LONG_ARRAY);
      this.#varint(items.length);
    }
    for (let i = 0; i < items.length; i++) this.#value(items[i], depth + 1);
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
    for (let i = 0; i < keys.length; i++) this.#value(object[keys[i]], depth + 1);
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
    let index = this.#strings.get(text);
    if (index === undefined) {
      index = this.#strings.size;
      this.#strings.set(text, index);
      this.#joined += text;
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

function areOffsets(items: readonly unknown[]): items is readonly number[] {
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item !== "number" || (item | 0) !== item || item < 0 || item >= 2 ** 30 || Object.is(item, -0))
      return false;
  }
  return true;
}

/** Small numbers of either sign as small numbers. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

const OUT_OF_LATIN = /[^\0-\xff]/;
const OUT_OF_ASCII = /[^\0-\x7f]/;
const utf8 = new TextEncoder();

/** A text's units, of one or two bytes each. */
function putText(bytes: Uint8Array, from: number, text: string, unitBytes: number): void {
  if (unitBytes === 1 && !OUT_OF_ASCII.test(text)) {
    // The same bytes, written at once.
    utf8.encodeInto(text, bytes.subarray(from, from + text.length));
    return;
  }
  let at = from;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[at++] = unit;
    if (unitBytes === 2) bytes[at++] = unit >> 8;
  }
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
