/**
 * `r = e; return r` = `return e`.
 *
 * Condition: r is a plain local of the function: not captured, `global` or `nonlocal`; nothing that runs after the `return`
 * reads it; the function does not see its locals by name. Counter-examples: `global r`; a closure over r; `try: r = f();
 * return r` with `finally: log(r)`, or around a `with` whose `__exit__` raises what a handler that reads r catches;
 * `r.x = e; return r.x`; `r += e; return r`.
 */
import { mangle } from "../../binding/mangling.ts";
import { Resolution, ScopeKind } from "../../binding/scope.ts";
import { type Expr, NodeKind, type Return, type Stmt } from "../../syntax/ast.ts";
import { newReturn } from "../../syntax/nodes.ts";
import { collectAnnotation } from "../annotationReferences.ts";
import type { Canonical } from "../canonical.ts";
import { localFacts } from "./localFacts.ts";

/** The `return` that an assignment and the `return` after it come to; null where they stay two. */
export function returnOfAssigned(c: Canonical, before: Stmt | undefined, after: Stmt): Return | null {
  if (before === undefined || after.kind !== NodeKind.Return || after.value?.kind !== NodeKind.Name) return null;
  const value = assignedTo(before, after.value.id);
  if (value === null || c.scope.kind !== ScopeKind.Function || c.keepsNames) return null;
  const name = mangle(after.value.id, c.scope.mangleWith);
  if (c.scope.symbols.get(name)?.resolution !== Resolution.Local) return null;
  const facts = localFacts(c, c.scope);
  if (facts.seesFrames || facts.readOnTheWayOut.has(name)) return null;
  if (before.kind === NodeKind.AnnAssign) collectAnnotation(c, before.annotation);
  return newReturn(before.start, after.end, value);
}

function assignedTo(statement: Stmt, name: string): Expr | null {
  let target: Expr;
  if (statement.kind === NodeKind.Assign && statement.targets.length === 1) [target] = statement.targets;
  else if (statement.kind === NodeKind.AnnAssign) ({ target } = statement);
  else return null;
  return target.kind === NodeKind.Name && target.id === name ? statement.value : null;
}
