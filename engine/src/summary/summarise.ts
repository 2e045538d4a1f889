/**
 * Makes the summary of one file from its tree and scopes: every module-level name with its definition or the statements
 * that make it up, imports, star imports, `__all__`, effects. Looks at nothing but the file. A summary can be made anew for
 * single names and statements (live.ts): what each was made from is noted on its statement. Above 400 lines
 * because what a name is made up of and which statements take note of that have to be read together.
 */
import type { ScopeTree } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { dottedParts, type FileContext, type Members } from "../normalisation/file.ts";
import { Bodies, newMembers } from "../normalisation/members.ts";
import { isDocstring, isStageDecorator } from "../normalisation/statements.ts";
import { Words } from "../normalisation/words.ts";
import type { Level } from "../program/types.ts";
import { type DefinitionNode, type Module, NodeKind, type Stmt } from "../syntax/ast.ts";
import { borrowStream, releaseStream } from "../text/digest.ts";
import { collectExports } from "./exports.ts";
import { headOf, importsBinding, importsStar, packagesOf } from "./imports.ts";
import { type Binding, ModuleIndex } from "./moduleIndex.ts";
import { walkDefinitions } from "./nestedDefinitions.ts";
import { placedRange } from "./placed.ts";
import { lazyLineStarts, nameRangeOf, rangeOf } from "./places.ts";
import { Changes, concerns } from "./slices.ts";
import { stageCalls } from "./stageCalls.ts";
import {
  isDefinition,
  isImport,
  isReplaceable,
  isReplacement,
  isTypeChecking,
  origin,
  plainValue,
  within,
} from "./statementKinds.ts";
import { madeUpOf, withLines } from "./summaryParts.ts";
import { touchesOf } from "./touches.ts";
import {
  type DefinitionSummary,
  type Effect,
  type ImportStatement,
  type ModuleSummary,
  type NameSummary,
  type Slice,
  STAR,
  type StarImport,
  type Value,
} from "./types.ts";
import { Unit } from "./unit.ts";
import { PartsReader } from "./unitParts.ts";
import { UnitReader } from "./unitReader.ts";
import { isImmutable } from "./values.ts";

export interface SummaryOptions {
  readonly level: Level;
  readonly stageDecorators: ReadonlySet<string>;
  /** Also summarise functions and classes nested in others. */
  readonly nested: boolean;
}

/** `text` is what `module` was parsed from; `scopes` what `bind` gave for it. */
export function summarise(text: string, module: Module, scopes: ScopeTree, options: SummaryOptions): ModuleSummary {
  const summariser = new Summariser(options, false);
  const lineStarts = lazyLineStarts(text);
  summariser.index.fill(summariser.units(text, lineStarts, module, scopes, null));
  return summariser.summary(lineStarts);
}

/** What is known of one module between two summaries of it. */
export class Summariser {
  readonly index: ModuleIndex;
  /** Summaries of names made so far; who knows that one is not true any more takes it out. */
  readonly names = new Map<string, NameSummary>();
  /** Names whose object may be reached through others when `names` was made, and through which; `shared`: it can be changed. */
  readonly aliases = new Map<string, { readonly names: readonly string[]; readonly shared: boolean }>();
  /** Names of which a statement between two bindings decides which of them count, and those that did. */
  readonly volatile = new Map<string, readonly Binding[]>();
  /** Summaries of names made so far. */
  hashedNames = 0;
  readonly #reader: UnitReader;
  readonly #parts: PartsReader;
  readonly #options: SummaryOptions;
  readonly #noting: boolean;
  /** What is kept of methods; null where nothing is. */
  readonly members: Members | null;

  /** `noting`: every statement takes note of what it was made from. */
  constructor(options: SummaryOptions, noting: boolean) {
    this.#options = options;
    this.#noting = noting;
    this.index = new ModuleIndex(options.stageDecorators);
    this.members = noting && options.level !== "strict" ? newMembers() : null;
    this.#reader = new UnitReader(this.index.facts);
    this.#parts = new PartsReader(this.#reader);
  }

  /** Chains that were ever named; those of statements that are gone among them. */
  get chainCount(): number {
    return this.#reader.chains.chains.length;
  }

