/**
 * Scopes and symbols, as CPython's symtable has them (Python/symtable.c). Vocabulary for everything right of syntax:
 *
 * - a *scope* (symtable: block) is a region with its own names: module, class, function, lambda, comprehension, and the
 *   implicit scopes of type parameters, annotations and type aliases (PEP 695, PEP 649);
 * - a *symbol* is a name within one scope with what happens to it there (flags) and where it lives (resolution).
 *
 * Names are mangled (`__x` inside class `C` is `_C__x`). Never holds: values, types, anything of another file.
 */
import type { AnyNode } from "../syntax/ast.ts";

export const enum ScopeKind {
  Module,
  Class,
  Function,
  Lambda,
  /** List, set, dict comprehension or generator expression. */
  Comprehension,
  /** The implicit scope that holds the type parameters of a generic function, class or alias. */
  TypeParameters,
  /** Bound or default of a type parameter. */
  TypeVariable,
  /** The value of a `type X = ...` statement. */
  TypeAlias,
  /** Annotations of one scope or function signature (CPython 3.14, PEP 649). */
  Annotation,
}

/** What happens to a name in a scope; a bit set, like DEF_* and USE in symtable.h. */
export const enum SymbolFlag {
  Global = 1,
  Local = 2,
  Parameter = 4,
  Nonlocal = 8,
  Use = 16,
  Import = 32,
  Annotated = 64,
  /** Bound as a target of a comprehension. */
  ComprehensionTarget = 128,
  TypeParameter = 256,
  /** Bound by `def` or `class` here. */
  Definition = 512,
  /** Bound by anything but an import statement: assignment, `def`, `for`, `del`, parameter ... */
  NonImportBinding = 1024,
}

/** Where a name lives, as symtable decides it. */
export const enum Resolution {
  Unknown,
  Local,
  GlobalExplicit,
  GlobalImplicit,
  Free,
  Cell,
}

export interface Symbol {
  /** Mangled. */
  readonly name: string;
  /** The scope that it is a symbol of. */
  readonly scope: Scope;
  flags: number;
  resolution: Resolution;
  /** The scope that the name lives in, null for a global: kept for who asks often; undefined until then. */
  home: Scope | null | undefined;
  /** Room for one walk at a time over the scope's code: who has numbered the symbol, and the number. */
  numberedBy: object | null;
  number: number;
}

export interface Scope {
  readonly kind: ScopeKind;
  /** symtable's name: `top`, the def's or class' name, `lambda`, `listcomp`, `genexpr`, `setcomp`, `dictcomp` ... */
  readonly name: string;
  /** The node that opens the scope: FunctionDef, Lambda, ClassDef, GeneratorExp, ...; for an implicit scope, its owner. */
  readonly node: AnyNode;
  readonly parent: Scope | null;
  readonly children: Scope[];
  readonly symbols: Map<string, Symbol>;
  /** The class name that mangles private names here, leading underscores stripped, or null. */
  readonly mangleWith: string | null;
  /** Whether an `import` statement binds a name here. */
  readonly hasImports: boolean;
  /** Whether an `import` statement stands here or in a scope inside. */
  readonly hasImportsInside: boolean;
  /** What others have worked out about the scope, to be found again as long as it lives; means nothing here. */
  notes: unknown;
}

/** The scopes of one module (or of one top-level statement of it). */
export interface ScopeTree {
  readonly module: Scope;
  /** The scope that a node opens. Function, class, lambda, comprehension nodes only; implicit scopes are found through `children`. */
  readonly scopes: ReadonlyMap<AnyNode, Scope>;
}
