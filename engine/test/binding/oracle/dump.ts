/**
 * Writes a binding the way symtable_dump.py writes CPython's tables, so that the two compare as text.
 *
 * Since 3.12 symtable shows comprehensions inlined into the scope around (PEP 709); the engine keeps them apart. `inlined`
 * folds them in here: names that the scope around does not have move up, the comprehension's own scopes take its place.
 */
import {
  type Binding,
  Resolution,
  type Scope,
  ScopeKind,
  type Symbol as ScopeSymbol,
  SymbolFlag,
} from "../../../src/binding/index.ts";

/** What the version of CPython shows. */
export interface DumpOptions {
  /** PEP 709: 3.12 and newer. Which locals are cells is then not compared: it depends on what was inlined. */
  readonly inlined: boolean;
}

/** A scope as it is shown; symbols are copies. */
interface Shown {
  readonly scope: Scope;
  /** Somewhere inside a function; also after its comprehension was folded in. */
  readonly nested: boolean;
  readonly symbols: Map<string, ScopeSymbol>;
  readonly children: Shown[];
}

const FLAGS: readonly (readonly [string, SymbolFlag])[] = [
  ["g", SymbolFlag.Global],
  ["l", SymbolFlag.Local],
  ["p", SymbolFlag.Parameter],
  ["n", SymbolFlag.Nonlocal],
  ["u", SymbolFlag.Use],
  ["i", SymbolFlag.Import],
  ["a", SymbolFlag.Annotated],
  ["c", SymbolFlag.ComprehensionTarget],
  ["t", SymbolFlag.TypeParameter],
];

const TYPES: Readonly<Record<ScopeKind, string>> = {
  [ScopeKind.Module]: "module",
  [ScopeKind.Class]: "class",
  [ScopeKind.Function]: "function",
  [ScopeKind.Lambda]: "function",
  [ScopeKind.Comprehension]: "function",
  [ScopeKind.TypeParameters]: "type parameters",
  [ScopeKind.TypeVariable]: "type variable",
  [ScopeKind.TypeAlias]: "type alias",
  [ScopeKind.Annotation]: "annotation",
};

const RESOLUTIONS: Readonly<Record<Resolution, string>> = {
  [Resolution.Unknown]: "?",
  [Resolution.Local]: "L",
  [Resolution.GlobalExplicit]: "E",
  [Resolution.GlobalImplicit]: "I",
  [Resolution.Free]: "F",
  [Resolution.Cell]: "C",
};

export function dumpBinding(binding: Binding, options: DumpOptions): string {
  const lines: string[] = [];
  write(show(binding.module, false, options), 0, options, lines);
  return lines.join("\n");
}

/** A dump of CPython's, made comparable under the same options. */
export function comparable(dump: string, options: DumpOptions): string {
  return options.inlined ? dump.replaceAll(/:C(?=\||\n|$)/g, ":L") : dump;
}

/** Sibling scopes in the order of their dumps: up to 3.12 symtable visits `else` of a `try` before its handlers. */
export function withoutOrder(dump: string): string {
  const lines = dump.split("\n");
  const depths = lines.map((line) => Number.parseInt(line, 10));
  const sorted = (from: number, to: number): string => {
    const blocks: string[] = [];
    for (let at = from; at < to; ) {
      let end = at + 1;
      while (end < to && depths[end] > depths[from]) end++;
      blocks.push([lines[at], sorted(at + 1, end)].filter((part) => part !== "").join("\n"));
      at = end;
    }
    return blocks.sort().join("\n");
  };
  return sorted(0, lines.length);
}

function show(scope: Scope, nested: boolean, options: DumpOptions): Shown {
  const symbols = new Map<string, ScopeSymbol>();
  for (const [name, symbol] of scope.symbols) symbols.set(name, { ...symbol });
  const shown: Shown = { scope, nested, symbols, children: [] };
  const nestsChildren = nested || (scope.kind !== ScopeKind.Module && scope.kind !== ScopeKind.Class);
  for (const child of scope.children) {
    const below = show(child, nestsChildren, options);
    if (options.inlined && isInlined(scope, child)) {
      moveUp(below, shown);
      shown.children.push(...below.children);
    } else {
      shown.children.push(below);
    }
  }
  return shown;
}

/** Generators stay functions, and so do comprehensions in annotation scopes that see a class. */
function isInlined(parent: Scope, child: Scope): boolean {
  return child.kind === ScopeKind.Comprehension && child.name !== "genexpr" && !seesClass(parent);
}

function seesClass(scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    if (at.kind === ScopeKind.Class) return at !== scope;
    if (at.kind <= ScopeKind.Comprehension) return false;
  }
  return false;
}

function moveUp(from: Shown, to: Shown): void {
  for (const [name, symbol] of from.symbols) {
    // A name that only passes through (no flags) is not there yet when CPython inlines.
    if (name === ".0" || to.symbols.get(name)?.flags) continue;
    const leaves = name === "__class__" && to.scope.kind === ScopeKind.Class && symbol.resolution === Resolution.Free;
    to.symbols.set(name, leaves ? { ...symbol, resolution: Resolution.GlobalImplicit } : symbol);
  }
}

function write(shown: Shown, depth: number, options: DumpOptions, lines: string[]): void {
  const { scope, nested, children } = shown;
  const symbols: string[] = [];
  for (const symbol of shown.symbols.values()) {
    if (symbol.name === "__classdict__" || symbol.name === "__conditional_annotations__") continue;
    symbols.push(symbolText(symbol, options));
  }
  if (scope.kind === ScopeKind.Annotation && symbols.length === 0 && children.length === 0) return;
  symbols.sort(byCodePoint);
  lines.push([`${depth} ${TYPES[scope.kind]} ${scope.name} ${nested ? 1 : 0}`, ...symbols].join("|"));
  for (const child of children) write(child, depth + 1, options, lines);
}

function symbolText(symbol: ScopeSymbol, options: DumpOptions): string {
  let letters = "";
  for (const [letter, bit] of FLAGS) if (symbol.flags & bit) letters += letter;
  const resolution = RESOLUTIONS[symbol.resolution];
  return `${symbol.name}:${letters}:${options.inlined && resolution === "C" ? "L" : resolution}`;
}

/** Python sorts strings by code point, JavaScript by UTF-16 unit. */
function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i].codePointAt(0)! - right[i].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
