/**
 * Makes the summary of one file from its tree and scopes: every module-level name with its definition or the statements
 * that make it up, imports, star imports, `__all__`, effects. Looks at nothing but the file.
 */
import type { Scope, ScopeTree } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { ChainTable } from "../normalisation/chains.ts";
import { chainOf, decorator as emitDecorator, expression } from "../normalisation/expressions.ts";
import { dottedName, dottedParts, type FileContext, type ImportTarget } from "../normalisation/file.ts";
import { importBindings, innerBodies } from "../normalisation/functionScope.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import {
  classParts,
  functionParts,
  isDocstring,
  isIgnored,
  isSilentDecorator,
  isStageDecorator,
} from "../normalisation/statements.ts";
import type { Level, Range } from "../program/types.ts";
import {
  type ClassDef,
  ConstantType,
  type DefinitionNode,
  type Expr,
  type FunctionNode,
  type Module,
  NodeKind,
  type Stmt,
} from "../syntax/ast.ts";
import { walk } from "../syntax/walk.ts";
import { TokenStream } from "../text/digest.ts";
import { collectExports } from "./exports.ts";
import { pieceOf } from "./pieces.ts";
import { concerns, slice } from "./slices.ts";
import { touchesOf } from "./touches.ts";
import type {
  DecoratorSummary,
  DefinitionSummary,
  Effect,
  ImportBinding,
  ImportStatement,
  ModuleSummary,
  NameSummary,
  Piece,
  Slice,
  Value,
} from "./types.ts";
import { isImmutable, knownValue } from "./values.ts";

export interface SummaryOptions {
  readonly level: Level;
  readonly stageDecorators: ReadonlySet<string>;
  /** Also summarise functions and classes nested in others. */
  readonly nested: boolean;
}

/** A statement at module level, `if TYPE_CHECKING` looked through, with its place in the order. */
interface TopLevel {
  readonly statement: Stmt;
  readonly order: number;
}

interface Binding {
  readonly statement: Stmt;
  readonly order: number;
  /** Stands directly at module level. */
  readonly direct: boolean;
}

/** `text` is what `module` was parsed from; `scopes` what `bind` gave for it. */
export function summarise(text: string, module: Module, scopes: ScopeTree, options: SummaryOptions): ModuleSummary {
  return new Summariser(text, module, scopes, options).summarise();
}

class Summariser {
  readonly #file: FileContext;
  readonly #module: Module;
  readonly #options: SummaryOptions;
  readonly #chains = new ChainTable();
  readonly #top: TopLevel[] = [];
  readonly #mainBinds: { name: string; offset: number }[] = [];
  /** Statements that bind each name, in order. */
  readonly #bindings = new Map<string, Binding[]>();
  /** Statements that may mutate each name, in order. */
  readonly #mutations = new Map<string, TopLevel[]>();
  readonly #touchingByName = new Map<string, TopLevel[]>();
  readonly #ordersByName = new Map<string, readonly number[]>();
  #aliases: Map<string, string[]> | null = null;

