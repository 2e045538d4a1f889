/**
 * Statements of a definition as canonical tokens: bodies, definitions inside, imports, annotations and docstrings.
 * What is left out here is left out by M3.1 (docstrings, annotations, bare declarations), by `# fastpipe: ignore`, or by
 * a rule of `rules/`. Above 400 lines because one switch over the grammar of statements reads best whole.
 */
import { Resolution, type Scope, ScopeKind, SymbolFlag } from "../binding/scope.ts";
import {
  type Arguments,
  type ClassDef,
  ConstantType,
  type ExceptHandler,
  type Expr,
  type FunctionNode,
  type ImportFrom,
  NodeKind,
  type Stmt,
  type TypeParam,
} from "../syntax/ast.ts";
import { collectAnnotation } from "./annotationReferences.ts";
import { decoratorIgnoresAnnotations } from "./annotations.ts";
import { Canonical, Tag } from "./canonical.ts";
import {
  callArguments,
  calledName,
  decorators,
  defaults,
  expression,
  expressions,
  optional,
  parameters,
  pattern,
} from "./expressions.ts";
import { type FileContext, lineAt } from "./file.ts";
import { noteFlow } from "./handing.ts";
import { walkBody, walkMember } from "./members.ts";
import { rewriteBases, rewriteBody } from "./rules/index.ts";
import { marksStage } from "./stageNames.ts";

/**
 * Whether a statement carries `# fastpipe: ignore` (manifest §7): at the end of the first or last line of a simple one, or
 * of a line of a compound one's header. A comment at the end of a block belongs to the statement there.
 */
export function isIgnored(file: FileContext, statement: Stmt): boolean {
  if (file.ignoreLines.size === 0) return false;
  const lineStarts = file.lineStarts();
  const first = lineAt(lineStarts, statement.start);
  if (file.ignoreLines.has(first)) return true;
  const body = firstInner(statement);
  if (body === null) return file.ignoreLines.has(lineAt(lineStarts, Math.max(statement.start, statement.end - 1)));
  const last = lineAt(lineStarts, body.start);
  for (let line = first + 1; line < last; line++) if (file.ignoreLines.has(line)) return true;
  return false;
}

/** The first statement or case inside a compound statement; null for a simple one. */
function firstInner(statement: Stmt): { readonly start: number } | null {
  if (statement.kind === NodeKind.Match) return statement.cases[0].pattern;
  return "body" in statement && Array.isArray(statement.body) ? (statement.body[0] ?? null) : null;
}

export function isDocstring(statement: Stmt | undefined): boolean {
  return (
    statement?.kind === NodeKind.Expr &&
    statement.value.kind === NodeKind.Constant &&
    statement.value.type === ConstantType.Str
  );
}

/** A function's or class' body: without docstring, without ignored statements; an empty one equals `pass`. */
function definitionBody(c: Canonical, statements: readonly Stmt[]): void {
  let kept = statements;
  if (isDocstring(statements[0])) {
    const docstring = statements[0];
    if (docstring.kind === NodeKind.Expr && docstring.value.kind === NodeKind.Constant) {
      // Whose it is: one that moves from a class to its method is another one's.
      c.docs.text(ownerOf(c.scope));
      c.docs.text(docstring.value.value);
    }
    kept = statements.slice(1);
  }
  body(c, kept);
}

/** The definition that a scope is of, as seen from the outermost one around it; names of locals don't count (M3.2). */
function ownerOf(scope: Scope): string {
  const names: string[] = [];
  for (let at: Scope = scope; at.parent !== null && at.parent.kind !== ScopeKind.Module; at = at.parent) {
    if (at.kind !== ScopeKind.TypeParameters) names.push(at.parent.kind === ScopeKind.Class ? at.name : "<locals>");
  }
  return names.join(" ");
}

function withoutIgnored(file: FileContext, statements: readonly Stmt[]): readonly Stmt[] {
  return statements.filter((statement) => !isIgnored(file, statement));
}

/** The statements of a list that count: without ignored ones (manifest §7) and bare declarations (M3.1). */
export function counted(c: Canonical, statements: readonly Stmt[]): readonly Stmt[] {
  let kept = statements;
  if (c.file.ignoreLines.size > 0) {
    kept = withoutIgnored(c.file, statements);
    c.ignored += c.asWritten ? 0 : statements.length - kept.length;
  }
  let out: Stmt[] | null = null;
  for (let i = 0; i < kept.length; i++) {
    if (isBareDeclaration(c, kept[i])) out ??= kept.slice(0, i);
    else out?.push(kept[i]);
  }
  return out ?? kept;
}

