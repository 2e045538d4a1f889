/**
 * The parser's place among the tokens, and how it refuses.
 *
 * The base of the parser classes: knows tokens, no grammar. One instance is used for one parse at a time.
 */

import type { AnyNode } from "./ast.ts";
import { FailureKind, SyntaxFailure } from "./failure.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { T } from "./tokens.ts";

/**
 * Levels of recursion that one parse may use. A bracket costs more than a sign because more functions lie between; with
 * CPython's 200 brackets and 100 indentations on top, the deepest accepted text stays well inside a default stack.
 */
const MAX_NESTING = 1000;

/** The list of a node that has nothing in it; nobody adds to the lists of a node. */
export const NOTHING: never[] = [];

/** Room for this many nodes of unfinished lists stays between parses. */
const KEEP_NODES = 1 << 14;

export class TokenCursor {
  /**
   * Nodes of the lists that are being read, the innermost list last: an array is made when its length is known, because one
   * that grows takes room for 17 elements at its first.
   */
  #pool: (AnyNode | null)[] = [];
  #top = 0;
  #highest = 0;
  protected text = "";
  protected kinds: Uint8Array;
  protected starts: Int32Array;
  protected ends: Int32Array;
  protected values: Int32Array;
  protected names: readonly string[];
  /** Index of the current token. */
  protected pos = 0;
  /** Kind of the current token. */
  protected kind: T = T.End;
  protected nesting = 0;
  /** Greatest nesting and longest left spine met since last asked: whether the tree's depth needs a look. */
  protected deepest = 0;

  constructor(protected readonly tokens: Tokenizer) {
    this.kinds = tokens.kinds;
    this.starts = tokens.starts;
    this.ends = tokens.ends;
    this.values = tokens.values;
    this.names = tokens.interner.names;
  }

  /** Takes the tokenizer's present tokens, from the first on. */
  protected rewind(): void {
    const tokens = this.tokens;
    this.text = tokens.text;
    this.kinds = tokens.kinds;
    this.starts = tokens.starts;
    this.ends = tokens.ends;
    this.values = tokens.values;
    this.names = tokens.interner.names;
    this.pos = 0;
    this.kind = this.kinds[0];
    this.nesting = 0;
    this.deepest = 0;
  }

  /** Lets go of buffers that the tokenizer has given back, and of its own. */
  forget(): void {
    this.rewind();
    this.#pool = [];
  }

  /** Where the list that begins here begins. */
  protected get mark(): number {
    return this.#top;
  }

  /** Adds to the innermost list. */
  protected keep(node: AnyNode | null): void {
    this.#pool[this.#top++] = node;
  }

  /** A node of the innermost lists by its place. */
  protected kept(at: number): AnyNode {
    return this.#pool[at] as AnyNode;
  }

  /** Ends the list that began at `mark`. */
  protected taken<N extends AnyNode | null>(mark: number): N[] {
    const pool = this.#pool;
    const count = this.#top - mark;
    if (this.#top > this.#highest) this.#highest = this.#top;
    this.#top = mark;
    switch (count) {
      case 0:
        return NOTHING;
      case 1:
        return [pool[mark]] as N[];
      case 2:
        return [pool[mark], pool[mark + 1]] as N[];
      default:
        return pool.slice(mark, mark + count) as N[];
    }
  }

  /** Leaves the list that began at `mark`: the parser has gone back to before it. */
  protected dropped(mark: number): void {
    if (this.#top > this.#highest) this.#highest = this.#top;
    this.#top = mark;
  }

  /** Forgets all nodes. */
  release(): void {
    if (this.#top > this.#highest) this.#highest = this.#top;
    if (this.#pool.length > KEEP_NODES) this.#pool = [];
    else this.#pool.fill(null, 0, this.#highest);
    this.#top = 0;
    this.#highest = 0;
  }

  protected advance(): void {
    this.kind = this.kinds[++this.pos];
  }

  /** Whether the current token is of this kind. */
  protected at(kind: T): boolean {
    return this.kind === kind;
  }

  /** Steps over a token of this kind, if it is the current one. */
  protected accept(kind: T): boolean {
    if (this.kind !== kind) return false;
    this.kind = this.kinds[++this.pos];
    return true;
  }

  protected expect(kind: T): void {
    if (this.kind !== kind) this.invalid();
    this.kind = this.kinds[++this.pos];
  }

  /** Goes back to an earlier token. */
  protected seek(pos: number): void {
    this.pos = pos;
    this.kind = this.kinds[pos];
  }

  /** Offset of the current token. */
  protected get start(): number {
    return this.starts[this.pos];
  }

  /** End of the token before the current one. */
  protected get lastEnd(): number {
    return this.ends[this.pos - 1];
  }

  /** Name or keyword text of the token at `pos`. */
  protected nameAt(pos: number): string {
    return this.names[this.values[pos]];
  }

  /** Takes an identifier. */
  protected identifier(): string {
    if (this.kind !== T.Name) this.invalid();
    const name = this.names[this.values[this.pos]];
    this.kind = this.kinds[++this.pos];
    return name;
  }

  protected enter(cost: number): void {
    const nesting = (this.nesting += cost);
    if (nesting > this.deepest) {
      this.deepest = nesting;
      if (nesting > MAX_NESTING) this.tooDeep(this.start);
    }
  }

  protected leave(cost: number): void {
    this.nesting -= cost;
  }

  protected tooDeep(offset: number): never {
    throw new SyntaxFailure("too deeply nested", offset, offset, FailureKind.Final);
  }

  /** Refuses with a message of its own; where the tokenizer has stopped, its problem is the one to tell. */
  protected fail(message: string, offset: number): never {
    if (this.kind === T.Error) this.tokenProblem();
    throw new SyntaxFailure(message, offset, this.start, FailureKind.Parser);
  }

  private tokenProblem(): never {
    const problem = this.tokens.problem;
    const offset = problem?.offset ?? this.start;
    throw new SyntaxFailure(problem?.message ?? "invalid syntax", offset, offset, FailureKind.Final);
  }

  /** Refuses the current token, as CPython's generic errors do. */
  protected invalid(): never {
    const at = this.start;
    if (this.kind === T.Indent) throw new SyntaxFailure("unexpected indent", at, at, FailureKind.Final);
    if (this.kind === T.Dedent) throw new SyntaxFailure("unexpected unindent", at, at, FailureKind.Final);
    this.fail("invalid syntax", this.start);
  }
}