  constructor(text: string, module: Module, scopes: ScopeTree, options: SummaryOptions) {
    this.#module = module;
    this.#options = options;
    this.#file = {
      text,
      level: options.level,
      scopes,
      chains: this.#chains,
      imports: new Map(),
      moduleNames: new Set(),
      constructed: new Map(),
      texts: new Map(),
      hasStar: false,
      bindingsBefore: (name, order) => this.#bindingsBefore(name, order),
      ignoreLines: new Set(module.ignoreLines),
      lineStarts: lineStartsOf(text),
      stageDecorators: options.stageDecorators,
    };
  }

  summarise(): ModuleSummary {
    this.#index();
    const names = new Map<string, NameSummary>();
    for (const [name, bindings] of this.#bindings) names.set(name, this.#name(name, bindings));
    const stars = this.#stars();
    const rest = this.#rest();
    const effects = this.#effects();
    const foreign = this.#foreign();
    // Last, so that chains keep their numbers whether or not nested definitions are asked for.
    const nested: DefinitionSummary[] = [];
    for (const statement of this.#module.body) this.#nested(statement, nested);
    return {
      chains: this.#chains.chains,
      names,
      stars,
      exports: collectExports(this.#top.map((item) => item.statement)),
      docs: this.#moduleDocs(),
      dynamicNames: this.#top.some(({ statement }) => bindsDynamically(this.#file.text, statement)),
      rest,
      effects,
      foreign,
      imports: collectImports(this.#module),
      stageCalls: this.#stageCalls(),
      mainBinds: this.#mainBinds,
      nested,
      lineStarts: this.#file.lineStarts,
    };
  }

  // ----------------------------------------------------------------- index

  #index(): void {
    let order = 0;
    for (const statement of this.#module.body) {
      order++;
      if (isMainBlock(statement)) {
        for (const name of touchesOf(statement).binds) this.#mainBinds.push({ name, offset: statement.start });
        continue;
      }
      if (
        isIgnored(this.#file, statement) &&
        statement.kind !== NodeKind.Import &&
        statement.kind !== NodeKind.ImportFrom
      ) {
        continue;
      }
      this.#top.push({ statement, order });
      this.#bind(statement, order, true);
      for (const name of touchesOf(statement).mutates) push(this.#mutations, name, { statement, order });
    }
    const imports = this.#file.imports as Map<string, ImportTarget>;
    for (const [name, bindings] of this.#bindings) {
      (this.#file.moduleNames as Set<string>).add(name);
      const last = bindings[bindings.length - 1].statement;
      const text = bindings.length === 1 && bindings[0].direct ? assignedText(last) : null;
      if (text !== null) (this.#file.texts as Map<string, string>).set(name, text);
      if (!bindings.every(({ statement }) => isImport(statement))) continue;
      const target = importBindings([last]).get(name);
      if (target) imports.set(name, target[target.length - 1]);
    }
    // After all imports are known.
    for (const [name, bindings] of this.#bindings) {
      const made =
        bindings.length === 1 && bindings[0].direct ? constructedBy(this.#file, bindings[0].statement) : null;
      if (made !== null) (this.#file.constructed as Map<string, string>).set(name, made);
    }
    if (this.#stars().length > 0) (this.#file as { hasStar: boolean }).hasStar = true;
  }

  #bind(statement: Stmt, order: number, direct: boolean): void {
    const bodies = innerBodies(statement);
    if (bodies.length === 0) {
      for (const name of touchesOf(statement).binds) push(this.#bindings, name, { statement, order, direct });
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
        push(this.#bindings, name, { statement, order, direct: false });
    }
  }

  /** Orders of the statements that bind or mutate a name, each once. */
  #orders(name: string): readonly number[] {
    let orders = this.#ordersByName.get(name);
    if (orders === undefined) {
      const all = new Set<number>();
      for (const { order } of this.#bindings.get(name) ?? []) all.add(order);
      if (this.#bindings.has(name)) for (const { order } of this.#mutations.get(name) ?? []) all.add(order);
      orders = [...all];
      this.#ordersByName.set(name, orders);
    }
    return orders;
  }

  /** Module-level statements that have to do with a name or one of its aliases, in order. */
  #touching(name: string, aliases: readonly string[]): readonly TopLevel[] {
    if (this.#touchingByName.size === 0) {
      for (const top of this.#top) {
        const touches = touchesOf(top.statement);
        const names = new Set([...touches.binds, ...touches.mutates, ...touches.sets]);
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

  #bindingsBefore(name: string, order: number): number {
    const orders = this.#orders(name);
    if (orders.length < 2) return -1;
    let count = 0;
    for (const other of orders) if (other < order) count++;
    return count;
  }

  /** Names bound by `ALIAS = name` at module level: what is done to them is done to the name's object. */
  #aliasesOf(name: string): readonly string[] {
    if (this.#aliases === null) {
      this.#aliases = new Map();
      for (const { statement } of this.#top) {
        if (statement.kind !== NodeKind.Assign || statement.value.kind !== NodeKind.Name) continue;
        for (const target of statement.targets) {
          if (target.kind === NodeKind.Name) push(this.#aliases, statement.value.id, target.id);
        }
      }
    }
    const out = new Set(this.#aliases.get(name));
    for (const alias of out)
      for (const further of this.#aliases.get(alias) ?? []) if (further !== name) out.add(further);
    return [...out];
  }

  // ----------------------------------------------------------------- names

  #name(name: string, all: readonly Binding[]): NameSummary {
    const bindings = this.#alive(name, all);
    const last = bindings[bindings.length - 1];
    const imports = this.#imports(name, bindings);
    const order = last.order;
    const nameRange = nameRangeOf(this.#file.text, last.statement, name);
    const direct = bindings.every((binding) => binding.direct);
    const onlyImports = bindings.every(({ statement }) => isImport(statement));
    if (onlyImports && (bindings.length === 1 ? this.#isPlainImport(last) : false)) {
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
    const definition = single ? this.#definition(single, single.name, order) : null;
    const value = single ? null : this.#value(bindings);
    const mutable = kind === "const" && !(value !== null && isImmutable(value));
    const slices: Slice[] = [];
    const aliases = this.#aliasesOf(name);
    for (const { statement, order } of this.#touching(name, aliases)) {
      if (statement === single) continue;
      const binds = touchesOf(statement).binds.has(name);
      const alias = aliases.find((other) => mutatesAlias(statement, other, mutable));
      if (!concerns(statement, name, mutable) && alias === undefined) {
        if (kind === "const" || !this.#mutatesDefinition(statement, name)) continue;
      }
      if (binds && !bindings.some((binding) => within(statement, binding.statement))) continue;
      const about = concerns(statement, name, mutable) || alias === undefined ? name : alias;
      slices.push(this.#slice(statement, order, about, mutable || kind !== "const"));
    }
    return {
      name,
      kind,
      definition,
      slices,
      imports,
      onlyImports,
      value: slices.length === 1 ? value : null,
      constructed: this.#file.constructed.get(name) ?? null,
      order,
      nameRange,
    };
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
  #alive(name: string, bindings: readonly Binding[]): readonly Binding[] {
    if (bindings.length === 1) return bindings;
    return bindings.filter((binding, i) => {
      if (!binding.direct || !isReplaceable(binding.statement)) return true;
      const next = bindings.slice(i + 1).find((later) => later.direct && isReplacement(later.statement));
      if (!next) return true;
      return this.#top.some(({ statement, order }) => {
        if (order <= binding.order || order > next.order) return false;
        if (order === next.order) return !isImport(statement) && readsName(this.#file.text, statement, name, true);
        return (
          !isImport(statement) &&
          (touchesOf(statement).callees.length > 0 || readsName(this.#file.text, statement, name, false))
        );
      });
    });
  }

  /** An import that either is unconditional or whose condition can only be about what is installed or type checking. */
  #isPlainImport(binding: Binding): boolean {
    if (binding.direct) return true;
    const top = this.#top.find((item) => item.order === binding.order)?.statement;
    if (top?.kind === NodeKind.If) return isTypeChecking(this.#file, top.test) && top.body.includes(binding.statement);
    return top?.kind === NodeKind.Try;
  }

  #imports(name: string, bindings: readonly Binding[]): ImportBinding[] {
    const out: ImportBinding[] = [];
    for (const { statement } of bindings) {
      if (statement.kind === NodeKind.Import) {
        for (const alias of statement.names) {
          const head = alias.name.split(".")[0];
          if (alias.asname === name)
            out.push({ level: 0, module: alias.name, name: null, full: alias.name, start: statement.start });
          else if (alias.asname === null && head === name) {
            out.push({ level: 0, module: head, name: null, full: alias.name, start: statement.start });
          }
        }
      } else if (statement.kind === NodeKind.ImportFrom) {
        for (const alias of statement.names) {
          if ((alias.asname ?? alias.name) !== name) continue;
          const module = statement.module ?? "";
          out.push({
            level: statement.level,
            module,
            name: alias.name,
            full: `${module}.${alias.name}`,
            start: statement.start,
          });
        }
      }
    }
    return out;
  }

  #value(bindings: readonly Binding[]): Value | null {
    if (bindings.length !== 1 || !bindings[0].direct) return null;
    const { statement } = bindings[0];
    let value: Expr | null = null;
    if (
      statement.kind === NodeKind.Assign &&
      statement.targets.length === 1 &&
      statement.targets[0].kind === NodeKind.Name
    ) {
      value = statement.value;
    } else if (statement.kind === NodeKind.AnnAssign && statement.target.kind === NodeKind.Name)
      value = statement.value;
    return value === null ? null : this.#valueOf(value);
  }

  #valueOf(node: Expr): Value {
    const c = new Canonical(this.#file, this.#file.scopes.module, "");
    const value = knownValue(c, node, (inner) => this.#expressionPiece(inner));
    c.release();
    return value;
  }

  #expressionPiece(node: Expr): Piece {
    return pieceOf(this.#file, this.#file.scopes.module, "", (c) => expression(c, node));
  }

  #slice(statement: Stmt, order: number, name: string, mutable: boolean, all = false): Slice {
    const emit = (c: Canonical) => {
      c.sliceOf = name;
      slice(c, statement, name, mutable, all);
    };
    const piece = pieceOf(this.#file, this.#file.scopes.module, "", emit, order);
    return { piece, range: rangeOf(this.#file.text, statement) };
  }

  // ----------------------------------------------------------- definitions

  #definition(node: DefinitionNode, qualname: string, order = -1): DefinitionSummary {
    const isClass = node.kind === NodeKind.ClassDef;
    const scope = this.#file.scopes.scopes.get(node);
    let around = scope?.parent ?? this.#file.scopes.module;
    // The implicit scope of type parameters belongs to the definition.
    if (around.node === node && around.parent) around = around.parent;
    const decorators = node.decorator_list.map((decorator) => this.#decorator(decorator, around, order));
    const silent = decorators.every((decorator) => decorator.annotationsSilent);
    const piece = pieceOf(
      this.#file,
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
    return {
      kind: isClass ? "class" : "function",
      name: node.name,
      qualname,
      piece,
      decorators,
      start: node.start,
      range: rangeOf(this.#file.text, node),
      nameRange: nameRangeOf(this.#file.text, node, node.name),
      methods: isClass ? methodNames(node as ClassDef) : [],
    };
  }

  #decorator(decorator: Expr, around: Scope, order: number): DecoratorSummary {
    const called = decorator.kind === NodeKind.Call;
    const here = new Canonical(this.#file, around, "");
    const chain = chainOf(here, called ? decorator.func : decorator);
    const annotationsSilent = isSilentDecorator(here, decorator);
    here.release();
    return {
      piece: pieceOf(this.#file, around, "", (c) => emitDecorator(c, decorator), order),
      chain: chain === null ? -1 : this.#chains.intern(chain),
      called,
      positional: called ? decorator.args.map((item) => this.#valueOf(item)) : [],
      keywords: called ? decorator.keywords.map((item) => [item.arg ?? "**", this.#valueOf(item.value)] as const) : [],
      annotationsSilent,
    };
  }

  /** Functions and classes inside other definitions, outermost first. */
  #nested(statement: Stmt, out: DefinitionSummary[]): void {
    walkDefinitions(statement, "", (node, qualname, depth) => {
      if (depth === 0 && this.#isSingleDefinition(node)) return;
      if (!this.#options.nested && !this.#isStage(node)) return;
      out.push(this.#definition(node, qualname));
    });
  }

  /** A stage by the file's own imports: nested ones are always summarised. */
  #isStage(node: DefinitionNode): boolean {
    if (node.decorator_list.length === 0) return false;
    const here = new Canonical(this.#file, this.#file.scopes.scopes.get(node)?.parent ?? this.#file.scopes.module, "");
    const found = node.decorator_list.some((decorator) => isStageDecorator(here, decorator));
    here.release();
    return found;
  }

  #isSingleDefinition(node: DefinitionNode): boolean {
    const bindings = this.#bindings.get(node.name);
    return bindings?.length === 1 && bindings[0].statement === node && bindings[0].direct;
  }

  // ------------------------------------------------------------ the module

  #stars(): { level: number; module: string; order: number }[] {
    const out: { level: number; module: string; order: number }[] = [];
    const visit = (statement: Stmt, order: number): void => {
      if (statement.kind === NodeKind.ImportFrom && statement.names.some((alias) => alias.name === "*")) {
        out.push({ level: statement.level, module: statement.module ?? "", order });
      }
      for (const body of innerBodies(statement)) for (const inner of body) visit(inner, order);
    };
    for (const { statement, order } of this.#top) visit(statement, order);
    return out;
  }

  /** Calls anywhere in the file that make a stage of a function handed to them; only files that import such things have any. */
  #stageCalls(): readonly number[] {
    const packages = new Set([...this.#file.stageDecorators].map((name) => name.split(".")[0]));
    if (
      ![...this.#file.imports.values()].some(({ level, module }) => level === 0 && packages.has(module.split(".")[0]))
    )
      return [];
    const out = new Set<number>();
    walk(this.#module, (node) => {
      if (node.kind !== NodeKind.Call) return;
      const dotted = dottedName(this.#file, node.func);
      if (dotted === null || !marksStage(this.#file.stageDecorators, dotted)) return;
      const handed = node.args[0] ?? node.keywords.find(({ arg }) => arg === "func" || arg === "fn")?.value;
      const parts = handed ? dottedParts(handed) : null;
      if (parts !== null) out.add(this.#chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
    });
    return [...out];
  }

  #moduleDocs(): string {
    const first = this.#module.body[0];
    if (!isDocstring(first) || first.kind !== NodeKind.Expr || first.value.kind !== NodeKind.Constant) return "";
    const stream = new TokenStream(64);
    stream.text(first.value.value);
    return stream.digest();
  }

  #rest(): Slice[] {
    const out: Slice[] = [];
    for (const { statement, order } of this.#top) {
      if (touchesOf(statement).binds.size > 0 || isImport(statement) || statement.kind === NodeKind.Pass) continue;
      if (isDocstring(statement)) continue;
      out.push(this.#slice(statement, order, "", true, true));
    }
    return out;
  }

  /** Statements that call first-party looking things: decorated definitions, bare calls, assignments from calls. */
  #effects(): Effect[] {
    const out: Effect[] = [];
    for (const { statement, order } of this.#top) {
      const callees = this.#firstPartyChains(touchesOf(statement).callees);
      const bases = statement.kind === NodeKind.ClassDef ? this.#firstPartyChains(statement.bases) : [];
      if (callees.length === 0 && bases.length === 0) continue;
      out.push({ callees, bases, slice: this.#slice(statement, order, "", true, true) });
    }
    return out;
  }

  /** The chains among expressions that start at a name of the module. */
  #firstPartyChains(nodes: readonly Expr[]): number[] {
    const out = new Set<number>();
    for (const node of nodes) {
      const parts = dottedParts(node);
      if (parts === null || !(this.#file.moduleNames.has(parts[0]) || this.#file.hasStar)) continue;
      out.add(this.#chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
    }
    return [...out];
  }

  /** `mod.f = g`, `mod.Cls.x = 1`, `mod.TABLE.append(...)`: objects reached through an import and changed from here. */
  #foreign(): { chain: number; slice: Slice }[] {
    const out: { chain: number; slice: Slice }[] = [];
    for (const { statement, order } of this.#top) {
      const touches = touchesOf(statement);
      for (const name of touches.mutates) {
        const isImported = this.#bindings.get(name)?.some((binding) => isImport(binding.statement));
        if (!isImported) continue;
        const made = this.#slice(statement, order, name, true);
        for (const chain of made.piece.mutates.length > 0
          ? made.piece.mutates
          : [this.#chains.intern({ kind: "global", name, attrs: [] })]) {
          const data = this.#chains.chains[chain];
          if (data.kind === "global" && data.name === name) out.push({ chain, slice: made });
        }
      }
    }
    return out;
  }
}

// -------------------------------------------------------------------- tools

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list) list.push(item);
  else map.set(key, [item]);
}

/** Dotted name of what `NAME = imported(...)` calls. */
function constructedBy(file: FileContext, statement: Stmt): string | null {
  if (statement.kind !== NodeKind.Assign || statement.targets.length !== 1) return null;
  if (statement.targets[0].kind !== NodeKind.Name || statement.value.kind !== NodeKind.Call) return null;
  const parts = dottedParts(statement.value.func);
  return parts !== null && file.imports.has(parts[0]) ? dottedName(file, statement.value.func) : null;
}

/** The string of `NAME = "..."`. */
function assignedText(statement: Stmt): string | null {
  if (statement.kind !== NodeKind.Assign || statement.targets.length !== 1) return null;
  if (statement.targets[0].kind !== NodeKind.Name || statement.value.kind !== NodeKind.Constant) return null;
  return statement.value.type === ConstantType.Str ? statement.value.value : null;
}

/** Whether module-level code may bind names that the text does not show: `globals().update(...)`, `exec`, `setattr`. */
function bindsDynamically(text: string, statement: Stmt): boolean {
  if (isDefinition(statement) || isImport(statement)) return false;
  return /\b(?:globals|locals|vars|exec|setattr|__dict__|_convert_)\b|\bsys\.modules\b/.test(
    text.slice(statement.start, statement.end),
  );
}

function isImport(statement: Stmt): boolean {
  return statement.kind === NodeKind.Import || statement.kind === NodeKind.ImportFrom;
}

function isDefinition(statement: Stmt): statement is DefinitionNode {
  return (
    statement.kind === NodeKind.FunctionDef ||
    statement.kind === NodeKind.AsyncFunctionDef ||
    statement.kind === NodeKind.ClassDef
  );
}

function kindOf(bindings: readonly Binding[]): "func" | "class" | "const" {
  if (bindings.every(({ statement }) => statement.kind === NodeKind.ClassDef)) return "class";
  if (bindings.every(({ statement }) => isDefinition(statement) && statement.kind !== NodeKind.ClassDef)) return "func";
  return "const";
}

function isReplaceable(statement: Stmt): boolean {
  return (
    isImport(statement) ||
    (isDefinition(statement) && statement.decorator_list.length === 0 && statement.kind !== NodeKind.ClassDef)
  );
}

function isReplacement(statement: Stmt): boolean {
  return isImport(statement) || isDefinition(statement) || statement.kind === NodeKind.Assign;
}

/** Whether a statement's text mentions a name; `outsideName`: its own `def name` apart. Over-approximates. */
function readsName(text: string, statement: Stmt, name: string, outsideName: boolean): boolean {
  const source = text.slice(rangeOf(text, statement).start, statement.end);
  let count = 0;
  for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + name.length)) count++;
  return count > (outsideName ? 1 : 0);
}

/** Whether a statement changes the object that an alias names; binding the alias anew does not. */
function mutatesAlias(statement: Stmt, alias: string, mutable: boolean): boolean {
  const touches = touchesOf(statement);
  return touches.sets.has(alias) || (mutable && touches.mutates.has(alias));
}

function within(outer: Stmt, inner: Stmt): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function headerBinds(statement: Stmt, name: string): boolean {
  switch (statement.kind) {
    case NodeKind.For:
    case NodeKind.AsyncFor:
      return mentions(statement.target, name);
    case NodeKind.With:
    case NodeKind.AsyncWith:
      return statement.items.some((item) => item.optional_vars !== null && mentions(item.optional_vars, name));
    case NodeKind.Try:
    case NodeKind.TryStar:
      return statement.handlers.some((handler) => handler.name === name);
    default:
      return false;
  }
}

function mentions(node: Expr, name: string): boolean {
  if (node.kind === NodeKind.Name) return node.id === name;
  if (node.kind === NodeKind.Tuple || node.kind === NodeKind.List)
    return node.elts.some((item) => mentions(item, name));
  return node.kind === NodeKind.Starred && mentions(node.value, name);
}

/** `if __name__ == "__main__":`, either way round. */
export function isMainBlock(statement: Stmt): boolean {
  if (statement.kind !== NodeKind.If || statement.test.kind !== NodeKind.Compare || statement.orelse.length > 0)
    return false;
  const sides = [statement.test.left, ...statement.test.comparators];
  if (sides.length !== 2) return false;
  const isName = (node: Expr) => node.kind === NodeKind.Name && node.id === "__name__";
  const isMain = (node: Expr) =>
    node.kind === NodeKind.Constant && node.type === ConstantType.Str && node.value === "__main__";
  return (isName(sides[0]) && isMain(sides[1])) || (isMain(sides[0]) && isName(sides[1]));
}

function isTypeChecking(file: FileContext, test: Expr): boolean {
  const name = dottedName(file, test);
  return name === "typing.TYPE_CHECKING" || name === "typing_extensions.TYPE_CHECKING";
}

function methodNames(node: ClassDef): string[] {
  const out: string[] = [];
  for (const item of node.body) if (isDefinition(item) && item.kind !== NodeKind.ClassDef) out.push(item.name);
  return out;
}

/** Every function and class in a statement with its `__qualname__`, in order; lambdas are not listed. */
export function walkDefinitions(
  statement: Stmt,
  prefix: string,
  visit: (node: DefinitionNode, qualname: string, depth: number) => void,
  depth = 0,
  globals: ReadonlySet<string> = new Set(),
): void {
  if (isDefinition(statement)) {
    const qualname = globals.has(statement.name) ? statement.name : prefix + statement.name;
    visit(statement, qualname, depth);
    const inside = statement.kind === NodeKind.ClassDef ? `${qualname}.` : `${qualname}.<locals>.`;
    const declared = declaredGlobals(statement.body);
    for (const item of statement.body) walkDefinitions(item, inside, visit, depth + 1, declared);
    return;
  }
  for (const body of innerBodies(statement))
    for (const item of body) walkDefinitions(item, prefix, visit, depth, globals);
}

/** Names declared `global` in a body: a `def` of such a name has its bare name as `__qualname__`. */
function declaredGlobals(body: readonly Stmt[]): ReadonlySet<string> {
  const out = new Set<string>();
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === NodeKind.Global) for (const name of statement.names) out.add(name);
      else for (const inner of innerBodies(statement)) visit(inner);
    }
  };
  visit(body);
  return out;
}

/** From the first decorator's `@` to the end of a statement. */
function rangeOf(text: string, statement: Stmt): Range {
  if (isDefinition(statement) && statement.decorator_list.length > 0) {
    return { start: text.lastIndexOf("@", statement.decorator_list[0].start), end: statement.end };
  }
  return { start: statement.start, end: statement.end };
}

function nameRangeOf(text: string, statement: Stmt, name: string): Range {
  const start = isDefinition(statement) ? text.indexOf(name, statement.start + 3) : text.indexOf(name, statement.start);
  return start < 0 || start > statement.end
    ? { start: statement.start, end: statement.start }
    : { start, end: start + name.length };
}

/** Every import statement of a module, those in functions and classes included. */
function collectImports(module: Module): ImportStatement[] {
  const out: ImportStatement[] = [];
  let order = 0;
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === NodeKind.Import) {
        for (const alias of statement.names) out.push({ level: 0, module: alias.name, name: null, order });
      } else if (statement.kind === NodeKind.ImportFrom) {
        for (const alias of statement.names) {
          out.push({
            level: statement.level,
            module: statement.module ?? "",
            name: alias.name === "*" ? null : alias.name,
            order,
          });
        }
      } else if (isDefinition(statement)) visit(statement.body);
      else for (const body of innerBodies(statement)) visit(body);
    }
  };
  for (const statement of module.body) {
    order++;
    if (!isMainBlock(statement)) visit([statement]);
  }
  return out;
}

function lineStartsOf(text: string): number[] {
  const out = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) out.push(i + 1);
    else if (code === 13) {
      if (text.charCodeAt(i + 1) === 10) i++;
      out.push(i + 1);
    }
  }
  return out;
}
