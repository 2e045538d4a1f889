/**
 * `class A(object)` = `class A`. Condition: the builtin is the only base. Counter-example: `class A(B, object)`, whose
 * `__bases__` show it.
 */
import { type ClassDef, type Expr, NodeKind } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";

export function basesOf(c: Canonical, node: ClassDef): readonly Expr[] {
  if (node.bases.length !== 1) return node.bases;
  const [base] = node.bases;
  if (base.kind !== NodeKind.Name || base.id !== "object" || !c.isBuiltin("object")) return node.bases;
  c.mention(base);
  return [];
}
