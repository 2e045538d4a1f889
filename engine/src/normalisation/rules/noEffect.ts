/**
 * Statements that do nothing: `pass` and `...` beside others, and expression statements that are literals or displays of
 * literals. An `else` or `finally` of nothing else is none; at a function's end a bare `return` does nothing either.
 *
 * Condition: literals only. Counter-examples, all kept: a bare name (it may not be bound), `x == 1`, `x.y`, `x[0]`, `-x`,
 * `f()`, `{[]: 1}`, which fails; `finally: return`, which swallows exceptions.
 */
import { ConstantType, NodeKind, type Stmt, type Try, type TryStar } from "../../syntax/ast.ts";
import { newAsyncFor, newFor, newIf, newTry, newTryStar, newWhile } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isIgnored } from "../statements.ts";
import { isLiteralDisplay } from "./effects.ts";

export function hasNoEffect(statement: Stmt): boolean {
  return statement.kind === NodeKind.Pass || (statement.kind === NodeKind.Expr && isLiteralDisplay(statement.value));
}

/** A compound statement without its idle `else`; null when it has none. `atEnd`: after it the function is left. */
export function withoutIdleElse(c: Canonical, node: Stmt, atEnd: boolean): Stmt | null {
  switch (node.kind) {
    case NodeKind.If:
      return isIdle(c, node.orelse, atEnd) ? newIf(node.start, node.end, node.test, node.body, []) : null;
    case NodeKind.While:
      return isIdle(c, node.orelse, atEnd) ? newWhile(node.start, node.end, node.test, node.body, []) : null;
    case NodeKind.For:
      return isIdle(c, node.orelse, atEnd) ? newFor(node.start, node.end, node.target, node.iter, node.body, []) : null;
    case NodeKind.AsyncFor:
      return isIdle(c, node.orelse, atEnd)
        ? newAsyncFor(node.start, node.end, node.target, node.iter, node.body, [])
        : null;
    case NodeKind.Try:
    case NodeKind.TryStar:
      return tryWithoutIdleParts(c, node, atEnd);
    default:
      return null;
  }
}

/** Whether a part is there, but nothing in it does anything. */
function isIdle(c: Canonical, statements: readonly Stmt[], atEnd: boolean): boolean {
  for (let i = 0; i < statements.length; i++) {
    const item = statements[i];
    if (!hasNoEffect(item) && !(atEnd && returnsNone(item)) && !isIgnored(c.file, item)) return false;
  }
  return statements.length > 0;
}

function returnsNone(statement: Stmt): boolean {
  if (statement.kind !== NodeKind.Return) return false;
  const { value } = statement;
  return value === null || (value.kind === NodeKind.Constant && value.type === ConstantType.None);
}

/** A `try` needs a handler or a `finally`: without handlers, that stays. */
function tryWithoutIdleParts(c: Canonical, node: Try | TryStar, atEnd: boolean): Stmt | null {
  const dropsElse = isIdle(c, node.orelse, atEnd);
  const dropsFinally = node.handlers.length > 0 && isIdle(c, node.finalbody, false);
  if (!dropsElse && !dropsFinally) return null;
  const make = node.kind === NodeKind.Try ? newTry : newTryStar;
  const orelse = dropsElse ? [] : node.orelse;
  return make(node.start, node.end, node.body, node.handlers, orelse, dropsFinally ? [] : node.finalbody);
}
