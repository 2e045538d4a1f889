/** The functions and classes of a module by their `__qualname__` (PEP 3155). */
import { innerBodies } from "../normalisation/functionScope.ts";
import { type DefinitionNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { isDefinition } from "./statementKinds.ts";

const NO_GLOBALS: ReadonlySet<string> = new Set();

/**
 * Every function and class in a statement with its `__qualname__`, in order; lambdas are not listed. `globals`: names that
 * the body around declares `global`; null where nothing in the file does.
 */
export function walkDefinitions(
  statement: Stmt,
  prefix: string,
  visit: (node: DefinitionNode, qualname: string, depth: number) => void,
  depth = 0,
  globals: ReadonlySet<string> | null = NO_GLOBALS,
): void {
  if (isDefinition(statement)) {
    const qualname = globals?.has(statement.name) ? statement.name : prefix + statement.name;
    visit(statement, qualname, depth);
    const inside = statement.kind === NodeKind.ClassDef ? `${qualname}.` : `${qualname}.<locals>.`;
    const declared = globals === null ? null : declaredGlobals(statement.body);
    for (const item of statement.body) walkDefinitions(item, inside, visit, depth + 1, declared);
    return;
  }
  for (const body of innerBodies(statement))
    for (const item of body) walkDefinitions(item, prefix, visit, depth, globals);
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