  /**
   * The statements of a stretch of text that was parsed and bound at once. `extents`: pairs of offsets in that text, of the
   * lines or blocks that its statements stand in; null where nobody asks for them.
   */
  units(
    text: string,
    lineStarts: () => readonly number[],
    module: Module,
    scopes: ScopeTree,
    extents: readonly number[] | null,
  ): Unit[] {
    const file: FileContext = {
      text,
      words: new Words(text, !this.#noting),
      level: this.#options.level,
      scopes,
      chains: this.#reader.chains,
      facts: this.index.facts,
      members: this.members,
      bodies: this.members === null && this.#options.nested ? new Bodies() : null,
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
    for (const name of index.bindings.keys())
      names.set(
        name,
        this.#made(name, () => this.#name(name)),
      );
    for (const name of index.boundInside)
      names.set(
        name,
        this.#made(name, () => this.#boundInside(name)),
      );
    const stars: StarImport[] = [];
    const rest: Slice[] = [];
    const effects: Effect[] = [];
    const foreign: ModuleSummary["foreign"][number][] = [];
    const imports: ImportStatement[] = [];
    const mainBinds: ModuleSummary["mainBinds"][number][] = [];
    for (const unit of index.units) {
      const parts = this.#parts.of(unit);
      if (parts.stars.length > 0) stars.push(...parts.stars);
      if (parts.rest !== null) rest.push(parts.rest);
      if (parts.effect !== null) effects.push(parts.effect);
      if (parts.foreign.length > 0) foreign.push(...parts.foreign);
      if (parts.imports.length > 0) imports.push(...parts.imports);
      if (unit.isMainBlock) mainBinds.push(...mainBindsOf(unit));
    }
    if (stars.some((star) => star.isConditional))
      names.set(
        STAR,
        this.#made(STAR, () => this.#starConditions()),
      );
    const speaks = this.#speaksOfStages(imports);
    const calls = new Set<number>();
    if (speaks) for (const unit of index.units) for (const chain of this.#callsOf(unit)) calls.add(chain);
    // Last, so that chains keep their numbers whether or not nested definitions are asked for.
    const nested: DefinitionSummary[] = [];
    if (speaks || this.#options.nested) for (const unit of index.units) nested.push(...this.#nestedOf(unit));
    const made = {
      chains: this.#reader.chains.chains,
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
      mainBinds,
      nested,
    };
    return withLines(made, lineStarts);
  }

  // ----------------------------------------------------------------- names

  /** The summary of a name: as it was made before, where it was. */
  #made(name: string, make: () => NameSummary): NameSummary {
    let own = this.#noting ? this.names.get(name) : undefined;
    if (own === undefined) {
      own = make();
      this.hashedNames++;
      if (this.#noting) this.names.set(name, own);
    }
    return own;
  }

  /** A name that only functions bind (`global NAME`): what calls them at module level, or mutates it there, makes it up. */
  #boundInside(name: string): NameSummary {
    const { unit, declaration } = this.index.declaring(name) as NonNullable<ReturnType<ModuleIndex["declaring"]>>;
    this.#uses(unit, name);
    const slices: Slice[] = [];
    for (const each of this.index.touching(name, NONE)) {
      this.#uses(each, name);
      slices.push(this.#reader.slice(each, name, Changes.Calls));
    }
    const named = nameRangeOf(unit.file.text, declaration, name);
    // Before all statements: a star import may bind it too.
    return madeUpOf(name, slices, 0, unit.moves ? placedRange(named, unit.place) : named);
  }

  #name(name: string): NameSummary {
    const bindings = this.alive(name);
    if (this.#noting && this.#isVolatile(name)) this.volatile.set(name, bindings);
    const last = bindings[bindings.length - 1];
    const unit = last.unit;
    for (const binding of bindings) this.#uses(binding.unit, name);
    const imports = bindings.some(({ statement }) => isImport(statement))
      ? bindings.flatMap((binding) => importsBinding(name, binding.statement))
      : NONE;
    const order = unit.order;
    const named = nameRangeOf(unit.file.text, last.statement, name);
    const nameRange = unit.moves ? placedRange(named, unit.place) : named;
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
        alias: -1,
        maker: -1,
        constructed: null,
        order,
        nameRange,
      };
    }
    const kind = onlyImports ? "const" : kindOf(bindings);
    const single = bindings.length === 1 && direct && isDefinition(last.statement) ? last.statement : null;
    const definition = single ? this.#reader.definition(unit, single, single.name, order) : null;
    const value = single ? null : this.#value(bindings);
    const source = bindings.length === 1 && last.direct && single === null ? origin(last.statement) : null;
    const mutable = kind === "const" && !(value !== null && isImmutable(value));
    const changes = !mutable
      ? Changes.Nothing
      : this.#isCalledOnly(name, last, source)
        ? Changes.Methods
        : Changes.Calls;
    const slices: Slice[] = [];
    // What is done to an instance may be done to what its class holds.
    const shared = mutable || kind === "class";
    const aliases = this.index.aliasesOf(name, shared);
    if (this.#noting && (shared || aliases.length > 0)) this.aliases.set(name, { names: aliases, shared });
    for (const unit of this.index.touching(name, aliases)) {
      const { statement } = unit;
      if (statement === single) continue;
      const alias =
        aliases.length === 0
          ? undefined
          : aliases.find((other) => mutatesAlias(statement, other, shared || this.index.namespace().has(other)));
      const isConcerned = concerns(statement, name, changes);
      if (!isConcerned && alias === undefined) {
        if (kind === "const" || !this.#mutatesDefinition(statement, name)) continue;
      }
      const binds = touchesOf(statement).binds.has(name);
      if (binds && !bindings.some((binding) => binding.unit === unit && within(statement, binding.statement))) continue;
      const about = isConcerned || alias === undefined ? name : alias;
      this.#uses(unit, name);
      const all = kind !== "const" || (mutable && about !== name);
      slices.push(this.#reader.slice(unit, about, all ? Changes.Calls : changes));
    }
    return {
      name,
      kind,
      definition,
      slices,
      imports,
      onlyImports,
      value: slices.length === 1 ? value : null,
      alias: source !== null && !source.isCalled ? this.#chain(source.parts) : -1,
      maker: source?.isCalled ? this.#chain(source.parts) : -1,
      constructed: this.index.facts.constructed.get(name) ?? null,
      order,
      nameRange,
    };
  }

  /** What decides which star imports run, as if it were a name's bindings: where a star gives a name, that counts as well. */
  #starConditions(): NameSummary {
    const slices: Slice[] = [];
    for (const unit of this.index.units) {
      if (!unit.inForce || isImport(unit.statement) || !importsStar(unit.statement)) continue;
      this.#uses(unit, STAR);
      slices.push(this.#reader.slice(unit, STAR, Changes.Nothing));
    }
    return madeUpOf(STAR, slices, slices[0].order, slices[0].range);
  }

  #uses(unit: Unit, name: string): void {
    if (this.#noting) unit.usedBy.add(name);
  }

  /** Whether calls leave no trace in what a name holds itself: something imported, under another name, or a partial of that. */
  #isCalledOnly(name: string, { unit }: Binding, source: ReturnType<typeof origin>): boolean {
    const { facts } = this.index;
    if (facts.constructed.get(name) === "functools.partial") return true;
    return source !== null && !source.isCalled && this.#reader.as(unit, () => facts.imports.has(source.parts[0]));
  }

  #chain([name, ...attrs]: readonly string[]): number {
    return this.#reader.chains.global(name, attrs);
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
      // Those behind it up to the next binding: places among the statements are their order.
      return this.index.units.slice(binding.unit.order, next.unit.order).some((unit) => {
        const { statement } = unit;
        if (!unit.inForce) return false;
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
      return this.#reader.as(unit, () => isTypeChecking(unit.file, top.test)) && top.body.includes(statement);
    }
    return top.kind === NodeKind.Try;
  }

  #value(bindings: readonly Binding[]): Value | null {
    if (bindings.length !== 1 || !bindings[0].direct) return null;
    const { statement, unit } = bindings[0];
    const value = plainValue(statement);
    return value === null ? null : this.#reader.valueOf(unit, value);
  }

  /** Functions and classes inside other definitions, outermost first. */
  #nestedOf(unit: Unit): readonly DefinitionSummary[] {
    unit.nested ??= this.#findNested(unit);
    return unit.nested;
  }

  #findNested(unit: Unit): DefinitionSummary[] {
    const out: DefinitionSummary[] = [];
    const visit = (node: DefinitionNode, qualname: string, depth: number): void => {
      if (depth === 0 && this.#isSingleDefinition(unit, node)) return;
      if (!this.#options.nested && !this.#isStage(unit, node)) return;
      out.push(this.#reader.definition(unit, node, qualname));
    };
    const { scopes, words } = unit.file;
    walkDefinitions(unit.statement, "", { globals: words.globals, scopes: scopes.scopes }, visit);
    return out;
  }

  /** A stage by the file's own imports: nested ones are always summarised. */
  #isStage(unit: Unit, node: DefinitionNode): boolean {
    if (node.decorator_list.length === 0) return false;
    const { file } = unit;
    return this.#reader.as(unit, () => {
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
    const stream = borrowStream();
    stream.text(first.value.value);
    const digest = stream.digest();
    releaseStream(stream);
    return digest;
  }

  #callsOf(unit: Unit): readonly number[] {
    unit.stageCalls ??= this.#reader.as(unit, () => stageCalls(unit.file, unit.statement));
    return unit.stageCalls;
  }
}

const NONE: readonly never[] = [];

/** Names that an `if __name__ == "__main__":` block binds. */
function mainBindsOf(unit: Unit): { name: string; offset: number }[] {
  const offset = unit.statement.start + unit.base;
  return [...touchesOf(unit.statement).binds].map((name) => ({ name, offset }));
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

/** Whether a statement changes the object that an alias names; binding the alias anew does not. */
function mutatesAlias(statement: Stmt, alias: string, mutable: boolean): boolean {
  const touches = touchesOf(statement);
  return mutable && (touches.sets.has(alias) || touches.mutates.has(alias) || touches.called.has(alias));
}
