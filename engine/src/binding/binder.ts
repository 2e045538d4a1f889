/**
 * The scopes and names of a module, as CPython's symtable has them: one pass to collect (statements.ts, expressions.ts,
 * annotations.ts), one to decide where names live (analysis.ts).
 *
 * A statement bound alone gets the scopes below it that it gets within its module: nothing at module level reaches into
 * them but `from __future__ import annotations` (`BindOptions.futureAnnotations`). Never looks at another file, never at values.
 */
import type { Result } from "../program/types.ts";
import type { AnyNode, Expr, Module, SyntaxProblem } from "../syntax/ast.ts";
import { lineOf } from "../text/lines.ts";
import { analyse } from "./analysis.ts";
import { Collection } from "./collection.ts";
import { readFutures } from "./futures.ts";
import type { Scope, ScopeTree } from "./scope.ts";
import { visitBody } from "./statements.ts";

/** How to bind; the defaults are those of a whole module on the newest Python. */
export interface BindOptions {
  /** The text the tree was made from: a problem's `line` is counted in it. Without it the line is 1 and only `offset` tells the place. */
  readonly text?: string;
  /** Set for a statement of a module that has `from __future__ import annotations`. */
  readonly futureAnnotations?: boolean;
  /** False: annotations are read in the scope where they stand, as in CPython up to 3.13. Default true (PEP 649, CPython 3.14). */
  readonly annotationScopes?: boolean;
}

/** The scopes of a module, and the implicit ones by what is read in them. */
export interface Binding extends ScopeTree {
  /** The scope that reads an annotation, a type parameter's bound or default, or the value of a `type` statement. */
  readonly implicitScopes: ReadonlyMap<Expr, Scope>;
  /** The scope of the type parameters of a generic function, class or alias; bases and keywords of a class are read in it too. */
  readonly typeParameterScopes: ReadonlyMap<AnyNode, Scope>;
}

/**
 * Binds a module, or a part of one with some of its top-level statements as body.
 * @returns the scopes, or the first problem that CPython's compiler refuses the module for, after its parser: those of symtable
 *   and future.c first, then those of code generation (placement.ts).
 */
export function bind(module: Module, options: BindOptions = {}): Result<Binding, SyntaxProblem> {
  const futures = readFutures(module);
  const c = new Collection(
    module,
    options.annotationScopes ?? true,
    futures.annotations || (options.futureAnnotations ?? false),
    futures.last,
  );
  if (futures.problem !== null) c.fail(futures.problem.message, futures.problem.offset);
  visitBody(c, module.body);
  if (c.offset === -1) analyse(c);
  if (c.laterOffset !== -1) c.fail(c.laterMessage, c.laterOffset);
  if (c.offset !== -1) {
    const line = options.text === undefined ? 1 : lineOf(options.text, c.offset);
    return { ok: false, error: { message: c.message, line, offset: c.offset } };
  }
  const { scopes, implicitScopes, typeParameterScopes } = c;
  return { ok: true, value: { module: c.module, scopes, implicitScopes, typeParameterScopes } };
}
