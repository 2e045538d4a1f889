/**
 * `not x in y` = `x not in y`, `not x is y` = `x is not y`, and the other way round: CPython compiles them alike.
 * Condition: one operator. Counter-examples: `not a == b`, whose classes define `==` and `!=` apart; `not a in b in c`.
 */
import { CompareOperator, type Expr, NodeKind, type UnaryOp } from "../../syntax/ast.ts";
import { newCompare } from "../../syntax/nodes.ts";

export function negatedComparison(node: UnaryOp): Expr | null {
  const { operand } = node;
  if (operand.kind !== NodeKind.Compare || operand.ops.length !== 1) return null;
  const opposite = oppositeOf(operand.ops[0]);
  if (opposite === null) return null;
  return newCompare(node.start, node.end, operand.left, [opposite], operand.comparators);
}

function oppositeOf(op: CompareOperator): CompareOperator | null {
  switch (op) {
    case CompareOperator.In:
      return CompareOperator.NotIn;
    case CompareOperator.NotIn:
      return CompareOperator.In;
    case CompareOperator.Is:
      return CompareOperator.IsNot;
    case CompareOperator.IsNot:
      return CompareOperator.Is;
    default:
      return null;
  }
}
