/**
 * Pieces of a summary from single statements: definitions, decorators, values, slices. Asks the module's facts on behalf of
 * the statement, which takes note of it. Gives offsets of the module's text.
 */
import type { Scope } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { ChainTable } from "../normalisation/chains.ts";
import { chainOf, decorator as emitDecorator, expression } from "../normalisation/expressions.ts";
import type { FileContext } from "../normalisation/file.ts";
import { classParts, functionParts, isSilentDecorator } from "../normalisation/statements.ts";
import { type ClassDef, type DefinitionNode, type Expr, type FunctionNode, NodeKind } from "../syntax/ast.ts";
import type { Facts } from "./facts.ts";
import { pieceOf } from "./pieces.ts";
import { placedDefinition, placedSlice, placedValue } from "./placed.ts";
import { nameRangeOf, rangeOf } from "./places.ts";
import { type Changes, slice } from "./slices.ts";
import { methodNames } from "./statementKinds.ts";
import type { DecoratorSummary, DefinitionSummary, Slice, Value } from "./types.ts";
import type { Unit } from "./unit.ts";
import { knownValue } from "./values.ts";

export class UnitReader {
  readonly facts: Facts;
  readonly chains = new ChainTable();

  constructor(facts: Facts) {
    this.facts = facts;
  }

  /** A value that can be known, with the module's offsets. */
  valueOf(unit: Unit, node: Expr): Value {
    const value = this.#plainValue(unit, node);
    return unit.moves ? placedValue(value, unit.place) : value;
  }

  /** Asks something on behalf of a statement. */
  as<T>(unit: Unit, ask: () => T): T {
    this.facts.asker = unit.asked;
    const answer = ask();
    this.facts.asker = null;
    return answer;
  }

  /** What a statement does to `name`; with `all`, all that it does. */
  slice(unit: Unit, name: string, changes: Changes, all = false): Slice {
    const { statement, file, order } = unit;
    const emit = (c: Canonical) => {
      c.sliceOf = name;
      slice(c, statement, name, changes, all);
    };
    const piece = this.as(unit, () => pieceOf(file, file.scopes.module, "", emit, order));
    const made = { piece, order, range: rangeOf(file.text, statement) };
    return unit.moves ? placedSlice(made, unit.place) : made;
  }

  // ----------------------------------------------------------- definitions

  /** A function or class of a statement as a definition of its own. `order`: where it runs at module level. */
  definition(unit: Unit, node: DefinitionNode, qualname: string, order = -1): DefinitionSummary {
    const { file } = unit;
    const isClass = node.kind === NodeKind.ClassDef;
    const scope = file.scopes.scopes.get(node);
    let around = scope?.parent ?? file.scopes.module;
    // The implicit scope of type parameters belongs to the definition.
    if (around.node === node && around.parent) around = around.parent;
    const decorators = node.decorator_list.map((decorator) => this.#decorator(unit, decorator, around, order));
    const silent = decorators.every((decorator) => decorator.annotationsSilent);
    this.facts.asker = unit.asked;
    const piece = pieceOf(
      file,
      around,
      qualname,
      (c) => {
        c.tag(node.kind);
        if (isClass) {
          c.text(node.name);
          classParts(c, node as ClassDef);
        } else functionParts(c, node as FunctionNode, silent);
      },
      order,
    );
    this.facts.asker = null;
    const made: DefinitionSummary = {
      kind: isClass ? "class" : "function",
      name: node.name,
      qualname,
      piece,
      decorators,
      start: node.start,
      range: rangeOf(file.text, node),
      nameRange: nameRangeOf(file.text, node, node.name),
      methods: isClass ? methodNames(node as ClassDef) : [],
      bases: isClass ? this.#bases(file, node as ClassDef, around) : [],
    };
    return unit.moves ? placedDefinition(made, unit.place) : made;
  }

  #bases(file: FileContext, node: ClassDef, around: Scope): number[] {
    const here = new Canonical(file, around, "");
    const written = [...node.bases, ...node.keywords.flatMap(({ arg, value }) => (arg === "metaclass" ? [value] : []))];
    const bases = written.flatMap((base) => {
      // `Generic[T]` is about `Generic`; a call makes a class of what it is handed.
      const expr = base.kind === NodeKind.Subscript ? base.value : base.kind === NodeKind.Call ? base.func : base;
      const chain = chainOf(here, expr);
      return chain === null ? [] : [this.chains.intern(chain)];
    });
    here.release();
    return bases;
  }

  #decorator(unit: Unit, decorator: Expr, around: Scope, order: number): DecoratorSummary {
    const { file } = unit;
    const called = decorator.kind === NodeKind.Call;
    this.facts.asker = unit.asked;
    const here = new Canonical(file, around, "");
    const chain = chainOf(here, called ? decorator.func : decorator);
    const annotationsSilent = isSilentDecorator(here, decorator);
    here.release();
    const piece = pieceOf(file, around, "", (c) => emitDecorator(c, decorator), order);
    this.facts.asker = null;
    return {
      // Placed with the definition that it stands at.
      piece,
      chain: chain === null ? -1 : this.chains.intern(chain),
      called,
      positional: called ? decorator.args.map((item) => this.#plainValue(unit, item)) : [],
      keywords: called
        ? decorator.keywords.map((item) => [item.arg ?? "**", this.#plainValue(unit, item.value)] as const)
        : [],
      annotationsSilent,
    };
  }

  /** A value whose positions count in the text of its statement. */
  #plainValue({ file, asked }: Unit, node: Expr): Value {
    this.facts.asker = asked;
    const c = new Canonical(file, file.scopes.module, "");
    const value = knownValue(c, node, (inner) =>
      pieceOf(file, file.scopes.module, "", (made) => expression(made, inner)),
    );
    c.release();
    this.facts.asker = null;
    return value;
  }
}
