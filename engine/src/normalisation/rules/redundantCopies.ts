/**
 * A copy of a copy, or a copy that is sorted: `list(sorted(x))` = `sorted(x)`, `sorted(list(x), ..)` = `sorted(x, ..)`, and
 * `list`, `tuple`, `set` of `list(x)` or `tuple(x)` = of `x`.
 *
 * Condition: both are builtins, the inner one is handed one plain argument; for `sorted`, what else it is handed is inert,
 * since it would be evaluated before `x` is read, not after. Counter-examples: `dict(list(x))`, which does not ask `x` for
 * its keys; `set(sorted(x))`, which compares; `sorted(set(x))`; `sorted(reversed(x))`, where equal elements change places.
 */
import { type Call, type Expr, type Name, NodeKind } from "../../syntax/ast.ts";
import { newCall } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isInert } from "./effects.ts";
import { canonicalForm } from "./forms.ts";

export function redundantCopy(c: Canonical, node: Call, builtin: string): Expr | null {
  if (node.args.length !== 1) return null;
  const inner = canonicalForm(c, node.args[0]);
  if (inner.kind !== NodeKind.Call || inner.func.kind !== NodeKind.Name || !c.isBuiltin(inner.func.id)) return null;
  const name = inner.func.id;
  if (builtin === "sorted") {
    if (!node.keywords.every((keyword) => keyword.arg !== null && isInert(c, keyword.value))) return null;
  } else if (node.keywords.length > 0) return null;
  if (builtin === "list" && name === "sorted") {
    c.mention(node.func as Name);
    return inner;
  }
  if ((name !== "list" && name !== "tuple") || inner.keywords.length > 0 || inner.args.length !== 1) return null;
  const [source] = inner.args;
  if (source.kind === NodeKind.Starred) return null;
  c.mention(inner.func);
  return newCall(node.start, node.end, node.func, [source], node.keywords);
}
