/**
 * What the statements of one module bind, mutate and alias, by name: made before anything is hashed, and kept true when
 * single statements come and go. Holds trees, so it never leaves `summary`. Above 400 lines because what links a statement
 * and what unlinks it have to be read together.
 */
import { type Scope, SymbolFlag } from "../binding/scope.ts";
import { dottedName, type ImportTarget } from "../normalisation/file.ts";
import { importBindings, innerBodies } from "../normalisation/functionScope.ts";
import { countBindings as addBindings, bindings as countBindings } from "../normalisation/rules/bindings.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { type Expr, type FunctionNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { walk } from "../syntax/walk.ts";
import { Aliases, sameFlows } from "./aliases.ts";
import { About, Facts } from "./facts.ts";
import { headOf, lastImports, packagesOf, starsOf, targetText } from "./imports.ts";
import { walkDefinitions } from "./nestedDefinitions.ts";
import { assignsCall, constructedBy, headerBinds, isImport, plainValue } from "./statementKinds.ts";
import { exemptDecorator, touchesOf } from "./touches.ts";
import { mayImport, type Unit } from "./unit.ts";

export interface Binding {
  readonly unit: Unit;
  /** Place among the bindings of its unit. */
  readonly place: number;
  readonly statement: Stmt;
  /** Stands directly at module level. */
  readonly direct: boolean;
}

const NONE: readonly never[] = [];
const ANYWHERE = { globals: false, scopes: null };

export class ModuleIndex {
  readonly facts: Facts;
  readonly #stageDecorators: ReadonlySet<string>;
  readonly #stagePackages: ReadonlySet<string>;
  /** All statements at module level, in order. */
  units: Unit[] = [];
  /** Statements that bind each name, in order. */
  readonly bindings = new Map<string, Binding[]>();
  /** Statements that may mutate each name, in order. */
  readonly #mutations = new Map<string, Unit[]>();
  #touchingByName: Map<string, Unit[]> | null = null;
  readonly #ordersByName = new Map<string, readonly number[]>();
  readonly #countsByName = new Map<string, number>();
  /** Of all names in the units as they are; null before somebody asks. */
  #counts: ReadonlyMap<string, number> | null = null;
  /** The last import of each name at module level, whatever else binds it. */
  #lastImports: ReadonlyMap<string, ImportTarget> = new Map();
  /** Statements by which names are bound to what something imported makes. */
  readonly #makers = new Set<string>();
  #aliases: Aliases | null = null;
  #place = 0;

  constructor(stageDecorators: ReadonlySet<string>) {
    this.#stageDecorators = stageDecorators;
    this.#stagePackages = packagesOf(stageDecorators);
    this.facts = new Facts(
      (name) => this.#bindingCount(name),
      (name, order) => this.#bindingsBefore(name, order),
    );
  }

  // --------------------------------------------------------------- filling

