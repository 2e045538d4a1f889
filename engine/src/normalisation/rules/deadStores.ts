/**
 * An assignment to a local that nothing reads is no statement: `unused = 1`, `unused = [1, 2]`, `unused = x`.
 *
 * Condition: all targets are plain locals of the function, not captured, not deleted, not said in an annotation or as a
 * word of a string (some libraries read their caller's locals by name); the right side is a literal, a display of
 * literals, or a local or parameter that is certainly bound there; the function does not see its locals by name.
 * Counter-examples: `unused = f()`, `unused = x.y`, `a, b = x`, `global unused`, a class body, `x = 1` before
 * `df.query("a > @x")`, and `e = 1; del e`.
 */
import { ScopeKind } from "../../binding/scope.ts";
import { type AnnAssign, type Assign, NodeKind } from "../../syntax/ast.ts";
import { collectAnnotation } from "../annotationReferences.ts";
import type { Canonical } from "../canonical.ts";
import { isLiteralDisplay } from "./effects.ts";
import { localFacts, mayHaveUnread } from "./localFacts.ts";

export function isDeadStore(c: Canonical, node: Assign | AnnAssign): boolean {
  // Asked of every assignment: what is said of the whole function first.
  if (c.scope.kind !== ScopeKind.Function || !mayHaveUnread(c.scope)) return false;
  if (node.value === null || c.keepsNames) return false;
  if (node.value.kind !== NodeKind.Name && !isLiteralDisplay(node.value)) return false;
  const [target] = node.kind === NodeKind.Assign ? node.targets : [node.target];
  if (target.kind !== NodeKind.Name) return false;
  if (!localFacts(c, c.scope).dead.has(node)) return false;
  // The classes that its annotation names are references like any other (M4.5).
  if (node.kind === NodeKind.AnnAssign) collectAnnotation(c, node.annotation);
  return true;
}
