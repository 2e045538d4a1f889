/**
 * An f-string without fields is a plain string: `f"a"` = `"a"`. Condition: nothing but text in it.
 * Counter-example: `f"{'a'}"`, and a t-string, which is no `str`.
 */
import { type Constant, ConstantType, type Expr, type JoinedStr, NodeKind } from "../../syntax/ast.ts";
import { newConstant } from "../../syntax/nodes.ts";

export function plainFString(node: JoinedStr): Expr | null {
  if (node.values.length > 1 || node.values.some((part) => part.kind !== NodeKind.Constant)) return null;
  const text = node.values[0] as Constant | undefined;
  return newConstant(node.start, node.end, ConstantType.Str, text?.value ?? "", text?.surrogates ?? null, false);
}
