/**
 * Which module-level names a module-level statement binds and which it may mutate when it runs (manifest §4, rows
 * "a module-level name" and registries). Code inside function bodies does not run here; class bodies, decorators,
 * defaults and comprehensions do.
 */
import { READERS } from "../normalisation/expressions.ts";
import { innerBodies } from "../normalisation/functionScope.ts";
import {
  type AnyNode,
  type Call,
  ConstantType,
  Context,
  type Expr,
  NodeKind,
  type Pattern,
  type Stmt,
} from "../syntax/ast.ts";
import { forEachChild } from "../syntax/index.ts";

export interface Touches {
  readonly binds: ReadonlySet<string>;
  readonly mutates: ReadonlySet<string>;
  /** Names that attributes or items are set on, or that are deleted from: mutated whatever they hold. */
  readonly sets: ReadonlySet<string>;
  /** The expressions behind `mutates`: what is set, called a method of, or handed to a call. */
  readonly objects: readonly { readonly node: Expr; readonly receiver: boolean }[];
  /** Names called directly: an object that is called may change what it holds. */
  readonly called: ReadonlySet<string>;
  /** Callees (expressions) that the statement runs: calls and decorators. */
  readonly callees: readonly Expr[];
}

/** Builtins that change none of their arguments, for arguments that are plain containers or literals. */
export const HARMLESS = new Set(
  (
    "abs all any ascii bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset " +
    "getattr hasattr hash hex id int isinstance issubclass len list map max memoryview min oct ord pow print range " +
    "repr reversed round set slice sorted str sum super tuple type zip"
  ).split(" "),
);

/** The module's own namespace, where code reaches it as an object: `globals()["X"] = 1`, `sys.modules[__name__].X = 1`. */
export const MODULE = { name: "*", calls: new Set(["globals", "locals", "vars"]) } as const;

interface Collector {
  binds: Set<string>;
  mutates: Set<string>;
  sets: Set<string>;
  objects: { node: Expr; receiver: boolean }[];
  called: Set<string>;
  callees: Expr[];
}

const cache = new WeakMap<Stmt, Touches>();

/** What a statement does to module-level names, its inner statements included. */
export function touchesOf(statement: Stmt): Touches {
  let found = cache.get(statement);
  if (found === undefined) {
    const collector: Collector = {
      binds: new Set(),
      mutates: new Set(),
      sets: new Set(),
      objects: [],
      called: new Set(),
      callees: [],
    };
    collect(collector, statement);
    found = collector;
    cache.set(statement, found);
  }
  return found;
}

function collect(out: Collector, statement: Stmt): void {
  switch (statement.kind) {
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
      out.binds.add(statement.name);
      decorators(out, statement.decorator_list);
      for (const value of statement.args.defaults) run(out, value);
      for (const value of statement.args.kw_defaults) if (value) run(out, value);
      return;
    case NodeKind.ClassDef:
      out.binds.add(statement.name);
      classBody(out, statement);
      return;
    case NodeKind.Import:
      for (const alias of statement.names) out.binds.add(alias.asname ?? alias.name.split(".")[0]);
      return;
    case NodeKind.ImportFrom:
      for (const alias of statement.names) if (alias.name !== "*") out.binds.add(alias.asname ?? alias.name);
      return;
    case NodeKind.Assign:
      for (const target of statement.targets) store(out, target);
      run(out, statement.value);
      return;
    case NodeKind.AugAssign:
      store(out, statement.target);
      run(out, statement.value);
      return;
    case NodeKind.AnnAssign:
      if (statement.value !== null) {
        store(out, statement.target);
        run(out, statement.value);
      }
      return;
    case NodeKind.Delete:
      for (const target of statement.targets) store(out, target);
      return;
    case NodeKind.TypeAlias:
      out.binds.add(statement.name.id);
      return;
    case NodeKind.For:
    case NodeKind.AsyncFor:
      store(out, statement.target);
      run(out, statement.iter);
      break;
    case NodeKind.With:
    case NodeKind.AsyncWith:
      for (const item of statement.items) {
        run(out, item.context_expr);
        if (item.optional_vars) store(out, item.optional_vars);
      }
      break;
    case NodeKind.If:
    case NodeKind.While:
      run(out, statement.test);
      break;
    case NodeKind.Try:
    case NodeKind.TryStar:
      for (const handler of statement.handlers) if (handler.name) out.binds.add(handler.name);
      break;
    case NodeKind.Match:
      run(out, statement.subject);
      for (const item of statement.cases) {
        captures(out, item.pattern);
        if (item.guard) run(out, item.guard);
      }
      break;
    case NodeKind.Expr:
      run(out, statement.value);
      return;
    case NodeKind.Raise:
      if (statement.exc) run(out, statement.exc);
      return;
    case NodeKind.Assert:
      run(out, statement.test);
      return;
    default:
      return;
  }
  merge(out, innerBodies(statement));
}

