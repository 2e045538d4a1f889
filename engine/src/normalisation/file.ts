/**
 * What normalisation may know about the file around a definition: its text, its scopes, its module-level imports and
 * which builtins it rebinds. Never anything of another file.
 */
import type { ScopeTree } from "../binding/scope.ts";
import type { Level } from "../program/types.ts";
import { type Expr, type FunctionNode, type Name, NodeKind } from "../syntax/ast.ts";
import type { ChainTable } from "./chains.ts";
import type { Bodies, MemberRecord } from "./members.ts";
import type { Words } from "./words.ts";

/** Where a name bound by an import comes from; `name` is null when the module itself is bound. */
export interface ImportTarget {
  readonly level: number;
  readonly module: string;
  readonly name: string | null;
  /** `a.b` for `import a.b`, which binds `a`. */
  readonly full?: string;
}

/** Whether reading `path` below `module` is what one of the imports `a.b` has loaded, or asks for no submodule's import. */
export function isLoaded(module: string, path: readonly string[], fulls: readonly string[]): boolean {
  const dotted = `${[module, ...path].join(".")}.`;
  return fulls.length === 0 || fulls.some((full) => dotted.startsWith(`${full}.`));
}

/** A fact about each name of a module; who asks may be noted, so that its answer can be found again when the fact changes. */
export interface Lookup<T> {
  get(name: string): T | undefined;
  has(name: string): boolean;
}

/** What the module around a statement says about names: asked one name at a time, never listed. */
export interface ModuleFacts {
  /** Module-level names that only imports bind, with the last such import. */
  readonly imports: Lookup<ImportTarget>;
  /** Those of them that one import statement binds: they stand for its target (M3.2, names of imports). */
  readonly soleImports: Lookup<ImportTarget>;
  /** Names bound at module level by anything, imports included. */
  readonly moduleNames: Pick<Lookup<unknown>, "has">;
  /** Names that some function or class of the file declares `global`. */
  readonly declaredGlobal: Pick<Lookup<unknown>, "has">;
  /** Module-level names bound once, to a call of something imported: the dotted name of what is called. */
  readonly constructed: Lookup<string>;
  /** Module-level names bound once, to another name: that name. */
  readonly aliases: Lookup<string>;
  /** Module-level names bound once, by a plain assignment: the value. */
  readonly assigned: Lookup<Expr>;
  /** How often a name is bound anywhere in the file, in whatever scope. */
  readonly bindingCounts: Pick<Lookup<number>, "get">;
  /** A star import may rebind any builtin. */
  readonly hasStar: boolean;
  /**
   * Number of module-level statements before place `order` that bind or mutate a name, or -1 where at most one does: what
   * module-level code reads depends on it.
   */
  readonly bindingsBefore: (name: string, order: number) => number;
}

/** Functions of class bodies whose walks are kept, and those of them that were parsed in another text than their class. */
export interface Members {
  readonly records: WeakMap<FunctionNode, MemberRecord>;
  /** `base`: what to add to an offset of `file` for one of the class'. */
  readonly contexts: WeakMap<FunctionNode, { readonly file: FileContext; readonly base: number }>;
}

/** One stretch of text that was parsed and bound at once, within its module. */
export interface FileContext {
  readonly text: string;
  /** Of `text`. */
  readonly words: Words;
  readonly level: Level;
  readonly scopes: ScopeTree;
  readonly chains: ChainTable;
  readonly facts: ModuleFacts;
  /** Null where nothing is kept between two walks. */
  readonly members: Members | null;
  /** What walks of methods' bodies have left, where methods are summarised alone as well; null where nothing is kept. */
  readonly bodies: Bodies | null;
  /** 0-based lines with `# fastpipe: ignore`. */
  readonly ignoreLines: ReadonlySet<number>;
  /** UTF-16 offsets of line starts, ascending. */
  readonly lineStarts: () => readonly number[];
  /** Dotted names of stage decorators. */
  readonly stageDecorators: ReadonlySet<string>;
}

/** 0-based line of an offset. */
export function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Dotted name that an import target stands for, or null for a relative import. */
function targetName(target: ImportTarget): string | null {
  if (target.level > 0) return null;
  return target.name === null ? target.module : `${target.module}.${target.name}`;
}

/** Names of a pure `a.b.c` chain, head first, or null when the expression is anything else. */
export function dottedParts(expr: Expr): string[] | null {
  const parts: string[] = [];
  let node = expr;
  while (node.kind === NodeKind.Attribute) {
    parts.push(node.attr);
    node = node.value;
  }
  if (node.kind !== NodeKind.Name) return null;
  parts.push(node.id);
  return parts.reverse();
}

/** The name that a pure `a.b.c` chain starts with, or null when the expression is anything else. */
export function rootOfDotted(expr: Expr): Name | null {
  let node = expr;
  while (node.kind === NodeKind.Attribute) node = node.value;
  return node.kind === NodeKind.Name ? node : null;
}

/** The attributes that end an expression, in the order in which they are read: `b`, `c` of `a.b.c` and of `a().b.c`. */
export function attributesOf(expr: Expr): string[] {
  let count = 0;
  for (let node = expr; node.kind === NodeKind.Attribute; node = node.value) count++;
  const attrs: string[] = new Array(count);
  for (let node = expr; node.kind === NodeKind.Attribute; node = node.value) attrs[--count] = node.attr;
  return attrs;
}

/**
 * The dotted name that a module-level expression means by the file's own imports: `np.array` → `numpy.array`; a builtin
 * that the file does not rebind gives `builtins.<name>`; anything else null.
 */
export function dottedName(file: FileContext, expr: Expr): string | null {
  const parts = dottedParts(expr);
  if (parts === null) return null;
  const [head, ...attrs] = parts;
  const constructed = attrs.length > 0 ? file.facts.constructed.get(head) : undefined;
  if (constructed !== undefined) return [`${constructed}()`, ...attrs].join(".");
  const target = file.facts.imports.get(head);
  const start = target
    ? targetName(target)
    : file.facts.moduleNames.has(head) || file.facts.hasStar
      ? null
      : `builtins.${head}`;
  return start === null ? null : [start, ...attrs].join(".");
}
