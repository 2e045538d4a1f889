/**
 * Digests of nodes at one variant, and what it takes to see whether they still hold. There is one for every node of a project:
 * numbers in pages by the nodes' numbers, not an object for each. Keeps; works out nothing.
 */
import type { GraphNode } from "../graph/graph.ts";
import { hexOf, type TokenStream } from "../text/digest.ts";

/** A node's tokens with the places of the digests among them. */
export interface Tokens {
  readonly words: Int32Array;
  readonly places: readonly number[];
  readonly nodes: readonly GraphNode[];
}

// Words of one node: the four of its digest; the round of changes in which it came out as this; the last round in which it
// was looked at; its state, with what is read in the lower bits.
const SINCE = 4;
const CHECKED = 5;
const STATE = 6;
const SIZE = 7;

const READS = 0xff;
const KNOWN = 0x100;
/** It may be another now. */
const STALE = 0x200;
/** The node's own tokens may differ. */
const TOUCHED = 0x400;

const PAGE_BITS = 7;
const PLACE = (1 << PAGE_BITS) - 1;

export class DigestTable {
  readonly #pages: (Int32Array | undefined)[] = [];
  /** Members of the component of a node that is not one alone, one list for all of them; by number. */
  readonly #components = new Map<number, readonly GraphNode[]>();
  /** For the next time that nothing but a digest below a node differs; by number. */
  readonly #tokens = new Map<number, Tokens>();

  #state(number: number): number {
    const page = this.#pages[number >> PAGE_BITS];
    return page === undefined ? 0 : page[(number & PLACE) * SIZE + STATE];
  }

  #word(number: number, word: number): number {
    return (this.#pages[number >> PAGE_BITS] as Int32Array)[(number & PLACE) * SIZE + word];
  }

  has({ number }: GraphNode): boolean {
    return (this.#state(number) & KNOWN) !== 0;
  }

  /** Whether a digest is known and holds. */
  isFresh({ number }: GraphNode): boolean {
    return (this.#state(number) & (KNOWN | STALE)) === KNOWN;
  }

  isTouched({ number }: GraphNode): boolean {
    return (this.#state(number) & TOUCHED) !== 0;
  }

  /** What the code reachable from a node reads of the parts that normally do not count; nothing where it is not known. */
  reads({ number }: GraphNode): number {
    return this.#state(number) & READS;
  }

  /** The round in which a node that is known came out as it is. */
  since({ number }: GraphNode): number {
    return this.#word(number, SINCE);
  }

  /** The last round in which a node that is known was looked at. */
  checked({ number }: GraphNode): number {
    return this.#word(number, CHECKED);
  }

  /** Null for a component of one. */
  component({ number }: GraphNode): readonly GraphNode[] | null {
    return this.#components.get(number) ?? null;
  }

  tokens({ number }: GraphNode): Tokens | null {
    return this.#tokens.get(number) ?? null;
  }

  /** Keeps tokens of a node, or lets go of them; gives how many words more there are now. */
  keepTokens({ number }: GraphNode, tokens: Tokens | null): number {
    const before = this.#tokens.get(number)?.words.length ?? 0;
    if (tokens !== null) this.#tokens.set(number, tokens);
    else if (before > 0) this.#tokens.delete(number);
    return (tokens?.words.length ?? 0) - before;
  }

  /** Digest of a node that is known, as 32 hex digits. */
  hex({ number }: GraphNode): string {
    const page = this.#pages[number >> PAGE_BITS] as Int32Array;
    const at = (number & PLACE) * SIZE;
    return hexOf(page[at], page[at + 1], page[at + 2], page[at + 3]);
  }

  /** Appends the same to a stream. */
  append({ number }: GraphNode, stream: TokenStream): void {
    const page = this.#pages[number >> PAGE_BITS] as Int32Array;
    const at = (number & PLACE) * SIZE;
    stream.digestText(page[at], page[at + 1], page[at + 2], page[at + 3]);
  }

  /** Puts it in place of another digest of a stream. */
  replace({ number }: GraphNode, stream: TokenStream, place: number): void {
    const page = this.#pages[number >> PAGE_BITS] as Int32Array;
    const at = (number & PLACE) * SIZE;
    stream.digestTextAt(place, page[at], page[at + 1], page[at + 2], page[at + 3]);
  }

  /** A digest may be another now; nothing where none is known. */
  doubt({ number }: GraphNode): void {
    this.#mark(number, STALE);
  }

  /** The tokens of a node may be others now; nothing where no digest is known. */
  touch({ number }: GraphNode): void {
    this.#mark(number, TOUCHED);
  }

  #mark(number: number, bit: number): void {
    const page = this.#pages[number >> PAGE_BITS];
    if (page === undefined) return;
    const at = (number & PLACE) * SIZE + STATE;
    if ((page[at] & KNOWN) !== 0) page[at] |= bit;
  }

  /** A digest that is known was looked at in a round, and holds. */
  confirm({ number }: GraphNode, round: number): void {
    const page = this.#pages[number >> PAGE_BITS] as Int32Array;
    const at = (number & PLACE) * SIZE;
    page[at + CHECKED] = round;
    page[at + STATE] &= ~STALE;
  }

  /** Takes the digest of a node as it came out in a round, four words. */
  set(
    { number }: GraphNode,
    words: Int32Array,
    reads: number,
    component: readonly GraphNode[] | null,
    round: number,
  ): void {
    let page = this.#pages[number >> PAGE_BITS];
    if (page === undefined) {
      page = new Int32Array(SIZE << PAGE_BITS);
      this.#pages[number >> PAGE_BITS] = page;
    }
    const at = (number & PLACE) * SIZE;
    const state = page[at + STATE];
    const isSame =
      (state & KNOWN) !== 0 &&
      (state & READS) === reads &&
      page[at] === words[0] &&
      page[at + 1] === words[1] &&
      page[at + 2] === words[2] &&
      page[at + 3] === words[3];
    if (!isSame) {
      for (let i = 0; i < 4; i++) page[at + i] = words[i];
      page[at + SINCE] = round;
    }
    page[at + CHECKED] = round;
    page[at + STATE] = KNOWN | reads;
    if (component !== null) this.#components.set(number, component);
    else if (this.#components.size > 0) this.#components.delete(number);
  }

  /** Forgets a node; gives how many words of its tokens were kept. */
  delete(node: GraphNode): number {
    const { number } = node;
    const page = this.#pages[number >> PAGE_BITS];
    if (page !== undefined) page[(number & PLACE) * SIZE + STATE] = 0;
    this.#components.delete(number);
    return -this.keepTokens(node, null);
  }
}
