/** Import statements of a module as data. */
import { innerBodies } from "../normalisation/functionScope.ts";
import { NodeKind, type Stmt } from "../syntax/ast.ts";
import { isDefinition } from "./statementKinds.ts";
import type { ImportBinding, ImportStatement } from "./types.ts";

/** Every import statement of a statement at module level, those in functions and classes included. */
export function importsOf(statement: Stmt, order: number): readonly ImportStatement[] {
  const out: ImportStatement[] = [];
  const visit = (item: Stmt): void => {
    if (item.kind === NodeKind.Import) {
      for (const alias of item.names) out.push({ level: 0, module: alias.name, name: null, order });
    } else if (item.kind === NodeKind.ImportFrom) {
      for (const alias of item.names) {
        const name = alias.name === "*" ? null : alias.name;
        out.push({ level: item.level, module: item.module ?? "", name, order });
      }
    } else if (isDefinition(item)) for (const inner of item.body) visit(inner);
    else for (const body of innerBodies(item)) for (const inner of body) visit(inner);
  };
  visit(statement);
  return out;
}

/** What a statement, if it is an import, binds `name` to, in order; `base`: what to add to its offset. */
export function importsBinding(name: string, statement: Stmt, base: number): ImportBinding[] {
  const out: ImportBinding[] = [];
  const start = statement.start + base;
  if (statement.kind === NodeKind.Import) {
    for (const alias of statement.names) {
      const head = alias.name.split(".")[0];
      if (alias.asname === name) out.push({ level: 0, module: alias.name, name: null, full: alias.name, start });
      else if (alias.asname === null && head === name) {
        out.push({ level: 0, module: head, name: null, full: alias.name, start });
      }
    }
  } else if (statement.kind === NodeKind.ImportFrom) {
    for (const alias of statement.names) {
      if ((alias.asname ?? alias.name) !== name) continue;
      const module = statement.module ?? "";
      out.push({ level: statement.level, module, name: alias.name, full: `${module}.${alias.name}`, start });
    }
  }
  return out;
}
