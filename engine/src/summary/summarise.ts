/**
 * Makes the summary of one file from its tree and scopes: every module-level name with its definition or the statements
 * that make it up, imports, star imports, `__all__`, effects. Looks at nothing but the file. A summary can be made anew for
 * single names and statements (live.ts): what each was made from is noted on its statement. Above 400 lines because what a
 * name is made of, and what a statement adds, share their parts.
 */
import type { Scope, ScopeTree } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { ChainTable } from "../normalisation/chains.ts";
import { chainOf, decorator as emitDecorator, expression } from "../normalisation/expressions.ts";
import { dottedParts, type FileContext } from "../normalisation/file.ts";
import {
  classParts,
  functionParts,
  isDocstring,
  isSilentDecorator,
  isStageDecorator,
} from "../normalisation/statements.ts";
import type { Level, Range } from "../program/types.ts";
import {
  type ClassDef,
  type DefinitionNode,
  type Expr,
  type FunctionNode,
  type Module,
  NodeKind,
  type Stmt,
} from "../syntax/ast.ts";
import { TokenStream } from "../text/digest.ts";
import { collectExports } from "./exports.ts";
import { importsBinding, importsOf } from "./imports.ts";
import { type Binding, headOf, ModuleIndex, packagesOf, starsOf } from "./moduleIndex.ts";
import { walkDefinitions } from "./nestedDefinitions.ts";
import { pieceOf } from "./pieces.ts";
import { lineStartsOf, nameRangeOf, rangeOf } from "./places.ts";
import { shiftedDefinition, shiftedSlice, shiftedValue } from "./shift.ts";
import { concerns, slice } from "./slices.ts";
import { stageCalls } from "./stageCalls.ts";
import {
  isDefinition,
  isImport,
  isReplaceable,
  isReplacement,
  isTypeChecking,
  methodNames,
  plainValue,
  within,
} from "./statementKinds.ts";
import { touchesOf } from "./touches.ts";
import type {
  DecoratorSummary,
  DefinitionSummary,
  Effect,
  ImportStatement,
  ModuleSummary,
  NameSummary,
  Slice,
  Value,
} from "./types.ts";
import { Unit, type UnitParts } from "./unit.ts";
import { isImmutable, knownValue } from "./values.ts";

export interface SummaryOptions {
  readonly level: Level;
  readonly stageDecorators: ReadonlySet<string>;
  /** Also summarise functions and classes nested in others. */
  readonly nested: boolean;
}

/** `text` is what `module` was parsed from; `scopes` what `bind` gave for it. */
export function summarise(text: string, module: Module, scopes: ScopeTree, options: SummaryOptions): ModuleSummary {
  const summariser = new Summariser(options, false);
  const lineStarts = lineStartsOf(text);
  summariser.index.fill(summariser.units(text, lineStarts, module, scopes, null));
  return summariser.summary(() => lineStarts);
}

/** What is known of one module between two summaries of it. */
export class Summariser {
  readonly index: ModuleIndex;
  /** Summaries of names made so far; who knows that one is not true any more takes it out. */
  readonly names = new Map<string, NameSummary>();
  /** Names whose object may be reached through others when `names` was made, and through which. */
  readonly aliases = new Map<string, readonly string[]>();
  /** Names of which a statement between two bindings decides which of them count, and those that did. */
  readonly volatile = new Map<string, readonly Binding[]>();
  /** Summaries of names made so far. */
  hashedNames = 0;
  readonly #chains = new ChainTable();
  readonly #options: SummaryOptions;
  readonly #noting: boolean;

  /** `noting`: every statement takes note of what it was made from. */
  constructor(options: SummaryOptions, noting: boolean) {
    this.#options = options;
    this.#noting = noting;
    this.index = new ModuleIndex(options.stageDecorators);
  }

  /** Chains that were ever named; those of statements that are gone among them. */
  get chainCount(): number {
    return this.#chains.chains.length;
  }

