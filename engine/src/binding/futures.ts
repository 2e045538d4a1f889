/**
 * `from __future__` imports at the start of a module (Python/future.c): which of them change scoping, and which are refused.
 * Never looks below the first statement that is neither the docstring nor a future import.
 */
import { ConstantType, type Module, NodeKind } from "../syntax/ast.ts";

/** What the leading future imports say. */
export interface Futures {
  /** `from __future__ import annotations` (PEP 563). */
  readonly annotations: boolean;
  /** Start of the last leading future import, or -1. */
  readonly last: number;
  /** The first import of something that is no future feature. */
  readonly problem: { readonly message: string; readonly offset: number } | null;
}

const FEATURES: ReadonlySet<string> = new Set([
  "nested_scopes",
  "generators",
  "division",
  "absolute_import",
  "with_statement",
  "print_function",
  "unicode_literals",
  "barry_as_FLUFL",
  "generator_stop",
  "annotations",
]);

/** Reads the leading future imports of a module. */
export function readFutures(module: Module): Futures {
  let annotations = false;
  let last = -1;
  const body = module.body;
  let at = 0;
  const first = body[0];
  if (
    first !== undefined &&
    first.kind === NodeKind.Expr &&
    first.value.kind === NodeKind.Constant &&
    first.value.type === ConstantType.Str
  ) {
    at = 1;
  }
  for (; at < body.length; at++) {
    const statement = body[at];
    if (statement.kind !== NodeKind.ImportFrom || statement.module !== "__future__" || statement.level !== 0) break;
    last = statement.start;
    for (const alias of statement.names) {
      if (alias.name === "annotations") annotations = true;
      if (FEATURES.has(alias.name)) continue;
      const message = alias.name === "braces" ? "not a chance" : `future feature ${alias.name} is not defined`;
      return { annotations, last, problem: { message, offset: statement.start } };
    }
  }
  return { annotations, last, problem: null };
}
