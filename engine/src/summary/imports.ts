/** Import statements of a module as data. */
import { innerBodies } from "../normalisation/functionScope.ts";
import { type Module, NodeKind, type Stmt } from "../syntax/ast.ts";
import { isDefinition, isMainBlock } from "./statementKinds.ts";
import type { ImportBinding, ImportStatement } from "./types.ts";

/** Every import statement of a module, those in functions and classes included. */
export function collectImports(module: Module): ImportStatement[] {
  const out: ImportStatement[] = [];
  let order = 0;
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === NodeKind.Import) {
        for (const alias of statement.names) out.push({ level: 0, module: alias.name, name: null, order });
      } else if (statement.kind === NodeKind.ImportFrom) {
        for (const alias of statement.names) {
          out.push({
            level: statement.level,
            module: statement.module ?? "",
            name: alias.name === "*" ? null : alias.name,
            order,
          });
        }
      } else if (isDefinition(statement)) visit(statement.body);
      else for (const body of innerBodies(statement)) visit(body);
    }
  };
  for (const statement of module.body) {
    order++;
    if (!isMainBlock(statement)) visit([statement]);
  }
  return out;
}

/** What the import statements among `statements` bind `name` to, in order. */
export function importsBinding(name: string, statements: readonly Stmt[]): ImportBinding[] {
  const out: ImportBinding[] = [];
  for (const statement of statements) {
    if (statement.kind === NodeKind.Import) {
      for (const alias of statement.names) {
        const head = alias.name.split(".")[0];
        if (alias.asname === name)
          out.push({ level: 0, module: alias.name, name: null, full: alias.name, start: statement.start });
        else if (alias.asname === null && head === name) {
          out.push({ level: 0, module: head, name: null, full: alias.name, start: statement.start });
        }
      }
    } else if (statement.kind === NodeKind.ImportFrom) {
      for (const alias of statement.names) {
        if ((alias.asname ?? alias.name) !== name) continue;
        const module = statement.module ?? "";
        out.push({
          level: statement.level,
          module,
          name: alias.name,
          full: `${module}.${alias.name}`,
          start: statement.start,
        });
      }
    }
  }
  return out;
}
