/**
 * The state of the first pass over a module (Python/symtable.c: `struct symtable`, `symtable_enter_block`, `symtable_add_def`):
 * the current scope, what was added to it, and the first problem met. Shared by the statement and the expression visitors.
 *
 * A problem does not stop the walk; the first one is kept and the scopes are thrown away in the end. What CPython finds
 * only when it generates code counts when symtable itself has nothing to say.
 * Never decides where a name lives: that is analysis.ts.
 */
import type { AnyNode, Expr, Module } from "../syntax/ast.ts";
import { mangle } from "./mangling.ts";
import { Resolution, type Scope, ScopeKind, type Symbol as ScopeSymbol, SymbolFlag } from "./scope.ts";

/** Nesting of expressions and statements that is followed; CPython's own limit lies well below in all its versions. */
export const MAX_DEPTH = 2500;

/** Flags that make a name belong to a scope (symtable.h: DEF_BOUND). */
export const BOUND = SymbolFlag.Local | SymbolFlag.Parameter | SymbolFlag.Import;
/** What an assignment, a `del`, a capture and the like add. */
export const ASSIGNED = SymbolFlag.Local | SymbolFlag.NonImportBinding;

/** A scope with what only the binder needs. */
export class BoundScope implements Scope {
  readonly kind: ScopeKind;
  readonly name: string;
  readonly node: AnyNode;
  readonly parent: BoundScope | null;
  readonly children: BoundScope[] = [];
  readonly symbols = new Map<string, ScopeSymbol>();
  readonly mangleWith: string | null;
  /** When set, only these names are mangled: the type parameters of a generic class, in their own scope (symtable.c: ste_mangled_names). */
  readonly mangledNames: Set<string> | null;
  /** Names of the enclosing class are visible here, before those of functions around it (ste_can_see_class_scope). */
  seesClass = false;
  /** Annotations under `from __future__ import annotations`: without effect on the scopes around. */
  detached: boolean;
  /** The detached scopes below this one; they are in no `children`. */
  detachedChildren: BoundScope[] | null = null;
  /** Scope of the annotated assignments found here so far. */
  annotations: BoundScope | null = null;
  /** Names of `global` and `nonlocal` declarations and the offset of the first one. */
  directives: Map<string, number> | null = null;
  hasImports = false;
  hasImportsInside = false;
  notes: unknown = null;
  isCoroutine = false;
  isGenerator = false;
  /** Offset of the first `return` with a value, or -1. */
  returnsValueAt = -1;
  inComprehensionTarget = false;
  inUnevaluatedAnnotation = false;
  /** How many comprehension iterables are being visited. */
  iterableDepth: number;
  /** For error messages inside the bound or default of a type parameter. */
  description = "";

  constructor(
    kind: ScopeKind,
    name: string,
    node: AnyNode,
    parent: BoundScope | null,
    mangleWith: string | null,
    mangledNames: Set<string> | null,
    detached: boolean,
  ) {
    this.kind = kind;
    this.name = name;
    this.node = node;
    this.parent = parent;
    this.mangleWith = mangleWith;
    this.mangledNames = mangledNames;
    this.detached = detached;
    this.iterableDepth = parent === null ? 0 : parent.iterableDepth;
  }
}

class BoundSymbol implements ScopeSymbol {
  readonly name: string;
  readonly scope: Scope;
  flags = 0;
  resolution = Resolution.Unknown;
  home: Scope | null | undefined = undefined;
  numberedBy: object | null = null;
  number = 0;

  constructor(name: string, scope: Scope) {
    this.name = name;
    this.scope = scope;
  }
}

/** Scopes whose locals nested scopes can see: all but modules and classes (`_PyST_IsFunctionLike`). */
export function isFunctionLike(kind: ScopeKind): boolean {
  return kind !== ScopeKind.Module && kind !== ScopeKind.Class;
}

/** `FunctionBlock` in symtable's words. */
export function isFunctionBlock(kind: ScopeKind): boolean {
  return kind === ScopeKind.Function || kind === ScopeKind.Lambda || kind === ScopeKind.Comprehension;
}

/** What is around a statement within its function, the innermost first: what `break` and `continue` mean. */
export const enum Flow {
  Plain,
  Loop,
  ExceptStar,
}

/** One module's first pass. */
export class Collection {
  readonly module: BoundScope;
  readonly scopes = new Map<AnyNode, BoundScope>();
  /** Which implicit scope an annotation, a type parameter's bound or default, or an alias' value is read in. */
  readonly implicitScopes = new Map<Expr, BoundScope>();
  /** Type parameter scopes by the definition or alias that has them. */
  readonly typeParameterScopes = new Map<AnyNode, BoundScope>();
  scope: BoundScope;
  depth = 0;
  /** Reused stack of the left spines of expressions. */
  readonly spine: Expr[] = [];
  readonly annotationScopes: boolean;
  readonly futureAnnotations: boolean;
  /** Start of the last leading `from __future__ import`, or -1. */
  readonly lastFuture: number;
  flow = Flow.Plain;
  /** Somewhere inside an `except*` block of the same function. */
  inExceptStar = false;
  message = "";
  offset = -1;
  laterMessage = "";
  laterOffset = -1;

  constructor(module: Module, annotationScopes: boolean, futureAnnotations: boolean, lastFuture: number) {
    this.annotationScopes = annotationScopes;
    this.futureAnnotations = futureAnnotations;
    this.lastFuture = lastFuture;
    this.module = new BoundScope(ScopeKind.Module, "top", module, null, null, null, false);
    this.scope = this.module;
  }

