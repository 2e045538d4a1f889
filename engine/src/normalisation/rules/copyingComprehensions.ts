/**
 * A comprehension that only copies is the constructor: `[v for v in xs]` = `list(xs)`, `{v for v in xs}` = `set(xs)`;
 * with pairs, `{k: v for k, v in zip(a, b)}` = `dict(zip(a, b))`.
 *
 * Condition: one `for`, no `if`, not asynchronous; one target that is the element, or two that are the pair, of `zip` with
 * two iterables (it alone certainly gives pairs); the constructor is the builtin. A set of a set or dict stays: its table,
 * and so its order, may differ. Counter-examples: `[(k, v) for k, v in xs]`, which makes tuples of lists; `[v for v in xs
 * if v]`; `{k: v for k, v in xs}`, since `dict(xs)` asks for `xs.keys`.
 */
import {
  type Comprehension,
  type DictComp,
  type Expr,
  type ListComp,
  NodeKind,
  type SetComp,
} from "../../syntax/ast.ts";
import { newCall } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { canonicalForm } from "./forms.ts";

export function copyingComprehension(c: Canonical, node: ListComp | SetComp | DictComp): Expr | null {
  if (node.generators.length !== 1) return null;
  const [generator] = node.generators;
  if (generator.ifs.length > 0 || generator.is_async === 1) return null;
  const target = node.kind === NodeKind.DictComp ? null : node.elt;
  const copies =
    node.kind === NodeKind.DictComp
      ? copiesPairs(c, generator, node.key, node.value)
      : target?.kind === NodeKind.Name
        ? isSame(generator.target, target)
        : target?.kind === NodeKind.Tuple && target.elts.length === 2
          ? copiesPairs(c, generator, target.elts[0], target.elts[1])
          : false;
  if (!copies) return null;
  const builtin = node.kind === NodeKind.ListComp ? "list" : node.kind === NodeKind.SetComp ? "set" : "dict";
  if (!c.isBuiltin(builtin)) return null;
  if (builtin === "set" && isHashed(canonicalForm(c, generator.iter))) return null;
  const { start, end } = node;
  return newCall(start, end, c.builtinName(node, builtin), [generator.iter], []);
}

function isSame(a: Expr, b: Expr): boolean {
  return a.kind === NodeKind.Name && b.kind === NodeKind.Name && a.id === b.id;
}

function copiesPairs(c: Canonical, generator: Comprehension, first: Expr, second: Expr): boolean {
  const { target, iter } = generator;
  if ((target.kind !== NodeKind.Tuple && target.kind !== NodeKind.List) || target.elts.length !== 2) return false;
  if (!isSame(target.elts[0], first) || !isSame(target.elts[1], second) || isSame(first, second)) return false;
  return (
    iter.kind === NodeKind.Call &&
    iter.func.kind === NodeKind.Name &&
    iter.func.id === "zip" &&
    c.isBuiltin("zip") &&
    iter.args.length === 2 &&
    iter.args.every((item) => item.kind !== NodeKind.Starred) &&
    iter.keywords.every((keyword) => keyword.arg === "strict")
  );
}

function isHashed(node: Expr): boolean {
  switch (node.kind) {
    case NodeKind.Set:
    case NodeKind.SetComp:
    case NodeKind.Dict:
    case NodeKind.DictComp:
      return true;
    case NodeKind.Call:
      return node.func.kind === NodeKind.Name && ["set", "frozenset", "dict"].includes(node.func.id);
    default:
      return false;
  }
}
