/**
 * First pass over statements and patterns: definitions, bindings, declarations, imports.
 * Visits in the order of Python/symtable.c, so that scopes come out in its order and the same problem comes first.
 * Never looks inside expressions (expressions.ts).
 */
import {
  type Alias,
  type AnnAssign,
  type ClassDef,
  type ExceptHandler,
  type FunctionNode,
  type If,
  type ImportFrom,
  type MatchCase,
  NodeKind,
  type Pattern,
  type Stmt,
  type TypeAlias,
  type WithItem,
} from "../syntax/ast.ts";
import { visitAnnotation, visitSignatureAnnotations, visitTypeParameters } from "./annotations.ts";
import { ASSIGNED, type BoundScope, type Collection, Flow } from "./collection.ts";
import { visitDefaults, visitElements, visitExpr, visitExprs, visitKeywords, visitParameters } from "./expressions.ts";
import { strippedClassName } from "./mangling.ts";
import { checkAsyncGenerator, checkHandlers, checkLoopExit, checkReturn } from "./placement.ts";
import { checkCases } from "./reachability.ts";
import { ScopeKind, SymbolFlag } from "./scope.ts";

const DEFINED = ASSIGNED | SymbolFlag.Definition;

export function visitBody(c: Collection, body: readonly Stmt[]): void {
  for (let i = 0; i < body.length; i++) visitStmt(c, body[i]);
}

/** A body that loops and `except*` blocks around it do not reach into. */
function visitOwnBody(c: Collection, body: readonly Stmt[]): void {
  const { flow, inExceptStar } = c;
  c.flow = Flow.Plain;
  c.inExceptStar = false;
  visitBody(c, body);
  c.flow = flow;
  c.inExceptStar = inExceptStar;
}

function visitLoopBody(c: Collection, body: readonly Stmt[]): void {
  const { flow } = c;
  c.flow = Flow.Loop;
  visitBody(c, body);
  c.flow = flow;
}

function visitStmt(c: Collection, node: Stmt): void {
  if (!c.descend(node.start)) return;
  switch (node.kind) {
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
      visitFunction(c, node);
      break;
    case NodeKind.ClassDef:
      visitClass(c, node);
      break;
    case NodeKind.TypeAlias:
      visitTypeAlias(c, node);
      break;
    case NodeKind.Expr:
      visitExpr(c, node.value);
      break;
    case NodeKind.Assign:
      visitExprs(c, node.targets);
      visitExpr(c, node.value);
      break;
    case NodeKind.AugAssign:
      visitExpr(c, node.target);
      visitExpr(c, node.value);
      break;
    case NodeKind.AnnAssign:
      visitAnnotatedAssignment(c, node);
      break;
    case NodeKind.Break:
    case NodeKind.Continue:
      checkLoopExit(c, node.kind, node.start);
      break;
    case NodeKind.Return:
      checkReturn(c, node);
      if (node.value !== null) visitExpr(c, node.value);
      break;
    case NodeKind.Delete:
      visitExprs(c, node.targets);
      break;
    case NodeKind.If:
      visitIf(c, node);
      break;
    case NodeKind.For:
    case NodeKind.AsyncFor:
      if (node.kind === NodeKind.AsyncFor) requireCoroutine(c, "'async for' outside async function", node.start);
      visitExpr(c, node.target);
      visitExpr(c, node.iter);
      visitLoopBody(c, node.body);
      visitBody(c, node.orelse);
      break;
    case NodeKind.While:
      visitExpr(c, node.test);
      visitLoopBody(c, node.body);
      visitBody(c, node.orelse);
      break;
    case NodeKind.With:
    case NodeKind.AsyncWith:
      if (node.kind === NodeKind.AsyncWith) requireCoroutine(c, "'async with' outside async function", node.start);
      visitWithItems(c, node.items);
      visitBody(c, node.body);
      break;
    case NodeKind.Try:
    case NodeKind.TryStar:
      visitBody(c, node.body);
      visitHandlers(c, node.handlers, node.kind === NodeKind.TryStar);
      visitBody(c, node.orelse);
      visitBody(c, node.finalbody);
      break;
    case NodeKind.Match:
      visitExpr(c, node.subject);
      checkCases(c, node.cases);
      visitCases(c, node.cases);
      break;
    case NodeKind.Raise:
      if (node.exc !== null) visitExpr(c, node.exc);
      if (node.cause !== null) visitExpr(c, node.cause);
      break;
    case NodeKind.Assert:
      visitExpr(c, node.test);
      if (node.msg !== null) visitExpr(c, node.msg);
      break;
    case NodeKind.Import:
      visitAliases(c, node.names);
      break;
    case NodeKind.ImportFrom:
      visitAliases(c, node.names);
      checkFuture(c, node);
      break;
    case NodeKind.Global:
      visitDeclaration(c, node.names, SymbolFlag.Global, "global", node.start);
      break;
    case NodeKind.Nonlocal:
      visitDeclaration(c, node.names, SymbolFlag.Nonlocal, "nonlocal", node.start);
      break;
  }
  c.depth--;
}

