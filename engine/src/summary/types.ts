/**
 * What one file says, from its text alone: the barrier between trees and the rest of the engine. Plain data, fit to be
 * written to disk or sent to a thread, but for files that are being edited (placed.ts). Positions stand beside what is
 * compared, never in it.
 */
import type { Chain } from "../normalisation/chains.ts";
import type { NoticeKind, Range } from "../program/types.ts";

/** A notice with the chain it is about (index, or -1). */
export interface PieceNotice {
  readonly kind: NoticeKind;
  readonly text: string;
  readonly offset: number;
  readonly chain: number;
}

/** A hashed stretch of code: a definition's body, a decorator, or the statements that make up a name. */
export interface Piece {
  /** Digest without the names of references. */
  readonly shape: string;
  /** Digest with names as written (M6.2). */
  readonly hash: string;
  /** Chain of each reference slot, in the order of the stream; indices into `ModuleSummary.chains`. */
  readonly refs: readonly number[];
  /** Chains named in annotations only (M4.5), ascending. */
  readonly annotationRefs: readonly number[];
  /** Chains written with a local alias, and as what. */
  readonly aliases: readonly (readonly [number, string])[];
  /** Chains that the code says and its canonical form does not: listed, never hashed, ascending. */
  readonly mentioned: readonly number[];
  /** Slots of `refs` that the canonical form says and the code does not: hashed, never listed, ascending. */
  readonly unwritten: readonly number[];
  /** Modules imported inside, first appearance first. */
  readonly localImports: readonly number[];
  /** Digests of what normally does not count; empty when there is none. */
  readonly docs: string;
  readonly annotations: string;
  /** Bit set of `Reads`. */
  readonly reads: number;
  /** Module-level names (chains) that the code rebinds or mutates when it runs. */
  readonly mutates: readonly number[];
  /** Those of them, and of `hands`, that are rebound or set something on, whatever they hold. */
  readonly sets: readonly number[];
  /** Module-level objects (chains) that it may change through something else. */
  readonly hands: readonly number[];
  readonly notices: readonly PieceNotice[];
  /** Methods called on unknown receivers, with the offset of the first call. */
  readonly methodCalls: readonly (readonly [string, number])[];
  /** Statements left out by `# fastpipe: ignore`. */
  readonly ignored: number;
}

/** A value that can be known without running code: for `decl:` entries and for showing constants. */
export type Value =
  | { readonly kind: "literal"; readonly repr: string }
  | { readonly kind: "text"; readonly parts: readonly (string | Value)[] }
  | { readonly kind: "sequence"; readonly type: "list" | "tuple" | "set"; readonly items: readonly Value[] }
  | { readonly kind: "mapping"; readonly items: readonly (readonly [Value, Value])[] }
  | { readonly kind: "reference"; readonly chain: number }
  | { readonly kind: "code"; readonly piece: Piece };

export interface DecoratorSummary {
  readonly piece: Piece;
  /** Chain of the decorator itself, or of what is called to make it; -1 when it is no plain chain. */
  readonly chain: number;
  readonly called: boolean;
  readonly positional: readonly Value[];
  readonly keywords: readonly (readonly [string, Value])[];
  /** Whether the decorator, by the file's own imports, leaves annotations unread (M3.4). */
  readonly annotationsSilent: boolean;
}

/** A function or class as one definition. */
export interface DefinitionSummary {
  readonly kind: "function" | "class";
  readonly name: string;
  /** CPython's `__qualname__`. */
  readonly qualname: string;
  readonly piece: Piece;
  readonly decorators: readonly DecoratorSummary[];
  /** Offset of `def`, `async` or `class`. */
  readonly start: number;
  /** From the first decorator to the end. */
  readonly range: Range;
  readonly nameRange: Range;
  /** Names of methods, for a class. */
  readonly methods: readonly string[];
  /** Chains of a class' bases and of its metaclass. */
  readonly bases: readonly number[];
}

