/**
 * What the statements of one module bind, mutate and alias, by name: made once per summary, before anything is hashed.
 * Holds trees, so it never leaves `summary`.
 */
import type { ScopeTree } from "../binding/scope.ts";
import { ChainTable } from "../normalisation/chains.ts";
import { dottedName, dottedParts, type FileContext, type ImportTarget } from "../normalisation/file.ts";
import { importBindings, innerBodies } from "../normalisation/functionScope.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { isIgnored } from "../normalisation/statements.ts";
import type { Level } from "../program/types.ts";
import { type Module, NodeKind, type Stmt } from "../syntax/ast.ts";
import { collectFlows } from "./flows.ts";
import { walkDefinitions } from "./nestedDefinitions.ts";
import { lineStartsOf } from "./places.ts";
import { assignedText, constructedBy, headerBinds, isImport, isMainBlock } from "./statementKinds.ts";
import { exemptDecorator, MODULE, touchesOf } from "./touches.ts";

/** A statement at module level, `if TYPE_CHECKING` looked through, with its place in the order. */
export interface TopLevel {
  readonly statement: Stmt;
  readonly order: number;
}

export interface Binding {
  readonly statement: Stmt;
  readonly order: number;
  /** Stands directly at module level. */
  readonly direct: boolean;
}

