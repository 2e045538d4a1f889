/**
 * `list(map(lambda v: e, xs))` = `[e for v in xs]`, and so for `set`, and for `dict` where `e` is a pair.
 *
 * Condition: both are builtins; the lambda has one plain parameter, which no inner function captures (each call has its
 * own variable, a comprehension only one); `e` binds nothing, does not look at its frame, and can't raise `StopIteration`,
 * which would end the `map` quietly. Counter-examples: `list(map(f, xs))`, `list(map(lambda v: next(it), xs))`,
 * `list(map(lambda v: lambda: v, xs))`, `map(lambda v: e, xs)` alone.
 */
import { mangle } from "../../binding/mangling.ts";
import { Resolution } from "../../binding/scope.ts";
import {
  type Call,
  type Comprehension,
  Context,
  type Expr,
  type Lambda,
  type Name,
  NodeKind,
} from "../../syntax/ast.ts";
import { walk } from "../../syntax/index.ts";
import { newComprehension, newDictComp, newListComp, newName, newSetComp } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isFrameFree } from "./effects.ts";
import { cannotStop } from "./stopping.ts";

export function mapOfLambda(c: Canonical, node: Call, builtin: string): Expr | null {
  if (node.args.length !== 1 || node.keywords.length > 0) return null;
  const [inner] = node.args;
  if (inner.kind !== NodeKind.Call || inner.func.kind !== NodeKind.Name || inner.func.id !== "map") return null;
  if (inner.args.length !== 2 || inner.keywords.length > 0 || !c.isBuiltin("map")) return null;
  const [lambda, source] = inner.args;
  if (lambda.kind !== NodeKind.Lambda || source.kind === NodeKind.Starred) return null;
  const parameter = onlyParameter(lambda);
  if (parameter === null) return null;
  const { start, end, body } = lambda;
  const loop = [newComprehension(start, end, newName(start, end, parameter, Context.Store), source, [], 0)];
  if (!isMovable(c, lambda, parameter, loop)) return null;
  let made: Expr;
  if (builtin === "list") made = newListComp(start, end, body, loop);
  else if (builtin === "set") made = newSetComp(start, end, body, loop);
  else {
    if (body.kind !== NodeKind.Tuple || body.elts.length !== 2) return null;
    if (body.elts.some((item) => item.kind === NodeKind.Starred)) return null;
    made = newDictComp(start, end, body.elts[0], body.elts[1], loop);
  }
  c.aliasScope(made, lambda);
  c.mention(inner.func);
  c.mention(node.func as Name);
  return made;
}

function onlyParameter({ args }: Lambda): string | null {
  if (args.vararg !== null || args.kwarg !== null || args.kwonlyargs.length > 0 || args.defaults.length > 0)
    return null;
  const all = [...args.posonlyargs, ...args.args];
  return all.length === 1 ? all[0].arg : null;
}

function isMovable(c: Canonical, lambda: Lambda, parameter: string, loop: readonly Comprehension[]): boolean {
  const scope = c.scopeOf(lambda);
  const symbol = scope?.symbols.get(mangle(parameter, scope.mangleWith));
  if (symbol?.resolution !== Resolution.Local) return false;
  let binds = false;
  walk(lambda.body, (node) => {
    if (node.kind === NodeKind.NamedExpr) binds = true;
  });
  return !binds && isFrameFree([lambda.body]) && cannotStop(c, [lambda.body], loop);
}