export interface ImportBinding {
  readonly level: number;
  readonly module: string;
  /** Null: the module itself is bound. */
  readonly name: string | null;
  /** `import a.b` without `as` binds `a`; this is then `a.b`. */
  readonly full: string;
}

/** An import statement, wherever it stands. */
export interface ImportStatement {
  readonly level: number;
  readonly module: string;
  readonly name: string | null;
  /** Position among the module's statements of the one that it stands in. */
  readonly order: number;
}

/** `from m import *` at module level. */
export interface StarImport {
  readonly level: number;
  readonly module: string;
  readonly order: number;
  /** Stands inside another statement, which decides whether it runs. */
  readonly isConditional: boolean;
}

/** The name under which a summary has the statements that decide which star imports run: no name that Python knows. */
export const STAR = "import *";

/** A module-level name and everything that binds or mutates it. */
export interface NameSummary {
  readonly name: string;
  /** What the definitions among the bindings say it is; `import` when nothing but imports bind it. */
  readonly kind: "func" | "class" | "const" | "import";
  /** Set when one unconditional `def` or `class` binds it. */
  readonly definition: DefinitionSummary | null;
  /** The statements (or parts of them) that bind or mutate it, in order, without `definition`. */
  readonly slices: readonly Slice[];
  /** Import bindings still alive, in order; more than one, or a guarded one, are the arms of a choice. */
  readonly imports: readonly ImportBinding[];
  /** Nothing but imports binds it, be it in several arms. */
  readonly onlyImports: boolean;
  /** Known value, when one plain assignment is all there is. */
  readonly value: Value | null;
  /** Where one assignment binds it: the chain that is all of the right side, else -1. */
  readonly alias: number;
  /** Where one assignment binds it to what a call gives, or to a part of that: the chain of what is called, else -1. */
  readonly maker: number;
  /** When one plain assignment from a call of something imported is all there is: the dotted name of what is called. */
  readonly constructed: string | null;
  /** Position among the module's statements of the last binding: star imports after it win. */
  readonly order: number;
  readonly nameRange: Range;
}

export interface Slice {
  readonly piece: Piece;
  /** Place of the statement among the module's, 1-based. */
  readonly order: number;
  readonly range: Range;
}

/** A module-level statement that calls something: it may change what the callee changes. */
export interface Effect {
  /** Chains called, decorators applied included. */
  readonly callees: readonly number[];
  /** Chains of the bases of a class statement: `__init_subclass__` runs. */
  readonly bases: readonly number[];
  /** Those of `callees` that run for what they do: decorators, and the call that is a statement of its own. */
  readonly acting: readonly number[];
  readonly slice: Slice;
}

export interface ModuleSummary {
  readonly chains: readonly Chain[];
  readonly names: ReadonlyMap<string, NameSummary>;
  readonly stars: readonly StarImport[];
  /** `__all__` when it is a literal; `"dynamic"` when it can't be known; null when absent. */
  readonly exports: readonly string[] | "dynamic" | null;
  /** Module-level code may bind names that the text does not show. */
  readonly dynamicNames: boolean;
  /** Digest of the module docstring, or empty. */
  readonly docs: string;
  /** Statements that bind nothing. */
  readonly rest: readonly Slice[];
  readonly effects: readonly Effect[];
  /** Objects reached through imports and changed from here; `whole`: a module may be changed itself, not only called into. */
  readonly foreign: readonly { readonly chain: number; readonly whole: boolean; readonly slice: Slice }[];
  /** Every import statement of the file, at any depth: which modules run when this one does or when its functions do. */
  readonly imports: readonly ImportStatement[];
  /** Functions handed to what makes stages of them (`kedro.pipeline.node(clean, ...)`): chains. */
  readonly stageCalls: readonly number[];
  /** Names that the `if __name__ == "__main__":` block rebinds (M4.2). */
  readonly mainBinds: readonly { readonly name: string; readonly offset: number }[];
  /** Functions nested in functions and classes; filled only when asked for. */
  readonly nested: readonly DefinitionSummary[];
  readonly lineStarts: readonly number[];
}
