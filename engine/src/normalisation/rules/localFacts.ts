/**
 * What one function does with its locals, from its own text: which are never read, which always hold a dict or a string, which
 * may be read after a `return`, which assignments can be left out. Worked out once per function, and only when a rule asks.
 *
 * Names are mangled, as scopes have them. Never looks at what other functions do, but for names that they share.
 * Above 400 lines because one pass over a function answers all of it.
 */
import { mangle } from "../../binding/mangling.ts";
import { Resolution, type Scope, SymbolFlag } from "../../binding/scope.ts";
import {
  type AnnAssign,
  type AnyNode,
  type Assign,
  ConstantType,
  Context,
  type Expr,
  NodeKind,
  type Stmt,
} from "../../syntax/ast.ts";
import { forEachChild, walk } from "../../syntax/index.ts";
import type { Canonical } from "../canonical.ts";
import { innerBodies, notesOf } from "../functionScope.ts";
import { isAssignedBefore } from "./definiteAssignment.ts";
import { isLiteralDisplay } from "./effects.ts";
import { type KnownType, knownType } from "./knownTypes.ts";

export interface LocalFacts {
  /** Locals that nothing reads: not by name, not in an annotation, not by a string that says the name. */
  readonly unread: ReadonlySet<string>;
  /** Assignments to such locals whose right side has no effect. */
  readonly dead: ReadonlySet<Stmt>;
  /** Locals that every binding makes of one known type. */
  readonly types: ReadonlyMap<string, KnownType>;
  /** Locals that `del` or the end of a handler unbinds. */
  readonly deleted: ReadonlySet<string>;
  /** Names that may be read after a `return`: by a `finally`, or by what runs where the way out ends elsewhere. */
  readonly readOnTheWayOut: ReadonlySet<string>;
  /** Whether the function speaks of frames: then `unread` and `dead` are empty. */
  readonly seesFrames: boolean;
}

const NOTHING: LocalFacts = {
  unread: new Set(),
  dead: new Set(),
  types: new Map(),
  deleted: new Set(),
  readOnTheWayOut: new Set(),
  seesFrames: false,
};

const WORD = /[\p{L}\p{N}_]+/gu;

/** Names and attributes by which code gets at a frame, and so at its locals. */
const FRAMES = new Set(["_getframe", "currentframe", "f_locals", "f_back", "stack", "gi_frame", "cr_frame"]);

/** The facts about a function's scope; empty ones for any other scope. */
export function localFacts(c: Canonical, scope: Scope): LocalFacts {
  const notes = notesOf(scope);
  notes.facts ??= new Survey(c, scope).facts();
  return notes.facts;
}

/**
 * Whether some local of a scope may be unread, by its symbols alone. An assignment that only others of unread locals read
 * starts from one that nothing reads, so where there is none, `unread` and `dead` are empty and need not be asked for.
 */
export function mayHaveUnread(scope: Scope): boolean {
  const notes = notesOf(scope);
  if (notes.mayHaveUnread === undefined) {
    notes.mayHaveUnread = false;
    for (const symbol of scope.symbols.values()) {
      if (symbol.resolution === Resolution.Local && (symbol.flags & READ_OR_SHARED) === 0) {
        notes.mayHaveUnread = true;
        break;
      }
    }
  }
  return notes.mayHaveUnread;
}

const READ_OR_SHARED = SymbolFlag.Parameter | SymbolFlag.Global | SymbolFlag.Nonlocal | SymbolFlag.Use;

/** An assignment to plain names only. */
interface Candidate {
  readonly statement: Assign | AnnAssign;
  readonly value: Expr;
  readonly names: readonly string[];
}

/**
 * Whether a function may go on after a `return` in it: what `__exit__` or a `finally` raises on the way out may be caught by
 * a handler or another `with` around, and a `finally` may leave by `break` or `continue`.
 */
function mayGoOnAfterReturn(body: readonly Stmt[]): boolean {
  const pending: { readonly statements: readonly Stmt[]; readonly caught: boolean }[] = [
    { statements: body, caught: false },
  ];
  for (let list = pending.pop(); list !== undefined; list = pending.pop()) {
    for (const statement of list.statements) {
      const { caught } = list;
      let catches = false;
      switch (statement.kind) {
        case NodeKind.With:
        case NodeKind.AsyncWith:
          if (caught || statement.items.length > 1) return true;
          catches = true;
          break;
        case NodeKind.Try:
        case NodeKind.TryStar:
          if (statement.finalbody.length > 0 && (caught || statement.finalbody.some(jumps))) return true;
          catches = statement.handlers.length > 0;
          break;
      }
      // What a statement catches is raised in the first of its bodies.
      innerBodies(statement).forEach((statements, i) => {
        pending.push({ statements, caught: caught || (catches && i === 0) });
      });
    }
  }
  return false;
}

