/**
 * `k in d.keys()` = `k in d`, and `for k in d.keys()` = `for k in d`, also in a comprehension.
 *
 * Condition: `d` is known to be a dict: a display or comprehension, a local that every binding in its function makes one
 * (`{..}`, `dict(..)`), `**kwargs` that nothing rebinds, or a name of the module with one binding. Counter-examples: a parameter, whose `keys` may be anything;
 * `list(d.keys())`, which is no containment.
 */
import { type Compare, CompareOperator, type Comprehension, type Expr, NodeKind } from "../../syntax/ast.ts";
import { newCompare, newComprehension } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { typeOf } from "./knownTypes.ts";

/** What `d.keys()` is asked of, for a d known to be a dict; else null. */
export function dictOfKeys(c: Canonical, node: Expr): Expr | null {
  if (node.kind !== NodeKind.Call || node.args.length > 0 || node.keywords.length > 0) return null;
  if (node.func.kind !== NodeKind.Attribute || node.func.attr !== "keys") return null;
  const source = node.func.value;
  return typeOf(c, source) === "dict" ? source : null;
}

export function containedInKeys(c: Canonical, node: Compare): Expr | null {
  if (node.ops.length !== 1) return null;
  const [op] = node.ops;
  if (op !== CompareOperator.In && op !== CompareOperator.NotIn) return null;
  const dict = dictOfKeys(c, node.comparators[0]);
  return dict === null ? null : newCompare(node.start, node.end, node.left, node.ops, [dict]);
}

/** The generators of a comprehension whose first one runs over `d.keys()`; null when it does not. */
export function generatorsOverDict(c: Canonical, generators: readonly Comprehension[]): Comprehension[] | null {
  const [first] = generators;
  const dict = first.is_async === 1 ? null : dictOfKeys(c, first.iter);
  if (dict === null) return null;
  return [newComprehension(first.start, first.end, first.target, dict, first.ifs, 0), ...generators.slice(1)];
}
