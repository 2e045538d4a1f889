/**
 * 128-bit digests of token streams: MurmurHash3 x86_128 (Austin Appleby, public domain) over 32-bit words.
 *
 * Not cryptographic: nobody attacks their own pipeline's fingerprints. Chosen for speed in plain JavaScript and because
 * it has published test vectors. Never depends on platform endianness: input is words, not memory.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

function fmix(value: number): number {
  let h = value;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Character codes of the hex digits of a number below 16. */
function digit(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}

/** Each byte as its two hex digits, as two code units in a word. */
const PAIRS = Int32Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, "0");
  return text.charCodeAt(0) | (text.charCodeAt(1) << 16);
});

function pairs(words: Int32Array, at: number, word: number): void {
  words[at] = PAIRS[word >>> 24];
  words[at + 1] = PAIRS[(word >>> 16) & 255];
  words[at + 2] = PAIRS[(word >>> 8) & 255];
  words[at + 3] = PAIRS[word & 255];
}

/** Four words of a digest as 32 hex digits: one string at once, since a digest is made for every definition. */
export function hexOf(a: number, b: number, c: number, d: number): string {
  return String.fromCharCode(
    digit(a >>> 28),
    digit((a >>> 24) & 15),
    digit((a >>> 20) & 15),
    digit((a >>> 16) & 15),
    digit((a >>> 12) & 15),
    digit((a >>> 8) & 15),
    digit((a >>> 4) & 15),
    digit(a & 15),
    digit(b >>> 28),
    digit((b >>> 24) & 15),
    digit((b >>> 20) & 15),
    digit((b >>> 16) & 15),
    digit((b >>> 12) & 15),
    digit((b >>> 8) & 15),
    digit((b >>> 4) & 15),
    digit(b & 15),
    digit(c >>> 28),
    digit((c >>> 24) & 15),
    digit((c >>> 20) & 15),
    digit((c >>> 16) & 15),
    digit((c >>> 12) & 15),
    digit((c >>> 8) & 15),
    digit((c >>> 4) & 15),
    digit(c & 15),
    digit(d >>> 28),
    digit((d >>> 24) & 15),
    digit((d >>> 20) & 15),
    digit((d >>> 16) & 15),
    digit((d >>> 12) & 15),
    digit((d >>> 8) & 15),
    digit((d >>> 4) & 15),
    digit(d & 15),
  );
}

