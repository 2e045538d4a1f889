/**
 * Which module-level names a module-level statement binds and which it may mutate when it runs (manifest §4, rows
 * "a module-level name" and registries). Code inside function bodies does not run here; class bodies, decorators,
 * defaults and comprehensions do. Above 400 lines because the walk over statements and that over expressions feed one collector.
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
import { newAttribute } from "../syntax/nodes.ts";

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
  /** Room for what is found of a function's body (`flows.ts`), as long as it is the same; null until then. */
  handedOut: readonly string[] | null;
}

/** Builtins that change none of their arguments, for arguments that are plain containers or literals. */
const HARMLESS = new Set(
  (
    "abs all any ascii bin bool bytes callable chr complex dict divmod enumerate filter float format frozenset " +
    "getattr hasattr hash hex id int isinstance issubclass len list map max memoryview min oct ord pow print range " +
    "repr reversed round set slice sorted str sum super tuple type zip"
  ).split(" "),
);

/** Builtins that don't call what they are handed, either. */
const INERT = new Set("callable classmethod hasattr id isinstance issubclass property staticmethod".split(" "));

/** The module's own namespace, where code reaches it as an object: `globals()["X"] = 1`, `sys.modules[__name__].X = 1`. */
export const MODULE = { name: "*", calls: new Set(["globals", "locals", "vars"]) } as const;

const NO_NAMES: Set<string> = new Set();
const NO_EXPRESSIONS: Expr[] = [];
const NO_OBJECTS: { node: Expr; receiver: boolean }[] = [];

/** Makes no set or list before something goes into it: most statements touch little. */
class Collector implements Touches {
  binds = NO_NAMES;
  mutates: Set<string>;
  sets = NO_NAMES;
  objects = NO_OBJECTS;
  called = NO_NAMES;
  callees = NO_EXPRESSIONS;
  handedOut: readonly string[] | null = null;
  readonly full: boolean;

  /** `full`: false where only `mutates` is asked for. */
  constructor(mutates: Set<string>, full: boolean) {
    this.mutates = mutates;
    this.full = full;
  }

  bind(name: string): void {
    if (!this.full) return;
    if (this.binds === NO_NAMES) this.binds = new Set();
    this.binds.add(name);
  }

  mutate(name: string): void {
    if (this.mutates === NO_NAMES) this.mutates = new Set();
    this.mutates.add(name);
  }

  set(name: string): void {
    if (!this.full) return;
    if (this.sets === NO_NAMES) this.sets = new Set();
    this.sets.add(name);
  }

  object(node: Expr, receiver: boolean): void {
    if (!this.full) return;
    if (this.objects === NO_OBJECTS) this.objects = [];
    this.objects.push({ node, receiver });
  }

  call(name: string): void {
    if (!this.full) return;
    if (this.called === NO_NAMES) this.called = new Set();
    this.called.add(name);
  }

  callee(node: Expr): void {
    if (!this.full) return;
    if (this.callees === NO_EXPRESSIONS) this.callees = [];
    this.callees.push(node);
  }
}

/** What a statement does to module-level names, its inner statements included. */
export function touchesOf(statement: Stmt): Touches {
  // Kept by the statement itself: a weak map would keep trees alive until the next full collection.
  if (statement.notes === null) {
    const collector = new Collector(NO_NAMES, true);
    collect(collector, statement);
    statement.notes = collector;
  }
  return statement.notes as Touches;
}