  /**
   * The statements of a stretch of text that was parsed and bound at once. `extents`: pairs of offsets in that text, of the
   * lines or blocks that its statements stand in; null where nobody asks for them.
   */
  units(
    text: string,
    lineStarts: readonly number[],
    module: Module,
    scopes: ScopeTree,
    extents: readonly number[] | null,
  ): Unit[] {
    const file: FileContext = {
      text,
      level: this.#options.level,
      scopes,
      chains: this.#chains,
      facts: this.index.facts,
      ignoreLines: new Set(module.ignoreLines),
      lineStarts,
      stageDecorators: this.#options.stageDecorators,
    };
    let at = 0;
    return module.body.map((statement) => {
      while (extents !== null && at + 2 < extents.length && extents[at + 2] <= statement.start) at += 2;
      const from = extents === null ? statement.start : extents[at];
      const to = extents === null ? statement.end : extents[at + 1];
      return new Unit(statement, file, from, to, this.#noting);
    });
  }

  /** The summary of the present statements; names and statements that were made before are taken as they are. */
  summary(lineStarts: () => readonly number[]): ModuleSummary {
    const { index } = this;
    const names = new Map<string, NameSummary>();
    for (const name of index.bindings.keys()) {
      let own = this.names.get(name);
      if (own === undefined) {
        own = this.#name(name);
        this.hashedNames++;
        this.names.set(name, own);
      }
      names.set(name, own);
    }
    const stars: ModuleSummary["stars"][number][] = [];
    const rest: Slice[] = [];
    const effects: Effect[] = [];
    const foreign: ModuleSummary["foreign"][number][] = [];
    const imports: ImportStatement[] = [];
    for (const unit of index.units) {
      const parts = this.#partsOf(unit);
      if (parts.stars.length > 0) stars.push(...parts.stars);
      if (parts.rest !== null) rest.push(parts.rest);
      if (parts.effect !== null) effects.push(parts.effect);
      if (parts.foreign.length > 0) foreign.push(...parts.foreign);
      if (parts.imports.length > 0) imports.push(...parts.imports);
    }
    const speaks = this.#speaksOfStages(imports);
    const calls = new Set<number>();
    if (speaks) for (const unit of index.units) for (const chain of this.#callsOf(unit)) calls.add(chain);
    // Last, so that chains keep their numbers whether or not nested definitions are asked for.
    const nested: DefinitionSummary[] = [];
    if (speaks || this.#options.nested) for (const unit of index.units) nested.push(...this.#nestedOf(unit));
    let lines: readonly number[] | null = null;
    return {
      chains: this.#chains.chains,
      names,
      stars,
      exports: collectExports(index.units),
      docs: this.#moduleDocs(),
      dynamicNames: index.units.some((unit) => unit.inForce && unit.bindsDynamically),
      rest,
      effects,
      foreign,
      imports,
      stageCalls: [...calls],
      mainBinds: index.units.flatMap(mainBindsOf),
      nested,
      // Found when somebody asks: an edit moves all of them.
      get lineStarts() {
        lines ??= lineStarts();
        return lines;
      },
    };
  }

  // ----------------------------------------------------------------- names

  #name(name: string): NameSummary {
    const bindings = this.alive(name);
    if (this.#noting && this.#isVolatile(name)) this.volatile.set(name, bindings);
    const last = bindings[bindings.length - 1];
    const unit = last.unit;
    for (const binding of bindings) this.#uses(binding.unit, name);
    const imports = bindings.flatMap((binding) => importsBinding(name, binding.statement, binding.unit.base));
    const order = unit.order;
    const nameRange = moved(nameRangeOf(unit.file.text, last.statement, name), unit.base);
    const direct = bindings.every((binding) => binding.direct);
    const onlyImports = bindings.every(({ statement }) => isImport(statement));
    if (onlyImports && bindings.length === 1 && this.#isPlainImport(last)) {
      return {
        name,
        kind: "import",
        definition: null,
        slices: [],
        imports,
        onlyImports,
        value: null,
        constructed: null,
        order,
        nameRange,
      };
    }
    const kind = onlyImports ? "const" : kindOf(bindings);
    const single = bindings.length === 1 && direct && isDefinition(last.statement) ? last.statement : null;
    const definition = single ? this.#definition(unit, single, single.name, order) : null;
    const value = single ? null : this.#value(bindings);
    const mutable = kind === "const" && !(value !== null && isImmutable(value));
    const slices: Slice[] = [];
    // What is done to an instance may be done to what its class holds.
    const shared = mutable || kind === "class";
    const aliases = this.index.aliasesOf(name, shared);
    if (shared && this.#noting) this.aliases.set(name, aliases);
    for (const unit of this.index.touching(name, aliases)) {
      const { statement } = unit;
      this.#uses(unit, name);
      if (statement === single) continue;
      const binds = touchesOf(statement).binds.has(name);
      const alias = aliases.find((other) =>
        mutatesAlias(statement, other, shared || this.index.namespace().has(other)),
      );
      if (!concerns(statement, name, mutable) && alias === undefined) {
        if (kind === "const" || !this.#mutatesDefinition(statement, name)) continue;
      }
      if (binds && !bindings.some((binding) => binding.unit === unit && within(statement, binding.statement))) continue;
      const about = concerns(statement, name, mutable) || alias === undefined ? name : alias;
      slices.push(this.#slice(unit, about, mutable || kind !== "const"));
    }
    return {
      name,
      kind,
      definition,
      slices,
      imports,
      onlyImports,
      value: slices.length === 1 ? value : null,
      constructed: this.index.facts.constructed.get(name) ?? null,
      order,
      nameRange,
    };
  }

  #uses(unit: Unit, name: string): void {
    if (this.#noting) unit.usedBy.add(name);
  }

  /** A method called on a function or class at module level (`show.register(...)`, `@show.register`) changes it. */
  #mutatesDefinition(statement: Stmt, name: string): boolean {
    return touchesOf(statement).callees.some((callee) => {
      const parts = dottedParts(callee);
      return parts !== null && parts.length > 1 && parts[0] === name;
    });
  }

  /**
   * The bindings that can be what a reader sees: an import or undecorated `def` that a later statement at module level
   * replaces, with nothing between the two that reads the name or calls anything, is dead.
   */
  alive(name: string): readonly Binding[] {
    const bindings = this.index.bindings.get(name) ?? NONE;
    if (bindings.length < 2) return bindings;
    return bindings.filter((binding, i) => {
      if (!binding.direct || !isReplaceable(binding.statement)) return true;
      const next = bindings.slice(i + 1).find((later) => later.direct && isReplacement(later.statement));
      if (!next) return true;
      return this.index.units.some((unit) => {
        const { statement } = unit;
        if (!unit.inForce || unit.order <= binding.unit.order || unit.order > next.unit.order) return false;
        if (unit === next.unit) return !isImport(statement) && readsName(unit, name, true);
        return !isImport(statement) && (touchesOf(statement).callees.length > 0 || readsName(unit, name, false));
      });
    });
  }

  #isVolatile(name: string): boolean {
    const bindings = this.index.bindings.get(name) ?? NONE;
    if (bindings.length < 2) return false;
    return bindings.some(({ direct, statement }) => direct && isReplaceable(statement));
  }

  /** An import that either is unconditional or whose condition can only be about what is installed or type checking. */
  #isPlainImport({ unit, statement, direct }: Binding): boolean {
    if (direct) return true;
    const top = unit.statement;
    if (top.kind === NodeKind.If) {
      return this.#as(unit, () => isTypeChecking(unit.file, top.test)) && top.body.includes(statement);
    }
    return top.kind === NodeKind.Try;
  }

  #value(bindings: readonly Binding[]): Value | null {
    if (bindings.length !== 1 || !bindings[0].direct) return null;
    const { statement, unit } = bindings[0];
    const value = plainValue(statement);
    return value === null ? null : this.#valueOf(unit, value);
  }

  #valueOf(unit: Unit, node: Expr): Value {
    return shiftedValue(this.#plainValue(unit, node), unit.base);
  }

  /** Asks something on behalf of a statement. */
  #as<T>(unit: Unit, ask: () => T): T {
    this.index.facts.asker = unit.asked;
    const answer = ask();
    this.index.facts.asker = null;
    return answer;
  }

  #slice(unit: Unit, name: string, mutable: boolean, all = false): Slice {
    const { statement, file, order, base } = unit;
    const emit = (c: Canonical) => {
      c.sliceOf = name;
      slice(c, statement, name, mutable, all);
    };
    const piece = this.#as(unit, () => pieceOf(file, file.scopes.module, "", emit, order));
    return shiftedSlice({ piece, order, range: rangeOf(file.text, statement) }, { by: base, orders: 0 });
  }

