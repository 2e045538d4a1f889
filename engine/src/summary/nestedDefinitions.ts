/** The functions and classes of a module by their `__qualname__` (PEP 3155). */
import { type Scope, ScopeKind } from "../binding/scope.ts";
import { innerBodies } from "../normalisation/functionScope.ts";
import { type DefinitionNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { isDefinition } from "./statementKinds.ts";

const NO_GLOBALS: ReadonlySet<string> = new Set();

/** What is known of the definitions of a file before they are walked. */
export interface Around {
  /** Whether anything in the file is declared `global`. */
  readonly globals: boolean;
  /** The scopes of nodes; of a node without one nothing is known. */
  readonly scopes: { get(node: DefinitionNode): Scope | undefined } | null;
}

/**
 * Every function and class in a statement with its `__qualname__`, in order; lambdas are not listed. `globals`: names that
 * the body around declares `global`.
 */
export function walkDefinitions(
  statement: Stmt,
  prefix: string,
  around: Around,
  visit: (node: DefinitionNode, qualname: string, depth: number) => void,
  depth = 0,
  globals = NO_GLOBALS,
): void {
  if (isDefinition(statement)) {
    const qualname = globals.has(statement.name) ? statement.name : prefix + statement.name;
    visit(statement, qualname, depth);
    if (statement.kind !== NodeKind.ClassDef && !mayHold(around.scopes?.get(statement))) return;
    const inside = statement.kind === NodeKind.ClassDef ? `${qualname}.` : `${qualname}.<locals>.`;
    const declared = around.globals ? declaredGlobals(statement.body) : NO_GLOBALS;
    for (const item of statement.body) walkDefinitions(item, inside, around, visit, depth + 1, declared);
    return;
  }
  for (const body of innerBodies(statement))
    for (const item of body) walkDefinitions(item, prefix, around, visit, depth, globals);
}

/** Whether a function of this scope may hold definitions. */
function mayHold(scope: Scope | undefined): boolean {
  if (scope === undefined) return true;
  for (const { kind } of scope.children) {
    if (kind === ScopeKind.Function || kind === ScopeKind.Class || kind === ScopeKind.TypeParameters) return true;
  }
  return false;
}

/** Names declared `global` in a body: a `def` of such a name has its bare name as `__qualname__`. */
function declaredGlobals(body: readonly Stmt[]): ReadonlySet<string> {
  const names: string[] = [];
  collectGlobals(body, names);
  return names.length === 0 ? NO_GLOBALS : new Set(names);
}

function collectGlobals(statements: readonly Stmt[], names: string[]): void {
  for (let i = 0; i < statements.length; i++) {
    const statement = statements[i];
    if (statement.kind === NodeKind.Global) names.push(...statement.names);
    else for (const inner of innerBodies(statement)) collectGlobals(inner, names);
  }
}