function merge(out: Collector, bodies: readonly (readonly Stmt[])[]): void {
  for (const statements of bodies) {
    for (const inner of statements) {
      const touches = touchesOf(inner);
      for (const name of touches.binds) out.binds.add(name);
      for (const name of touches.mutates) out.mutates.add(name);
      for (const name of touches.sets) out.sets.add(name);
      for (const name of touches.called) out.called.add(name);
      out.objects.push(...touches.objects);
      out.callees.push(...touches.callees);
    }
  }
}

/** A class body runs with its class: what it calls and sets counts, what it binds is its own. */
function classBody(out: Collector, node: Extract<Stmt, { kind: NodeKind.ClassDef }>): void {
  decorators(out, node.decorator_list);
  for (const base of node.bases) run(out, base);
  for (const keyword of node.keywords) run(out, keyword.value);
  for (const inner of node.body) {
    const touches = touchesOf(inner);
    for (const name of touches.mutates) if (!touches.binds.has(name)) out.mutates.add(name);
    for (const name of touches.sets) out.sets.add(name);
    for (const name of touches.called) out.called.add(name);
    out.objects.push(...touches.objects);
    out.callees.push(...touches.callees);
  }
}

const exempt = new WeakSet<Expr>();

/** Stage decorators only declare: what they are handed is read, not changed. To be said before a statement is looked at. */
export function exemptDecorator(decorator: Expr): void {
  exempt.add(decorator);
}

function decorators(out: Collector, list: readonly Expr[]): void {
  for (const decorator of list) {
    if (exempt.has(decorator)) continue;
    run(out, decorator);
    out.callees.push(decorator.kind === NodeKind.Call ? decorator.func : decorator);
    const root = rootName(decorator.kind === NodeKind.Call ? decorator.func : decorator, true);
    if (root !== null) out.mutates.add(root);
  }
}

function store(out: Collector, target: Expr): void {
  switch (target.kind) {
    case NodeKind.Name:
      out.binds.add(target.id);
      return;
    case NodeKind.Tuple:
    case NodeKind.List:
      for (const item of target.elts) store(out, item);
      return;
    case NodeKind.Starred:
      store(out, target.value);
      return;
    case NodeKind.Attribute:
    case NodeKind.Subscript: {
      const root = rootName(target.value, false);
      if (root !== null) {
        out.mutates.add(root);
        out.sets.add(root);
        out.objects.push({ node: target, receiver: false });
      }
      run(out, target.value);
      if (target.kind === NodeKind.Subscript) run(out, target.slice);
      return;
    }
    default:
      run(out, target);
  }
}

function captures(out: Collector, node: Pattern): void {
  if ((node.kind === NodeKind.MatchAs || node.kind === NodeKind.MatchStar) && node.name) out.binds.add(node.name);
  if (node.kind === NodeKind.MatchMapping && node.rest) out.binds.add(node.rest);
  forEachChild(node, (child) => {
    if (child.kind >= NodeKind.MatchValue && child.kind <= NodeKind.MatchOr) captures(out, child as Pattern);
  });
}

/** An expression that runs: calls in it may mutate their receiver and what they are handed; `:=` binds. */
function run(out: Collector, node: AnyNode): void {
  switch (node.kind) {
    case NodeKind.Lambda:
      for (const value of node.args.defaults) run(out, value);
      return;
    case NodeKind.NamedExpr:
      if (node.target.ctx === Context.Store) out.binds.add(node.target.id);
      run(out, node.value);
      return;
    case NodeKind.Call:
      call(out, node);
      break;
  }
  forEachChild(node, (child) => run(out, child));
}