const NAMESPACE_CODE = /\b(?:globals|locals|vars|exec|eval)\s*\(|\bmodules\s*\[\s*__name__/;

export class ModuleIndex {
  readonly file: FileContext;
  /** Statements in force: without the main block and ignored ones. */
  readonly top: TopLevel[] = [];
  readonly mainBinds: { name: string; offset: number }[] = [];
  /** Statements that bind each name, in order. */
  readonly bindings = new Map<string, Binding[]>();
  /** Statements that may mutate each name, in order. */
  readonly #mutations = new Map<string, TopLevel[]>();
  readonly #touchingByName = new Map<string, TopLevel[]>();
  readonly #ordersByName = new Map<string, readonly number[]>();
  #flowsByName: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  #namespace: ReadonlySet<string> | null = null;

  constructor(
    text: string,
    module: Module,
    scopes: ScopeTree,
    options: { readonly level: Level; readonly stageDecorators: ReadonlySet<string> },
  ) {
    this.file = {
      text,
      level: options.level,
      scopes,
      chains: new ChainTable(),
      imports: new Map(),
      soleImports: new Map(),
      moduleNames: new Set(),
      constructed: new Map(),
      texts: new Map(),
      hasStar: false,
      bindingsBefore: (name, order) => this.bindingsBefore(name, order),
      ignoreLines: new Set(module.ignoreLines),
      lineStarts: lineStartsOf(text),
      stageDecorators: options.stageDecorators,
    };
    this.#exemptStages(module);
    this.#fill(module);
  }

  /** Tells `touches` which decorators only declare stages; for that, the imports have to be known first. */
  #exemptStages(module: Module): void {
    const imports = new Map(
      [...importBindings(module.body)].map(([name, targets]) => [name, targets[targets.length - 1]]),
    );
    if (imports.size === 0) return;
    const file = { ...this.file, imports };
    for (const statement of module.body) {
      walkDefinitions(statement, "", (node) => {
        for (const decorator of node.decorator_list) {
          const name = dottedName(file, decorator.kind === NodeKind.Call ? decorator.func : decorator);
          if (name !== null && marksStage(this.file.stageDecorators, name)) exemptDecorator(decorator);
        }
      });
    }
  }

  #fill(module: Module): void {
    let order = 0;
    for (const statement of module.body) {
      order++;
      if (isMainBlock(statement)) {
        for (const name of touchesOf(statement).binds) this.mainBinds.push({ name, offset: statement.start });
        continue;
      }
      if (
        isIgnored(this.file, statement) &&
        statement.kind !== NodeKind.Import &&
        statement.kind !== NodeKind.ImportFrom
      ) {
        continue;
      }
      this.top.push({ statement, order });
      this.#bind(statement, order, true);
      for (const name of touchesOf(statement).mutates) push(this.#mutations, name, { statement, order });
    }
    const imports = this.file.imports as Map<string, ImportTarget>;
    for (const [name, bindings] of this.bindings) {
      (this.file.moduleNames as Set<string>).add(name);
      const last = bindings[bindings.length - 1].statement;
      const text = bindings.length === 1 && bindings[0].direct ? assignedText(last) : null;
      if (text !== null) (this.file.texts as Map<string, string>).set(name, text);
      if (!bindings.every(({ statement }) => isImport(statement))) continue;
      const target = importBindings([last]).get(name);
      if (!target) continue;
      imports.set(name, target[target.length - 1]);
      if (bindings.length === 1 && target.length === 1)
        (this.file.soleImports as Map<string, ImportTarget>).set(name, target[0]);
    }
    // After all imports are known.
    for (const [name, bindings] of this.bindings) {
      const made = bindings.length === 1 && bindings[0].direct ? constructedBy(this.file, bindings[0].statement) : null;
      if (made !== null) (this.file.constructed as Map<string, string>).set(name, made);
    }
    if (this.stars().length > 0) (this.file as { hasStar: boolean }).hasStar = true;
  }

  #bind(statement: Stmt, order: number, direct: boolean): void {
    const bodies = innerBodies(statement);
    if (bodies.length === 0) {
      for (const name of touchesOf(statement).binds) push(this.bindings, name, { statement, order, direct });
      return;
    }
    const inside = new Set<string>();
    for (const body of bodies) {
      for (const inner of body) {
        for (const name of touchesOf(inner).binds) inside.add(name);
        this.#bind(inner, order, false);
      }
    }
    // Bound by the header: `for` target, `with ... as`, `except ... as`, `:=` in a test, captures.
    for (const name of touchesOf(statement).binds) {
      if (!inside.has(name) || headerBinds(statement, name))
        push(this.bindings, name, { statement, order, direct: false });
    }
  }

  /** Orders of the statements that bind or mutate a name, each once. */
  #orders(name: string): readonly number[] {
    let orders = this.#ordersByName.get(name);
    if (orders === undefined) {
      const all = new Set<number>();
      for (const { order } of this.bindings.get(name) ?? []) all.add(order);
      if (this.bindings.has(name)) for (const { order } of this.#mutations.get(name) ?? []) all.add(order);
      orders = [...all];
      this.#ordersByName.set(name, orders);
    }
    return orders;
  }

  /** Module-level statements that have to do with a name or one of its aliases, in order. */
  touching(name: string, aliases: readonly string[]): readonly TopLevel[] {
    if (this.#touchingByName.size === 0) {
      for (const top of this.top) {
        const touches = touchesOf(top.statement);
        const names = new Set([...touches.binds, ...touches.mutates, ...touches.sets, ...touches.called]);
        for (const callee of touches.callees) {
          const parts = dottedParts(callee);
          if (parts !== null && parts.length > 1) names.add(parts[0]);
        }
        for (const each of names) push(this.#touchingByName, each, top);
      }
    }
    const own = this.#touchingByName.get(name) ?? [];
    if (aliases.length === 0) return own;
    const all = new Set(own);
    for (const alias of aliases) for (const top of this.#touchingByName.get(alias) ?? []) all.add(top);
    return [...all].sort((x, y) => x.order - y.order);
  }

  bindingsBefore(name: string, order: number): number {
    const orders = this.#orders(name);
    if (orders.length < 2) return -1;
    let count = 0;
    for (const other of orders) if (other < order) count++;
    return count;
  }

  /** Names through which a name's object may be reached at module level: what is done to them is done to it. */
  aliasesOf(name: string, mutable: boolean): readonly string[] {
    const out = new Set(mutable ? this.#flows().get(name) : []);
    for (const alias of this.namespace()) out.add(alias);
    if (mutable) this.#close(out, name);
    return [...out];
  }

  /** The names under which module-level code changes the module's namespace as an object: then it may change any name. */
  namespace(): ReadonlySet<string> {
    if (this.#namespace === null) {
      const out = new Set<string>();
      if (NAMESPACE_CODE.test(this.file.text)) {
        out.add(MODULE.name);
        for (const alias of this.#flows().get(MODULE.name) ?? []) out.add(alias);
        this.#close(out, "");
      }
      this.#namespace = out;
    }
    return this.#namespace;
  }

  #close(names: Set<string>, except: string): void {
    const flows = this.#flows();
    for (const alias of names) for (const further of flows.get(alias) ?? []) if (further !== except) names.add(further);
  }

  /** By name: the names that its object flows into. */
  #flows(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#flowsByName === null) {
      const flows = new Map<string, Set<string>>();
      for (const { statement } of this.top) {
        collectFlows(statement, (target, source) => {
          const known = flows.get(source);
          if (known) known.add(target);
          else flows.set(source, new Set([target]));
        });
      }
      this.#flowsByName = flows;
    }
    return this.#flowsByName;
  }

  /** Star imports at module level, also those in arms of conditions. */
  stars(): { level: number; module: string; order: number }[] {
    const out: { level: number; module: string; order: number }[] = [];
    const visit = (statement: Stmt, order: number): void => {
      if (statement.kind === NodeKind.ImportFrom && statement.names.some((alias) => alias.name === "*")) {
        out.push({ level: statement.level, module: statement.module ?? "", order });
      }
      for (const body of innerBodies(statement)) for (const inner of body) visit(inner, order);
    };
    for (const { statement, order } of this.top) visit(statement, order);
    return out;
  }
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}
