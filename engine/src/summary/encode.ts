/**
 * Plain data ↔ bytes: how a summary goes to disk and comes back. Knows the shapes of values, not the types: objects, maps,
 * arrays, strings, numbers, booleans, null and undefined, so that a field that is new to a type is never forgotten. Bytes that
 * are not what `encode` gave are refused as a value, never with a crash. Keeps nothing between calls.
 */

/** To be counted up when bytes of before can't be read, or would be read as something else. */
export const ENCODING_VERSION = 1;

// A byte from 0x80 is the number 0 to 127; from 0x40 an array of 0 to 62 items, or (0x7f) of as many as follows.
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
const ARRAY = 0x40;
const LONG_ARRAY = 0x7f;
const SMALL = 0x80;
/** Nesting of data that is no summary: literals nest at most as deep as the parser allows. */
const MOST_DEPTH = 4_000;

/** Bytes of a value made of plain data; throws a RangeError for what is nested absurdly deep, a TypeError for a class. */
export function encode(value: unknown): Uint8Array {
  const out = new Writer();
  out.value(value, 0);
  return out.finish();
}

/** The value that these bytes were made of, or undefined where they are damaged. (No summary is undefined.) */
export function decode(bytes: Uint8Array): unknown {
  try {
    return new Reader(bytes).read();
  } catch (error) {
    if (error instanceof Damaged || error instanceof RangeError) return undefined;
    throw error;
  }
}

class Damaged extends Error {}

class Writer {
  #bytes = new Uint8Array(4096);
  #length = 0;
  readonly #strings = new Map<string, number>();
  readonly #shapes = new Map<string, number>();
  readonly #float = new DataView(new ArrayBuffer(8));

