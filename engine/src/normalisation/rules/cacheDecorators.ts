/**
 * `@lru_cache()` = `@lru_cache`, and `@lru_cache(maxsize=None)` = `@cache`, which is defined as that.
 *
 * Condition: a decorator; the name comes from `functools` and nowhere else; no other arguments than the defaults.
 * Counter-examples: `apply(lru_cache())` and `apply(lru_cache)`, which hand over different functions; a `lru_cache` that
 * is imported from another package where that is there.
 */
import { type Call, ConstantType, type Expr, NodeKind } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";
import type { Chain } from "../chains.ts";
import { calledName } from "../expressions.ts";
import { dottedParts } from "../file.ts";

/** What both spellings of an unbounded cache come to, whatever the file calls it. */
const CACHE: Chain = { kind: "import", level: 0, module: "functools", name: "cache", attrs: [] };

export function cacheDecorator(c: Canonical, node: Expr): Expr | Chain | null {
  const func = node.kind === NodeKind.Call ? node.func : node;
  const parts = dottedParts(func);
  if (parts === null || !isOnlyImport(c, parts[0])) return null;
  const name = calledName(c, func);
  if (node.kind === NodeKind.Call) {
    const size = name === "functools.lru_cache" ? sizeOf(node) : null;
    if (size === "default") return func;
    if (size !== "unbounded") return null;
  } else if (name !== "functools.cache") return null;
  mentionChain(c, func);
  return CACHE;
}

function mentionChain(c: Canonical, func: Expr): void {
  if (func.kind === NodeKind.Name) c.mention(func);
  else if (func.kind === NodeKind.Attribute && func.value.kind === NodeKind.Name) c.mention(func.value, [func.attr]);
}

/** What the arguments of `lru_cache(..)` say, or null when they say anything else. */
function sizeOf(node: Call): "default" | "unbounded" | null {
  const [maxsize, typed, ...more] = node.args;
  let size = maxsize;
  let kind = typed;
  if (more.length > 0) return null;
  for (const { arg, value } of node.keywords) {
    if (arg === "maxsize" && size === undefined) size = value;
    else if (arg === "typed" && kind === undefined) kind = value;
    else return null;
  }
  if (kind !== undefined && !(kind.kind === NodeKind.Constant && kind.type === ConstantType.False)) return null;
  if (size === undefined) return "default";
  if (size.kind !== NodeKind.Constant) return null;
  if (size.type === ConstantType.None) return "unbounded";
  return size.type === ConstantType.Int && size.value === "128" ? "default" : null;
}

/** Whether a name is bound by one import only, at module level or in a function. */
function isOnlyImport(c: Canonical, name: string): boolean {
  if (c.owner(name) !== null) return c.importTargets(name)?.length === 1;
  return c.file.facts.soleImports.has(name);
}