/** Whether a statement holds a `break` or `continue`. */
function jumps(statement: Stmt): boolean {
  let found = false;
  walk(statement, ({ kind }) => {
    found ||= kind === NodeKind.Break || kind === NodeKind.Continue;
  });
  return found;
}

function pushOthers(node: AnyNode, except: AnyNode, out: AnyNode[]): void {
  forEachChild(node, (child) => {
    if (child !== except) out.push(child);
  });
}

/** One pass over a function's text. */
class Survey {
  readonly #c: Canonical;
  readonly #scope: Scope;
  readonly #loads = new Map<string, number>();
  /** Names used in ways that a count of reads does not tell: `+=`, `del`, annotations, `nonlocal` elsewhere. */
  readonly #held = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #readOnTheWayOut = new Set<string>();
  /** Whether it has a `with` or a `try`. */
  #hasCleanUp = false;
  #seesFrames = false;
  /** The type that all bindings so far agree on; null where they do not, or one is not known. */
  readonly #types = new Map<string, KnownType | null>();
  readonly #strings: string[] = [];
  /** Constants that are statements of inner scopes, docstrings among them. */
  readonly #idle = new Set<AnyNode>();
  #words: Set<string> | null = null;
  readonly #candidates: Candidate[] = [];

  constructor(c: Canonical, scope: Scope) {
    this.#c = c;
    this.#scope = scope;
  }

