/**
 * `any([e for v in xs])` = `any(e for v in xs)`, and so for `all`: the list is computed in full, the generator only as far
 * as needed.
 *
 * Condition: the builtin; one `for` over `range(..)` or a display of ints; elements and conditions are made of the
 * variable and ints by operators that can't fail. Counter-examples: `any([f(v) for v in xs])`, `any([1 // v for v in
 * range(n)])`, `any([v > limit for v in range(n)])`: `limit` may be anything.
 */
import {
  BinaryOperator,
  type Call,
  CompareOperator,
  type Comprehension,
  ConstantType,
  type Expr,
  NodeKind,
  UnaryOperator,
} from "../../syntax/ast.ts";
import { newCall, newGeneratorExp } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";

export function eagerAny(c: Canonical, node: Call): Expr | null {
  if (node.args.length !== 1 || node.keywords.length > 0) return null;
  const [inner] = node.args;
  if (inner.kind !== NodeKind.ListComp || inner.generators.length !== 1) return null;
  const [generator] = inner.generators;
  const variable = intVariable(c, generator);
  if (variable === null) return null;
  if (!isTotal(inner.elt, variable) || !generator.ifs.every((test) => isTotal(test, variable))) return null;
  const lazy = newGeneratorExp(inner.start, inner.end, inner.elt, inner.generators);
  c.aliasScope(lazy, inner);
  return newCall(node.start, node.end, node.func, [lazy], []);
}

/** The variable of a loop that certainly gives ints, and gives them without an effect. */
export function intVariable(c: Canonical, { target, iter, is_async }: Comprehension): string | null {
  if (target.kind !== NodeKind.Name || is_async === 1) return null;
  const isRange =
    iter.kind === NodeKind.Call && iter.func.kind === NodeKind.Name && iter.func.id === "range" && c.isBuiltin("range");
  const isDisplay = (iter.kind === NodeKind.List || iter.kind === NodeKind.Tuple) && iter.elts.every(isInt);
  return isRange || isDisplay ? target.id : null;
}

function isInt(node: Expr): boolean {
  return node.kind === NodeKind.Constant && node.type === ConstantType.Int;
}

/** Operators on ints that give an int or a bool for all operands. */
const TOTAL = new Set([
  BinaryOperator.Add,
  BinaryOperator.Sub,
  BinaryOperator.Mult,
  BinaryOperator.BitAnd,
  BinaryOperator.BitOr,
  BinaryOperator.BitXor,
]);
/** Operators that need a divisor other than zero. */
const DIVISIONS = new Set([BinaryOperator.FloorDiv, BinaryOperator.Mod]);

/** Whether it is made of ints and one variable by operators that can't fail. */
export function isTotal(node: Expr, variable: string): boolean {
  switch (node.kind) {
    case NodeKind.Name:
      return node.id === variable;
    case NodeKind.Constant:
      return isInt(node) || node.type === ConstantType.True || node.type === ConstantType.False;
    case NodeKind.BinOp:
      if (DIVISIONS.has(node.op)) {
        const { right } = node;
        if (right.kind !== NodeKind.Constant || right.type !== ConstantType.Int || right.value === "0") return false;
      } else if (!TOTAL.has(node.op)) return false;
      return isTotal(node.left, variable) && isTotal(node.right, variable);
    case NodeKind.UnaryOp:
      // `~` of a bool is deprecated, and warnings may be errors.
      return node.op !== UnaryOperator.Invert && isTotal(node.operand, variable);
    case NodeKind.BoolOp:
      return node.values.every((value) => isTotal(value, variable));
    case NodeKind.Compare:
      return (
        node.ops.every((op) => op <= CompareOperator.GtE) &&
        isTotal(node.left, variable) &&
        node.comparators.every((value) => isTotal(value, variable))
      );
    default:
      return false;
  }
}
