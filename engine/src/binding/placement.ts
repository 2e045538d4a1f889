/**
 * What CPython's compiler refuses after symtable, when it generates code (Python/codegen.c): statements and expressions in a
 * place where they mean nothing. Checked on the binder's walk; patterns are in reachability.ts.
 * Not checked: "too many statically nested blocks", whose limit differs from version to version.
 */
import {
  Context,
  type ExceptHandler,
  type Expr,
  type Keyword,
  NodeKind,
  type Return,
  type TypeParam,
} from "../syntax/ast.ts";
import { type Collection, Flow, isFunctionLike } from "./collection.ts";

const NOT_IN_EXCEPT_STAR = "'break', 'continue' and 'return' cannot appear in an except* block";

/** A star where no list of values is. */
export function checkStarred(c: Collection, context: Context, offset: number): void {
  const isTarget = context === Context.Store;
  c.failLater(
    isTarget ? "starred assignment target must be in a list or tuple" : "can't use starred expression here",
    offset,
  );
}

/** More than one star among the targets of one unpacking. */
export function checkUnpacking(c: Collection, targets: readonly Expr[]): void {
  let stars = 0;
  for (let i = 0; i < targets.length; i++) {
    if (targets[i].kind === NodeKind.Starred && ++stars === 2) {
      c.failLater("multiple starred expressions in assignment", targets[i].start);
    }
  }
}

export function checkYield(c: Collection, kind: NodeKind.Yield | NodeKind.YieldFrom, offset: number): void {
  const word = kind === NodeKind.Yield ? "'yield'" : "'yield from'";
  if (!isFunctionLike(c.scope.kind)) c.failLater(`${word} outside function`, offset);
  else if (kind === NodeKind.YieldFrom && c.scope.node.kind === NodeKind.AsyncFunctionDef) {
    c.failLater(`${word} inside async function`, offset);
  }
}

export function checkRepeatedKeywords(c: Collection, keywords: readonly Keyword[]): void {
  const seen = new Set<string>();
  for (const { arg, start } of keywords) {
    if (arg === null) continue;
    if (seen.has(arg)) c.failLater(`keyword argument repeated: ${arg}`, start);
    seen.add(arg);
  }
}

export function checkTypeParameterDefaults(c: Collection, parameters: readonly TypeParam[]): void {
  let sawDefault = false;
  for (const { name, default_value, start } of parameters) {
    if (default_value !== null) sawDefault = true;
    else if (sawDefault) c.failLater(`non-default type parameter '${name}' follows default type parameter`, start);
  }
}

export function checkLoopExit(c: Collection, kind: NodeKind.Break | NodeKind.Continue, offset: number): void {
  if (c.flow === Flow.Loop) return;
  if (c.flow === Flow.ExceptStar) c.failLater(NOT_IN_EXCEPT_STAR, offset);
  else c.failLater(kind === NodeKind.Break ? "'break' outside loop" : "'continue' not properly in loop", offset);
}

export function checkReturn(c: Collection, node: Return): void {
  if (!isFunctionLike(c.scope.kind)) c.failLater("'return' outside function", node.start);
  else if (c.inExceptStar) c.failLater(NOT_IN_EXCEPT_STAR, node.start);
  if (node.value !== null && c.scope.returnsValueAt === -1) c.scope.returnsValueAt = node.start;
}

/** Called when the body of a function is done: only then is it known to be a generator. */
export function checkAsyncGenerator(c: Collection): void {
  const { isGenerator, returnsValueAt, node } = c.scope;
  if (node.kind === NodeKind.AsyncFunctionDef && isGenerator && returnsValueAt !== -1) {
    c.failLater("'return' with value in async generator", returnsValueAt);
  }
}

export function checkHandlers(c: Collection, handlers: readonly ExceptHandler[]): void {
  for (let i = 0; i < handlers.length - 1; i++) {
    if (handlers[i].type === null) c.failLater("default 'except:' must be last", handlers[i].start);
  }
}