  facts(): LocalFacts {
    const node = this.#scope.node;
    if (node.kind !== NodeKind.FunctionDef && node.kind !== NodeKind.AsyncFunctionDef) return NOTHING;
    if (node.args.kwarg !== null) this.#binds(node.args.kwarg.arg, "dict");
    for (const arg of node.args.posonlyargs) this.#binds(arg.arg);
    for (const arg of node.args.args) this.#binds(arg.arg);
    for (const arg of node.args.kwonlyargs) this.#binds(arg.arg);
    if (node.args.vararg !== null) this.#binds(node.args.vararg.arg);
    this.#survey(node.body);
    if (this.#hasCleanUp && mayGoOnAfterReturn(node.body)) {
      for (const [name, loads] of this.#loads) if (loads > 1) this.#readOnTheWayOut.add(name);
    }
    const dead = this.#seesFrames ? new Set<Stmt>() : this.#dead(node.body);
    const unread = new Set<string>();
    const types = new Map<string, KnownType>();
    for (const [name, symbol] of this.#scope.symbols) {
      if (!this.#seesFrames && this.#isUnread(name)) unread.add(name);
      const isLocal = symbol.resolution === Resolution.Local || symbol.resolution === Resolution.Cell;
      const type = this.#types.get(name) ?? null;
      if (isLocal && type !== null && !this.#held.has(name)) types.set(name, type);
    }
    return {
      unread,
      dead,
      types,
      deleted: this.#deleted,
      readOnTheWayOut: this.#readOnTheWayOut,
      seesFrames: this.#seesFrames,
    };
  }

  #mangled(name: string): string {
    return mangle(name, this.#scope.mangleWith);
  }

  #binds(name: string, type: KnownType | null = null): void {
    const mangled = this.#mangled(name);
    const before = this.#types.get(mangled);
    this.#types.set(mangled, before === undefined || before === type ? type : null);
  }

  // ---------------------------------------------------------------- survey

  /** Not recursive: `elif` chains are long. What is in inner scopes counts for its strings and shared names only. */
  #survey(body: readonly Stmt[]): void {
    const own: AnyNode[] = [...body];
    const inner: AnyNode[] = [];
    const push = (child: AnyNode) => {
      own.push(child);
    };
    while (own.length > 0) {
      const node = own.pop() as AnyNode;
      this.#own(node, own, inner, push);
    }
    for (const node of inner) walk(node, (part) => this.#inner(part));
  }

  /** One node of the function's own scope; pushes its parts. */
  #own(node: AnyNode, own: AnyNode[], inner: AnyNode[], push: (child: AnyNode) => void): void {
    switch (node.kind) {
      case NodeKind.Name:
        if (FRAMES.has(node.id)) this.#seesFrames ||= this.#comesFromOutside(node.id);
        this.#name(node.id, node.ctx);
        return;
      case NodeKind.Attribute:
        this.#seesFrames ||= FRAMES.has(node.attr);
        break;
      case NodeKind.Expr:
        // A docstring, or a constant that is no statement to keep: nobody is handed it.
        if (node.value.kind === NodeKind.Constant) return;
        break;
      case NodeKind.Constant:
        if (node.type === ConstantType.Str) this.#strings.push(node.value);
        return;
      case NodeKind.Assign:
        this.#assign(node, node.targets, node.value, own);
        return;
      case NodeKind.AnnAssign:
        this.#annotation(node.annotation);
        if (node.value !== null) this.#assign(node, [node.target], node.value, own);
        else if (node.target.kind !== NodeKind.Name) own.push(node.target);
        return;
      case NodeKind.AugAssign:
        if (node.target.kind === NodeKind.Name) {
          this.#held.add(this.#mangled(node.target.id));
          this.#binds(node.target.id);
        } else own.push(node.target);
        own.push(node.value);
        return;
      case NodeKind.Import:
      case NodeKind.ImportFrom:
        for (const alias of node.names) this.#binds(alias.asname ?? alias.name.split(".")[0]);
        return;
      case NodeKind.ExceptHandler:
        if (node.name !== null) {
          this.#binds(node.name);
          this.#deleted.add(this.#mangled(node.name));
        }
        break;
      case NodeKind.MatchAs:
      case NodeKind.MatchStar:
        if (node.name !== null) this.#binds(node.name);
        break;
      case NodeKind.MatchMapping:
        if (node.rest !== null) this.#binds(node.rest);
        break;
      case NodeKind.With:
      case NodeKind.AsyncWith:
        this.#hasCleanUp = true;
        break;
      case NodeKind.Try:
      case NodeKind.TryStar:
        this.#hasCleanUp = true;
        for (const statement of node.finalbody) {
          walk(statement, (part) => {
            if (part.kind === NodeKind.Name) this.#readOnTheWayOut.add(this.#mangled(part.id));
          });
        }
        break;
      case NodeKind.FunctionDef:
      case NodeKind.AsyncFunctionDef:
        this.#binds(node.name);
        own.push(...node.decorator_list, ...node.args.defaults);
        for (const value of node.args.kw_defaults) if (value !== null) own.push(value);
        for (const arg of [...node.args.posonlyargs, ...node.args.args, ...node.args.kwonlyargs]) {
          if (arg.annotation !== null) this.#annotation(arg.annotation);
        }
        for (const arg of [node.args.vararg, node.args.kwarg]) {
          if (arg !== null && arg.annotation !== null) this.#annotation(arg.annotation);
        }
        if (node.returns !== null) this.#annotation(node.returns);
        inner.push(...node.type_params, ...node.body);
        return;
      case NodeKind.ClassDef:
        this.#binds(node.name);
        own.push(...node.decorator_list, ...node.bases, ...node.keywords);
        inner.push(...node.type_params, ...node.body);
        return;
      case NodeKind.TypeAlias:
        this.#binds(node.name.id);
        inner.push(...node.type_params, node.value);
        return;
      case NodeKind.Lambda:
        own.push(...node.args.defaults);
        for (const value of node.args.kw_defaults) if (value !== null) own.push(value);
        inner.push(node.body);
        return;
      case NodeKind.ListComp:
      case NodeKind.SetComp:
      case NodeKind.GeneratorExp:
      case NodeKind.DictComp: {
        const first = node.generators[0].iter;
        own.push(first);
        pushOthers(node, node.generators[0], inner);
        inner.push(node.generators[0].target, ...node.generators[0].ifs);
        return;
      }
    }
    forEachChild(node, push);
  }

  /** Whether a name is global, captured or imported here: a local that is called `stack` is no `inspect.stack`. */
  #comesFromOutside(id: string): boolean {
    const symbol = this.#scope.symbols.get(this.#mangled(id));
    if (symbol === undefined || symbol.flags & SymbolFlag.Import) return true;
    return symbol.resolution !== Resolution.Local && symbol.resolution !== Resolution.Cell;
  }

