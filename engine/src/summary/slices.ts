/**
 * The part of a module-level statement that concerns one name: the statements in it that bind or mutate the name, with
 * the headers of the loops, conditions and handlers around them.
 */
import type { Canonical } from "../normalisation/canonical.ts";
import { Tag } from "../normalisation/canonical.ts";
import { expression, expressions, optional, pattern } from "../normalisation/expressions.ts";
import { innerBodies } from "../normalisation/functionScope.ts";
import { statement as emitStatement, isIgnored } from "../normalisation/statements.ts";
import { NodeKind, type Stmt } from "../syntax/ast.ts";
import { importsStar } from "./imports.ts";
import { touchesOf } from "./touches.ts";
import { STAR } from "./types.ts";

/** What changes the object that a name holds, beside setting something on it; each with those before. */
export enum Changes {
  Nothing,
  /** Methods called on it, calls that it is handed to. */
  Methods,
  /** Calls of itself. */
  Calls,
}

/** Whether a statement binds the name, or changes what it holds. */
export function concerns(statement: Stmt, name: string, changes: Changes): boolean {
  const touches = touchesOf(statement);
  return (
    touches.binds.has(name) ||
    touches.sets.has(name) ||
    (changes >= Changes.Methods && touches.mutates.has(name)) ||
    (changes === Changes.Calls && touches.called.has(name))
  );
}

/** Emits what a module-level statement does to `name`; with `all`, every inner statement. */
export function slice(c: Canonical, statement: Stmt, name: string, changes: Changes, all = false): void {
  if (isIgnored(c.file, statement)) {
    c.ignored++;
    return;
  }
  switch (statement.kind) {
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
    case NodeKind.ClassDef:
      if (statement.name === name) emitStatement(c, statement);
      else {
        // The name is mutated by a decorator, a default or a class body: the definition itself is a reference.
        c.tag(Tag.Slice);
        c.tag(statement.kind);
        expressions(c, statement.decorator_list);
        c.reference({ kind: "global", name: statement.name, attrs: [] });
      }
      return;
    case NodeKind.Import:
    case NodeKind.ImportFrom:
      // Which module it names is text here; what is behind it is followed where the name is used.
      c.tag(statement.kind);
      for (const alias of statement.names) {
        const bound = alias.asname ?? (statement.kind === NodeKind.Import ? alias.name.split(".")[0] : alias.name);
        if (bound === name) c.tag(Tag.SelfTarget);
      }
      return;
    case NodeKind.If:
      c.tag(NodeKind.If);
      expression(c, statement.test);
      inner(c, statement.body, name, changes, all);
      inner(c, statement.orelse, name, changes, all);
      return;
    case NodeKind.While:
      c.tag(NodeKind.While);
      expression(c, statement.test);
      inner(c, statement.body, name, changes, all);
      inner(c, statement.orelse, name, changes, all);
      return;
    case NodeKind.For:
    case NodeKind.AsyncFor:
      c.tag(statement.kind);
      expression(c, statement.iter);
      expression(c, statement.target);
      inner(c, statement.body, name, changes, all);
      inner(c, statement.orelse, name, changes, all);
      return;
    case NodeKind.With:
    case NodeKind.AsyncWith:
      c.tag(statement.kind);
      c.out.int(statement.items.length);
      for (const item of statement.items) {
        expression(c, item.context_expr);
        optional(c, item.optional_vars);
      }
      // A context manager may swallow what is raised: what stands before decides what runs.
      inner(c, statement.body, name, changes, true);
      return;
    case NodeKind.Try:
    case NodeKind.TryStar:
      // Whether a handler runs depends on everything that may raise before it.
      c.tag(statement.kind);
      inner(c, statement.body, name, changes, true);
      c.out.int(statement.handlers.length);
      for (const handler of statement.handlers) {
        optional(c, handler.type);
        inner(c, handler.body, name, changes, all);
      }
      inner(c, statement.orelse, name, changes, all);
      inner(c, statement.finalbody, name, changes, all);
      return;
    case NodeKind.Match:
      c.tag(NodeKind.Match);
      expression(c, statement.subject);
      c.out.int(statement.cases.length);
      for (const item of statement.cases) {
        pattern(c, item.pattern);
        optional(c, item.guard);
        inner(c, item.body, name, changes, all);
      }
      return;
    default:
      emitStatement(c, statement);
  }
}

/**
 * The statements of an inner list that concern the name, and those that may leave the list early (`break`, `raise`, ...),
 * since they decide whether the former run. All of them where `all` is set.
 */
function inner(c: Canonical, statements: readonly Stmt[], name: string, changes: Changes, all = false): void {
  const isKept = (item: Stmt) => concerns(item, name, changes) || leaves(item) || (name === STAR && importsStar(item));
  const kept = all ? statements : statements.filter(isKept);
  if (kept.length === 0) {
    c.tag(Tag.Empty);
    return;
  }
  c.out.int(kept.length);
  for (const item of kept) slice(c, item, name, changes, all);
}

/** Whether a statement holds one that leaves the list it stands in. */
function leaves(statement: Stmt): boolean {
  switch (statement.kind) {
    case NodeKind.Break:
    case NodeKind.Continue:
    case NodeKind.Raise:
    case NodeKind.Assert:
      return true;
    default:
      return innerBodies(statement).some((statements) => statements.some(leaves));
  }
}
