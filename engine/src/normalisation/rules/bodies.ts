/**
 * Which rules concern which statement, and the walk over a statement list that runs them until none fires. A statement may
 * vanish, become another, or become several; a list that no rule concerns is given back as it is.
 */
import { type AsyncFor, type For, NodeKind, type Stmt } from "../../syntax/ast.ts";
import { newFor } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { returnOfAssigned } from "./assignThenReturn.ts";
import { conditionalAssignment } from "./conditionalAssignment.ts";
import { isDeadStore } from "./deadStores.ts";
import { flatDelete } from "./deletedTargets.ts";
import { dictOfKeys } from "./dictKeys.ts";
import { plainHandlers } from "./handlers.ts";
import { isExit, plainReturn, withoutElse } from "./leaving.ts";
import { mergedWith } from "./nestedWith.ts";
import { hasNoEffect, withoutIdleElse } from "./noEffect.ts";
import { constantIf, constantWhile, leaveOut } from "./unreached.ts";

const GONE: readonly Stmt[] = [];

/** Gives the canonical spelling of a statement list. `tail`: falling off its end leaves the function. */
export function rewriteBody(c: Canonical, statements: readonly Stmt[], tail: boolean): readonly Stmt[] {
  const first = firstConcerned(c, statements, tail);
  const out = first < 0 ? statements : rewriteFrom(c, statements, first, tail);
  return tail ? withoutLastReturn(out) : out;
}

/** Index of the first statement that a rule concerns, or -1. */
function firstConcerned(c: Canonical, statements: readonly Stmt[], tail: boolean): number {
  for (let i = 0; i < statements.length; i++) {
    const item = statements[i];
    if (rewriteStatement(c, item, tail && i === statements.length - 1) !== null) return i;
    if (i > 0 && item.kind === NodeKind.Return && returnOfAssigned(c, statements[i - 1], item) !== null) return i;
    if (isExit(item) && i < statements.length - 1) return i;
  }
  return -1;
}

function rewriteFrom(c: Canonical, statements: readonly Stmt[], first: number, tail: boolean): Stmt[] {
  const out = statements.slice(0, first);
  const pending = statements.slice(first).reverse();
  while (pending.length > 0) {
    const item = pending.pop() as Stmt;
    const made = rewriteStatement(c, item, tail && pending.length === 0);
    if (made !== null) {
      for (let i = made.length - 1; i >= 0; i--) pending.push(made[i]);
      continue;
    }
    const merged = item.kind === NodeKind.Return ? returnOfAssigned(c, out[out.length - 1], item) : null;
    if (merged !== null) {
      out.pop();
      pending.push(merged);
      continue;
    }
    out.push(item);
    if (isExit(item) && pending.length > 0 && leaveOut(c, pending)) break;
  }
  return out;
}

/** What a statement becomes by the first rule that fires; null when none does. `atEnd`: after it the function is left. */
function rewriteStatement(c: Canonical, node: Stmt, atEnd: boolean): readonly Stmt[] | null {
  switch (node.kind) {
    case NodeKind.Pass:
      return GONE;
    case NodeKind.Expr:
      return hasNoEffect(node) ? GONE : null;
    case NodeKind.Return:
      return one(plainReturn(node));
    case NodeKind.Assign:
    case NodeKind.AnnAssign:
      return isDeadStore(c, node) ? GONE : null;
    case NodeKind.Delete:
      return one(flatDelete(node));
    case NodeKind.If:
      return (
        constantIf(c, node) ??
        one(withoutIdleElse(c, node, atEnd)) ??
        one(conditionalAssignment(c, node)) ??
        withoutElse(c, node)
      );
    case NodeKind.While:
      return constantWhile(c, node) ?? one(withoutIdleElse(c, node, atEnd));
    case NodeKind.For:
    case NodeKind.AsyncFor:
      return one(withoutIdleElse(c, node, atEnd)) ?? one(overDict(c, node));
    case NodeKind.With:
    case NodeKind.AsyncWith:
      return one(mergedWith(c, node));
    case NodeKind.Try:
    case NodeKind.TryStar:
      return one(withoutIdleElse(c, node, atEnd)) ?? one(plainHandlers(c, node));
    default:
      return null;
  }
}

function one(made: Stmt | null): readonly Stmt[] | null {
  return made === null ? null : [made];
}

/** `for k in d.keys()`: see `dictKeys.ts`. */
function overDict(c: Canonical, node: For | AsyncFor): Stmt | null {
  const dict = node.kind === NodeKind.For ? dictOfKeys(c, node.iter) : null;
  return dict === null ? null : newFor(node.start, node.end, node.target, dict, node.body, node.orelse);
}

function withoutLastReturn(statements: readonly Stmt[]): readonly Stmt[] {
  let end = statements.length;
  while (end > 0 && isBareReturn(statements[end - 1])) end--;
  return end === statements.length ? statements : statements.slice(0, end);
}

function isBareReturn(statement: Stmt): boolean {
  return statement.kind === NodeKind.Return && statement.value === null;
}
