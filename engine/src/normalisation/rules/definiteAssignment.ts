/**
 * Whether a name is certainly assigned before a statement runs: by an assignment that stands before it in its own list or
 * in one around it, or by the head of the loop or `with` it stands in. Names that are deleted somewhere are not asked about.
 */
import { type Expr, NodeKind, type Stmt } from "../../syntax/ast.ts";
import { innerBodies } from "../functionScope.ts";

/** `isName` tells the name; `body` is the function's, `statement` stands in it at any depth. */
export function isAssignedBefore(isName: (id: string) => boolean, body: readonly Stmt[], statement: Stmt): boolean {
  let list: readonly Stmt[] | undefined = body;
  while (list !== undefined) {
    let next: readonly Stmt[] | undefined;
    for (const item of list) {
      if (item === statement) return false;
      if (holds(item, statement)) {
        if (headBinds(item, statement, isName)) return true;
        next = innerBodies(item).find((inner) => inner.some((part) => holds(part, statement)));
        break;
      }
      if (assigns(item, isName)) return true;
    }
    list = next;
  }
  return false;
}

function holds(outer: Stmt, inner: Stmt): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function assigns(item: Stmt, isName: (id: string) => boolean): boolean {
  if (item.kind === NodeKind.Assign) return item.targets.some((target) => isTarget(target, isName));
  return item.kind === NodeKind.AnnAssign && item.value !== null && isTarget(item.target, isName);
}

/** The target of a `for` is bound inside its body, those of a `with` too. */
function headBinds(item: Stmt, statement: Stmt, isName: (id: string) => boolean): boolean {
  switch (item.kind) {
    case NodeKind.For:
    case NodeKind.AsyncFor:
      return item.body.some((part) => holds(part, statement)) && isTarget(item.target, isName);
    case NodeKind.With:
    case NodeKind.AsyncWith:
      return item.items.some(({ optional_vars }) => optional_vars !== null && isTarget(optional_vars, isName));
    default:
      return false;
  }
}

function isTarget(target: Expr, isName: (id: string) => boolean): boolean {
  switch (target.kind) {
    case NodeKind.Name:
      return isName(target.id);
    case NodeKind.Tuple:
    case NodeKind.List:
      return target.elts.some((item) => isTarget(item, isName));
    case NodeKind.Starred:
      return isTarget(target.value, isName);
    default:
      return false;
  }
}