/** A list of statements. */
export function body(c: Canonical, statements: readonly Stmt[]): void {
  const tail = c.tail;
  let kept = counted(c, statements);
  if (!c.asWritten && c.renames) kept = rewriteBody(c, kept, tail);
  const out = c.out;
  const countAt = out.length;
  out.int(0);
  let count = 0;
  for (let i = 0; i < kept.length; i++) {
    const before = out.length;
    c.tail = tail && i === kept.length - 1;
    statement(c, kept[i]);
    if (out.length > before) count++;
  }
  c.tail = tail;
  if (count === 0) {
    out.int(NodeKind.Pass);
    count = 1;
  }
  out.words[countAt] = count;
}

/**
 * `x: T` of a function or module does nothing (M3.1), unless it alone makes a used name local. Class bodies keep theirs.
 */
export function isBareDeclaration(c: Canonical, item: Stmt): boolean {
  if (item.kind !== NodeKind.AnnAssign || item.value !== null || item.target.kind !== NodeKind.Name) return false;
  if (c.scope.kind === ScopeKind.Class) return false;
  if (!c.asWritten) annotation(c, item.annotation);
  if (c.scope.kind === ScopeKind.Module || item.simple === 0) return item.simple === 1;
  const symbol = c.scope.symbols.get(item.target.id);
  if (symbol === undefined) return true;
  const boundElsewhere =
    (symbol.flags & (SymbolFlag.NonImportBinding | SymbolFlag.Import | SymbolFlag.Parameter)) !== 0;
  // Read here, or by a scope inside that would else look further out.
  return boundElsewhere || !((symbol.flags & SymbolFlag.Use) !== 0 || symbol.resolution === Resolution.Cell);
}

/** References of an annotation that does not count itself (M4.5). */
function annotation(c: Canonical, node: Expr | null): void {
  if (node !== null && !c.asWritten) collectAnnotation(c, node);
}

export function statement(c: Canonical, node: Stmt): void {
  const out = c.out;
  switch (node.kind) {
    case NodeKind.Expr:
      out.int(NodeKind.Expr);
      expression(c, node.value);
      return;
    case NodeKind.Assign:
      out.int(NodeKind.Assign);
      noteFlow(c, node.targets, node.value);
      expression(c, node.value);
      expressions(c, node.targets);
      return;
    case NodeKind.AnnAssign:
      annotatedAssignment(c, node);
      return;
    case NodeKind.AugAssign:
      out.int(NodeKind.AugAssign);
      out.int(node.op);
      if (node.target.kind === NodeKind.Name && !c.asWritten) {
        // Reads before it writes: a module-level name keeps its reference.
        if (c.owner(node.target.id) === null) c.load(node.target.id, []);
      }
      expression(c, node.target);
      expression(c, node.value);
      return;
    case NodeKind.Return:
      out.int(NodeKind.Return);
      optional(c, node.value);
      return;
    case NodeKind.Delete:
      out.int(NodeKind.Delete);
      expressions(c, node.targets);
      return;
    case NodeKind.If:
      ifChain(c, node);
      return;
    case NodeKind.For:
    case NodeKind.AsyncFor:
      out.int(node.kind);
      noteFlow(c, [node.target], node.iter);
      expression(c, node.iter);
      expression(c, node.target);
      loop(c, node.body, node.orelse);
      return;
    case NodeKind.While:
      out.int(NodeKind.While);
      expression(c, node.test);
      loop(c, node.body, node.orelse);
      return;
    case NodeKind.With:
    case NodeKind.AsyncWith:
      out.int(node.kind);
      out.int(node.items.length);
      for (const item of node.items) {
        expression(c, item.context_expr);
        optional(c, item.optional_vars);
      }
      block(c, node.body);
      return;
    case NodeKind.Try:
    case NodeKind.TryStar: {
      const tail = c.tail;
      out.int(node.kind);
      c.tryDepth++;
      c.tail = tail && node.orelse.length === 0;
      block(c, node.body);
      c.tryDepth--;
      c.tail = tail;
      out.int(node.handlers.length);
      for (const handler of node.handlers) exceptHandler(c, handler);
      orElse(c, node.orelse);
      // A `return` here would swallow an exception.
      c.tail = false;
      orElse(c, node.finalbody);
      return;
    }
    case NodeKind.Match:
      out.int(NodeKind.Match);
      expression(c, node.subject);
      out.int(node.cases.length);
      for (const item of node.cases) {
        pattern(c, item.pattern);
        optional(c, item.guard);
        block(c, item.body);
      }
      return;
    case NodeKind.Raise:
      out.int(NodeKind.Raise);
      optional(c, node.exc);
      optional(c, node.cause);
      return;
    case NodeKind.Assert:
      out.int(NodeKind.Assert);
      expression(c, node.test);
      optional(c, node.msg);
      return;
    case NodeKind.Import:
    case NodeKind.ImportFrom:
      importStatement(c, node);
      return;
    case NodeKind.Global:
    case NodeKind.Nonlocal:
      // Where names are renamed, the names' own tokens say where they live.
      if (c.renames && !c.asWritten && !c.keepsNames) return;
      out.int(node.kind);
      out.int(node.names.length);
      for (const name of node.names) out.text(name);
      return;
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
      innerFunction(c, node);
      return;
    case NodeKind.ClassDef:
      innerClass(c, node);
      return;
    case NodeKind.TypeAlias: {
      out.int(NodeKind.TypeAlias);
      c.store(node.name.id);
      typeParameters(c, node.type_params);
      expression(c, node.value);
      return;
    }
    case NodeKind.Pass:
    case NodeKind.Break:
    case NodeKind.Continue:
      out.int(node.kind);
      return;
  }
}

