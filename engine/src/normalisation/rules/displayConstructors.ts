/**
 * A constructor around a display is the display: `set([a, b])`, `set((a, b))` = `{a, b}`; `list((a, b))` = `[a, b]`;
 * `tuple([a, b])` = `(a, b)`; `dict({..})`, `dict(a=1)`, `dict([("a", 1)])` = `{"a": 1}`.
 *
 * Condition: the builtin, nothing else handed over. Sets and pairs: no `*`, and few enough elements that CPython evaluates
 * all of them before it hashes the first (beyond, they must be inert). Counter-examples: `set({a, b})`, whose table, and so
 * its order, may differ from `{a, b}`; `dict(**x)`; `dict(x, a=1)`; `dict(__a=1)` in a class.
 */
import { type Call, ConstantType, Context, type Expr, type Name, NodeKind } from "../../syntax/ast.ts";
import { newCall, newConstant, newDict, newList, newSet, newTuple } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isInert } from "./effects.ts";
import { canonicalForm } from "./forms.ts";

/** Elements that CPython puts on the stack before it builds a display (STACK_USE_GUIDELINE in Python/codegen.c). */
const AT_ONCE = 30;

export function displayConstructor(c: Canonical, node: Call, builtin: string): Expr | null {
  const made = displayOf(c, node, builtin);
  if (made !== null && made.kind !== NodeKind.Call) c.mention(node.func as Name);
  return made;
}

function displayOf(c: Canonical, node: Call, builtin: string): Expr | null {
  if (builtin === "dict" && node.args.length === 0) return keywordDict(node);
  if (node.args.length !== 1 || node.keywords.length > 0) return null;
  const value = canonicalForm(c, node.args[0]);
  if (builtin === "dict" && (value.kind === NodeKind.Dict || value.kind === NodeKind.DictComp)) return value;
  if (value.kind !== NodeKind.List && value.kind !== NodeKind.Tuple) return null;
  const elts = value.elts;
  switch (builtin) {
    case "list":
      return value.kind === NodeKind.List ? value : newList(node.start, node.end, elts, Context.Load);
    case "tuple":
      return value.kind === NodeKind.Tuple ? value : newTuple(node.start, node.end, elts, Context.Load);
    case "set":
      if (elts.length === 0) return newCall(node.start, node.end, node.func, [], []);
      if (!areHashedLast(c, elts, 1)) return null;
      return newSet(node.start, node.end, elts);
    case "dict":
      return pairsDict(c, node, elts);
    default:
      return null;
  }
}

function areHashedLast(c: Canonical, elts: readonly Expr[], perElement: number): boolean {
  if (elts.some((item) => item.kind === NodeKind.Starred)) return false;
  return elts.length * perElement <= AT_ONCE || elts.every((item) => isInert(c, item));
}

function keywordDict(node: Call): Expr | null {
  if (node.keywords.length === 0) return null;
  const keys: Expr[] = [];
  for (const { arg, start } of node.keywords) {
    if (arg === null || arg.startsWith("__")) return null;
    keys.push(newConstant(start, start, ConstantType.Str, arg, null, false));
  }
  return newDict(
    node.start,
    node.end,
    keys,
    node.keywords.map((keyword) => keyword.value),
  );
}

function pairsDict(c: Canonical, node: Call, elts: readonly Expr[]): Expr | null {
  const keys: Expr[] = [];
  const values: Expr[] = [];
  for (const pair of elts) {
    if ((pair.kind !== NodeKind.Tuple && pair.kind !== NodeKind.List) || pair.elts.length !== 2) return null;
    if (pair.elts.some((item) => item.kind === NodeKind.Starred)) return null;
    keys.push(pair.elts[0]);
    values.push(pair.elts[1]);
  }
  if (elts.length * 2 > AT_ONCE && ![...keys, ...values].every((item) => isInert(c, item))) return null;
  return newDict(node.start, node.end, keys, values);
}
