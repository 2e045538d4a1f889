/**
 * What an outline says about a buffer that does not parse: its top-level statements and which of them are broken.
 * Plain data; the same for both ways to get one (tree.ts, indentation.ts).
 */

/** A top-level statement, or several on one line. */
export interface OutlineItem {
  readonly kind: "function" | "class" | "statement";
  /** Name of the definition; null for other statements and where it can't be read. */
  readonly name: string | null;
  /** UTF-16 offset of the first decorator, else of the statement; always at column 0. */
  readonly start: number;
  /** UTF-16 offset behind the last line that is neither blank nor a comment, its line end included: as the exact parser's extents. */
  readonly end: number;
  /** 1-based line of the `def` or `class`, else of the first line. */
  readonly line: number;
  /** True when the broken region touches it. False is a guess of a tolerant reader: the exact parser has the last word (whole.ts). */
  readonly broken: boolean;
}

/** The top-level statements of a text in order; they don't overlap. */
export interface Outline {
  readonly items: readonly OutlineItem[];
}