function block(c: Canonical, statements: readonly Stmt[]): void {
  c.blockDepth++;
  body(c, statements);
  c.blockDepth--;
}

/** Falling off a loop's body goes round again; off its `else` part, on. */
function loop(c: Canonical, statements: readonly Stmt[], orelse: readonly Stmt[]): void {
  const tail = c.tail;
  c.tail = false;
  block(c, statements);
  c.tail = tail;
  orElse(c, orelse);
}

/** An `else` or `finally` part: absent is not the same as `pass`. */
function orElse(c: Canonical, statements: readonly Stmt[]): void {
  if (statements.length === 0) c.tag(Tag.None);
  else block(c, statements);
}

/** `elif` chains run to thousands: walked in a loop. */
function ifChain(c: Canonical, first: Stmt): void {
  let node = first;
  while (node.kind === NodeKind.If) {
    c.out.int(NodeKind.If);
    expression(c, node.test);
    block(c, node.body);
    if (node.orelse.length === 1 && node.orelse[0].kind === NodeKind.If && !isIgnored(c.file, node.orelse[0])) {
      c.out.int(1);
      node = node.orelse[0];
      continue;
    }
    orElse(c, node.orelse);
    return;
  }
}

function exceptHandler(c: Canonical, handler: ExceptHandler): void {
  optional(c, handler.type);
  if (handler.name === null) c.tag(Tag.None);
  else c.store(handler.name);
  block(c, handler.body);
}

function annotatedAssignment(c: Canonical, node: Extract<Stmt, { kind: NodeKind.AnnAssign }>): void {
  const out = c.out;
  if (node.value !== null) noteFlow(c, [node.target], node.value);
  if (c.scope.kind === ScopeKind.Class) {
    out.int(NodeKind.AnnAssign);
    out.int(node.simple);
    optional(c, node.value);
    expression(c, node.target);
    expression(c, node.annotation);
    annotation(c, node.annotation);
    return;
  }
  annotation(c, node.annotation);
  if (node.value !== null) {
    out.int(NodeKind.Assign);
    expression(c, node.value);
    out.int(1);
    expression(c, node.target);
    return;
  }
  if (node.target.kind === NodeKind.Name) {
    out.int(Tag.BareLocal);
    c.store(node.target.id);
    return;
  }
  out.int(Tag.BareTarget);
  expression(c, node.target);
}

// ----------------------------------------------------------------- imports

