/**
 * Identifiers as small integers: equal names share one id and one string, keywords have the first ids.
 *
 * Keyed on characters, so that a name met before costs no string. Lives as long as the process and is emptied
 * when it grows large; ids are valid within one parse only.
 */

import { invalidIdentifierAt } from "./characters.ts";
import { KEYWORDS, SOFT_KEYWORDS } from "./tokens.ts";

/** Above this many names the table starts over (a whole corpus of generated code must not stay in memory). */
const MAX_NAMES = 150_000;
const RESERVED = KEYWORDS.length + SOFT_KEYWORDS.length;

/** Start of the rolling hash of a name, as the tokenizer computes it: `h = h * 31 + c` over the first to the last unit. */
function hashOf(name: string): number {
  let h = name.charCodeAt(0);
  for (let i = 1; i < name.length; i++) h = (Math.imul(h, 31) + name.charCodeAt(i)) | 0;
  return h;
}

export class Interner {
  /** Name of each id, NFKC-normalised. */
  readonly names: string[] = [];
  #slots = new Int32Array(1 << 15);
  #mask = (1 << 15) - 1;
  #hashes = new Int32Array(1 << 14);
  #offsets = new Int32Array(1 << 14);
  #lengths = new Int32Array(1 << 14);
  #pool = new Uint16Array(1 << 17);
  #poolEnd = 0;

  constructor() {
    this.#reserve();
  }

  /** Forgets all names but the reserved ones if there are more than so many. Call between parses only. */
  trim(most = MAX_NAMES): void {
    if (this.names.length <= most) return;
    this.names.length = 0;
    this.#slots = new Int32Array(1 << 15);
    this.#mask = (1 << 15) - 1;
    this.#hashes = new Int32Array(1 << 14);
    this.#offsets = new Int32Array(1 << 14);
    this.#lengths = new Int32Array(1 << 14);
    this.#pool = new Uint16Array(1 << 17);
    this.#poolEnd = 0;
    this.#reserve();
  }

  /** Id of the name `src[start..end)`, whose rolling hash is `hash`. */
  intern(src: Uint16Array, start: number, end: number, hash: number): number {
    const length = end - start;
    const mask = this.#mask;
    const slots = this.#slots;
    const pool = this.#pool;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = slots[slot] - 1;
      if (id < 0) return this.#add(src, start, end, hash, slot);
      if (this.#hashes[id] === hash && this.#lengths[id] === length) {
        const offset = this.#offsets[id];
        let k = 0;
        while (k < length && pool[offset + k] === src[start + k]) k++;
        if (k === length) return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  #reserve(): void {
    for (const word of [...KEYWORDS, ...SOFT_KEYWORDS]) {
      const src = Uint16Array.from(word, (ch) => ch.charCodeAt(0));
      this.intern(src, 0, src.length, hashOf(word));
    }
    if (this.names.length !== RESERVED) throw new Error("reserved words are not distinct");
  }

  #add(src: Uint16Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.names.length;
    const length = end - start;
    if (id === this.#hashes.length) this.#growIds();
    while (this.#poolEnd + length > this.#pool.length) {
      const pool = new Uint16Array(this.#pool.length * 2);
      pool.set(this.#pool);
      this.#pool = pool;
    }
    this.#pool.set(src.subarray(start, end), this.#poolEnd);
    this.#hashes[id] = hash;
    this.#offsets[id] = this.#poolEnd;
    this.#lengths[id] = length;
    this.#poolEnd += length;
    // Built from units, not sliced from the text: a slice would keep the whole text alive.
    let name = "";
    let wide = false;
    for (let k = start; k < end; k += 4096) {
      name += String.fromCharCode.apply(null, src.subarray(k, Math.min(end, k + 4096)) as unknown as number[]);
    }
    for (let k = start; k < end; k++) if (src[k] > 127) wide = true;
    this.names.push(wide && invalidIdentifierAt(name) < 0 ? name.normalize("NFKC") : name);
    this.#slots[slot] = id + 1;
    if (this.names.length * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #growIds(): void {
    const grow = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(old.length * 2);
      next.set(old);
      return next;
    };
    this.#hashes = grow(this.#hashes);
    this.#offsets = grow(this.#offsets);
    this.#lengths = grow(this.#lengths);
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.names.length; id++) {
      const hash = this.#hashes[id];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}