  // ----------------------------------------------------------- definitions

  #definition(unit: Unit, node: DefinitionNode, qualname: string, order = -1): DefinitionSummary {
    const { file } = unit;
    const isClass = node.kind === NodeKind.ClassDef;
    const scope = file.scopes.scopes.get(node);
    let around = scope?.parent ?? file.scopes.module;
    // The implicit scope of type parameters belongs to the definition.
    if (around.node === node && around.parent) around = around.parent;
    const decorators = node.decorator_list.map((decorator) => this.#decorator(unit, decorator, around, order));
    const silent = decorators.every((decorator) => decorator.annotationsSilent);
    this.index.facts.asker = unit.asked;
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
    this.index.facts.asker = null;
    return shiftedDefinition(
      {
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
      },
      unit.base,
    );
  }

  #bases(file: FileContext, node: ClassDef, around: Scope): number[] {
    const here = new Canonical(file, around, "");
    const written = [...node.bases, ...node.keywords.flatMap(({ arg, value }) => (arg === "metaclass" ? [value] : []))];
    const bases = written.flatMap((base) => {
      // `Generic[T]` is about `Generic`; a call makes a class of what it is handed.
      const expr = base.kind === NodeKind.Subscript ? base.value : base.kind === NodeKind.Call ? base.func : base;
      const chain = chainOf(here, expr);
      return chain === null ? [] : [this.#chains.intern(chain)];
    });
    here.release();
    return bases;
  }