/** Name, defaults and decorators belong outside; then type parameters, annotations, and the function itself. */
function visitFunction(c: Collection, node: FunctionNode): void {
  c.bind(node.name, DEFINED, node.start);
  visitDefaults(c, node.args);
  visitExprs(c, node.decorator_list);
  const isGeneric = node.type_params.length > 0;
  if (isGeneric) {
    const seesClass = c.scope.kind === ScopeKind.Class;
    const scope = c.enter(ScopeKind.TypeParameters, node.name, node);
    scope.seesClass = seesClass;
    c.typeParameterScopes.set(node, scope);
    visitTypeParameters(c, node.type_params);
  }
  visitSignatureAnnotations(c, node);
  const scope = c.enter(ScopeKind.Function, node.name, node);
  c.scopes.set(node, scope);
  if (node.kind === NodeKind.AsyncFunctionDef) scope.isCoroutine = true;
  visitParameters(c, node.args);
  visitOwnBody(c, node.body);
  checkAsyncGenerator(c);
  c.leave();
  if (isGeneric) c.leave();
}

function visitClass(c: Collection, node: ClassDef): void {
  c.bind(node.name, DEFINED, node.start);
  visitExprs(c, node.decorator_list);
  const mangleWith = strippedClassName(node.name);
  const isGeneric = node.type_params.length > 0;
  if (isGeneric) {
    const seesClass = c.scope.kind === ScopeKind.Class;
    const scope = c.enterClass(ScopeKind.TypeParameters, node.name, node, mangleWith);
    scope.seesClass = seesClass;
    c.typeParameterScopes.set(node, scope);
    visitTypeParameters(c, node.type_params);
  }
  visitElements(c, node.bases);
  visitKeywords(c, node.keywords);
  c.scopes.set(node, c.enterClass(ScopeKind.Class, node.name, node, mangleWith));
  if (isGeneric) c.add("__type_params__", ASSIGNED, node.start);
  visitOwnBody(c, node.body);
  c.leave();
  if (isGeneric) c.leave();
}

function visitTypeAlias(c: Collection, node: TypeAlias): void {
  visitExpr(c, node.name);
  const name = node.name.id;
  const seesClass = c.scope.kind === ScopeKind.Class;
  const isGeneric = node.type_params.length > 0;
  if (isGeneric) {
    const scope = c.enter(ScopeKind.TypeParameters, name, node);
    scope.seesClass = seesClass;
    c.typeParameterScopes.set(node, scope);
    visitTypeParameters(c, node.type_params);
  }
  const scope = c.enter(ScopeKind.TypeAlias, name, node);
  scope.seesClass = seesClass;
  c.implicitScopes.set(node.value, scope);
  visitExpr(c, node.value);
  c.leave();
  if (isGeneric) c.leave();
}

/** A bare `x: T` makes `x` local without binding it. */
function visitAnnotatedAssignment(c: Collection, node: AnnAssign): void {
  const target = node.target;
  if (target.kind === NodeKind.Name) {
    if (node.simple === 1) {
      const declared = c.flagsOf(target.id) & (SymbolFlag.Global | SymbolFlag.Nonlocal);
      if (declared && c.scope.kind !== ScopeKind.Module) {
        const what = declared & SymbolFlag.Global ? "global" : "nonlocal";
        c.fail(`annotated name '${target.id}' can't be ${what}`, node.start);
      }
      c.bind(target.id, SymbolFlag.Annotated | SymbolFlag.Local, target.start);
    }
    if (node.value !== null) c.bind(target.id, ASSIGNED, target.start);
  } else {
    visitExpr(c, target);
  }
  visitAnnotation(c, node.annotation);
  if (node.value !== null) visitExpr(c, node.value);
}

/** A chain of `elif` nests in the tree, arm in arm, and is walked as a loop. */
function visitIf(c: Collection, first: If): void {
  let node = first;
  for (;;) {
    visitExpr(c, node.test);
    visitBody(c, node.body);
    const orelse = node.orelse;
    if (orelse.length === 1 && orelse[0].kind === NodeKind.If) {
      node = orelse[0];
      continue;
    }
    visitBody(c, orelse);
    return;
  }
}