  /** Keeps the first problem. */
  fail(message: string, offset: number): void {
    if (this.offset === -1) {
      this.message = message;
      this.offset = offset;
    }
  }

  /** Keeps the first problem of code generation. Annotations that are never evaluated are never compiled. */
  failLater(message: string, offset: number): void {
    if (this.laterOffset !== -1) return;
    const scope = this.scope;
    if (scope.kind === ScopeKind.Annotation && (scope.detached || scope.inUnevaluatedAnnotation)) return;
    this.laterMessage = message;
    this.laterOffset = offset;
  }

  /** One level deeper; false (and a problem) when that is too deep, and then nothing must be visited below. */
  descend(offset: number): boolean {
    if (this.depth < MAX_DEPTH) {
      this.depth++;
      return true;
    }
    this.fail("too many levels of nesting", offset);
    return false;
  }

  /** Opens a scope below the current one that takes mangling over from it. */
  enter(kind: ScopeKind, name: string, node: AnyNode): BoundScope {
    const parent = this.scope;
    return this.#attach(
      new BoundScope(kind, name, node, parent, parent.mangleWith, parent.mangledNames, this.#isDetached(kind)),
    );
  }

  /** Opens a class, or the type parameters of one: names are mangled with `mangleWith` from here on. */
  enterClass(kind: ScopeKind, name: string, node: AnyNode, mangleWith: string | null): BoundScope {
    const mangledNames = kind === ScopeKind.Class ? null : new Set<string>();
    return this.#attach(new BoundScope(kind, name, node, this.scope, mangleWith, mangledNames, false));
  }

  #isDetached(kind: ScopeKind): boolean {
    return kind === ScopeKind.Annotation && this.futureAnnotations;
  }

  #attach(scope: BoundScope): BoundScope {
    const parent = this.scope;
    if (scope.detached) {
      if (parent.detachedChildren === null) parent.detachedChildren = [];
      parent.detachedChildren.push(scope);
    } else {
      parent.children.push(scope);
    }
    this.scope = scope;
    return scope;
  }

  /** Goes back into a scope that was left; its iterable depth is that of the place (symtable_enter_existing_block). */
  reenter(scope: BoundScope): void {
    scope.iterableDepth = this.scope.iterableDepth;
    this.scope = scope;
  }

  leave(): void {
    this.scope = this.scope.parent!;
  }

  /** The name as the current scope stores it (`_Py_MaybeMangle`). */
  mangled(name: string): string {
    if (name.charCodeAt(0) !== 95 || name.charCodeAt(1) !== 95) return name;
    const scope = this.scope;
    if (scope.mangledNames !== null && !scope.mangledNames.has(name)) return name;
    return mangle(name, scope.mangleWith);
  }

  /** Flags of a name in the current scope so far. */
  flagsOf(name: string): number {
    return this.flagsIn(this.scope, name);
  }

  /** Flags of a name in a scope so far; the name is mangled as the current scope does. */
  flagsIn(scope: BoundScope, name: string): number {
    const symbol = scope.symbols.get(this.mangled(name));
    return symbol === undefined ? 0 : symbol.flags;
  }

  /** Adds flags to a name of the current scope. */
  add(name: string, flags: number, offset: number): ScopeSymbol {
    return this.addTo(this.scope, name, flags, offset);
  }

  /** A name that is read. */
  use(name: string, offset: number): ScopeSymbol {
    return this.addTo(this.scope, name, SymbolFlag.Use, offset);
  }

  /** Binds a name by anything but `del`. */
  bind(name: string, flags: number, offset: number): void {
    if (name === "__debug__") this.fail("cannot assign to __debug__", offset);
    this.addTo(this.scope, name, flags, offset);
  }

  /** symtable_add_def_helper: the name is mangled by the current scope, whatever `scope` is. */
  addTo(scope: BoundScope, name: string, flags: number, offset: number): ScopeSymbol {
    const mangled = this.mangled(name);
    const symbol = symbolIn(scope, mangled);
    const before = symbol.flags;
    if (flags & before & (SymbolFlag.Parameter | SymbolFlag.TypeParameter)) {
      if (flags & SymbolFlag.Parameter) this.fail(`duplicate argument '${name}' in function definition`, offset);
      else this.fail(`duplicate type parameter '${name}'`, offset);
    }
    let after = before | flags;
    if (scope.inComprehensionTarget) {
      if (after & (SymbolFlag.Global | SymbolFlag.Nonlocal)) {
        this.fail(`comprehension inner loop cannot rebind assignment expression target '${name}'`, offset);
      }
      after |= SymbolFlag.ComprehensionTarget;
    }
    symbol.flags = after;
    if (flags & SymbolFlag.Global) symbolIn(this.module, mangled).flags |= SymbolFlag.Global;
    return symbol;
  }

  /** Remembers where a name was declared `global` or `nonlocal`, for messages of the second pass. */
  declare(name: string, offset: number): void {
    const scope = this.scope;
    if (scope.directives === null) scope.directives = new Map();
    const mangled = this.mangled(name);
    if (!scope.directives.has(mangled)) scope.directives.set(mangled, offset);
  }
}

/** The symbol of an already mangled name, made when it is not there. */
export function symbolIn(scope: BoundScope, mangled: string): ScopeSymbol {
  let symbol = scope.symbols.get(mangled);
  if (symbol === undefined) {
    symbol = new BoundSymbol(mangled, scope);
    scope.symbols.set(mangled, symbol);
  }
  return symbol;
}
