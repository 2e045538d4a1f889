/**
 * `open(f, "r")` = `open(f)`; `"rt"` and `mode="r"` too.
 * Condition: the builtin; the mode is the last positional argument, or a keyword. Counter-example: `open(f, "r", 1)`,
 * where the mode keeps a place; `open(f, "rb")`; `open(*args, "r")`.
 */
import { type Call, ConstantType, type Expr, NodeKind } from "../../syntax/ast.ts";
import { newCall } from "../../syntax/nodes.ts";

export function openMode(node: Call): Expr | null {
  const { start, end, func, args, keywords } = node;
  if (args.some((item) => item.kind === NodeKind.Starred)) return null;
  if (args.length === 2 && isDefault(args[1])) return newCall(start, end, func, [args[0]], keywords);
  const kept = keywords.filter((keyword) => keyword.arg !== "mode" || !isDefault(keyword.value));
  return args.length < 2 && kept.length < keywords.length ? newCall(start, end, func, args, kept) : null;
}

function isDefault(node: Expr): boolean {
  if (node.kind !== NodeKind.Constant || node.type !== ConstantType.Str) return false;
  return node.value === "r" || node.value === "rt" || node.value === "tr";
}