function requireCoroutine(c: Collection, message: string, offset: number): void {
  if (!c.scope.isCoroutine) c.fail(message, offset);
}

function visitWithItems(c: Collection, items: readonly WithItem[]): void {
  for (const item of items) {
    visitExpr(c, item.context_expr);
    if (item.optional_vars !== null) visitExpr(c, item.optional_vars);
  }
}

function visitHandlers(c: Collection, handlers: readonly ExceptHandler[], isStar: boolean): void {
  checkHandlers(c, handlers);
  const { flow, inExceptStar } = c;
  for (const handler of handlers) {
    if (handler.type !== null) visitExpr(c, handler.type);
    if (handler.name !== null) c.bind(handler.name, ASSIGNED, handler.start);
    if (isStar) {
      c.flow = Flow.ExceptStar;
      c.inExceptStar = true;
    }
    visitBody(c, handler.body);
    c.flow = flow;
    c.inExceptStar = inExceptStar;
  }
}

/** `import a.b` binds `a`; `from m import *` binds what only the other module knows. */
function visitAliases(c: Collection, aliases: readonly Alias[]): void {
  c.scope.hasImports = true;
  for (let at: BoundScope | null = c.scope; at !== null && !at.hasImportsInside; at = at.parent)
    at.hasImportsInside = true;
  for (const alias of aliases) {
    const name = alias.asname ?? alias.name;
    if (name === "*") {
      if (c.scope.kind !== ScopeKind.Module) c.fail("import * only allowed at module level", alias.start);
      continue;
    }
    const dot = name.indexOf(".");
    c.bind(dot === -1 ? name : name.slice(0, dot), SymbolFlag.Import, alias.start);
  }
}

function checkFuture(c: Collection, node: ImportFrom): void {
  if (node.module === "__future__" && node.level === 0 && node.start > c.lastFuture) {
    c.fail("from __future__ imports must occur at the beginning of the file", node.start);
  }
}

function visitDeclaration(
  c: Collection,
  names: readonly string[],
  flag: SymbolFlag.Global | SymbolFlag.Nonlocal,
  word: string,
  offset: number,
): void {
  for (const name of names) {
    const flags = c.flagsOf(name);
    if (flags & SymbolFlag.Parameter) c.fail(`name '${name}' is parameter and ${word}`, offset);
    else if (flags & SymbolFlag.Use) c.fail(`name '${name}' is used prior to ${word} declaration`, offset);
    else if (flags & SymbolFlag.Annotated) c.fail(`annotated name '${name}' can't be ${word}`, offset);
    else if (flags & SymbolFlag.Local) c.fail(`name '${name}' is assigned to before ${word} declaration`, offset);
    c.add(name, flag, offset);
    c.declare(name, offset);
  }
}

function visitCases(c: Collection, cases: readonly MatchCase[]): void {
  for (const arm of cases) {
    visitPattern(c, arm.pattern);
    if (arm.guard !== null) visitExpr(c, arm.guard);
    visitBody(c, arm.body);
  }
}

function visitPatterns(c: Collection, patterns: readonly Pattern[]): void {
  for (const pattern of patterns) visitPattern(c, pattern);
}

function visitPattern(c: Collection, node: Pattern): void {
  if (!c.descend(node.start)) return;
  switch (node.kind) {
    case NodeKind.MatchValue:
      visitExpr(c, node.value);
      break;
    case NodeKind.MatchSingleton:
      break;
    case NodeKind.MatchSequence:
    case NodeKind.MatchOr:
      visitPatterns(c, node.patterns);
      break;
    case NodeKind.MatchStar:
      if (node.name !== null) c.bind(node.name, ASSIGNED, node.start);
      break;
    case NodeKind.MatchMapping:
      visitExprs(c, node.keys);
      visitPatterns(c, node.patterns);
      if (node.rest !== null) c.bind(node.rest, ASSIGNED, node.start);
      break;
    case NodeKind.MatchClass:
      visitExpr(c, node.cls);
      visitPatterns(c, node.patterns);
      if (node.kwd_attrs.includes("__debug__")) c.fail("cannot assign to __debug__", node.start);
      visitPatterns(c, node.kwd_patterns);
      break;
    case NodeKind.MatchAs:
      if (node.pattern !== null) visitPattern(c, node.pattern);
      if (node.name !== null) c.bind(node.name, ASSIGNED, node.start);
      break;
  }
  c.depth--;
}
