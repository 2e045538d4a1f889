/** Where statements and names stand in a text: ranges for people, never part of what is compared. */
import type { Range } from "../program/types.ts";
import type { Stmt } from "../syntax/ast.ts";
import { isDefinition } from "./statementKinds.ts";

/** From the first decorator's `@` to the end of a statement. */
export function rangeOf(text: string, statement: Stmt): Range {
  if (isDefinition(statement) && statement.decorator_list.length > 0) {
    return { start: text.lastIndexOf("@", statement.decorator_list[0].start), end: statement.end };
  }
  return { start: statement.start, end: statement.end };
}

export function nameRangeOf(text: string, statement: Stmt, name: string): Range {
  const start = isDefinition(statement) ? text.indexOf(name, statement.start + 3) : text.indexOf(name, statement.start);
  return start < 0 || start > statement.end
    ? { start: statement.start, end: statement.start }
    : { start, end: start + name.length };
}

export function lineStartsOf(text: string): number[] {
  const out = [0];
  if (!text.includes("\r")) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) out.push(at + 1);
    return out;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) out.push(i + 1);
    else if (code === 13) {
      if (text.charCodeAt(i + 1) === 10) i++;
      out.push(i + 1);
    }
  }
  return out;
}