  /** Takes all statements of a module, none having been there. */
  fill(units: readonly Unit[]): void {
    this.units = [...units];
    this.#number();
    this.#lastImports = lastImports(units);
    for (const unit of units) this.#exemptStages(unit, this.#lastImports);
    this.facts.futureAnnotations = units.some((unit) => unit.isFutureImport);
    for (const unit of units) this.#link(unit, null);
    this.#declareGlobals();
    for (const name of this.bindings.keys()) this.#determine(name);
    for (const name of this.#makers) this.#determineMade(name);
    this.facts.hasStar = units.some((unit) => unit.inForce && starsOf(unit).length > 0);
  }

  /**
   * Puts `added` in the place of `count` statements from index `at` on.
   * @returns what the module now says something else about (names, with `About` where it is only that), and whether
   *   objects may flow between other names.
   */
  replace(at: number, count: number, added: readonly Unit[]): { changed: ReadonlySet<string>; flows: boolean } {
    const units = [...this.units];
    const removed = units.splice(at, count, ...added);
    const touched = [...removed, ...added];
    const importing = touched.some((unit) => mayImport(unit.statement));
    const imports = importing ? lastImports(units) : this.#lastImports;
    for (const unit of added) this.#exemptStages(unit, imports);
    const names = new Set<string>();
    for (const unit of touched) namesOf(unit, names);
    if (importing) for (const map of [imports, this.#lastImports]) for (const name of map.keys()) names.add(name);
    for (const name of this.#makers) names.add(name);
    const before = new Map<string, readonly string[]>();
    for (const name of names) before.set(name, this.#said(name));

    for (const unit of removed) this.#unlink(unit);
    this.units = units;
    this.#lastImports = imports;
    this.#number();
    const appended = new Set<string>();
    for (const unit of added) this.#link(unit, appended);
    this.#restoreOrder(appended);
    this.#restoreNames(removed, added);
    if (removed.length === added.length) for (const name of names) this.#ordersByName.delete(name);
    else this.#ordersByName.clear();
    const changed = this.#recount(removed, added);
    if (namesText(removed) !== namesText(added)) this.#declareGlobals();
    for (const name of names) this.#determine(name);
    for (const name of this.#makers) {
      this.#determineMade(name);
      names.add(name);
    }
    for (const name of names) {
      const said = before.get(name);
      const now = this.#said(name);
      if (now[0] !== said?.[0]) changed.add(name);
      if (now[1] !== said?.[1]) changed.add(name + About.Value);
      if (now[2] !== said?.[2]) changed.add(name + About.Places);
    }
    // Of a name that only functions bind, where it is declared is all there is.
    for (const name of globalsIn(touched)) if (!this.bindings.has(name)) changed.add(name);
    const flows = !sameFlows(removed, added) || touched.some((unit) => unit.speaksOfNamespace);
    if (flows) this.#aliases = null;
    return { changed, flows };
  }

  /**
   * Takes in that a method of a class is another one; `flows` before. What the class itself binds and changes is the same.
   * @returns as `replace` does.
   */
  replaceMember(
    unit: Unit,
    before: FunctionNode,
    after: FunctionNode,
    flows: readonly string[],
  ): { changed: ReadonlySet<string>; flows: boolean } {
    const changed = new Set<string>();
    this.#counts = null;
    for (const [name, count] of this.#countsByName) {
      const now = count - countBindings(before, name) + countBindings(after, name);
      if (now === count) continue;
      this.#countsByName.set(name, now);
      changed.add(name + About.Count);
    }
    const differ = flows.join(" ") !== unit.flows.join(" ");
    if (differ) this.#aliases = null;
    return { changed, flows: differ };
  }

  #number(): void {
    for (let i = 0; i < this.units.length; i++) this.units[i].order = i + 1;
  }

  /** Whether something is imported from a package that has stage decorators. */
  get importsStagePackage(): boolean {
    return this.#hasStagePackage(this.#lastImports);
  }

  #hasStagePackage(imports: ReadonlyMap<string, ImportTarget>): boolean {
    for (const { level, module } of imports.values()) {
      if (level === 0 && this.#stagePackages.has(headOf(module))) return true;
    }
    return false;
  }

  /** Tells `touches` which decorators only declare stages; for that, the imports have to be known first. */
  #exemptStages(unit: Unit, imports: ReadonlyMap<string, ImportTarget>): void {
    if (!this.#hasStagePackage(imports) || !hasDefinitions(unit.statement)) return;
    const asked = unit.asked;
    const lookup = {
      get: (name: string) => {
        asked?.add(name);
        return imports.get(name);
      },
      has: (name: string) => imports.has(name),
    };
    const nothing = { get: () => undefined, has: () => false };
    const facts = { ...this.facts, imports: lookup, moduleNames: nothing, constructed: nothing, hasStar: false };
    const file = { ...unit.file, facts };
    walkDefinitions(unit.statement, "", ANYWHERE, (node) => {
      for (const decorator of node.decorator_list) {
        const name = dottedName(file, decorator.kind === NodeKind.Call ? decorator.func : decorator);
        if (name !== null && marksStage(this.#stageDecorators, name)) exemptDecorator(decorator);
      }
    });
  }

  /** `appended`: takes the names whose lists have to be put in order again. */
  #link(unit: Unit, appended: Set<string> | null): void {
    if (!unit.inForce) return;
    this.#place = 0;
    this.#bind(unit, unit.statement, true, appended);
    for (const name of touchesOf(unit.statement).mutates) {
      push(this.#mutations, name, unit);
      appended?.add(name);
    }
    if (this.#touchingByName !== null) {
      for (const name of unit.touching) {
        push(this.#touchingByName, name, unit);
        appended?.add(name);
      }
    }
  }

  #bind(unit: Unit, statement: Stmt, direct: boolean, appended: Set<string> | null): void {
    const { binds } = touchesOf(statement);
    const bodies = innerBodies(statement);
    if (bodies.length === 0) {
      for (const name of binds) {
        push(this.bindings, name, { unit, statement, direct, place: this.#place++ });
        appended?.add(name);
      }
      if (direct && assignsCall(statement)) {
        for (const name of binds) this.#makers.add(name);
      }
      return;
    }
    const inside = new Set<string>();
    for (const body of bodies) {
      for (const inner of body) {
        for (const name of touchesOf(inner).binds) inside.add(name);
        this.#bind(unit, inner, false, appended);
      }
    }
    // Bound by the header: `for` target, `with ... as`, `except ... as`, `:=` in a test, captures.
    for (const name of binds) {
      if (inside.has(name) && !headerBinds(statement, name)) continue;
      push(this.bindings, name, { unit, statement, direct: false, place: this.#place++ });
      appended?.add(name);
    }
  }

  #unlink(unit: Unit): void {
    if (!unit.inForce) return;
    const { binds, mutates } = touchesOf(unit.statement);
    for (const name of binds) {
      // An empty list keeps its place among the names until it is known that it stays empty.
      this.bindings.set(name, this.bindings.get(name)?.filter((binding) => binding.unit !== unit) ?? []);
      this.#makers.delete(name);
      for (const { statement, direct } of this.bindings.get(name) ?? NONE) {
        if (direct && assignsCall(statement)) this.#makers.add(name);
      }
    }
    for (const name of mutates) drop(this.#mutations, name, (other) => other === unit);
    if (this.#touchingByName !== null) {
      for (const name of unit.touching) drop(this.#touchingByName, name, (other) => other === unit);
    }
  }

  /** Sorts are stable: what one statement has put in keeps its order. */
  #restoreOrder(names: ReadonlySet<string>): void {
    for (const name of names) {
      this.bindings.get(name)?.sort((x, y) => x.unit.order - y.unit.order);
      this.#mutations.get(name)?.sort((x, y) => x.order - y.order);
      this.#touchingByName?.get(name)?.sort((x, y) => x.order - y.order);
    }
  }

  /** Names stand in the order of their first binding, as they do when all statements come at once. */
  #restoreNames(removed: readonly Unit[], added: readonly Unit[]): void {
    for (const unit of removed) {
      if (!unit.inForce) continue;
      for (const name of touchesOf(unit.statement).binds) {
        if (this.bindings.get(name)?.length === 0) this.bindings.delete(name);
      }
    }
    if (boundText(removed) === boundText(added)) return;
    const entries = [...this.bindings].sort(([, [x]], [, [y]]) => x.unit.order - y.unit.order || x.place - y.place);
    this.bindings.clear();
    for (const [name, bindings] of entries) this.bindings.set(name, bindings);
  }

  #declareGlobals(): void {
    const { map } = this.facts.declaredGlobal;
    map.clear();
    // Statements parsed together share their module's scope, which says whether looking is worth while.
    const declaring = new Map<Scope, boolean>();
    for (const unit of this.units) {
      const { file, statement } = unit;
      const { module } = file.scopes;
      let declares = declaring.get(module);
      if (declares === undefined) {
        declares = [...module.symbols.values()].some(({ flags }) => (flags & SymbolFlag.Global) !== 0);
        declaring.set(module, declares);
      }
      if (!declares || !speaksOfGlobal(unit)) continue;
      walk(statement, (node) => {
        if (node.kind === NodeKind.Global) for (const name of node.names) map.set(name, true);
      });
    }
  }

  /** Names that functions bind, by `global`, and no statement at module level; sorted. */
  get boundInside(): readonly string[] {
    const names = [...this.facts.declaredGlobal.map.keys()];
    return names.length === 0 ? NONE : names.filter((name) => !this.bindings.has(name)).sort();
  }

  /** The first statement that declares a name global inside, with the declaration. */
  declaring(name: string): { readonly unit: Unit; readonly declaration: Stmt } | null {
    for (const unit of this.units) {
      if (!speaksOfGlobal(unit)) continue;
      let declaration: Stmt | null = null;
      walk(unit.statement, (node) => {
        if (node.kind === NodeKind.Global && node.names.includes(name)) declaration ??= node;
      });
      if (declaration !== null) return { unit, declaration };
    }
    return null;
  }

  // ----------------------------------------------------------------- facts

  /** Makes anew what is said about one name, imports apart from all other names. */
  #determine(name: string): void {
    const facts = this.facts;
    const bindings = this.bindings.get(name);
    facts.moduleNames.put(name, bindings === undefined ? undefined : true);
    let target: readonly ImportTarget[] | undefined;
    let someImport = false;
    if (bindings !== undefined) {
      const imports = bindings.filter(({ statement }) => isImport(statement));
      someImport = imports.length > 0;
      if (imports.length === bindings.length)
        target = importBindings([bindings[bindings.length - 1].statement]).get(name);
    }
    facts.someImport.put(name, someImport ? true : undefined);
    facts.imports.put(name, target?.[target.length - 1]);
    facts.soleImports.put(
      name,
      target?.length === 1 && importsOneThing(bindings ?? NONE, name) ? target[0] : undefined,
    );
    const value = assignedValue(bindings);
    facts.assigned.put(name, value);
    facts.aliases.put(name, value?.kind === NodeKind.Name ? value.id : undefined);
    if (!this.#makers.has(name)) facts.constructed.put(name, undefined);
  }

  /** After all imports are known. */
  #determineMade(name: string): void {
    const bindings = this.bindings.get(name);
    const only = bindings?.length === 1 && bindings[0].direct ? bindings[0] : null;
    const made = only === null ? null : constructedBy(only.unit.file, only.statement);
    this.facts.constructed.put(name, made ?? undefined);
  }

  /** Everything that is said about a name, as texts: what it is, its value, at how many places it is bound or mutated. */
  #said(name: string): readonly string[] {
    const { facts } = this;
    const bindings = this.bindings.get(name);
    const target = facts.imports.map.get(name);
    const last = this.#lastImports.get(name);
    const value = facts.assigned.map.get(name);
    const kind = [
      bindings === undefined ? "" : `${bindings.length} ${bindings[0].direct}`,
      target === undefined ? "" : targetText(target),
      last === undefined ? "" : targetText(last),
      facts.soleImports.map.has(name),
      facts.someImport.map.has(name),
      facts.declaredGlobal.map.has(name),
      facts.constructed.map.get(name) ?? "",
      facts.aliases.map.get(name) ?? "",
    ].join("\n");
    const source = bindings?.[0]?.unit.file.text;
    return [
      kind,
      value === undefined || source === undefined ? "" : source.slice(value.start, value.end),
      String(this.#orders(name).length),
    ];
  }

  #bindingCount(name: string): number {
    let count = this.#countsByName.get(name);
    if (count === undefined) {
      this.#counts ??= this.#countAll();
      count = this.#counts.get(name) ?? 0;
      this.#countsByName.set(name, count);
    }
    return count;
  }

  /** In one walk, since many names may be asked about in a long file. */
  #countAll(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { statement } of this.units) addBindings(statement, counts);
    return counts;
  }

  /** Counts anew what was asked for; gives the names whose count is another one. */
  #recount(removed: readonly Unit[], added: readonly Unit[]): Set<string> {
    const changed = new Set<string>();
    this.#counts = null;
    for (const [name, before] of this.#countsByName) {
      let count = before;
      for (const { statement } of removed) count -= countBindings(statement, name);
      for (const { statement } of added) count += countBindings(statement, name);
      if (count === before) continue;
      this.#countsByName.set(name, count);
      changed.add(name + About.Count);
    }
    return changed;
  }

  /** Orders of the statements that bind or mutate a name, each once. */
  #orders(name: string): readonly number[] {
    let orders = this.#ordersByName.get(name);
    if (orders === undefined) {
      const all = new Set<number>();
      const bindings = this.bindings.get(name);
      if (bindings !== undefined) {
        for (const { unit } of bindings) all.add(unit.order);
        for (const unit of this.#mutations.get(name) ?? NONE) all.add(unit.order);
      }
      orders = [...all];
      this.#ordersByName.set(name, orders);
    }
    return orders;
  }

  #bindingsBefore(name: string, order: number): number {
    const orders = this.#orders(name);
    if (orders.length < 2) return -1;
    let count = 0;
    for (const other of orders) if (other < order) count++;
    return count;
  }

  // ------------------------------------------------------ aliases, touching

  /** Module-level statements that have to do with a name or one of its aliases, in order. */
  touching(name: string, aliases: readonly string[]): readonly Unit[] {
    const own = this.#touched(name);
    if (aliases.length === 0) return own;
    const all = new Set(own);
    for (const alias of aliases) for (const unit of this.#touched(alias)) all.add(unit);
    return [...all].sort((x, y) => x.order - y.order);
  }

  #touched(name: string): readonly Unit[] {
    if (this.#touchingByName === null) {
      this.#touchingByName = new Map();
      for (const unit of this.units) {
        if (unit.inForce) for (const each of unit.touching) push(this.#touchingByName, each, unit);
      }
    }
    return this.#touchingByName.get(name) ?? NONE;
  }

  /** Names through which a name's object may be reached at module level: what is done to them is done to it. */
  aliasesOf(name: string, mutable: boolean): readonly string[] {
    return this.#reach().of(name, mutable);
  }

  /** The names under which module-level code changes the module's namespace as an object: then it may change any name. */
  namespace(): ReadonlySet<string> {
    return this.#reach().namespace();
  }

  #reach(): Aliases {
    this.#aliases ??= new Aliases(
      () => this.units,
      (name) => this.#touched(name),
    );
    return this.#aliases;
  }
}

function speaksOfGlobal(unit: Unit): boolean {
  return unit.file.words.globals && unit.source.includes("global");
}

/** Names that statements declare global, as a text: the same ones, however often, give the same. */
function namesText(units: readonly Unit[]): string {
  return [...globalsIn(units)].sort().join(" ");
}

/** Names that statements declare global. */
function globalsIn(units: readonly Unit[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const unit of units) if (speaksOfGlobal(unit)) addGlobals(unit.statement, names);
  return names;
}

function addGlobals(statement: Stmt, out: Set<string>): void {
  walk(statement, (node) => {
    if (node.kind === NodeKind.Global) for (const name of node.names) out.add(name);
  });
}

/** Names about which a statement says something: bound, changed, called, imported or declared global. */
function namesOf(unit: Unit, out: Set<string>): void {
  if (unit.inForce) for (const name of unit.touching) out.add(name);
  if (speaksOfGlobal(unit)) addGlobals(unit.statement, out);
}

function boundText(units: readonly Unit[]): string {
  return units.map((unit) => (unit.inForce ? [...touchesOf(unit.statement).binds].join(" ") : "")).join(" ");
}

/** Whether bindings that are all imports import the same, however often it is written. */
function importsOneThing(bindings: readonly Binding[], name: string): boolean {
  if (bindings.length < 2) return true;
  const texts = new Set<string>();
  for (const { statement } of bindings)
    for (const target of importBindings([statement]).get(name) ?? []) texts.add(targetText(target));
  return texts.size === 1;
}

function assignedValue(bindings: readonly Binding[] | undefined): Expr | undefined {
  if (bindings?.length !== 1 || !bindings[0].direct) return undefined;
  return plainValue(bindings[0].statement) ?? undefined;
}

function hasDefinitions(statement: Stmt): boolean {
  switch (statement.kind) {
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
    case NodeKind.ClassDef:
      return true;
    default:
      return innerBodies(statement).length > 0;
  }
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

function drop<T>(map: Map<string, T[]>, key: string, is: (item: T) => boolean): void {
  const list = map.get(key)?.filter((item) => !is(item));
  if (list === undefined) return;
  if (list.length === 0) map.delete(key);
  else map.set(key, list);
}
