/**
 * Questions about bound scopes: what a name means at a place, also a name that the tree itself does not read there
 * (quoted annotations, annotations in functions, string references). Never changes a scope.
 */
import { enclosingClass, findOwner } from "./analysis.ts";
import { BOUND, type BoundScope } from "./collection.ts";
import { mangle } from "./mangling.ts";
import { Resolution, type Scope, ScopeKind, type Symbol as ScopeSymbol, SymbolFlag } from "./scope.ts";

/** What a name means somewhere. */
export interface Lookup {
  /** The scope that binds the name; the module for a global that it binds; null for a name bound nowhere in the module (a builtin, or an error). */
  readonly scope: Scope | null;
  /** The symbol in that scope. */
  readonly symbol: ScopeSymbol | null;
}

/** A name as a scope stores it: private names of a class are mangled, in the type parameters of a generic class only those themselves. */
export function mangledName(scope: Scope, name: string): string {
  const { mangledNames } = scope as BoundScope;
  return mangledNames !== null && !mangledNames.has(name) ? name : mangle(name, scope.mangleWith);
}

/** Flags that make a scope the home of a name, when no declaration sends it elsewhere. */
function binds(symbol: ScopeSymbol): boolean {
  const declared = symbol.flags & (SymbolFlag.Global | SymbolFlag.Nonlocal);
  return (symbol.flags & BOUND) !== 0 && declared === 0;
}

/**
 * Finds what `name` means when read in `scope`, by the rules of symtable: own names, then functions around (classes are
 * skipped, but an annotation in a class sees it), then the module.
 * @param name as written; it is mangled here.
 */
export function lookup(scope: Scope, name: string): Lookup {
  const from = scope as BoundScope;
  const mangled = mangledName(scope, name);
  const own = from.symbols.get(mangled);
  if (own !== undefined && binds(own)) return { scope, symbol: own };
  const isGlobal = own !== undefined && (own.flags & SymbolFlag.Global) !== 0;
  if (!isGlobal && from.kind !== ScopeKind.Module) {
    const around = lookupAround(from, mangled);
    if (around !== null) return around;
  }
  return lookupModule(from, mangled);
}

function lookupAround(from: BoundScope, mangled: string): Lookup | null {
  const visibleClass = from.seesClass ? enclosingClass(from) : null;
  const inClass = visibleClass?.symbols.get(mangled);
  if (visibleClass !== null && inClass !== undefined && binds(inClass)) return { scope: visibleClass, symbol: inClass };
  if (inClass !== undefined && inClass.resolution === Resolution.GlobalExplicit) return null;
  const owner = findOwner(from, mangled);
  return owner === null ? null : { scope: owner, symbol: owner.symbols.get(mangled) ?? null };
}

function lookupModule(from: BoundScope, mangled: string): Lookup {
  let top = from;
  while (top.parent !== null) top = top.parent;
  const symbol = top.symbols.get(mangled);
  if (symbol === undefined) return { scope: null, symbol: null };
  const isBound = (symbol.flags & (BOUND | SymbolFlag.Global)) !== 0;
  return isBound ? { scope: top, symbol } : { scope: null, symbol: null };
}
