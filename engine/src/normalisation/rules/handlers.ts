/**
 * `except E as name` = `except E` where nothing reads the name; builtin exceptions named twice in an `except` count once.
 *
 * Condition: a plain local of the function that nothing reads or deletes. At the end of the handler the name is deleted,
 * so one that is read anywhere stays, even where this handler does not read it. Counter-examples: `e = 1` before and
 * `return e` after; `global e`; a handler at module level or in a class.
 */
import { mangle } from "../../binding/mangling.ts";
import { ScopeKind } from "../../binding/scope.ts";
import { type ExceptHandler, NodeKind, type Try, type TryStar } from "../../syntax/ast.ts";
import { newExceptHandler, newTry, newTryStar } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { repeatedException } from "./exceptionAliases.ts";
import { localFacts, mayHaveUnread } from "./localFacts.ts";

export function plainHandlers(c: Canonical, node: Try | TryStar): Try | TryStar | null {
  if (node.handlers.length === 0) return null;
  const handlers = node.handlers.map((handler) => plainHandler(c, handler));
  if (handlers.every((handler, i) => handler === node.handlers[i])) return null;
  const make = node.kind === NodeKind.Try ? newTry : newTryStar;
  return make(node.start, node.end, node.body, handlers, node.orelse, node.finalbody);
}

function plainHandler(c: Canonical, handler: ExceptHandler): ExceptHandler {
  const type = handler.type === null ? null : repeatedException(c, handler.type);
  const drops = handler.name !== null && isUnread(c, handler.name);
  if (type === null && !drops) return handler;
  return newExceptHandler(handler.start, handler.end, type ?? handler.type, drops ? null : handler.name, handler.body);
}

function isUnread(c: Canonical, id: string): boolean {
  if (c.scope.kind !== ScopeKind.Function || c.keepsNames || !mayHaveUnread(c.scope)) return false;
  return localFacts(c, c.scope).unread.has(mangle(id, c.scope.mangleWith));
}
