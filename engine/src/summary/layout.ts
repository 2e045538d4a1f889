/** How plain data is laid out in bytes: what encode.ts writes and decode.ts reads. */

/** To be counted up when bytes of before can't be read, or would be read as something else. */
export const ENCODING_VERSION = 2;

// Layout, little-endian: checksum (two u32); bytes of a code unit (1 or 2); bytes of an offset (2 or 4); two that are 0; u32
// each: number of strings, of shapes, of values. Offsets: of the strings and their end; of the shapes; of the values, each
// from where their kind begins. Then the strings, the shapes, the values.
export const HEAD = 24;
// In a value, a byte from 0x80 is the number 0 to 127; from 0x40 an array of 0 to 62 items, or (0x7f) of as many as follow.
export const NULL = 0;
export const FALSE = 1;
export const TRUE = 2;
export const UNDEFINED = 3;
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

const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

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
