/**
 * A constructor around a generator or list comprehension is the comprehension: `set(e for v in xs)`, `set([e for v in xs])`
 * = `{e for v in xs}`; `dict((k, v) for ..)` = `{k: v for ..}`; `list(e for v in xs)` = `[e for v in xs]`, and `tuple` and
 * `sorted` of a generator = of the list.
 *
 * Condition: the builtin and nothing else handed over (to `sorted`, only what is inert); nothing in it awaits or looks at
 * its frame. A `StopIteration` from within a generator becomes a `RuntimeError`, from a comprehension it does not: so
 * `list`, `tuple` and `sorted` need an inside that can't raise it (`stopping.ts`), `set` and `dict` code that does not speak of `next`.
 * Counter-examples: `list(next(it) for _ in xs)`, `list(v.x for v in xs)`, `set(v async for v in xs)`.
 */
import {
  type AnyNode,
  type Call,
  type Expr,
  type GeneratorExp,
  type ListComp,
  type Name,
  NodeKind,
} from "../../syntax/ast.ts";
import { newCall, newDictComp, newListComp, newSetComp } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isFrameFree, isInert, speaksOfNext } from "./effects.ts";
import { canonicalForm } from "./forms.ts";
import { cannotStop } from "./stopping.ts";

export function comprehensionConstructor(c: Canonical, node: Call, builtin: string): Expr | null {
  if (node.args.length !== 1) return null;
  if (builtin === "sorted") {
    if (!node.keywords.every((keyword) => keyword.arg !== null && isInert(c, keyword.value))) return null;
  } else if (node.keywords.length > 0) return null;
  const inner = canonicalForm(c, node.args[0]);
  if (inner.kind !== NodeKind.GeneratorExp && inner.kind !== NodeKind.ListComp) return null;
  const made = comprehensionOf(c, node, builtin, inner);
  if (made !== null && made.kind !== NodeKind.Call) c.mention(node.func as Name);
  return made;
}

function comprehensionOf(c: Canonical, node: Call, builtin: string, inner: GeneratorExp | ListComp): Expr | null {
  const { start, end, elt, generators } = inner;
  const isGenerator = inner.kind === NodeKind.GeneratorExp;
  const parts = partsOf(inner);
  if (builtin === "set" || builtin === "dict") {
    if (!isFrameFree(parts) || (isGenerator && speaksOfNext(parts))) return null;
    let made: Expr;
    if (builtin === "set") made = newSetComp(start, end, elt, generators);
    else {
      const pair = elt.kind === NodeKind.Tuple || elt.kind === NodeKind.List ? elt.elts : [];
      if (pair.length !== 2 || pair.some((item) => item.kind === NodeKind.Starred)) return null;
      made = newDictComp(start, end, pair[0], pair[1], generators);
    }
    c.aliasScope(made, inner);
    return made;
  }
  if (!isGenerator) return builtin === "list" ? inner : null;
  if (!isFrameFree(parts) || !cannotStop(c, [elt], generators)) return null;
  const list = newListComp(start, end, elt, generators);
  c.aliasScope(list, inner);
  return builtin === "list" ? list : newCall(node.start, node.end, node.func, [list], node.keywords);
}

/** What runs inside a comprehension: all but its first iterable. */
function partsOf(node: GeneratorExp | ListComp): AnyNode[] {
  const [first, ...rest] = node.generators;
  const parts: AnyNode[] = [node.elt, first.target, ...first.ifs, ...rest];
  return first.is_async === 1 ? [first, ...parts] : parts;
}
