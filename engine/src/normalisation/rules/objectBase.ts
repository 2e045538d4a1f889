/**
 * `class A(object)` = `class A`. Condition: the builtin is the only base, and no metaclass is named. Counter-examples:
 * `class A(B, object)`, whose `__bases__` show it; `class A(object, metaclass=M)`, where M is handed the bases.
 */
import { type ClassDef, type Expr, NodeKind } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";

export function basesOf(c: Canonical, node: ClassDef): readonly Expr[] {
  if (node.bases.length !== 1) return node.bases;
  if (node.keywords.some(({ arg }) => arg === null || arg === "metaclass")) return node.bases;
  const [base] = node.bases;
  if (base.kind !== NodeKind.Name || base.id !== "object" || !c.isBuiltin("object")) return node.bases;
  c.mention(base);
  return [];
}
