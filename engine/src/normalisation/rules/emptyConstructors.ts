/**
 * `list()`, `dict()`, `tuple()` are the empty displays; `str()`, `int()`, `float()`, `bool()`, `bytes()` the empty literals.
 * Condition: the builtin, without arguments. Counter-example: `list(*args)`; `set()`, which has no display.
 */
import { type Call, ConstantType, Context, type Expr, type Name } from "../../syntax/ast.ts";
import { newConstant, newDict, newList, newTuple } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";

export function emptyConstructor(c: Canonical, node: Call, builtin: string): Expr | null {
  if (node.args.length > 0 || node.keywords.length > 0) return null;
  const made = emptyOf(node, builtin);
  if (made !== null) c.mention(node.func as Name);
  return made;
}

function emptyOf({ start, end }: Call, builtin: string): Expr | null {
  switch (builtin) {
    case "list":
      return newList(start, end, [], Context.Load);
    case "tuple":
      return newTuple(start, end, [], Context.Load);
    case "dict":
      return newDict(start, end, [], []);
    case "str":
      return newConstant(start, end, ConstantType.Str, "", null, false);
    case "bytes":
      return newConstant(start, end, ConstantType.Bytes, "", null, false);
    case "int":
      return newConstant(start, end, ConstantType.Int, "0", null, false);
    case "float":
      return newConstant(start, end, ConstantType.Float, "0", null, false);
    case "bool":
      return newConstant(start, end, ConstantType.False, "", null, false);
    default:
      return null;
  }
}
