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
import { ANY, type KnownShape, NO_ITEMS, RANGE_KEYS, SHAPES, WORDS } from "./vocabulary.ts";

/** Bytes of a value made of plain data; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
export function encode(value: unknown): Uint8Array {
  const out = new ValueWriter();
  out.value(value);
  return out.finish();
}

/** Writes values one after the other; each is found again by its number. */
export class ValueWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;
  #digest = "";
  /** What the next whole number is told from. */
  #number = 0;
  readonly #places: number[] = [];
  /** Strings that are not among the `WORDS`, numbered behind them. */
  readonly #strings = new Map<string, number>();
  readonly #shapes: (readonly string[])[] = [];
  readonly #float = new DataView(new ArrayBuffer(8));

  /** Writes a value; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
  value(value: unknown): void {
    this.#places.push(this.#length);
    this.#digest = "";
    this.#number = 0;
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
    let length = 0;
    for (const text of strings) stringPlaces.push((length += isPlain(text) ? text.length : 1 + 2 * text.length));
    const width = length < 2 ** 16 && body.length < 2 ** 16 && shapes.length < 2 ** 16 ? 2 : 4;
    const places = [...stringPlaces, ...shapePlaces, ...this.#places];
    const out = new Uint8Array(HEAD + places.length * width + length + shapes.length + body.length);
    out[9] = width;
    putNumber(out, 12, strings.length, 4);
    putNumber(out, 16, shapePlaces.length, 4);
    putNumber(out, 20, this.#places.length, 4);
    let at = HEAD;
    for (const place of places) {
      putNumber(out, at, place, width);
      at += width;
    }
    strings.forEach((text, i) => {
      const isWide = stringPlaces[i + 1] - stringPlaces[i] !== text.length;
      if (isWide) out[at++] = 0;
      for (let k = 0; k < text.length; k++) {
        const unit = text.charCodeAt(k);
        out[at++] = unit;
        if (isWide) out[at++] = unit >> 8;
      }
    });
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
    if (text.length !== 32 || !isDigest(text)) {
      const index = this.#string(text);
      if (index < SHORT_STRINGS) {
        this.#byte(SHORT_STRING + (index >> 8));
        this.#byte(index & 255);
        return;
      }
      this.#byte(STRING);
      this.#varint(index);
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
    if (items.length > 3 && items.every(isOffset)) {
      this.#numbers(items as readonly number[]);
      return;
    }
    if (items.length < 63) this.#byte(ARRAY | items.length);
    else {
      this.#byte(LONG_ARRAY);
      this.#varint(items.length);
    }
    for (const item of items) this.#value(item, depth + 1);
  }

  #numbers(items: readonly number[]): void {
    const ascends = items.every((item, i) => i === 0 || item >= items[i - 1]);
    this.#byte(ascends ? ASCENDING : NUMBERS);
    this.#varint(items.length);
    let before = 0;
    for (const item of items) {
      this.#varint(ascends ? item - before : zigzag(item - before));
      before = item;
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
    for (const key of keys) this.#value(object[key], depth + 1);
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
    let bit = 1;
    for (let i = 0; i < keys.length; i++) {
      if (fixed[i] !== ANY) continue;
      if (usual[i] === ANY) this.#value(object[keys[i]], depth + 1);
      else {
        if ((bits & bit) !== 0) this.#value(object[keys[i]], depth + 1);
        bit <<= 1;
      }
    }
  }

  /** A file has few others: looking through them is quicker than to spell one. */
  #shape(keys: readonly string[]): number {
    for (let i = 0; i < this.#shapes.length; i++) {
      const known = this.#shapes[i];
      if (known.length === keys.length && known.every((key, at) => key === keys[at])) return i;
    }
    this.#shapes.push(keys);
    return this.#shapes.length - 1;
  }

  #string(text: string): number {
    let index = this.#strings.get(text) ?? WORD_NUMBERS.get(text);
    if (index === undefined) {
      index = WORDS.length + this.#strings.size;
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

const WORD_NUMBERS: ReadonlyMap<string, number> = new Map(WORDS.map((word, i) => [word, i]));

/** Numbers of known shapes by how many keys they have. */
const BY_LENGTH: readonly (readonly number[])[] = (() => {
  const byLength: number[][] = [];
  SHAPES.forEach(({ keys }, i) => {
    while (byLength.length <= keys.length) byLength.push([]);
    byLength[keys.length].push(i);
  });
  return byLength;
})();

/** The known shape that an object has, with what is fixed in it; -1 where there is none. */
function knownShape(keys: readonly string[], object: Record<string, unknown>): number {
  if (keys.length >= BY_LENGTH.length) return -1;
  for (const number of BY_LENGTH[keys.length]) {
    const { keys: known, fixed } = SHAPES[number];
    let i = 0;
    while (i < keys.length && keys[i] === known[i] && (fixed[i] === ANY || object[keys[i]] === fixed[i])) i++;
    if (i === keys.length) return number;
  }
  return -1;
}

function isUsual(value: unknown, usual: unknown): boolean {
  return usual === NO_ITEMS ? Array.isArray(value) && value.length === 0 : Object.is(value, usual);
}

const isOffset = (item: unknown): item is number =>
  typeof item === "number" && Number.isInteger(item) && item >= 0 && item < 2 ** 30 && !Object.is(item, -0);

/** Small numbers of either sign as small numbers. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

/** Whether a string is one byte for each code unit. */
function isPlain(text: string): boolean {
  if (text.charCodeAt(0) === 0) return false;
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

function putNumber(bytes: Uint8Array, at: number, value: number, width: number): void {
  for (let i = 0; i < width; i++) bytes[at + i] = value >>> (8 * i);
}
