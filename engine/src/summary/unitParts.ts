/**
 * What single statements add to the lists of a module's summary: what binds nothing, what calls, what changes objects of
 * other modules, imports. Kept on the statement, and moved with it.
 */
import { dottedParts } from "../normalisation/file.ts";
import { isDocstring } from "../normalisation/statements.ts";
import { type Expr, NodeKind, type Stmt } from "../syntax/ast.ts";
import { importsOf, starsOf } from "./imports.ts";
import { reorderedSlice } from "./placed.ts";
import { Changes } from "./slices.ts";
import { isDefinition, isImport } from "./statementKinds.ts";
import { touchesOf } from "./touches.ts";
import type { Effect, ModuleSummary, Slice } from "./types.ts";
import type { Unit, UnitParts } from "./unit.ts";
import type { UnitReader } from "./unitReader.ts";

const NONE: readonly never[] = [];

export class PartsReader {
  readonly #reader: UnitReader;

  constructor(reader: UnitReader) {
    this.#reader = reader;
  }

  /** What a statement adds to the lists of the module. */
  of(unit: Unit): UnitParts {
    const known = unit.parts;
    if (known === null) unit.parts = this.#makeParts(unit);
    else if (known.order !== unit.order) unit.parts = reorderedParts(known, unit.order);
    return unit.parts as UnitParts;
  }

  #makeParts(unit: Unit): UnitParts {
    const { order, inForce } = unit;
    return {
      order,
      rest: inForce ? this.#restOf(unit) : null,
      effect: inForce ? this.#effectOf(unit) : null,
      foreign: inForce ? this.#foreignOf(unit) : NONE,
      imports: unit.isMainBlock ? NONE : importsOf(unit.statement, unit.file.scopes.scopes, order),
      stars: inForce ? starsOf(unit) : NONE,
    };
  }

  #restOf(unit: Unit): Slice | null {
    const { statement } = unit;
    if (touchesOf(statement).binds.size > 0 || isImport(statement) || statement.kind === NodeKind.Pass) return null;
    return isDocstring(statement) ? null : this.#reader.slice(unit, "", Changes.Calls, true);
  }

  /** What calls first-party looking things: decorated definitions, bare calls, assignments from calls. */
  #effectOf(unit: Unit): Effect | null {
    const { statement } = unit;
    const callees = this.#firstPartyChains(unit, touchesOf(statement).callees);
    const bases =
      statement.kind === NodeKind.ClassDef
        ? this.#firstPartyChains(unit, [...statement.bases, ...statement.keywords.map(({ value }) => value)])
        : NONE;
    if (callees.length === 0 && bases.length === 0) return null;
    const acting = this.#firstPartyChains(unit, actingOf(statement));
    return { callees, bases, acting, slice: this.#reader.slice(unit, "", Changes.Calls, true) };
  }

  /** The chains among expressions that start at a name of the module. */
  #firstPartyChains(unit: Unit, nodes: readonly Expr[]): readonly number[] {
    if (nodes.length === 0) return NONE;
    const { facts } = this.#reader;
    facts.asker = unit.asked;
    const out = new Set<number>();
    for (const node of nodes) {
      const parts = dottedParts(node);
      if (parts === null || !(facts.moduleNames.has(parts[0]) || facts.hasStar)) continue;
      out.add(this.#reader.chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
    }
    facts.asker = null;
    return [...out];
  }

  /** `mod.f = g`, `mod.Cls.x = 1`, `mod.TABLE.append(...)`: objects reached through an import and changed from here. */
  #foreignOf(unit: Unit): ModuleSummary["foreign"] {
    const out: { chain: number; whole: boolean; slice: Slice }[] = [];
    let made: Slice | null = null;
    for (const { node, receiver } of touchesOf(unit.statement).objects) {
      const written = leadingParts(node);
      if (written === null) continue;
      const parts = this.#reader.as(unit, () => {
        const { aliases, someImport } = this.#reader.facts;
        // `k = m; k.X = 1` sets what `m.X = 1` does.
        const head = aliases.get(written[0]) ?? written[0];
        return someImport.has(head) ? [head, ...written.slice(1)] : null;
      });
      if (parts === null) continue;
      // `m.__dict__.update(..)`: any of the module's names.
      const namespace = parts.indexOf("__dict__");
      const whole = !receiver || namespace > 0;
      made ??= this.#reader.slice(unit, written[0], Changes.Calls, true);
      const attrs = namespace > 0 ? parts.slice(1, namespace) : parts.slice(1);
      const chain = this.#reader.chains.intern({ kind: "global", name: parts[0], attrs });
      if (!out.some((item) => item.chain === chain && item.whole === whole)) out.push({ chain, whole, slice: made });
    }
    return out;
  }
}

/** What runs for what it does, not for its value: decorators, and the callee of a call that is a statement of its own. */
function actingOf(statement: Stmt): readonly Expr[] {
  if (isDefinition(statement))
    return statement.decorator_list.map((each) => (each.kind === NodeKind.Call ? each.func : each));
  const value = statement.kind === NodeKind.Expr ? statement.value : null;
  const call = value?.kind === NodeKind.Await ? value.value : value;
  return call?.kind === NodeKind.Call ? [call.func] : NONE;
}

function reorderedParts(parts: UnitParts, order: number): UnitParts {
  const by = order - parts.order;
  const { rest, effect, foreign, imports, stars } = parts;
  return {
    order,
    rest: rest === null ? null : reorderedSlice(rest, by),
    effect: effect === null ? null : { ...effect, slice: reorderedSlice(effect.slice, by) },
    foreign: foreign.length === 0 ? NONE : foreign.map((item) => ({ ...item, slice: reorderedSlice(item.slice, by) })),
    imports: imports.length === 0 ? NONE : imports.map((item) => ({ ...item, order })),
    stars: stars.length === 0 ? NONE : stars.map((item) => ({ ...item, order })),
  };
}

/** `m.TABLE` of `m.TABLE["a"].b`: the names before the first subscript or call. */
function leadingParts(node: Expr): string[] | null {
  let parts: string[] | null = null;
  for (let at = node; ; ) {
    if (at.kind === NodeKind.Name || at.kind === NodeKind.Attribute) parts ??= dottedParts(at);
    if (at.kind === NodeKind.Attribute || at.kind === NodeKind.Subscript) at = at.value;
    else if (at.kind === NodeKind.Call) at = at.func;
    else return parts;
    if (parts !== null) return parts;
  }
}