  #decorator(unit: Unit, decorator: Expr, around: Scope, order: number): DecoratorSummary {
    const { file } = unit;
    const called = decorator.kind === NodeKind.Call;
    this.index.facts.asker = unit.asked;
    const here = new Canonical(file, around, "");
    const chain = chainOf(here, called ? decorator.func : decorator);
    const annotationsSilent = isSilentDecorator(here, decorator);
    here.release();
    const piece = pieceOf(file, around, "", (c) => emitDecorator(c, decorator), order);
    this.index.facts.asker = null;
    return {
      // Shifted with the definition that it stands at.
      piece,
      chain: chain === null ? -1 : this.#chains.intern(chain),
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
    this.index.facts.asker = asked;
    const c = new Canonical(file, file.scopes.module, "");
    const value = knownValue(c, node, (inner) =>
      pieceOf(file, file.scopes.module, "", (made) => expression(made, inner)),
    );
    c.release();
    this.index.facts.asker = null;
    return value;
  }

  /** Functions and classes inside other definitions, outermost first. */
  #nestedOf(unit: Unit): readonly DefinitionSummary[] {
    if (unit.nested === null || unit.nested.base !== unit.base) {
      const by = unit.base - (unit.nested?.base ?? 0);
      const definitions = unit.nested?.definitions.map((item) => shiftedDefinition(item, by)) ?? this.#findNested(unit);
      unit.nested = { base: unit.base, definitions };
    }
    return unit.nested.definitions;
  }

  #findNested(unit: Unit): DefinitionSummary[] {
    const out: DefinitionSummary[] = [];
    walkDefinitions(unit.statement, "", (node, qualname, depth) => {
      if (depth === 0 && this.#isSingleDefinition(unit, node)) return;
      if (!this.#options.nested && !this.#isStage(unit, node)) return;
      out.push(this.#definition(unit, node, qualname));
    });
    return out;
  }

  /** A stage by the file's own imports: nested ones are always summarised. */
  #isStage(unit: Unit, node: DefinitionNode): boolean {
    if (node.decorator_list.length === 0) return false;
    const { file } = unit;
    return this.#as(unit, () => {
      const here = new Canonical(file, file.scopes.scopes.get(node)?.parent ?? file.scopes.module, "");
      const found = node.decorator_list.some((decorator) => isStageDecorator(here, decorator));
      here.release();
      return found;
    });
  }

  #isSingleDefinition(unit: Unit, node: DefinitionNode): boolean {
    unit.asked?.add(node.name);
    const bindings = this.index.bindings.get(node.name);
    return bindings?.length === 1 && bindings[0].statement === node && bindings[0].direct;
  }

  /** Whether anything is imported, wherever, from a package that has stage decorators: then there may be nested stages. */
  #speaksOfStages(imports: readonly ImportStatement[]): boolean {
    const packages = packagesOf(this.#options.stageDecorators);
    return imports.some(({ level, module }) => level === 0 && packages.has(headOf(module)));
  }

  // ------------------------------------------------------------ the module

  #moduleDocs(): string {
    const first = this.index.units[0]?.statement;
    if (!isDocstring(first) || first.kind !== NodeKind.Expr || first.value.kind !== NodeKind.Constant) return "";
    const stream = new TokenStream(64);
    stream.text(first.value.value);
    return stream.digest();
  }

  /** What a statement adds to the lists of the module. */
  #partsOf(unit: Unit): UnitParts {
    const known = unit.parts;
    if (known === null) unit.parts = this.#makeParts(unit);
    else if (known.order !== unit.order || known.base !== unit.base) unit.parts = movedParts(known, unit);
    return unit.parts as UnitParts;
  }

  #makeParts(unit: Unit): UnitParts {
    const { order, base, inForce } = unit;
    return {
      order,
      base,
      rest: inForce ? this.#restOf(unit) : null,
      effect: inForce ? this.#effectOf(unit) : null,
      foreign: inForce ? this.#foreignOf(unit) : NONE,
      imports: unit.isMainBlock ? NONE : importsOf(unit.statement, order),
      stars: inForce ? starsOf(unit) : NONE,
    };
  }

  #restOf(unit: Unit): Slice | null {
    const { statement } = unit;
    if (touchesOf(statement).binds.size > 0 || isImport(statement) || statement.kind === NodeKind.Pass) return null;
    return isDocstring(statement) ? null : this.#slice(unit, "", true, true);
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
    return { callees, bases, slice: this.#slice(unit, "", true, true) };
  }

  /** The chains among expressions that start at a name of the module. */
  #firstPartyChains(unit: Unit, nodes: readonly Expr[]): readonly number[] {
    if (nodes.length === 0) return NONE;
    const { facts } = this.index;
    facts.asker = unit.asked;
    const out = new Set<number>();
    for (const node of nodes) {
      const parts = dottedParts(node);
      if (parts === null || !(facts.moduleNames.has(parts[0]) || facts.hasStar)) continue;
      out.add(this.#chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
    }
    facts.asker = null;
    return [...out];
  }

  /** `mod.f = g`, `mod.Cls.x = 1`, `mod.TABLE.append(...)`: objects reached through an import and changed from here. */
  #foreignOf(unit: Unit): ModuleSummary["foreign"] {
    const out: { chain: number; whole: boolean; slice: Slice }[] = [];
    let made: Slice | null = null;
    for (const { node, receiver } of touchesOf(unit.statement).objects) {
      const parts = leadingParts(node);
      if (parts === null || !this.#as(unit, () => this.index.facts.someImport.has(parts[0]))) continue;
      made ??= this.#slice(unit, parts[0], true, true);
      const chain = this.#chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) });
      if (!out.some((item) => item.chain === chain && item.whole === !receiver)) {
        out.push({ chain, whole: !receiver, slice: made });
      }
    }
    return out;
  }

  #callsOf(unit: Unit): readonly number[] {
    unit.stageCalls ??= this.#as(unit, () => stageCalls(unit.file, unit.statement));
    return unit.stageCalls;
  }
}