/** The word that eight lower-case hex digits of a digest are, from `from` on. */
export function wordAt(hash: string, from: number): number {
  let word = 0;
  for (let i = from; i < from + 8; i++) {
    const code = hash.charCodeAt(i);
    word = (word << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return word;
}

/**
 * Digest of `words[0..length)`.
 * @returns 32 lower-case hex digits.
 */
export function digestWords(words: Int32Array, length: number, seed = 0): string {
  hashWords(words, length, seed, state);
  return hexOf(state[0], state[1], state[2], state[3]);
}

const state = new Int32Array(4);

/** The same digest as four words, into `out`. */
function hashWords(words: Int32Array, length: number, seed: number, out: Int32Array): void {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  const blocks = length & ~3;
  for (let i = 0; i < blocks; i += 4) {
    let k1 = Math.imul(words[i], C1);
    k1 = Math.imul((k1 << 15) | (k1 >>> 17), C2);
    h1 ^= k1;
    h1 = (h1 << 19) | (h1 >>> 13);
    h1 = (Math.imul(h1 + h2, 5) + 0x561ccd1b) | 0;
    let k2 = Math.imul(words[i + 1], C2);
    k2 = Math.imul((k2 << 16) | (k2 >>> 16), C3);
    h2 ^= k2;
    h2 = (h2 << 17) | (h2 >>> 15);
    h2 = (Math.imul(h2 + h3, 5) + 0x0bcaa747) | 0;
    let k3 = Math.imul(words[i + 2], C3);
    k3 = Math.imul((k3 << 17) | (k3 >>> 15), C4);
    h3 ^= k3;
    h3 = (h3 << 15) | (h3 >>> 17);
    h3 = (Math.imul(h3 + h4, 5) + 0x96cd1c35) | 0;
    let k4 = Math.imul(words[i + 3], C4);
    k4 = Math.imul((k4 << 18) | (k4 >>> 14), C1);
    h4 ^= k4;
    h4 = (h4 << 13) | (h4 >>> 19);
    h4 = (Math.imul(h4 + h1, 5) + 0x32ac3b17) | 0;
  }
  const rest = length - blocks;
  if (rest > 2) {
    let k3 = Math.imul(words[blocks + 2], C3);
    k3 = Math.imul((k3 << 17) | (k3 >>> 15), C4);
    h3 ^= k3;
  }
  if (rest > 1) {
    let k2 = Math.imul(words[blocks + 1], C2);
    k2 = Math.imul((k2 << 16) | (k2 >>> 16), C3);
    h2 ^= k2;
  }
  if (rest > 0) {
    let k1 = Math.imul(words[blocks], C1);
    k1 = Math.imul((k1 << 15) | (k1 >>> 17), C2);
    h1 ^= k1;
  }
  const bytes = Math.imul(length, 4);
  h1 ^= bytes;
  h2 ^= bytes;
  h3 ^= bytes;
  h4 ^= bytes;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = fmix(h1);
  h2 = fmix(h2);
  h3 = fmix(h3);
  h4 = fmix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  out[0] = h1;
  out[1] = h2;
  out[2] = h3;
  out[3] = h4;
}

/** UTF-16 code units from which on a string is worth the calls by which it is copied at once. */
const LEAST_COPIED = 96;
/** The memory that this takes stays until `releaseStreams`. */
const MOST_COPIED = 1 << 19;
const utf8 = new TextEncoder();
const LEAST_BYTES = 1 << 12;
let bytes = new Uint8Array(LEAST_BYTES);
/** Where two units in memory are the word that has the first one in its lower half. */
const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** Puts an ASCII string's units into words, as `TokenStream.text` does one by one; false, and nothing that counts, for others. */
function copyAscii(value: string, words: Int32Array, at: number): boolean {
  const size = value.length;
  if (!isLittleEndian || size > MOST_COPIED) return false;
  if (size > bytes.length) bytes = new Uint8Array(size * 2);
  const { read, written } = utf8.encodeInto(value, bytes);
  if (read !== size || written !== size) return false;
  // A unit that no character fills is zero, whatever stood there.
  if ((size & 1) === 1) words[at + (size >> 1)] = 0;
  new Uint16Array(words.buffer, words.byteOffset + at * 4, size).set(bytes.subarray(0, size));
  return true;
}

const idle: TokenStream[] = [];

/** An empty stream whose memory may have served before; `release` it when its digest is taken. */
export function borrowStream(): TokenStream {
  return idle.pop() ?? new TokenStream(1024);
}

/** Gives a borrowed stream back; nobody may use it afterwards. */
export function releaseStream(stream: TokenStream): void {
  stream.clear();
  if (stream.words.length <= LARGEST_KEPT) idle.push(stream);
}

const lasting: TokenStream[] = [];

/** A stream for a module that uses it again and again, for as long as the process lives. */
export function lastingStream(): TokenStream {
  const stream = new TokenStream(LEAST_KEPT);
  lasting.push(stream);
  return stream;
}

/** Lets go of the streams that nobody has borrowed, and of what long texts needed. None may be in use. */
export function releaseStreams(): void {
  idle.length = 0;
  for (const stream of lasting) stream.shrink();
  if (bytes.length > LEAST_BYTES) bytes = new Uint8Array(LEAST_BYTES);
}

/** Words that a stream has room for when it holds none. */
const LEAST_KEPT = 1024;
/** Words; larger streams are left to the garbage collector. */
const LARGEST_KEPT = 1 << 18;

/**
 * A growing stream of 32-bit words that is going to be digested. Everything variable in length is prefixed by its
 * length, everything optional by a tag, so that no two different inputs give the same words (M6.3).
 */
export class TokenStream {
  words: Int32Array;
  length = 0;

  constructor(capacity = 256) {
    this.words = new Int32Array(capacity);
  }

  #grow(needed: number): void {
    const words = new Int32Array(Math.max(this.words.length * 2, needed));
    words.set(this.words.subarray(0, this.length));
    this.words = words;
  }

  /** Appends `source[from..to)` as it is. */
  append(source: Int32Array, from: number, to: number): void {
    const needed = this.length + to - from;
    if (needed > this.words.length) this.#grow(needed);
    const words = this.words;
    let at = this.length;
    // Short stretches mostly: a view of them would cost more than the copy.
    for (let i = from; i < to; i++) words[at++] = source[i];
    this.length = needed;
  }

  /** Appends one word: a tag, a count or a small number. */
  int(value: number): void {
    if (this.length === this.words.length) this.#grow(this.length + 1);
    this.words[this.length++] = value;
  }

  /** Appends a string by its UTF-16 code units, length first. */
  text(value: string): void {
    const size = value.length;
    const needed = this.length + 1 + ((size + 1) >> 1);
    if (needed > this.words.length) this.#grow(needed);
    const words = this.words;
    let at = this.length;
    words[at++] = size;
    if (size >= LEAST_COPIED && copyAscii(value, words, at)) {
      this.length = needed;
      return;
    }
    let i = 0;
    for (; i + 1 < size; i += 2) words[at++] = value.charCodeAt(i) | (value.charCodeAt(i + 1) << 16);
    if (i < size) words[at++] = value.charCodeAt(i);
    this.length = at;
  }

  /** Appends the text that four words of a digest have (`hexOf`), as `text` would. */
  digestText(h1: number, h2: number, h3: number, h4: number): void {
    const at = this.length;
    if (at + 17 > this.words.length) this.#grow(at + 17);
    this.digestTextAt(at, h1, h2, h3, h4);
    this.length = at + 17;
  }

  /** The same in place of another digest that was appended at `at`. */
  digestTextAt(at: number, h1: number, h2: number, h3: number, h4: number): void {
    const words = this.words;
    words[at] = 32;
    pairs(words, at + 1, h1);
    pairs(words, at + 5, h2);
    pairs(words, at + 9, h3);
    pairs(words, at + 13, h4);
  }

  /** What was appended so far. */
  copy(): Int32Array {
    return this.words.slice(0, this.length);
  }

  /** Takes what `copy` gave in place of everything. */
  refill(words: Int32Array): void {
    if (words.length > this.words.length) this.#grow(words.length);
    this.words.set(words);
    this.length = words.length;
  }

  /** Appends another stream, length first. */
  stream(other: TokenStream): void {
    const needed = this.length + 1 + other.length;
    if (needed > this.words.length) this.#grow(needed);
    this.words[this.length] = other.length;
    this.words.set(other.words.subarray(0, other.length), this.length + 1);
    this.length = needed;
  }

  clear(): void {
    this.length = 0;
  }

  /** Empties it, and gives back what long contents needed. */
  shrink(): void {
    this.length = 0;
    if (this.words.length > LEAST_KEPT) this.words = new Int32Array(LEAST_KEPT);
  }

  /** Digest of what was appended so far, as four words. */
  hash(out: Int32Array): void {
    hashWords(this.words, this.length, 0, out);
  }

  /** Digest of what was appended so far: 32 lower-case hex digits. */
  digest(): string {
    return digestWords(this.words, this.length);
  }
}
