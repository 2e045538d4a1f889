/**
 * Statements that do nothing: `pass` and `...` beside others, and expression statements that are literals or displays of
 * literals. An `else` or `finally` of nothing else is none.
 *
 * Condition: literals only. Counter-examples, all kept: a bare name (it may not be bound), `x == 1`, `x.y`, `x[0]`, `-x`,
 * `f()`, `{[]: 1}`, which fails.
 */
import { NodeKind, type Stmt, type Try, type TryStar } from "../../syntax/ast.ts";
import { newAsyncFor, newFor, newIf, newTry, newTryStar, newWhile } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isIgnored } from "../statements.ts";
import { isLiteralDisplay } from "./effects.ts";

export function hasNoEffect(statement: Stmt): boolean {
  return statement.kind === NodeKind.Pass || (statement.kind === NodeKind.Expr && isLiteralDisplay(statement.value));
}

/** Whether a part is there, but nothing in it does anything. */
function isIdle(c: Canonical, statements: readonly Stmt[]): boolean {
  return statements.length > 0 && statements.every((item) => hasNoEffect(item) || isIgnored(c.file, item));
}

/** A compound statement without its idle `else`; null when it has none. */
export function withoutIdleElse(c: Canonical, node: Stmt): Stmt | null {
  switch (node.kind) {
    case NodeKind.If:
      return isIdle(c, node.orelse) ? newIf(node.start, node.end, node.test, node.body, []) : null;
    case NodeKind.While:
      return isIdle(c, node.orelse) ? newWhile(node.start, node.end, node.test, node.body, []) : null;
    case NodeKind.For:
      return isIdle(c, node.orelse) ? newFor(node.start, node.end, node.target, node.iter, node.body, []) : null;
    case NodeKind.AsyncFor:
      return isIdle(c, node.orelse) ? newAsyncFor(node.start, node.end, node.target, node.iter, node.body, []) : null;
    case NodeKind.Try:
    case NodeKind.TryStar:
      return tryWithoutIdleParts(c, node);
    default:
      return null;
  }
}

/** A `try` needs a handler or a `finally`: without handlers, that stays. */
function tryWithoutIdleParts(c: Canonical, node: Try | TryStar): Stmt | null {
  const dropsElse = isIdle(c, node.orelse);
  const dropsFinally = node.handlers.length > 0 && isIdle(c, node.finalbody);
  if (!dropsElse && !dropsFinally) return null;
  const make = node.kind === NodeKind.Try ? newTry : newTryStar;
  const orelse = dropsElse ? [] : node.orelse;
  return make(node.start, node.end, node.body, node.handlers, orelse, dropsFinally ? [] : node.finalbody);
}
