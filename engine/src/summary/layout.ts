/** How plain data is laid out in bytes: what encode.ts writes and decode.ts reads. */

/** To be counted up when bytes of before can't be read, or would be read as something else. */
export const ENCODING_VERSION = 5;

// Layout, little-endian: checksum (two u32); one that is 0; bytes of an offset (2 or 4); two that are 0; u32 each: number of
// strings, of shapes, of values. Offsets: of the strings and their end; of the shapes; of the values, each from where their
// kind begins. Then the strings, the shapes, the values. Strings are numbered behind those that all bytes have in common
// (vocabulary.ts). One whose code units are bytes is these bytes; another one, and one that begins with a 0, is a 0 and two
// bytes for each unit.
export const HEAD = 24;
// In a value, a byte from 0x80 is the number 0 to 127; from 0x40 an array of 0 to 62 items, or (0x7f) of as many as follow;
// from 0x2c the upper bits of a string's number, the lower eight follow; from 0x0e an object of a known shape.
export const NULL = 0;
export const FALSE = 1;
export const TRUE = 2;
export const UNDEFINED = 3;
/** As the difference to the whole number, or the start of a range, that was written so before it in this value. */
export const INTEGER = 4;
export const DOUBLE = 5;
export const STRING = 6;
export const MAP = 7;
export const OBJECT = 8;
/** Whole numbers only: each as the difference to the one before. */
export const NUMBERS = 9;
/** 32 lower-case hex digits, as 16 bytes. */
export const DIGEST = 10;
/** The same digest as the one before in this value. */
export const SAME_DIGEST = 11;
/** Whole numbers of which none is less than the one before: each as the difference to it. */
export const ASCENDING = 12;
/** A stretch of text: its start as an `INTEGER`, its end as the difference to that. */
export const RANGE = 13;
/** Bits for the fields that most objects of its kind have otherwise, lowest first; then what is neither usual nor fixed. */
export const KNOWN_SHAPE = 14;
export const SHORT_STRING = 0x2c;
/** Numbers of strings that two bytes hold. */
export const SHORT_STRINGS = (0x40 - SHORT_STRING) << 8;
export const MOST_SHAPES = SHORT_STRING - KNOWN_SHAPE;
export const ARRAY = 0x40;
export const LONG_ARRAY = 0x7f;
export const SMALL = 0x80;
/** Nesting of data that is no summary: literals nest at most as deep as the parser allows. */
export const MOST_DEPTH = 4_000;

/** Of all behind itself: two sums of which each shifts otherwise. Little-endian words, and what is left of bytes. */
export function checksum(bytes: Uint8Array): readonly [number, number] {
  const sums = Int32Array.of(bytes.length, 0x9747b28c);
  addWords(sums, wordsOf(bytes));
  const rest = bytes.length & ~3;
  if (rest < bytes.length) addBytes(sums, bytes.subarray(Math.max(8, rest)));
  return [sums[0] >>> 0, sums[1] >>> 0];
}

// A function for each loop: code that is optimised while the first one runs would know nothing of a second one behind it, and
// be given up there, each time.

function addWords(sums: Int32Array, words: Int32Array): void {
  let first = sums[0];
  let second = sums[1];
  for (let i = 2; i < words.length; i++) {
    const word = words[i];
    first = Math.imul(first ^ word, 0x01000193);
    first ^= first >>> 15;
    second = (Math.imul(second, 31) + word) | 0;
  }
  sums[0] = first;
  sums[1] = second;
}

function addBytes(sums: Int32Array, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    sums[0] = Math.imul(sums[0] ^ bytes[i], 0x01000193);
    sums[1] = (Math.imul(sums[1], 31) + bytes[i]) | 0;
  }
}

export const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** Bytes as words: a process that ends soon reads one at a time in a quarter of the steps. */
function wordsOf(bytes: Uint8Array): Int32Array {
  const count = bytes.length >> 2;
  if (!isLittleEndian) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Int32Array.from({ length: count }, (_, i) => view.getInt32(i * 4, true));
  }
  const aligned = (bytes.byteOffset & 3) === 0 ? bytes : new Uint8Array(bytes);
  return new Int32Array(aligned.buffer, aligned.byteOffset, count);
}
