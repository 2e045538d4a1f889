/**
 * `str("x")` is `"x"`, `int(0)` is `0`, and so for `float`, `bool`, `bytes` of a literal of their own type; `type("")` is
 * `str`. Condition: the builtin, one literal of exactly that type. Counter-example: `int(5.7)`, `str(b"x")`, `int("0", 8)`.
 */
import { type Call, ConstantType, type Expr, type Name, NodeKind } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";
import { isLiteral } from "./effects.ts";
import { canonicalForm } from "./forms.ts";

const TYPES: Readonly<Record<string, readonly ConstantType[]>> = {
  str: [ConstantType.Str],
  bytes: [ConstantType.Bytes],
  int: [ConstantType.Int],
  float: [ConstantType.Float],
  bool: [ConstantType.True, ConstantType.False],
};

export function literalConversion(c: Canonical, node: Call, builtin: string): Expr | null {
  if (node.args.length !== 1 || node.keywords.length > 0) return null;
  const value = canonicalForm(c, node.args[0]);
  if (!isLiteral(value)) return null;
  const type = value.kind === NodeKind.UnaryOp ? (value.operand as { type: ConstantType }).type : typeOf(value);
  if (builtin === "type") {
    const name = Object.keys(TYPES).find((key) => TYPES[key].includes(type));
    if (name === undefined || !c.isBuiltin(name)) return null;
    c.mention(node.func as Name);
    return c.builtinName(node, name);
  }
  if (!TYPES[builtin].includes(type)) return null;
  c.mention(node.func as Name);
  return value;
}

function typeOf(value: Expr): ConstantType {
  return value.kind === NodeKind.Constant ? value.type : ConstantType.None;
}
