/**
 * The rewriting rules of level `semantic` (M3.2), one per file. A rule takes a node and gives an equal one in canonical
 * spelling, or null where its side condition does not hold. Rules never mutate the tree they are given.
 */
import type { ClassDef, Expr, Stmt } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";
import type { Chain } from "../chains.ts";

/** Gives the canonical spelling of an expression's outermost node; its parts are rewritten when they are walked. */
export function rewriteExpression(_c: Canonical, node: Expr): Expr {
  return node;
}

/** Gives the canonical spelling of a statement list. `tail`: falling off its end leaves the function. */
export function rewriteBody(_c: Canonical, statements: readonly Stmt[], _tail: boolean): readonly Stmt[] {
  return statements;
}

/** The canonical spelling of a decorator: an expression, or the name that it comes to. */
export function rewriteDecorator(_c: Canonical, node: Expr): Expr | Chain {
  return node;
}

/** The bases of a class as they count. */
export function rewriteBases(_c: Canonical, node: ClassDef): readonly Expr[] {
  return node.bases;
}
