/**
 * `del (a, b)` = `del a, b`, at any depth. Condition: none. Counter-example: `del (a, b)[0]`, which is no tuple of targets.
 */
import { type Delete, type Expr, NodeKind } from "../../syntax/ast.ts";
import { newDelete } from "../../syntax/nodes.ts";

export function flatDelete(node: Delete): Delete | null {
  if (!node.targets.some(isGroup)) return null;
  const targets = node.targets.flatMap(flat);
  return targets.length === 0 ? null : newDelete(node.start, node.end, targets);
}

function isGroup(target: Expr): boolean {
  return target.kind === NodeKind.Tuple || target.kind === NodeKind.List;
}

function flat(target: Expr): readonly Expr[] {
  return target.kind === NodeKind.Tuple || target.kind === NodeKind.List ? target.elts.flatMap(flat) : [target];
}
