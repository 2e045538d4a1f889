/** Import statements of a module as data. */
import type { ScopeTree } from "../binding/scope.ts";
import type { ImportTarget } from "../normalisation/file.ts";
import { importBindings, innerBodies } from "../normalisation/functionScope.ts";
import { type ImportFrom, NodeKind, type Stmt } from "../syntax/ast.ts";
import { isDefinition } from "./statementKinds.ts";
import type { ImportBinding, ImportStatement, StarImport } from "./types.ts";
import { mayImport, type Unit } from "./unit.ts";

/**
 * Every import statement of a statement at module level, those in functions and classes included; `scopes` says which of
 * these have any.
 */
export function importsOf(statement: Stmt, scopes: ScopeTree["scopes"], order: number): readonly ImportStatement[] {
  const mayHold = isDefinition(statement) ? scopes.get(statement)?.hasImportsInside !== false : mayImport(statement);
  return mayHold ? allImports(statement, scopes, order) : NONE;
}

const NONE: readonly never[] = [];

function allImports(statement: Stmt, scopes: ScopeTree["scopes"], order: number): readonly ImportStatement[] {
  const out: ImportStatement[] = [];
  const visit = (item: Stmt): void => {
    if (item.kind === NodeKind.Import) {
      for (const alias of item.names) out.push({ level: 0, module: alias.name, name: null, order });
    } else if (item.kind === NodeKind.ImportFrom) {
      for (const alias of item.names) {
        const name = alias.name === "*" ? null : alias.name;
        out.push({ level: item.level, module: item.module ?? "", name, order });
      }
    } else if (isDefinition(item)) {
      if (scopes.get(item)?.hasImportsInside !== false) for (const inner of item.body) visit(inner);
    } else for (const body of innerBodies(item)) for (const inner of body) visit(inner);
  };
  visit(statement);
  return out;
}

/** What a statement, if it is an import, binds `name` to, in order. */
export function importsBinding(name: string, statement: Stmt): ImportBinding[] {
  const out: ImportBinding[] = [];
  if (statement.kind === NodeKind.Import) {
    for (const alias of statement.names) {
      const head = alias.name.split(".")[0];
      if (alias.asname === name) out.push({ level: 0, module: alias.name, name: null, full: alias.name });
      else if (alias.asname === null && head === name) {
        out.push({ level: 0, module: head, name: null, full: alias.name });
      }
    }
  } else if (statement.kind === NodeKind.ImportFrom) {
    for (const alias of statement.names) {
      if ((alias.asname ?? alias.name) !== name) continue;
      const module = statement.module ?? "";
      out.push({ level: statement.level, module, name: alias.name, full: `${module}.${alias.name}` });
    }
  }
  return out;
}

/** The last import of each name among statements at module level, those in arms of conditions included. */
export function lastImports(units: readonly Unit[]): ReadonlyMap<string, ImportTarget> {
  const statements: Stmt[] = [];
  for (const unit of units) if (mayImport(unit.statement)) statements.push(unit.statement);
  const out = new Map<string, ImportTarget>();
  for (const [name, targets] of importBindings(statements)) out.set(name, targets[targets.length - 1]);
  return out;
}

/** Star imports of a statement, also those in arms of conditions. */
export function starsOf(unit: Unit): readonly StarImport[] {
  if (!mayImport(unit.statement)) return NONE;
  const out: StarImport[] = [];
  const visit = (statement: Stmt): void => {
    if (statement.kind === NodeKind.ImportFrom && isStar(statement)) {
      const isConditional = statement !== unit.statement;
      out.push({ level: statement.level, module: statement.module ?? "", order: unit.order, isConditional });
    }
    for (const body of innerBodies(statement)) for (const inner of body) visit(inner);
  };
  visit(unit.statement);
  return out;
}

function isStar({ names }: ImportFrom): boolean {
  return names.some((alias) => alias.name === "*");
}

/** Whether a statement is or holds a star import at module level. */
export function importsStar(statement: Stmt): boolean {
  if (statement.kind === NodeKind.ImportFrom) return isStar(statement);
  return mayImport(statement) && innerBodies(statement).some((body) => body.some(importsStar));
}

/** An import target as text: unequal ones have unequal texts. */
export function targetText({ level, module, name, full }: ImportTarget): string {
  return `${level} ${module} ${name ?? "*"} ${full ?? ""}`;
}

/** The first part of a dotted name. */
export function headOf(module: string): string {
  const dot = module.indexOf(".");
  return dot < 0 ? module : module.slice(0, dot);
}

const packages = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

/** Top-level packages of dotted names. */
export function packagesOf(names: ReadonlySet<string>): ReadonlySet<string> {
  let found = packages.get(names);
  if (found === undefined) {
    found = new Set([...names].map(headOf));
    packages.set(names, found);
  }
  return found;
}
