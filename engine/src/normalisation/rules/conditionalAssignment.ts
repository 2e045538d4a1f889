/**
 * `if c: x = a` / `else: x = b` = `x = a if c else b`, also over `elif`.
 *
 * Condition: each branch is one plain assignment to the same single name, annotated or not (M3.1), and there is an `else`.
 * Counter-examples: `if c: x = a` without `else`; `x += a`; two names; `x: int = a` in a class body.
 */
import { ScopeKind } from "../../binding/scope.ts";
import { type Assign, type Expr, type If, type Name, NodeKind, type Stmt } from "../../syntax/ast.ts";
import { newAssign, newIfExp } from "../../syntax/nodes.ts";
import { collectAnnotation } from "../annotationReferences.ts";
import type { Canonical } from "../canonical.ts";
import { isBareDeclaration, isIgnored } from "../statements.ts";
import { hasNoEffect } from "./noEffect.ts";

/** Longer `elif` chains stay: as expressions they would nest that deep. */
const LONGEST = 64;

export function conditionalAssignment(c: Canonical, node: If): Assign | null {
  if (node.orelse.length === 0 || !mayAssign(node.body)) return null;
  const tests: Expr[] = [];
  const values: Expr[] = [];
  const annotations: Expr[] = [];
  let target: Name | null = null;
  let at: Stmt | null = node;
  while (at !== null && at.kind === NodeKind.If && tests.length < LONGEST) {
    const branch = only(c, at.body);
    const assigned = branch === null ? null : assignment(c, branch, annotations);
    if (assigned === null || (target !== null && target.id !== assigned.target.id)) return null;
    target ??= assigned.target;
    tests.push(at.test);
    values.push(assigned.value);
    at = only(c, at.orelse);
  }
  const last = at === null ? null : assignment(c, at, annotations);
  if (last === null || target === null || last.target.id !== target.id) return null;
  for (const annotation of annotations) collectAnnotation(c, annotation);
  let value = last.value;
  for (let i = tests.length - 1; i >= 0; i--) {
    value = newIfExp(tests[i].start, value.end, tests[i], values[i], value);
  }
  return newAssign(node.start, node.end, [target], value);
}

/** A first look that costs nothing: most branches do something else. */
function mayAssign(statements: readonly Stmt[]): boolean {
  for (let i = 0; i < statements.length; i++) {
    const { kind } = statements[i];
    if (kind === NodeKind.Assign || kind === NodeKind.AnnAssign) return true;
  }
  return false;
}

/** The one statement of a list that does anything; null where there is none, or more, or an ignored one. */
function only(c: Canonical, statements: readonly Stmt[]): Stmt | null {
  if (c.file.ignoreLines.size > 0 && statements.some((item) => isIgnored(c.file, item))) return null;
  const kept =
    statements.length === 1
      ? statements
      : statements.filter((item) => !hasNoEffect(item) && !isBareDeclaration(c, item));
  return kept.length === 1 ? kept[0] : null;
}

function assignment(c: Canonical, statement: Stmt, annotations: Expr[]): { target: Name; value: Expr } | null {
  if (statement.kind === NodeKind.AnnAssign && c.scope.kind !== ScopeKind.Class) {
    if (statement.target.kind !== NodeKind.Name || statement.value === null) return null;
    annotations.push(statement.annotation);
    return { target: statement.target, value: statement.value };
  }
  if (statement.kind !== NodeKind.Assign || statement.targets.length !== 1) return null;
  const [target] = statement.targets;
  return target.kind === NodeKind.Name ? { target, value: statement.value } : null;
}
