/**
 * `super(C, self)` and `super(C, cls)` = `super()`.
 *
 * Condition: directly in a method of a class C (not in an inner function, lambda or comprehension); the second argument is
 * the method's first parameter, which is never rebound; `C` means this class: it is not nested in another class, nothing
 * in the file binds the name again, and neither a decorator nor a metaclass can put another class in its place.
 * Counter-examples: `super(B, self)` in a class that derives from B; in `@dataclass(slots=True) class C`, where `C` is not
 * the class that `super()` means; `super(C, self)` in a nested function, whose `super()` has no arguments to take.
 */
import { ScopeKind } from "../../binding/scope.ts";
import { type Call, type ClassDef, type Expr, type FunctionNode, NodeKind } from "../../syntax/ast.ts";
import { newCall } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { dottedName } from "../file.ts";
import { bindings } from "./bindings.ts";

const PLAIN_METACLASSES = new Set(["builtins.type", "abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"]);

export function superArguments(c: Canonical, node: Call): Expr | null {
  if (node.args.length !== 2 || node.keywords.length > 0) return null;
  const [type, object] = node.args;
  if (type.kind !== NodeKind.Name || object.kind !== NodeKind.Name || type.id.startsWith("__")) return null;
  if (c.scope.kind !== ScopeKind.Function || c.file.facts.hasStar) return null;
  const method = c.scope.node as FunctionNode;
  const first = method.args.posonlyargs[0] ?? method.args.args[0];
  if (first === undefined || first.arg !== object.id) return null;
  const around = classAround(c);
  if (around === null || around.name !== type.id || !isItself(c, around)) return null;
  if (bindings(method, object.id) !== 1) return null;
  c.mention(type);
  return newCall(node.start, node.end, node.func, [], []);
}

/** The class whose body the present method stands in, when that class stands in a module or function. */
function classAround(c: Canonical): ClassDef | null {
  let scope = c.scope.parent;
  if (scope?.kind === ScopeKind.TypeParameters) scope = scope.parent;
  if (scope === null || scope.kind !== ScopeKind.Class) return null;
  let outer = scope.parent;
  if (outer?.kind === ScopeKind.TypeParameters) outer = outer.parent;
  const isVisible = outer !== null && (outer.kind === ScopeKind.Module || outer.kind === ScopeKind.Function);
  return isVisible ? (scope.node as ClassDef) : null;
}

/** Whether a class' name means the class that its own methods' `super()` means. */
function isItself(c: Canonical, node: ClassDef): boolean {
  if (node.decorator_list.length > 0) return false;
  for (const { arg, value } of node.keywords) {
    if (arg === null) return false;
    if (arg === "metaclass" && !PLAIN_METACLASSES.has(dottedName(c.file, value) ?? "")) return false;
  }
  return c.file.facts.bindingCounts.get(node.name) === 1;
}