function importStatement(c: Canonical, node: Extract<Stmt, { kind: NodeKind.Import }> | ImportFrom): void {
  const out = c.out;
  if (c.asWritten || !c.renames) {
    importAsWritten(c, node);
    if (c.asWritten) return;
  }
  const quiet = c.renames && c.blockDepth === 0 && c.tryDepth === 0 && c.scope.kind === ScopeKind.Function;
  for (const alias of node.names) {
    const isFrom = node.kind === NodeKind.ImportFrom;
    const bound = alias.asname ?? (isFrom ? alias.name : alias.name.split(".")[0]);
    const chain = isFrom
      ? ({ kind: "import", level: node.level, module: node.module ?? "", name: alias.name, attrs: [] } as const)
      : ({ kind: "import", level: 0, module: alias.name, name: null, attrs: [] } as const);
    if (alias.name === "*") {
      if (c.renames) {
        out.int(Tag.ImportFirst);
        c.localImports.push(c.file.chains.intern({ ...chain, name: null }));
      }
      continue;
    }
    const module = c.file.chains.intern({ ...chain, name: null });
    if (!c.localImports.includes(module)) c.localImports.push(module);
    if (!c.renames) continue;
    if (c.importOnly(bound) && !c.keepsNames) {
      c.imported(bound);
      if (quiet) continue;
      // Whether it runs, and whether it fails, depends on where it stands.
      out.int(node.kind);
      if (isFrom) c.reference(chain);
      else out.text(alias.name);
      continue;
    }
    out.int(node.kind);
    // `import a.b` binds `a`; else the name after `as` is a local like any other.
    out.int(alias.asname === null && !isFrom && bound !== alias.name ? 0 : 1);
    if (isFrom) c.reference(chain);
    else {
      out.text(alias.name);
      c.reference(alias.asname === null ? { ...chain, module: bound } : chain);
    }
    c.store(bound);
  }
}

function importAsWritten(c: Canonical, node: Extract<Stmt, { kind: NodeKind.Import }> | ImportFrom): void {
  const out = c.out;
  out.int(node.kind);
  if (node.kind === NodeKind.ImportFrom) {
    out.int(node.level);
    out.text(node.module ?? "");
  }
  out.int(node.names.length);
  for (const alias of node.names) {
    out.text(alias.name);
    if (alias.asname === null) c.tag(Tag.None);
    else out.text(alias.asname);
  }
}

// ------------------------------------------------------------- definitions

function innerFunction(c: Canonical, node: FunctionNode): void {
  walkMember(c, node, functionStatement);
}

function functionStatement(c: Canonical, node: FunctionNode): void {
  c.out.int(node.kind);
  const list = node.decorator_list;
  decorators(c, list.length === 0 ? list : withoutStages(c, list));
  definitionName(c, node.name);
  functionParts(c, node, list.length === 0 || areSilent(c, list));
}

function withoutStages(c: Canonical, list: readonly Expr[]): readonly Expr[] {
  return list.filter((decorator) => !isStageDecorator(c, decorator));
}

function areSilent(c: Canonical, list: readonly Expr[]): boolean {
  return list.every((decorator) => isSilentDecorator(c, decorator));
}

/** A name bound by `def` or `class`: a local, or in a class body an attribute that keeps its name. */
function definitionName(c: Canonical, name: string): void {
  if (c.scope.kind === ScopeKind.Class) {
    c.tag(Tag.ClassName);
    c.text(name);
  } else c.store(name);
}

/** Whether a decorator marks a stage, by the file's own imports: it is no part of the definition (M3.5). */
export function isStageDecorator(c: Canonical, decorator: Expr): boolean {
  const name = calledName(c, decorator.kind === NodeKind.Call ? decorator.func : decorator);
  return name !== null && marksStage(c.file.stageDecorators, name);
}

/** Whether a decorator, by the imports and names where it stands, leaves annotations unread (M3.4). */
export function isSilentDecorator(c: Canonical, decorator: Expr): boolean {
  const expr = decorator.kind === NodeKind.Call ? decorator.func : decorator;
  if (
    expr.kind === NodeKind.Attribute &&
    (expr.attr === "setter" || expr.attr === "getter" || expr.attr === "deleter") &&
    expr.value.kind === NodeKind.Name
  ) {
    return true;
  }
  return decoratorIgnoresAnnotations(calledName(c, expr)) || isStageDecorator(c, decorator);
}

/**
 * Everything of a function but decorators and name. `silent`: nothing reads its annotations, so they go to the side
 * stream that counts only where reachable code reads annotations (M3.4).
 */
export function functionParts(c: Canonical, node: FunctionNode, silent: boolean): void {
  const here = c.scope;
  const scope = c.file.scopes.scopes.get(node);
  // Defaults are read in the scope around; annotations and type parameters in the implicit scope of a generic function.
  defaults(c, node.args);
  if (here.kind === ScopeKind.Module && !c.asWritten && keepsState(node.args))
    c.noteMutated(c.file.chains.global(node.name, []), true);
  if (scope?.parent && scope.parent !== here && scope.parent.kind === ScopeKind.TypeParameters)
    c.enterScope(scope.parent);
  typeParameters(c, node.type_params);
  signatureAnnotations(c, node.args, node.returns, silent);
  walkBody(c, node, functionBody);
  c.leave(here);
}