function collect(out: Collector, statement: Stmt): void {
  switch (statement.kind) {
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
      out.bind(statement.name);
      decorators(out, statement.decorator_list);
      for (const value of statement.args.defaults) run(out, value);
      for (const value of statement.args.kw_defaults) if (value) run(out, value);
      return;
    case NodeKind.ClassDef:
      out.bind(statement.name);
      classBody(out, statement);
      return;
    case NodeKind.Import:
      if (!out.full) return;
      for (const alias of statement.names) out.bind(alias.asname ?? alias.name.split(".")[0]);
      return;
    case NodeKind.ImportFrom:
      if (!out.full) return;
      for (const alias of statement.names) if (alias.name !== "*") out.bind(alias.asname ?? alias.name);
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
      out.bind(statement.name.id);
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
      if (out.full) for (const handler of statement.handlers) if (handler.name) out.bind(handler.name);
      break;
    case NodeKind.Match:
      run(out, statement.subject);
      for (const item of statement.cases) {
        if (out.full) captures(out, item.pattern);
        if (item.guard) run(out, item.guard);
      }
      break;
    case NodeKind.Expr:
      run(out, statement.value);
      operated(out, statement.value);
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
  if (out.full) merge(out, innerBodies(statement));
}

/**
 * Adds the names that `mutates` of each statement of a function's body has, of those inside it and of functions defined in
 * it; calls `visit` for each of these statements. One walk, because bodies are most of a file.
 */
export function mutatedInside(body: readonly Stmt[], names: Set<string>, visit: (statement: Stmt) => void): void {
  insideOf(body, new Collector(names, false), visit);
}

function insideOf(body: readonly Stmt[], out: Collector, visit: (statement: Stmt) => void): void {
  for (let i = 0; i < body.length; i++) {
    const statement = body[i];
    visit(statement);
    collect(out, statement);
    switch (statement.kind) {
      case NodeKind.FunctionDef:
      case NodeKind.AsyncFunctionDef:
        insideOf(statement.body, out, visit);
        break;
      case NodeKind.If:
      case NodeKind.While:
      case NodeKind.For:
      case NodeKind.AsyncFor:
        insideOf(statement.body, out, visit);
        insideOf(statement.orelse, out, visit);
        break;
      case NodeKind.With:
      case NodeKind.AsyncWith:
        insideOf(statement.body, out, visit);
        break;
      case NodeKind.Try:
      case NodeKind.TryStar:
        insideOf(statement.body, out, visit);
        for (const handler of statement.handlers) insideOf(handler.body, out, visit);
        insideOf(statement.orelse, out, visit);
        insideOf(statement.finalbody, out, visit);
        break;
      case NodeKind.Match:
        for (const item of statement.cases) insideOf(item.body, out, visit);
        break;
    }
  }
}

function merge(out: Collector, bodies: readonly (readonly Stmt[])[]): void {
  for (const statements of bodies) {
    for (const inner of statements) {
      const touches = touchesOf(inner);
      for (const name of touches.binds) out.bind(name);
      for (const name of touches.mutates) out.mutate(name);
      for (const name of touches.sets) out.set(name);
      for (const name of touches.called) out.call(name);
      for (const { node, receiver } of touches.objects) out.object(node, receiver);
      for (const callee of touches.callees) out.callee(callee);
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
    for (const name of touches.mutates) if (!touches.binds.has(name)) out.mutate(name);
    if (!out.full) continue;
    for (const name of touches.sets) out.set(name);
    for (const name of touches.called) out.call(name);
    for (const { node, receiver } of touches.objects) out.object(node, receiver);
    for (const callee of touches.callees) out.callee(callee);
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
    const callee = decorator.kind === NodeKind.Call ? decorator.func : decorator;
    out.callee(callee);
    const root = rootName(callee, true);
    if (root !== null) out.mutate(root);
  }
}

function store(out: Collector, target: Expr): void {
  switch (target.kind) {
    case NodeKind.Name:
      out.bind(target.id);
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
        out.mutate(root);
        if (out.full) {
          out.set(root);
          out.object(target, false);
        }
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
  if ((node.kind === NodeKind.MatchAs || node.kind === NodeKind.MatchStar) && node.name) out.bind(node.name);
  if (node.kind === NodeKind.MatchMapping && node.rest) out.bind(node.rest);
  forEachChild(node, (child) => {
    if (child.kind >= NodeKind.MatchValue && child.kind <= NodeKind.MatchOr) captures(out, child as Pattern);
  });
}

/** An expression that runs: calls in it may mutate their receiver and what they are handed; `:=` binds. */
function run(out: Collector, node: AnyNode): void {
  switch (node.kind) {
    case NodeKind.Name:
    case NodeKind.Constant:
      return;
    case NodeKind.Attribute:
    case NodeKind.Keyword:
      run(out, node.value);
      return;
    case NodeKind.Call:
      call(out, node);
      run(out, node.func);
      for (let i = 0; i < node.args.length; i++) run(out, node.args[i]);
      for (let i = 0; i < node.keywords.length; i++) run(out, node.keywords[i].value);
      return;
    case NodeKind.Subscript:
      run(out, node.value);
      run(out, node.slice);
      return;
    case NodeKind.BinOp:
      run(out, node.left);
      run(out, node.right);
      return;
    case NodeKind.UnaryOp:
      run(out, node.operand);
      return;
    case NodeKind.BoolOp:
    case NodeKind.JoinedStr:
      for (let i = 0; i < node.values.length; i++) run(out, node.values[i]);
      return;
    case NodeKind.Compare:
      run(out, node.left);
      for (let i = 0; i < node.comparators.length; i++) run(out, node.comparators[i]);
      return;
    case NodeKind.Tuple:
    case NodeKind.List:
    case NodeKind.Set:
      for (let i = 0; i < node.elts.length; i++) run(out, node.elts[i]);
      return;
    case NodeKind.Lambda:
      for (const value of node.args.defaults) run(out, value);
      return;
    case NodeKind.NamedExpr:
      if (node.target.ctx === Context.Store) out.bind(node.target.id);
      run(out, node.value);
      return;
    default:
      runParts(out, node);
  }
}

/** Apart from `run`, which would make room for the closure's variables at each call. */
function runParts(out: Collector, node: AnyNode): void {
  forEachChild(node, (child) => run(out, child));
}

function call(out: Collector, node: Call): void {
  const { func, args } = node;
  out.callee(func);
  if (func.kind === NodeKind.Name) {
    const { id } = func;
    out.call(id);
    if (id === "exec" || id === "eval") out.set(MODULE.name);
    if ((id === "setattr" || id === "delattr") && args.length > 0) setsAttribute(out, node);
  } else if (func.kind === NodeKind.Lambda) run(out, func.body);
  else if (func.kind === NodeKind.Attribute && !READERS.has(func.attr)) {
    const root = rootName(func.value, false);
    if (root !== null) {
      out.mutate(root);
      out.object(func.value, true);
    }
  }
  if (args.length + node.keywords.length === 0) return;
  if (func.kind === NodeKind.Name && INERT.has(func.id)) return;
  const harmless = isHarmless(func);
  for (let i = 0; i < args.length; i++) handed(out, args[i], harmless);
  for (let i = 0; i < node.keywords.length; i++) handed(out, node.keywords[i].value, harmless);
}

/** `setattr(x, "name", ...)`, `delattr(x, "name")`. */
function setsAttribute(out: Collector, node: Call): void {
  const root = rootName(node.args[0], false);
  if (root === null) return;
  out.mutate(root);
  if (!out.full) return;
  out.set(root);
  const name = node.args[1];
  if (name?.kind === NodeKind.Constant && name.type === ConstantType.Str) {
    out.object(newAttribute(node.start, node.end, node.args[0], name.value, Context.Store), false);
  }
}

/** What `os.path` has: `os.path.join(HERE, "x")` changes nothing, under whatever name `os` was imported. */
const OF_PATHS = new Set(
  (
    "abspath basename commonpath dirname exists expanduser expandvars getmtime getsize isabs isdir isfile islink join " +
    "lexists normcase normpath realpath relpath samefile split splitdrive splitext"
  ).split(" "),
);

/** Builtins by name, and `os.path`'s functions. */
function isHarmless(func: Expr): boolean {
  if (func.kind === NodeKind.Name) return HARMLESS.has(func.id);
  if (func.kind !== NodeKind.Attribute || func.value.kind !== NodeKind.Attribute) return false;
  return func.value.attr === "path" && func.value.value.kind === NodeKind.Name && OF_PATHS.has(func.attr);
}

/** `a >> b` as a statement of its own runs for what it does to its operands. */
function operated(out: Collector, node: Expr): void {
  if (node.kind === NodeKind.Tuple) for (const item of node.elts) operated(out, item);
  if (node.kind !== NodeKind.BinOp) return;
  for (const side of [node.left, node.right]) {
    if (side.kind === NodeKind.BinOp) operated(out, side);
    else handed(out, side, false);
  }
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
        out.mutate(root);
        out.object(node, false);
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
    return node.args.length === 0 && node.func.kind === NodeKind.Name && MODULE.calls.has(node.func.id);
  }
  return (
    node.kind === NodeKind.Subscript &&
    node.value.kind === NodeKind.Attribute &&
    node.value.attr === "modules" &&
    node.slice.kind === NodeKind.Name &&
    node.slice.id === "__name__"
  );
}
