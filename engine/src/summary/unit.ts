/**
 * One statement at module level with what its own text says: what is kept between two edits of a file. Holds trees, so it
 * never leaves `summary`. Offsets in its tree count from where its stretch of text began; `base` makes them the module's.
 */
import type { ScopeTree } from "../binding/scope.ts";
import type { FileContext } from "../normalisation/file.ts";
import { dottedParts } from "../normalisation/file.ts";
import { isIgnored } from "../normalisation/statements.ts";
import { Words } from "../normalisation/words.ts";
import { type FunctionNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { collectFlows } from "./flows.ts";
import { bindsDynamically, isImport, isMainBlock } from "./statementKinds.ts";
import { touchesOf } from "./touches.ts";
import type { DefinitionSummary, Effect, ImportStatement, ModuleSummary, Slice } from "./types.ts";

/** What a statement adds to the lists of its module's summary; `order` is its place among the statements at the time. */
export interface UnitParts {
  readonly order: number;
  readonly rest: Slice | null;
  readonly effect: Effect | null;
  readonly foreign: ModuleSummary["foreign"];
  readonly imports: readonly ImportStatement[];
  readonly stars: ModuleSummary["stars"];
}

const enum Role {
  InForce,
  /** `if __name__ == "__main__":` never counts (M4.2). */
  MainBlock,
  /** `# fastpipe: ignore` */
  Ignored,
}

export class Unit {
  readonly statement: Stmt;
  file: FileContext;
  /** Extent of the logical line or block that it stands in, in the text of `file`. */
  readonly from: number;
  to: number;
  readonly #role: Role;
  /** Place among the module's statements, 1-based. */
  order: number;
  /** Where it stands, for what is made from it: that holds no tree. */
  readonly place: { base: number } = { base: 0 };
  /** Names whose facts it was made from; null where that is not noted. */
  readonly asked: Set<string> | null;
  /** Names whose summaries hold something of it. */
  readonly usedBy = new Set<string>();
  parts: UnitParts | null = null;
  nested: readonly DefinitionSummary[] | null = null;
  stageCalls: readonly number[] | null = null;
  #touching: readonly string[] | null = null;
  #flows: readonly string[] | null = null;
  #exports: boolean | null = null;
  #namespace: boolean | null = null;
  #dynamic: boolean | null = null;

  constructor(statement: Stmt, file: FileContext, from: number, to: number, noting: boolean) {
    this.statement = statement;
    this.file = file;
    this.from = from;
    this.to = to;
    this.order = 0;
    this.asked = noting ? new Set() : null;
    this.#role = isMainBlock(statement)
      ? Role.MainBlock
      : isIgnored(file, statement) && !isImport(statement)
        ? Role.Ignored
        : Role.InForce;
  }

  /** Takes in that a method's body is another, and its text therefore too; `delta` code units longer. */
  rewrite(text: string, delta: number): void {
    this.file = { ...this.file, text, words: new Words(text, false) };
    this.to += delta;
    this.parts = null;
    this.stageCalls = null;
    this.#flows = null;
  }

  /** What to add to its offsets for those of the module's text. */
  get base(): number {
    return this.place.base;
  }

  set base(base: number) {
    this.place.base = base;
  }

  /** Whether what is made from it has to move with it: its file is being edited. */
  get moves(): boolean {
    return this.asked !== null;
  }

  get inForce(): boolean {
    return this.#role === Role.InForce;
  }

  get isMainBlock(): boolean {
    return this.#role === Role.MainBlock;
  }

  /** `from __future__ import annotations`: how annotations are read, everywhere behind it. */
  get isFutureImport(): boolean {
    const { statement } = this;
    if (statement.kind !== NodeKind.ImportFrom || statement.module !== "__future__") return false;
    return statement.names.some((alias) => alias.name === "annotations");
  }

  /** Whether it may have to do with the module as an object, so that any name may be meant. */
  get speaksOfNamespace(): boolean {
    this.#namespace ??= this.file.words.namespaceIn(this.statement.start, this.statement.end);
    return this.#namespace;
  }

  /** Whether its text says `__all__`. */
  get speaksOfExports(): boolean {
    this.#exports ??= this.file.words.exportsIn(this.statement.start, this.statement.end);
    return this.#exports;
  }

  /** Whether it may bind names that its text does not show. */
  get bindsDynamically(): boolean {
    const { text, words } = this.file;
    const { start, end } = this.statement;
    this.#dynamic ??= words.reflectionIn(start, end) && bindsDynamically(text, this.statement);
    return this.#dynamic;
  }

  /** Its own text, from its first token. */
  get source(): string {
    return this.file.text.slice(this.statement.start, this.statement.end);
  }

  /** Module-level names that it binds, changes, calls or reads an attribute of to call it. */
  get touching(): readonly string[] {
    if (this.#touching === null) {
      const touches = touchesOf(this.statement);
      if (touches.mutates.size + touches.sets.size + touches.called.size + touches.callees.length === 0) {
        this.#touching = [...touches.binds];
        return this.#touching;
      }
      const names = new Set(touches.binds);
      for (const name of touches.mutates) names.add(name);
      for (const name of touches.sets) names.add(name);
      for (const name of touches.called) names.add(name);
      for (const callee of touches.callees) {
        const parts = dottedParts(callee);
        if (parts !== null && parts.length > 1) names.add(parts[0]);
      }
      this.#touching = [...names];
    }
    return this.#touching;
  }

  /** Pairs of names, target and source: what the first is bound to may be (part of) the second's object. */
  get flows(): readonly string[] {
    if (this.#flows === null) {
      const pairs: string[] = [];
      collectFlows(this.statement, scopesOf(this.file), (target, source) => pairs.push(target, source));
      this.#flows = pairs;
    }
    return this.#flows;
  }
}

/** The scopes of nodes, those of members that were parsed on their own included. */
function scopesOf({ scopes, members }: FileContext): Pick<ScopeTree["scopes"], "get"> {
  if (members === null) return scopes.scopes;
  return {
    get: (node) => {
      const placed = members.contexts.get(node as FunctionNode);
      return (placed?.file.scopes ?? scopes).scopes.get(node);
    },
  };
}

/** Whether a statement is or holds an import at module level: only then it can change what names stand for. */
export function mayImport(statement: Stmt): boolean {
  switch (statement.kind) {
    case NodeKind.Import:
    case NodeKind.ImportFrom:
    case NodeKind.If:
    case NodeKind.Try:
    case NodeKind.TryStar:
    case NodeKind.With:
    case NodeKind.AsyncWith:
    case NodeKind.For:
    case NodeKind.AsyncFor:
    case NodeKind.While:
    case NodeKind.Match:
      return true;
    default:
      return false;
  }
}
