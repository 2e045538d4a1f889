/**
 * Ways out. `return None` = `return`; a `return` at the end of a function = falling off it; `else` after a branch that
 * always leaves = the code after it; code after a statement that leaves is never reached.
 *
 * Condition for `else`: the branch ends in `return`, `raise`, `break` or `continue`, in an `if` whose two branches do, or in
 * a `try` of such. Not a `with`, which may swallow an exception and go on. Unreached code is dropped where it can't matter
 * to the compiler: see `unreached.ts`. A `return` in a `finally` stays: it swallows exceptions.
 * Counter-examples: `if x: f()` / `else: g()`; `while x: return`.
 */
import { ConstantType, type ExceptHandler, type If, NodeKind, type Return, type Stmt } from "../../syntax/ast.ts";
import { newIf, newReturn } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { counted, isIgnored } from "../statements.ts";

/** `return None` as `return`; null when it is neither. */
export function plainReturn(node: Return): Return | null {
  const { value } = node;
  if (value === null || value.kind !== NodeKind.Constant || value.type !== ConstantType.None) return null;
  return newReturn(node.start, node.end, null);
}

/** The statements that an `if` with an `else` after a leaving branch stands for; null where it does not leave. */
export function withoutElse(c: Canonical, node: If): readonly Stmt[] | null {
  if (node.orelse.length === 0 || !alwaysLeaves(c, node.body)) return null;
  return [newIf(node.start, node.end, node.test, node.body, []), ...counted(c, node.orelse)];
}

/** Whether a statement leaves the list that it stands in. */
export function isExit(statement: Stmt): boolean {
  switch (statement.kind) {
    case NodeKind.Return:
    case NodeKind.Raise:
    case NodeKind.Break:
    case NodeKind.Continue:
      return true;
    default:
      return false;
  }
}

/** Whether a list is never run to its end. Ignored statements (manifest §7) are not there. */
function alwaysLeaves(c: Canonical, statements: readonly Stmt[]): boolean {
  for (let i = 0; i < statements.length; i++) {
    if (!isIgnored(c.file, statements[i]) && leaves(c, statements[i])) return true;
  }
  return false;
}

function leaves(c: Canonical, statement: Stmt): boolean {
  switch (statement.kind) {
    case NodeKind.If:
      return ifLeaves(c, statement);
    case NodeKind.Try:
      return (alwaysLeaves(c, statement.body) || alwaysLeaves(c, statement.orelse)) && allLeave(c, statement.handlers);
    default:
      return isExit(statement);
  }
}

function allLeave(c: Canonical, handlers: readonly ExceptHandler[]): boolean {
  return handlers.every((handler) => alwaysLeaves(c, handler.body));
}

/** `elif` chains run to thousands: walked in a loop. */
function ifLeaves(c: Canonical, first: If): boolean {
  let node = first;
  while (node.orelse.length > 0 && alwaysLeaves(c, node.body)) {
    const [next] = node.orelse;
    if (node.orelse.length > 1 || next.kind !== NodeKind.If || isIgnored(c.file, next))
      return alwaysLeaves(c, node.orelse);
    node = next;
  }
  return false;
}
