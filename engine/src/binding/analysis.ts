/**
 * Second pass (Python/symtable.c: `symtable_analyze`): decides for every name of every scope where it lives.
 *
 * symtable hands sets of visible names down and sets of free names up. Here each name that a scope does not bind is
 * looked for in the scopes around it; that finds the same, and marks the cell and the scopes in between on the way.
 * Comprehensions stay scopes of their own: that CPython 3.12 inlines them (PEP 709) changes no meaning.
 */
import { BOUND, type BoundScope, type Collection, isFunctionLike, symbolIn } from "./collection.ts";
import { Resolution, ScopeKind, type Symbol as ScopeSymbol, SymbolFlag } from "./scope.ts";

/** Resolves all names, outer scopes first. Problems go to the collection; the first one counts. */
export function analyse(c: Collection): void {
  const pending: BoundScope[] = [c.module];
  let scope = pending.pop();
  while (scope !== undefined) {
    for (const symbol of scope.symbols.values()) {
      if (symbol.resolution === Resolution.Unknown) resolveSymbol(c, scope, symbol);
    }
    if (scope.detachedChildren !== null) pushReversed(pending, scope.detachedChildren);
    pushReversed(pending, scope.children);
    scope = pending.pop();
  }
}

function pushReversed(pending: BoundScope[], scopes: readonly BoundScope[]): void {
  for (let i = scopes.length - 1; i >= 0; i--) pending.push(scopes[i]);
}

function resolveSymbol(c: Collection, scope: BoundScope, symbol: ScopeSymbol): void {
  const flags = symbol.flags;
  if (flags & SymbolFlag.Global) {
    if (flags & SymbolFlag.Nonlocal) fail(c, scope, symbol, `name '${symbol.name}' is nonlocal and global`);
    symbol.resolution = Resolution.GlobalExplicit;
    if (scope !== c.module && flags & BOUND) markBoundElsewhere(c.module.symbols.get(symbol.name)!);
  } else if (flags & SymbolFlag.Nonlocal) {
    resolveNonlocal(c, scope, symbol);
  } else if (flags & BOUND) {
    symbol.resolution = Resolution.Local;
  } else {
    symbol.resolution = resolveFree(scope, symbol.name);
  }
}

/** A name bound through `global` or `nonlocal` in another scope is not bound by import statements of its own scope alone. */
function markBoundElsewhere(symbol: ScopeSymbol): void {
  symbol.flags |= SymbolFlag.NonImportBinding;
}

function fail(c: Collection, scope: BoundScope, symbol: ScopeSymbol, message: string): void {
  c.fail(message, scope.directives?.get(symbol.name) ?? scope.node.start);
}

function resolveNonlocal(c: Collection, scope: BoundScope, symbol: ScopeSymbol): void {
  const name = symbol.name;
  symbol.resolution = Resolution.Free;
  if (scope === c.module) {
    fail(c, scope, symbol, "nonlocal declaration not allowed at module level");
    return;
  }
  const owner = findOwner(scope, name);
  if (owner === null) {
    fail(c, scope, symbol, `no binding for nonlocal '${name}' found`);
    return;
  }
  const target = owner.symbols.get(name);
  if (target !== undefined && target.flags & SymbolFlag.TypeParameter && !isShadowedByClass(scope, owner, name)) {
    fail(c, scope, symbol, `nonlocal binding not allowed for type parameter '${name}'`);
  }
  if (target !== undefined && symbol.flags & BOUND) markBoundElsewhere(target);
  markFree(scope, owner, name);
}

/** CPython forgets that a name is a type parameter below a class that binds the same name. */
function isShadowedByClass(scope: BoundScope, owner: BoundScope, name: string): boolean {
  for (let at = scope.parent; at !== null && at !== owner; at = at.parent) {
    if (at.kind !== ScopeKind.Class) continue;
    const flags = at.symbols.get(name)?.flags ?? 0;
    if (flags & BOUND && !(flags & (SymbolFlag.Global | SymbolFlag.Nonlocal))) return true;
  }
  return false;
}

/** A name that the scope neither binds nor declares. */
function resolveFree(scope: BoundScope, name: string): Resolution {
  if (scope.seesClass) {
    const flags = enclosingClass(scope)?.symbols.get(name)?.flags ?? 0;
    if (flags & SymbolFlag.Global) return Resolution.GlobalExplicit;
    // Looked up in the class, then among the globals: never in the functions around the class.
    if (flags & BOUND && !(flags & SymbolFlag.Nonlocal)) return Resolution.GlobalImplicit;
  }
  const owner = findOwner(scope, name);
  if (owner === null) return Resolution.GlobalImplicit;
  markFree(scope, owner, name);
  return Resolution.Free;
}

/** The class whose names a scope sees: symtable's `class_entry`. */
function enclosingClass(scope: BoundScope): BoundScope | null {
  let at: BoundScope | null = scope;
  while (at?.seesClass) {
    at = at.parent;
    if (at !== null && at.kind === ScopeKind.Class) return at;
  }
  return null;
}

/** The scope around `scope` that provides `name` as a cell, or null when it is a global. */
function findOwner(scope: BoundScope, name: string): BoundScope | null {
  for (let at = scope.parent; at !== null; at = at.parent) {
    if (at.kind === ScopeKind.Class) {
      if (name === "__class__" || name === "__classdict__" || name === "__conditional_annotations__") return at;
    } else if (isFunctionLike(at.kind)) {
      const flags = at.symbols.get(name)?.flags ?? 0;
      if (flags & SymbolFlag.Global) return null;
      if (flags & BOUND && !(flags & SymbolFlag.Nonlocal)) return at;
    }
  }
  return null;
}

/** Makes the owner's name a cell and the name free in the scopes in between, as far as the scope has an effect around it. */
function markFree(scope: BoundScope, owner: BoundScope, name: string): void {
  let at = scope;
  for (;;) {
    if (at.detached) return;
    at = at.parent!;
    if (at === owner) break;
    const between = symbolIn(at, name);
    if (between.flags === 0) between.resolution = Resolution.Free;
  }
  if (owner.kind !== ScopeKind.Class) symbolIn(owner, name).resolution = Resolution.Cell;
}
