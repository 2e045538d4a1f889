/**
 * `IOError` and `EnvironmentError` are other names of `OSError`.
 * Condition: the builtins. Counter-examples: a module that defines its own `IOError`; `socket.error`, since a project may
 * have a `socket` of its own; `WindowsError`, which is there on Windows only.
 *
 * In an `except`, a tuple of builtin exceptions counts each once, and a tuple of one is that one.
 */
import { Context, type Expr, type Name, NodeKind } from "../../syntax/ast.ts";
import { newTuple } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";

const ALIASES = new Set(["IOError", "EnvironmentError"]);

/** By its spelling alone; most names are no longer looked at. */
export function isExceptionAlias({ id }: Name): boolean {
  return (id.length === 7 || id.length === 16) && ALIASES.has(id);
}

export function exceptionAlias(c: Canonical, node: Name): Expr | null {
  if (!ALIASES.has(node.id) || node.ctx !== Context.Load) return null;
  if (!c.isBuiltin(node.id) || !c.isBuiltin("OSError")) return null;
  c.mention(node);
  return c.builtinName(node, "OSError");
}

/** The type of a handler, when it is a tuple that says a builtin exception twice, or only one; else null. */
export function repeatedException(c: Canonical, type: Expr): Expr | null {
  if (type.kind !== NodeKind.Tuple || type.elts.length === 0) return null;
  const seen = new Set<string>();
  const kept: Expr[] = [];
  const dropped: Name[] = [];
  for (const item of type.elts) {
    if (item.kind !== NodeKind.Name || !/(?:Error|Exception|Interrupt|Exit|Iteration|Warning)$/.test(item.id))
      return null;
    if (!c.isBuiltin(item.id)) return null;
    const id = ALIASES.has(item.id) ? "OSError" : item.id;
    if (seen.has(id)) dropped.push(item);
    else kept.push(item);
    seen.add(id);
  }
  if (dropped.length === 0 && kept.length > 1) return null;
  for (const item of dropped) c.mention(item);
  return kept.length === 1 ? kept[0] : newTuple(type.start, type.end, kept, Context.Load);
}
