/**
 * `@lru_cache()` = `@lru_cache`, and `@lru_cache(maxsize=None)` = `@cache`, which is defined as that.
 *
 * Condition: a decorator; the name comes from `functools` and nowhere else; no other arguments than the defaults.
 * Counter-examples: `apply(lru_cache())` and `apply(lru_cache)`, which hand over different functions; a `lru_cache` that
 * is imported from another package where that is there.
 */
import { type Call, ConstantType, type Expr, NodeKind } from "../../syntax/ast.ts";
import { newAttribute } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import type { Chain } from "../chains.ts";
import { calledName } from "../expressions.ts";
import { dottedParts } from "../file.ts";
import { importBindings } from "../functionScope.ts";

/** `functools.cache`, where the file itself has no name for it. */
const CACHE: Chain = { kind: "import", level: 0, module: "functools", name: "cache", attrs: [] };

export function cacheDecorator(c: Canonical, node: Expr): Expr | Chain | null {
  if (node.kind !== NodeKind.Call) return null;
  const { func } = node;
  if (func.kind !== NodeKind.Attribute && func.kind !== NodeKind.Name) return null;
  if (calledName(c, func) !== "functools.lru_cache" || !isOnlyImport(c, func)) return null;
  const size = sizeOf(node);
  if (size === "default") return func;
  if (size !== "unbounded") return null;
  return func.kind === NodeKind.Attribute ? newAttribute(func.start, func.end, func.value, "cache", func.ctx) : CACHE;
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

/** Whether the module-level name that a chain starts with is bound by one import only. */
function isOnlyImport(c: Canonical, func: Expr): boolean {
  const head = dottedParts(func)?.[0];
  if (head === undefined) return false;
  if (c.owner(head) !== null) return true;
  const module = c.file.scopes.module.node;
  return module.kind === NodeKind.Module && importBindings(module.body).get(head)?.length === 1;
}