/** What is read in a function's own scope: its parameters and its body. */
function functionBody(c: Canonical, node: FunctionNode): void {
  const before = c.enter(node);
  const { tryDepth, blockDepth, tail } = c;
  c.tryDepth = 0;
  c.blockDepth = 0;
  c.tail = true;
  parameters(c, node.args);
  definitionBody(c, node.body);
  c.tryDepth = tryDepth;
  c.blockDepth = blockDepth;
  c.tail = tail;
  c.leave(before);
}

/** Whether a default is an object that calls may fill: `def register(f, table={})`. */
function keepsState({ defaults: values, kw_defaults }: Arguments): boolean {
  return [...values, ...kw_defaults].some(
    (value) =>
      value !== null &&
      (value.kind === NodeKind.Dict ||
        value.kind === NodeKind.List ||
        value.kind === NodeKind.Set ||
        (value.kind === NodeKind.Call &&
          value.func.kind === NodeKind.Name &&
          ["dict", "list", "set"].includes(value.func.id))),
  );
}

/** Annotations in CPython's order, each prefixed by its parameter. */
function signatureAnnotations(c: Canonical, args: Arguments, returns: Expr | null, silent: boolean): void {
  if (returns === null && !isAnnotated(args)) return;
  const all = [...args.posonlyargs, ...args.args, ...args.kwonlyargs];
  if (args.vararg) all.push(args.vararg);
  if (args.kwarg) all.push(args.kwarg);
  const annotated: [string, Expr][] = [];
  for (const arg of all) if (arg.annotation !== null) annotated.push([arg.arg, arg.annotation]);
  if (returns !== null) annotated.push(["return", returns]);
  if (annotated.length === 0) return;
  for (const [, node] of annotated) annotation(c, node);
  if (silent) {
    if (!c.asWritten) for (const [name, node] of annotated) sideAnnotation(c, name, node);
    return;
  }
  for (const [name, node] of annotated) {
    c.text(name);
    expression(c, node);
  }
}

function isAnnotated({ posonlyargs, args, kwonlyargs, vararg, kwarg }: Arguments): boolean {
  for (let i = 0; i < args.length; i++) if (args[i].annotation !== null) return true;
  for (let i = 0; i < posonlyargs.length; i++) if (posonlyargs[i].annotation !== null) return true;
  for (let i = 0; i < kwonlyargs.length; i++) if (kwonlyargs[i].annotation !== null) return true;
  return (vararg !== null && vararg.annotation !== null) || (kwarg !== null && kwarg.annotation !== null);
}

/** An annotation that counts only where something reads annotations: its tokens as written. */
function sideAnnotation(c: Canonical, name: string, node: Expr): void {
  const side = new Canonical(c.file, c.scope, c.qualname, true);
  expression(side, node);
  c.annotations.text(name);
  c.annotations.stream(side.out);
  side.release();
}

function typeParameters(c: Canonical, params: readonly TypeParam[]): void {
  if (params.length === 0) return;
  const out = c.out;
  out.int(params.length);
  for (const param of params) {
    out.int(param.kind);
    out.text(param.name);
    if (param.kind === NodeKind.TypeVar) optional(c, param.bound);
    optional(c, param.default_value);
  }
}

function innerClass(c: Canonical, node: ClassDef): void {
  c.out.int(NodeKind.ClassDef);
  decorators(c, node.decorator_list);
  definitionName(c, node.name);
  c.text(node.name);
  classParts(c, node);
}

/** Everything of a class but decorators and name. */
export function classParts(c: Canonical, node: ClassDef): void {
  const here = c.scope;
  const scope = c.file.scopes.scopes.get(node);
  if (scope?.parent && scope.parent !== here && scope.parent.kind === ScopeKind.TypeParameters)
    c.enterScope(scope.parent);
  typeParameters(c, node.type_params);
  callArguments(c, c.asWritten || !c.renames ? node.bases : rewriteBases(c, node), node.keywords);
  const before = c.enter(node);
  const { tryDepth, blockDepth, tail } = c;
  c.tryDepth = 0;
  c.blockDepth = 0;
  c.tail = false;
  definitionBody(c, node.body);
  c.tryDepth = tryDepth;
  c.blockDepth = blockDepth;
  c.tail = tail;
  c.leave(before);
  c.leave(here);
}