const NONE: readonly never[] = [];

function movedParts(parts: UnitParts, { order, base }: Unit): UnitParts {
  const shift = { by: base - parts.base, orders: order - parts.order };
  return {
    order,
    base,
    rest: parts.rest === null ? null : shiftedSlice(parts.rest, shift),
    effect: parts.effect === null ? null : { ...parts.effect, slice: shiftedSlice(parts.effect.slice, shift) },
    foreign:
      parts.foreign.length === 0
        ? NONE
        : parts.foreign.map((item) => ({ ...item, slice: shiftedSlice(item.slice, shift) })),
    imports: shift.orders === 0 ? parts.imports : parts.imports.map((item) => ({ ...item, order })),
    stars: shift.orders === 0 ? parts.stars : parts.stars.map((item) => ({ ...item, order })),
  };
}

/** Names that the `if __name__ == "__main__":` block binds. */
function mainBindsOf(unit: Unit): { name: string; offset: number }[] {
  if (!unit.isMainBlock) return [];
  const offset = unit.statement.start + unit.base;
  return [...touchesOf(unit.statement).binds].map((name) => ({ name, offset }));
}

function moved({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}

function kindOf(bindings: readonly Binding[]): "func" | "class" | "const" {
  if (bindings.every(({ statement }) => statement.kind === NodeKind.ClassDef)) return "class";
  if (bindings.every(({ statement }) => isDefinition(statement) && statement.kind !== NodeKind.ClassDef)) return "func";
  return "const";
}

/** Whether a statement's text mentions a name; `outsideName`: its own `def name` apart. Over-approximates. */
function readsName({ file: { text }, statement }: Unit, name: string, outsideName: boolean): boolean {
  const source = text.slice(rangeOf(text, statement).start, statement.end);
  let count = 0;
  for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + name.length)) count++;
  return count > (outsideName ? 1 : 0);
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

/** Whether a statement changes the object that an alias names; binding the alias anew does not. */
function mutatesAlias(statement: Stmt, alias: string, mutable: boolean): boolean {
  const touches = touchesOf(statement);
  return mutable && (touches.sets.has(alias) || touches.mutates.has(alias) || touches.called.has(alias));
}
