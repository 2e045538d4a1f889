/**
 * First pass over annotations and type parameters, which are read in implicit scopes of their own (PEP 649, PEP 695, PEP 696).
 *
 * As CPython 3.14 has it; with `annotationScopes` off annotations are read where they stand, as up to 3.13. Under
 * `from __future__ import annotations` their scopes stay apart from the tree: they change nothing around them.
 */
import { type Expr, type FunctionNode, NodeKind, type TypeParam } from "../syntax/ast.ts";
import { ASSIGNED, type BoundScope, type Collection, isFunctionBlock } from "./collection.ts";
import { visitExpr, visitStarrable } from "./expressions.ts";
import { checkTypeParameterDefaults } from "./placement.ts";
import { ScopeKind, SymbolFlag } from "./scope.ts";

/** The annotation of an assignment. One scope holds those of a whole body; in a function they are never evaluated (PEP 649). */
export function visitAnnotation(c: Collection, annotation: Expr): void {
  if (!c.annotationScopes && !c.futureAnnotations) {
    visitExpr(c, annotation);
    return;
  }
  const owner = c.scope;
  let scope = owner.annotations;
  if (scope === null) {
    scope = c.enter(ScopeKind.Annotation, "__annotate__", owner.node);
    owner.annotations = scope;
    if (owner.kind === ScopeKind.Class) scope.seesClass = true;
  } else {
    c.reenter(scope);
  }
  c.implicitScopes.set(annotation, scope);
  if (isFunctionBlock(owner.kind)) {
    scope.inUnevaluatedAnnotation = c.annotationScopes;
    visitExpr(c, annotation);
    scope.inUnevaluatedAnnotation = false;
  } else {
    visitExpr(c, annotation);
  }
  c.leave();
}

/** The annotations of a function's parameters and result: one scope beside the function's own. */
export function visitSignatureAnnotations(c: Collection, node: FunctionNode): void {
  const args = node.args;
  if (!hasAnnotations(node)) return;
  const inPlace = !c.annotationScopes && !c.futureAnnotations;
  if (!inPlace) {
    const outer = c.scope;
    const scope = c.enter(ScopeKind.Annotation, "__annotate__", node);
    if (outer.seesClass || outer.kind === ScopeKind.Class) scope.seesClass = true;
  }
  const scope = inPlace ? null : c.scope;
  for (const arg of args.posonlyargs) visitOneAnnotation(c, arg.annotation, scope);
  for (const arg of args.args) visitOneAnnotation(c, arg.annotation, scope);
  if (args.vararg !== null) visitOneAnnotation(c, args.vararg.annotation, scope);
  if (args.kwarg !== null) visitOneAnnotation(c, args.kwarg.annotation, scope);
  for (const arg of args.kwonlyargs) visitOneAnnotation(c, arg.annotation, scope);
  visitOneAnnotation(c, node.returns, scope);
  if (!inPlace) c.leave();
}

function visitOneAnnotation(c: Collection, annotation: Expr | null, scope: BoundScope | null): void {
  if (annotation === null) return;
  if (scope !== null) c.implicitScopes.set(annotation, scope);
  // The grammar allows a star only for `*args: *Ts` (PEP 646).
  visitStarrable(c, annotation);
}

function hasAnnotations(node: FunctionNode): boolean {
  const args = node.args;
  if (node.returns !== null) return true;
  if (args.vararg !== null && args.vararg.annotation !== null) return true;
  if (args.kwarg !== null && args.kwarg.annotation !== null) return true;
  for (const arg of args.args) if (arg.annotation !== null) return true;
  for (const arg of args.kwonlyargs) if (arg.annotation !== null) return true;
  for (const arg of args.posonlyargs) if (arg.annotation !== null) return true;
  return false;
}

/** Type parameters, in their scope, each with the scopes of its bound and default (PEP 695, PEP 696). */
export function visitTypeParameters(c: Collection, parameters: readonly TypeParam[]): void {
  checkTypeParameterDefaults(c, parameters);
  for (const parameter of parameters) {
    const { name, start } = parameter;
    c.scope.mangledNames?.add(name);
    c.bind(name, ASSIGNED | SymbolFlag.TypeParameter, start);
    if (name === "__classdict__") c.fail(`reserved name '${name}' cannot be used for type parameter`, start);
    if (parameter.kind === NodeKind.TypeVar) {
      if (parameter.bound !== null) {
        const isTuple = parameter.bound.kind === NodeKind.Tuple;
        visitTypeVariable(c, parameter, parameter.bound, isTuple ? "a TypeVar constraint" : "a TypeVar bound");
      }
      if (parameter.default_value !== null) {
        visitTypeVariable(c, parameter, parameter.default_value, "a TypeVar default");
      }
    } else if (parameter.default_value !== null) {
      const title = parameter.kind === NodeKind.ParamSpec ? "a ParamSpec default" : "a TypeVarTuple default";
      visitTypeVariable(c, parameter, parameter.default_value, title);
    }
  }
}

function visitTypeVariable(c: Collection, parameter: TypeParam, value: Expr, description: string): void {
  const seesClass = c.scope.seesClass;
  const scope = c.enter(ScopeKind.TypeVariable, parameter.name, parameter);
  scope.seesClass = seesClass;
  scope.description = description;
  c.implicitScopes.set(value, scope);
  // The grammar allows a star only in the default of a TypeVarTuple (PEP 696).
  visitStarrable(c, value);
  c.leave();
}
