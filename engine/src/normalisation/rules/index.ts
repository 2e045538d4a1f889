/**
 * The rewriting rules of level `semantic` (M3.2), one file per family. A rule takes a node and gives an equal one in
 * canonical spelling, or null where its side condition does not hold. Rules never mutate the tree they are given.
 */
import type { Expr, Stmt } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";

/** Gives the canonical spelling of an expression's outermost node; its parts are rewritten when they are walked. */
export function rewriteExpression(_c: Canonical, node: Expr): Expr {
  return node;
}

/** Gives the canonical spelling of a statement list. */
export function rewriteBody(_c: Canonical, statements: readonly Stmt[], _isFunctionBody: boolean): readonly Stmt[] {
  return statements;
}
