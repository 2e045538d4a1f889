/** Questions about one module-level statement, answered from its tree alone. */
import { dottedName, dottedParts, type FileContext } from "../normalisation/file.ts";
import {
  type ClassDef,
  CompareOperator,
  ConstantType,
  type DefinitionNode,
  type Expr,
  NodeKind,
  type Stmt,
} from "../syntax/ast.ts";

export function isImport(statement: Stmt): boolean {
  return statement.kind === NodeKind.Import || statement.kind === NodeKind.ImportFrom;
}

export function isDefinition(statement: Stmt): statement is DefinitionNode {
  return (
    statement.kind === NodeKind.FunctionDef ||
    statement.kind === NodeKind.AsyncFunctionDef ||
    statement.kind === NodeKind.ClassDef
  );
}

export function isReplaceable(statement: Stmt): boolean {
  return (
    isImport(statement) ||
    (isDefinition(statement) && statement.decorator_list.length === 0 && statement.kind !== NodeKind.ClassDef)
  );
}

export function isReplacement(statement: Stmt): boolean {
  return (
    isImport(statement) ||
    isDefinition(statement) ||
    statement.kind === NodeKind.Assign ||
    plainValue(statement) !== null
  );
}

/** `if __name__ == "__main__":`, either way round. */
export function isMainBlock(statement: Stmt): boolean {
  if (statement.kind !== NodeKind.If || statement.test.kind !== NodeKind.Compare || statement.orelse.length > 0)
    return false;
  if (statement.test.ops[0] !== CompareOperator.Eq) return false;
  const sides = [statement.test.left, ...statement.test.comparators];
  if (sides.length !== 2) return false;
  const isName = (node: Expr) => node.kind === NodeKind.Name && node.id === "__name__";
  const isMain = (node: Expr) =>
    node.kind === NodeKind.Constant && node.type === ConstantType.Str && node.value === "__main__";
  return (isName(sides[0]) && isMain(sides[1])) || (isMain(sides[0]) && isName(sides[1]));
}

export function isTypeChecking(file: FileContext, test: Expr): boolean {
  const name = dottedName(file, test);
  return name === "typing.TYPE_CHECKING" || name === "typing_extensions.TYPE_CHECKING";
}

/** Whether module-level code may bind names that the text does not show: `globals().update(...)`, `exec`, `setattr`. */
export function bindsDynamically(text: string, statement: Stmt): boolean {
  if (isDefinition(statement) || isImport(statement)) return false;
  return /\b(?:globals|locals|vars|exec|setattr|__dict__|_convert_)\b|\bsys\.modules\b/.test(
    text.slice(statement.start, statement.end),
  );
}

/** The value of `NAME = value`, annotated or not (M3.1); null for anything else. */
export function plainValue(statement: Stmt): Expr | null {
  if (statement.kind === NodeKind.AnnAssign) return statement.target.kind === NodeKind.Name ? statement.value : null;
  if (statement.kind !== NodeKind.Assign || statement.targets.length !== 1) return null;
  return statement.targets[0].kind === NodeKind.Name ? statement.value : null;
}

/** Whether it is an assignment, annotated or not, of a call's result. */
export function assignsCall(statement: Stmt): boolean {
  if (statement.kind !== NodeKind.Assign && statement.kind !== NodeKind.AnnAssign) return false;
  const { value } = statement;
  return value?.kind === NodeKind.Call || (value?.kind === NodeKind.Attribute && value.value.kind === NodeKind.Call);
}

/** What one assignment takes its value from: `a.b` of `x = a.b`, and of `x = a.b(..)` and `x, y = a.b(..)`, called. */
export function origin(statement: Stmt): { readonly parts: readonly string[]; readonly isCalled: boolean } | null {
  const isAssignment = statement.kind === NodeKind.Assign || statement.kind === NodeKind.AnnAssign;
  const value = isAssignment ? statement.value : null;
  if (value === null) return null;
  const isCalled = value.kind === NodeKind.Call;
  if (!isCalled && plainValue(statement) === null) return null;
  const parts = dottedParts(isCalled ? value.func : value);
  return parts === null ? null : { parts, isCalled };
}

/** Dotted name of what `NAME = imported(...)` calls; `imported().method` for `NAME = imported(...).method`. */
export function constructedBy(file: FileContext, statement: Stmt): string | null {
  const value = plainValue(statement);
  const made = value?.kind === NodeKind.Attribute ? value.value : value;
  if (value === null || made?.kind !== NodeKind.Call) return null;
  const parts = dottedParts(made.func);
  if (parts === null || !file.facts.imports.has(parts[0])) return null;
  const name = dottedName(file, made.func);
  return name !== null && value.kind === NodeKind.Attribute ? `${name}().${value.attr}` : name;
}

export function headerBinds(statement: Stmt, name: string): boolean {
  switch (statement.kind) {
    case NodeKind.For:
    case NodeKind.AsyncFor:
      return mentions(statement.target, name);
    case NodeKind.With:
    case NodeKind.AsyncWith:
      return statement.items.some((item) => item.optional_vars !== null && mentions(item.optional_vars, name));
    case NodeKind.Try:
    case NodeKind.TryStar:
      return statement.handlers.some((handler) => handler.name === name);
    default:
      return false;
  }
}

function mentions(node: Expr, name: string): boolean {
  if (node.kind === NodeKind.Name) return node.id === name;
  if (node.kind === NodeKind.Tuple || node.kind === NodeKind.List)
    return node.elts.some((item) => mentions(item, name));
  return node.kind === NodeKind.Starred && mentions(node.value, name);
}

export function within(outer: Stmt, inner: Stmt): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function methodNames(node: ClassDef): string[] {
  const out: string[] = [];
  for (const item of node.body) if (isDefinition(item) && item.kind !== NodeKind.ClassDef) out.push(item.name);
  return out;
}
