/**
 * The rewriting rules of level `semantic` (M3.2), one per file with its side condition and its counter-examples. A rule
 * takes a node and gives an equal one in canonical spelling, or null where its condition does not hold. Rules never
 * mutate the tree they are given: it is shared between levels.
 */
import type { ClassDef, Expr } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";
import type { Chain } from "../chains.ts";
import { cacheDecorator } from "./cacheDecorators.ts";
import { canonicalForm } from "./forms.ts";
import { basesOf } from "./objectBase.ts";

export { rewriteBody } from "./bodies.ts";

/** Gives the canonical spelling of an expression's outermost node; its parts are rewritten when they are walked. */
export function rewriteExpression(c: Canonical, node: Expr): Expr {
  return canonicalForm(c, node);
}

/** The canonical spelling of a decorator: an expression, or the name that it comes to. */
export function rewriteDecorator(c: Canonical, node: Expr): Expr | Chain {
  return cacheDecorator(c, node) ?? node;
}

/** The bases of a class as they count. */
export function rewriteBases(c: Canonical, node: ClassDef): readonly Expr[] {
  return basesOf(c, node);
}