function call(out: Collector, node: Call): void {
  out.callees.push(node.func);
  if (node.func.kind === NodeKind.Name) {
    out.called.add(node.func.id);
    if (node.func.id === "exec" || node.func.id === "eval") out.sets.add(MODULE.name);
  } else if (node.func.kind === NodeKind.Lambda) run(out, node.func.body);
  if (node.func.kind === NodeKind.Attribute && !READERS.has(node.func.attr)) {
    const root = rootName(node.func.value, false);
    if (root !== null) {
      out.mutates.add(root);
      out.objects.push({ node: node.func.value, receiver: true });
    }
  }
  if (
    node.func.kind === NodeKind.Name &&
    (node.func.id === "setattr" || node.func.id === "delattr") &&
    node.args.length > 0
  ) {
    const root = rootName(node.args[0], false);
    if (root !== null) {
      out.mutates.add(root);
      out.sets.add(root);
      const name = node.args[1];
      if (name?.kind === NodeKind.Constant && name.type === ConstantType.Str) {
        out.objects.push({
          node: { ...node, kind: NodeKind.Attribute, value: node.args[0], attr: name.value, ctx: Context.Store },
          receiver: false,
        });
      }
    }
  }
  const harmless = isHarmless(node.func);
  for (const argument of node.args) handed(out, argument, harmless);
  for (const keyword of node.keywords) handed(out, keyword.value, harmless);
}

/** Builtins by name, and `os.path`'s functions. */
function isHarmless(func: Expr): boolean {
  if (func.kind === NodeKind.Name) return HARMLESS.has(func.id);
  if (func.kind !== NodeKind.Attribute || func.value.kind !== NodeKind.Attribute) return false;
  return func.value.attr === "path" && func.value.value.kind === NodeKind.Name && func.value.value.id === "os";
}

/** Names whose objects a call is handed, directly or inside displays. */
function handed(out: Collector, node: Expr, harmless: boolean): void {
  switch (node.kind) {
    case NodeKind.Name:
    case NodeKind.Attribute:
    case NodeKind.Subscript: {
      // A method handed to a harmless builtin is called by it: `map(TABLE.append, rows)`.
      const method = node.kind === NodeKind.Attribute && !READERS.has(node.attr);
      const root = rootName(node, false);
      if (root !== null && (!harmless || method)) {
        out.mutates.add(root);
        out.objects.push({ node, receiver: false });
      }
      return;
    }
    case NodeKind.Lambda:
      run(out, node.body);
      return;
    case NodeKind.Starred:
      handed(out, node.value, harmless);
      return;
    case NodeKind.List:
    case NodeKind.Tuple:
    case NodeKind.Set:
      for (const item of node.elts) handed(out, item, harmless);
      return;
    case NodeKind.Dict:
      for (const item of node.values) handed(out, item, harmless);
      return;
    case NodeKind.IfExp:
      handed(out, node.body, harmless);
      handed(out, node.orelse, harmless);
      return;
    case NodeKind.BoolOp:
      for (const item of node.values) handed(out, item, harmless);
      return;
  }
}

/** The name at the root of `a.b[0].c`; a call on the way ends it, unless it is a decorator factory's receiver. */
function rootName(node: Expr, attributeNeeded: boolean): string | null {
  let at = node;
  let attributes = 0;
  while (
    at.kind === NodeKind.Attribute ||
    at.kind === NodeKind.Subscript ||
    at.kind === NodeKind.Call ||
    at.kind === NodeKind.NamedExpr
  ) {
    if (isModuleObject(at)) return MODULE.name;
    if (at.kind === NodeKind.NamedExpr) at = at.value;
    else if (at.kind === NodeKind.Call) at = at.func;
    else {
      attributes++;
      at = at.value;
    }
  }
  if (at.kind !== NodeKind.Name || (attributeNeeded && attributes === 0)) return null;
  return at.id;
}

/** `globals()`, `vars()`, `locals()`, `sys.modules[__name__]`. */
export function isModuleObject(node: Expr): boolean {
  if (node.kind === NodeKind.Call) {
    return node.func.kind === NodeKind.Name && MODULE.calls.has(node.func.id) && node.args.length === 0;
  }
  return (
    node.kind === NodeKind.Subscript &&
    node.value.kind === NodeKind.Attribute &&
    node.value.attr === "modules" &&
    node.slice.kind === NodeKind.Name &&
    node.slice.id === "__name__"
  );
}
