/**
 * Makes the summary of one file from its tree and scopes: every module-level name with its definition or the statements
 * that make it up, imports, star imports, `__all__`, effects. Looks at nothing but the file.
 */
import type { Scope, ScopeTree } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { chainOf, decorator as emitDecorator, expression } from "../normalisation/expressions.ts";
import { dottedParts, type FileContext } from "../normalisation/file.ts";
import {
  classParts,
  functionParts,
  isDocstring,
  isSilentDecorator,
  isStageDecorator,
} from "../normalisation/statements.ts";
import type { Level } from "../program/types.ts";
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
import { collectImports, importsBinding } from "./imports.ts";
import { type Binding, ModuleIndex } from "./moduleIndex.ts";
import { walkDefinitions } from "./nestedDefinitions.ts";
import { pieceOf } from "./pieces.ts";
import { nameRangeOf, rangeOf } from "./places.ts";
import { concerns, slice } from "./slices.ts";
import { stageCalls } from "./stageCalls.ts";
import {
  bindsDynamically,
  isDefinition,
  isImport,
  isReplaceable,
  isReplacement,
  isTypeChecking,
  methodNames,
  within,
} from "./statementKinds.ts";
import { touchesOf } from "./touches.ts";
import type {
  DecoratorSummary,
  DefinitionSummary,
  Effect,
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

/** `text` is what `module` was parsed from; `scopes` what `bind` gave for it. */
export function summarise(text: string, module: Module, scopes: ScopeTree, options: SummaryOptions): ModuleSummary {
  return new Summariser(text, module, scopes, options).summarise();
}

class Summariser {
  readonly #file: FileContext;
  readonly #module: Module;
  readonly #options: SummaryOptions;
  readonly #index: ModuleIndex;

  constructor(text: string, module: Module, scopes: ScopeTree, options: SummaryOptions) {
    this.#module = module;
    this.#options = options;
    this.#index = new ModuleIndex(text, module, scopes, options);
    this.#file = this.#index.file;
  }

  summarise(): ModuleSummary {
    const names = new Map<string, NameSummary>();
    for (const [name, bindings] of this.#index.bindings) names.set(name, this.#name(name, bindings));
    const stars = this.#index.stars();
    const rest = this.#rest();
    const effects = this.#effects();
    const foreign = this.#foreign();
    const calls = stageCalls(this.#file, this.#module);
    // Last, so that chains keep their numbers whether or not nested definitions are asked for.
    const nested: DefinitionSummary[] = [];
    for (const statement of this.#module.body) this.#nested(statement, nested);
    return {
      chains: this.#file.chains.chains,
      names,
      stars,
      exports: collectExports(
        this.#file.text,
        this.#index.top.map((item) => item.statement),
      ),
      docs: this.#moduleDocs(),
      dynamicNames: this.#index.top.some(({ statement }) => bindsDynamically(this.#file.text, statement)),
      rest,
      effects,
      foreign,
      imports: collectImports(this.#module),
      stageCalls: calls,
      mainBinds: this.#index.mainBinds,
      nested,
      lineStarts: this.#file.lineStarts,
    };
  }

  // ----------------------------------------------------------------- names

  #name(name: string, all: readonly Binding[]): NameSummary {
    const bindings = this.#alive(name, all);
    const last = bindings[bindings.length - 1];
    const imports = importsBinding(
      name,
      bindings.map(({ statement }) => statement),
    );
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
    // What is done to an instance may be done to what its class holds.
    const shared = mutable || kind === "class";
    const aliases = this.#index.aliasesOf(name, shared);
    for (const { statement, order } of this.#index.touching(name, aliases)) {
      if (statement === single) continue;
      const binds = touchesOf(statement).binds.has(name);
      const alias = aliases.find((other) =>
        mutatesAlias(statement, other, shared || this.#index.namespace().has(other)),
      );
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
      return this.#index.top.some(({ statement, order }) => {
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
    const top = this.#index.top.find((item) => item.order === binding.order)?.statement;
    if (top?.kind === NodeKind.If) return isTypeChecking(this.#file, top.test) && top.body.includes(binding.statement);
    return top?.kind === NodeKind.Try;
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
    return { piece, order, range: rangeOf(this.#file.text, statement) };
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
      bases: isClass ? this.#bases(node as ClassDef, around) : [],
    };
  }

  #bases(node: ClassDef, around: Scope): number[] {
    const here = new Canonical(this.#file, around, "");
    const written = [...node.bases, ...node.keywords.flatMap(({ arg, value }) => (arg === "metaclass" ? [value] : []))];
    return written.flatMap((base) => {
      // `Generic[T]` is about `Generic`; a call makes a class of what it is handed.
      const expr = base.kind === NodeKind.Subscript ? base.value : base.kind === NodeKind.Call ? base.func : base;
      const chain = chainOf(here, expr);
      return chain === null ? [] : [this.#file.chains.intern(chain)];
    });
  }

  #decorator(decorator: Expr, around: Scope, order: number): DecoratorSummary {
    const called = decorator.kind === NodeKind.Call;
    const here = new Canonical(this.#file, around, "");
    const chain = chainOf(here, called ? decorator.func : decorator);
    const annotationsSilent = isSilentDecorator(here, decorator);
    here.release();
    return {
      piece: pieceOf(this.#file, around, "", (c) => emitDecorator(c, decorator), order),
      chain: chain === null ? -1 : this.#file.chains.intern(chain),
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
    const bindings = this.#index.bindings.get(node.name);
    return bindings?.length === 1 && bindings[0].statement === node && bindings[0].direct;
  }

  // ------------------------------------------------------------ the module

  #moduleDocs(): string {
    const first = this.#module.body[0];
    if (!isDocstring(first) || first.kind !== NodeKind.Expr || first.value.kind !== NodeKind.Constant) return "";
    const stream = new TokenStream(64);
    stream.text(first.value.value);
    return stream.digest();
  }

  #rest(): Slice[] {
    const out: Slice[] = [];
    for (const { statement, order } of this.#index.top) {
      if (touchesOf(statement).binds.size > 0 || isImport(statement) || statement.kind === NodeKind.Pass) continue;
      if (isDocstring(statement)) continue;
      out.push(this.#slice(statement, order, "", true, true));
    }
    return out;
  }

  /** Statements that call first-party looking things: decorated definitions, bare calls, assignments from calls. */
  #effects(): Effect[] {
    const out: Effect[] = [];
    for (const { statement, order } of this.#index.top) {
      const callees = this.#firstPartyChains(touchesOf(statement).callees);
      const bases =
        statement.kind === NodeKind.ClassDef
          ? this.#firstPartyChains([...statement.bases, ...statement.keywords.map(({ value }) => value)])
          : [];
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
      out.add(this.#file.chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
    }
    return [...out];
  }

  /** `mod.f = g`, `mod.Cls.x = 1`, `mod.TABLE.append(...)`: objects reached through an import and changed from here. */
  #foreign(): { chain: number; whole: boolean; slice: Slice }[] {
    const out: { chain: number; whole: boolean; slice: Slice }[] = [];
    for (const { statement, order } of this.#index.top) {
      const touches = touchesOf(statement);
      let made: Slice | null = null;
      for (const { node, receiver } of touches.objects) {
        const parts = leadingParts(node);
        if (parts === null || !this.#index.bindings.get(parts[0])?.some((binding) => isImport(binding.statement)))
          continue;
        made ??= this.#slice(statement, order, parts[0], true, true);
        const chain = this.#file.chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) });
        if (!out.some((item) => item.chain === chain && item.slice === made && item.whole === !receiver)) {
          out.push({ chain, whole: !receiver, slice: made });
        }
      }
    }
    return out;
  }
}

function kindOf(bindings: readonly Binding[]): "func" | "class" | "const" {
  if (bindings.every(({ statement }) => statement.kind === NodeKind.ClassDef)) return "class";
  if (bindings.every(({ statement }) => isDefinition(statement) && statement.kind !== NodeKind.ClassDef)) return "func";
  return "const";
}

/** Whether a statement's text mentions a name; `outsideName`: its own `def name` apart. Over-approximates. */
function readsName(text: string, statement: Stmt, name: string, outsideName: boolean): boolean {
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