  value(value: unknown, depth: number): void {
    if (depth > MOST_DEPTH) throw new RangeError("nested too deep to be encoded");
    switch (typeof value) {
      case "number":
        this.#number(value);
        break;
      case "string":
        this.#byte(STRING);
        this.#varint(this.#string(value));
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

  /** Strings first, since values refer to them: how many, their lengths, whether they are plain ASCII, their characters. */
  finish(): Uint8Array {
    const body = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(4096);
    this.#length = 0;
    const strings = [...this.#strings.keys()];
    this.#varint(strings.length);
    for (const text of strings) this.#varint(text.length);
    const all = strings.join("");
    let ascii = true;
    for (let i = 0; ascii && i < all.length; i++) ascii = all.charCodeAt(i) < 128;
    this.#byte(ascii ? 1 : 2);
    this.#varint(all.length);
    this.#room(all.length * 2);
    for (let i = 0; i < all.length; i++) {
      const unit = all.charCodeAt(i);
      this.#bytes[this.#length++] = unit;
      if (!ascii) this.#bytes[this.#length++] = unit >> 8;
    }
    this.#room(body.length);
    this.#bytes.set(body, this.#length);
    return this.#bytes.slice(0, this.#length + body.length);
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
    for (const item of items) this.value(item, depth + 1);
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): void {
    this.#byte(MAP);
    this.#varint(map.size);
    for (const [key, value] of map) {
      // Empty lists come back as one and the same, which as keys they are not.
      if (typeof key === "object") throw new TypeError("an object is no key of plain data");
      this.value(key, depth + 1);
      this.value(value, depth + 1);
    }
  }

  #object(object: Record<string, unknown>, depth: number): void {
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null)
      throw new TypeError("an instance of a class is no plain data");
    const keys = Object.keys(object);
    // Keys are names of fields: none of them holds a NUL.
    const name = `${keys.length}\0${keys.join("\0")}`;
    this.#byte(OBJECT);
    const known = this.#shapes.get(name);
    if (known === undefined) {
      this.#varint(this.#shapes.size);
      this.#shapes.set(name, this.#shapes.size);
      this.#varint(keys.length);
      for (const key of keys) this.#varint(this.#string(key));
    } else this.#varint(known);
    for (const key of keys) this.value(object[key], depth + 1);
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
    if (this.#length === this.#bytes.length) this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  #room(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

const isOffset = (item: unknown): boolean =>
  typeof item === "number" && Number.isInteger(item) && item >= 0 && item < 2 ** 30 && !Object.is(item, -0);

/** Small numbers of either sign as small numbers. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

const NONE: readonly unknown[] = Object.freeze([]);

const ascii = new TextDecoder("utf-8");

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  readonly #strings: string[] = [];
  readonly #shapes: Shape[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): unknown {
    this.#readStrings();
    const value = this.#value(0);
    if (this.#at !== this.#bytes.length) throw new Damaged();
    return value;
  }

  #readStrings(): void {
    const lengths: number[] = [];
    for (let left = this.#count(); left > 0; left--) lengths.push(this.#varint());
    const form = this.#byte();
    const length = this.#varint();
    const end = this.#at + length * form;
    if ((form !== 1 && form !== 2) || end > this.#bytes.length) throw new Damaged();
    const all = form === 1 ? ascii.decode(this.#bytes.subarray(this.#at, end)) : units(this.#bytes, this.#at, end);
    if (all.length !== length) throw new Damaged();
    this.#at = end;
    let from = 0;
    for (const each of lengths) {
      if (from + each > all.length) throw new Damaged();
      this.#strings.push(all.substring(from, from + each));
      from += each;
    }
  }

  #value(depth: number): unknown {
    if (depth > MOST_DEPTH) throw new Damaged();
    const tag = this.#byte();
    if (tag >= SMALL) return tag & 127;
    if (tag >= ARRAY) {
      const length = tag === LONG_ARRAY ? this.#count() : tag & 63;
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
        return this.#string();
      case NUMBERS:
        return this.#numbers();
      case MAP: {
        const map = new Map<unknown, unknown>();
        for (let left = this.#count(); left > 0; left--) {
          const key = this.#value(depth + 1);
          map.set(key, this.#value(depth + 1));
        }
        return map;
      }
      case OBJECT:
        return this.#object(depth);
      default:
        throw new Damaged();
    }
  }

  #object(depth: number): unknown {
    const index = this.#varint();
    if (index > this.#shapes.length) throw new Damaged();
    if (index === this.#shapes.length) {
      const keys: string[] = [];
      for (let left = this.#count(); left > 0; left--) keys.push(this.#string());
      this.#shapes.push(new Shape(keys));
    }
    const { keys, empty } = this.#shapes[index];
    // A copy of a whole object has its room at once; adding one field after the other would move it again and again.
    const object: Record<string, unknown> = { ...empty };
    for (let i = 0; i < keys.length; i++) object[keys[i]] = this.#value(depth + 1);
    return object;
  }

  #numbers(): number[] {
    const length = this.#count();
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

  #string(): string {
    const text = this.#strings[this.#varint()];
    if (text === undefined) throw new Damaged();
    return text;
  }

  /** A number of things that follow, of a byte each at least. */
  #count(): number {
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

/** Objects of the same keys in the same order. */
class Shape {
  readonly keys: readonly string[];
  readonly empty: Record<string, unknown> = {};

  constructor(keys: readonly string[]) {
    this.keys = keys;
    for (const key of keys) {
      // Assigning this one would change the prototype instead.
      if (key === "__proto__") throw new Damaged();
      this.empty[key] = null;
    }
  }
}

/** UTF-16 code units, lone surrogates as they are. */
function units(bytes: Uint8Array, from: number, to: number): string {
  const parts: string[] = [];
  for (let at = from; at < to; ) {
    const part: number[] = [];
    for (; at < to && part.length < 8192; at += 2) part.push(bytes[at] | (bytes[at + 1] << 8));
    parts.push(String.fromCharCode(...part));
  }
  return parts.join("");
}
