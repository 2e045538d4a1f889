/**
 * Which top-level statements of a broken text are whole: each one that the exact parser accepts alone.
 * An outline only proposes extents; a statement that is whole here is what CPython would read if the rest were mended.
 * Never repairs anything.
 */
import type { Result } from "../program/types.ts";
import type { Module, SyntaxProblem } from "../syntax/ast.ts";
import { parseModule, type TextRange } from "../syntax/index.ts";
import type { Outline, OutlineItem } from "./types.ts";

/** An extent of a broken text, parsed alone. */
export interface Statement {
  /** The proposed item: extent, kind, name, line. Its `broken` is the outline's guess. */
  readonly item: OutlineItem;
  /** Its tree, with the offsets of the whole text; null when it does not parse. */
  readonly module: Module | null;
  /** Why it does not parse; place in the whole text. */
  readonly problem: SyntaxProblem | null;
}

/**
 * Parses each top-level statement of an outline alone.
 * @param parse the exact parser on a range; a caller that keeps statements by their text passes one that remembers.
 * @returns one entry per item, in order.
 */
export function splitWholeStatements(
  text: string,
  outline: Outline,
  parse: (text: string, range: TextRange) => Result<Module, SyntaxProblem> = parseModule,
): Statement[] {
  return outline.items.map((item) => {
    const parsed = parse(text, { from: item.start, to: item.end });
    if (parsed.ok) return { item, module: parsed.value, problem: null };
    return { item, module: null, problem: parsed.error };
  });
}