  #name(id: string, ctx: Context): void {
    const name = this.#mangled(id);
    if (ctx === Context.Load) this.#loads.set(name, (this.#loads.get(name) ?? 0) + 1);
    else {
      this.#binds(id);
      if (ctx === Context.Del) {
        this.#deleted.add(name);
        this.#held.add(name);
      }
    }
  }

  #inner(node: AnyNode): void {
    switch (node.kind) {
      case NodeKind.Attribute:
        this.#seesFrames ||= FRAMES.has(node.attr);
        return;
      case NodeKind.Expr:
        if (node.value.kind === NodeKind.Constant) this.#idle.add(node.value);
        return;
      case NodeKind.Constant:
        if (node.type === ConstantType.Str && !this.#idle.has(node)) this.#strings.push(node.value);
        return;
      case NodeKind.Nonlocal:
        for (const name of node.names) this.#held.add(this.#mangled(name));
        return;
      case NodeKind.NamedExpr:
        // Of a comprehension it binds here.
        this.#held.add(this.#mangled(node.target.id));
        return;
      case NodeKind.AnnAssign:
        this.#annotation(node.annotation);
        return;
      case NodeKind.Arg:
        if (node.annotation !== null) this.#annotation(node.annotation);
        return;
    }
  }

  /** Annotations may be read much later, by anybody: a name in one is taken as read. */
  #annotation(node: Expr): void {
    walk(node, (part) => {
      if (part.kind === NodeKind.Name) this.#held.add(this.#mangled(part.id));
      else if (part.kind === NodeKind.Constant && part.type === ConstantType.Str) this.#strings.push(part.value);
    });
  }

  #assign(statement: Assign | AnnAssign, targets: readonly Expr[], value: Expr, own: AnyNode[]): void {
    const type = knownType(this.#c, value);
    const names: string[] = [];
    for (const target of targets) {
      if (target.kind !== NodeKind.Name) own.push(target);
      else {
        names.push(this.#mangled(target.id));
        this.#binds(target.id, type);
      }
    }
    const isCandidate = names.length === targets.length && (value.kind === NodeKind.Name || isLiteralDisplay(value));
    if (isCandidate) this.#candidates.push({ statement, value, names });
    // What an unread local is given need not be looked into for its own name.
    if (!isCandidate || value.kind === NodeKind.Name || !names.every((name) => this.#mayBeUnread(name)))
      own.push(value);
  }

  // ---------------------------------------------------------------- unread

  /** By the scope alone: a plain local of this function that no code reads. */
  #mayBeUnread(name: string): boolean {
    const symbol = this.#scope.symbols.get(name);
    return symbol !== undefined && symbol.resolution === Resolution.Local && (symbol.flags & READ_OR_SHARED) === 0;
  }

  #isUnread(name: string): boolean {
    const symbol = this.#scope.symbols.get(name);
    if (symbol === undefined || symbol.resolution !== Resolution.Local) return false;
    if (symbol.flags & (SymbolFlag.Parameter | SymbolFlag.Global | SymbolFlag.Nonlocal)) return false;
    if (this.#held.has(name)) return false;
    const loads = this.#loads.get(name);
    // No count, and yet a use: it is read in a way that this survey does not see.
    if (loads === undefined ? (symbol.flags & SymbolFlag.Use) !== 0 : loads > 0) return false;
    return !this.#said().has(name);
  }

  /**
   * The words of the function's strings: libraries that look at their caller's frame (`DataFrame.query("x > @limit")`,
   * `duckdb.sql("from rows")`) read a local that way.
   */
  #said(): ReadonlySet<string> {
    if (this.#words === null) {
      this.#words = new Set();
      for (const text of this.#strings) for (const word of text.match(WORD) ?? []) this.#words.add(word);
    }
    return this.#words;
  }

  /** Leaving an assignment out may make the local that it reads unread too: on until nothing changes. */
  #dead(body: readonly Stmt[]): Set<Stmt> {
    const dead = new Set<Stmt>();
    // Backwards: what a chain of names ends in goes first.
    this.#candidates.sort((a, b) => b.statement.start - a.statement.start);
    let changed = true;
    while (changed) {
      changed = false;
      for (const { statement, value, names } of this.#candidates) {
        if (dead.has(statement) || !names.every((name) => this.#isUnread(name))) continue;
        if (value.kind === NodeKind.Name) {
          const read = this.#mangled(value.id);
          if (!this.#isBound(read, body, statement)) continue;
          this.#loads.set(read, (this.#loads.get(read) ?? 1) - 1);
        }
        dead.add(statement);
        changed = true;
      }
    }
    return dead;
  }

  /** Whether a local or parameter is certainly bound when `statement` runs. */
  #isBound(name: string, body: readonly Stmt[], statement: Stmt): boolean {
    const symbol = this.#scope.symbols.get(name);
    if (symbol === undefined || symbol.resolution !== Resolution.Local || this.#deleted.has(name)) return false;
    if (symbol.flags & SymbolFlag.Parameter) return true;
    return isAssignedBefore((id) => this.#mangled(id) === name, body, statement);
  }
}
