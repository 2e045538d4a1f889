/**
 * The graph of definitions: a node for each module-level name, escaped module and nested definition that is asked for, and
 * the nodes that its references lead to, both ways. Built lazily from summaries; a change takes in what is another now and
 * says which nodes that concerns. Never holds a tree. Above 400 lines because what makes an edge and what takes it back have to
 * be read together.
 */
import { type SummaryChange, same } from "../resolve/changes.ts";
import type { Moved, Resolver } from "../resolve/resolver.ts";
import type { SummarySource, Target } from "../resolve/targets.ts";
import type { DecoratorSummary, DefinitionSummary, ModuleSummary, Piece } from "../summary/types.ts";
import { Marks, type Vertex } from "./components.ts";
import {
  type Definition,
  moduleDefinition,
  type NodeId,
  nameDefinition,
  nameNode,
  namespaceDefinition,
  nestedDefinition,
  nestedNode,
  type Place,
  sameDefinition,
  sameShape,
  WHOLE,
} from "./definitions.ts";

const NONE: readonly GraphNode[] = [];

/** A definition with its place in the graph. One object for one id, whatever becomes of what it stands for. */
export class GraphNode implements Vertex {
  readonly file: string;
  readonly name: string;
  readonly isNested: boolean;
  /** By which the graph finds it; another node's when it is no more. */
  readonly number: number;
  /** Null where nothing, or nothing but imports, has this name. */
  definition: Definition | null = null;
  /** Nodes that it depends on, each once, in the order of its text; null until asked for. */
  successors: readonly GraphNode[] | null = null;
  /** Nodes among whose successors it is. */
  users: readonly GraphNode[] = NONE;
  /** A file that does not parse, of which no good version is known, and that a reference of its leads into. */
  broken: string | null = null;
  /** Packages that it names, as far as somebody asked; the effects' own. */
  packages: readonly string[] | null = null;
  /** How many hold it beside the graph: it stays while there are any. */
  pins = 0;
  /** The last walk that met it: for walks that have no time for sets. */
  walk = 0;

  constructor(file: string, name: string, isNested: boolean, number: number) {
    this.number = number;
    this.file = file;
    this.name = name;
    this.isNested = isNested;
  }

  get id(): NodeId {
    return this.isNested ? nestedNode(this.file, this.name) : nameNode(this.file, this.name);
  }
}

/** What a change did to the graph. */
export interface GraphChange {
  /** Nodes whose own content, references or existence is another one. */
  readonly touched: ReadonlySet<GraphNode>;
  /** Those of them whose successors are others, or that came, went, or are of another kind. */
  readonly rewired: ReadonlySet<GraphNode>;
  /** Those of them that came, went, or may be of another kind, have other methods, bases or decorators. */
  readonly reshaped: ReadonlySet<GraphNode>;
  /** Nodes that are no more and that nobody refers to. */
  readonly removed: readonly GraphNode[];
}

export class DefinitionGraph {
  readonly #source: SummarySource;
  readonly #resolver: Resolver;
  readonly #isStage: (dotted: string) => boolean;
  /** By file, then by name; nested definitions by a mark and their qualified name. */
  readonly #nodes = new Map<string, Map<string, GraphNode>>();
  /** By number. One that is gone keeps its place until another one takes it. */
  readonly #numbered: GraphNode[] = [];
  readonly #free: number[] = [];
  /** For `components`. */
  readonly marks = new Marks();

  constructor(source: SummarySource, resolver: Resolver, isStage: (dotted: string) => boolean) {
    this.#source = source;
    this.#resolver = resolver;
    this.#isStage = isStage;
  }

  /** The node of a module-level name, `*` for the module as a whole; be it of nothing. */
  named(file: string, name: string): GraphNode {
    return this.#get(file, name, name, false);
  }

  /** The same where somebody has asked for it before; else undefined. */
  peek(file: string, name: string): GraphNode | undefined {
    return this.#nodes.get(file)?.get(name);
  }

  nested(file: string, qualname: string): GraphNode {
    return this.#get(file, qualname, `\u0002${qualname}`, true);
  }

  /** The node a target leads to, be it of nothing; null for what is not first party. */
  targetNode(target: Target): GraphNode | null {
    switch (target.kind) {
      case "name":
        return this.named(target.file, target.name);
      case "nested":
        return this.nested(target.file, target.qualname);
      case "module":
        return this.named(target.module.file ?? target.module.id, WHOLE);
      default:
        return null;
    }
  }

  /** The node a target leads to, where there is something; else null. */
  existing(target: Target): GraphNode | null {
    const node = this.targetNode(target);
    return node === null || node.definition === null ? null : node;
  }

  /** Every node of a file that was asked for. */
  known(file: string): Iterable<GraphNode> {
    return this.#nodes.get(file)?.values() ?? NONE;
  }

  /** The node of a number. */
  numbered(number: number): GraphNode {
    return this.#numbered[number];
  }

  /** Targets of a piece's reference slots, in order. */
  targets(file: string, piece: Piece): readonly (readonly Target[])[] {
    return piece.refs.map((ref) => this.#resolver.resolve(file, ref));
  }

  successors(node: GraphNode): readonly GraphNode[] {
    if (node.successors !== null) return node.successors;
    const out = new Set<GraphNode>();
    node.broken = null;
    if (node.definition !== null) {
      for (const piece of node.definition.pieces) this.#reach(node.file, piece, out, node);
      for (const next of this.implied(node)) out.add(next);
    }
    out.delete(node);
    node.successors = out.size === 0 ? NONE : [...out];
    for (const next of node.successors) link(next, node);
    return node.successors;
  }

  /** Nodes that a piece's references and annotations lead to, each once. */
  reached(file: string, piece: Piece): ReadonlySet<GraphNode> {
    const out = new Set<GraphNode>();
    this.#reach(file, piece, out, null);
    return out;
  }

  #reach(file: string, piece: Piece, out: Set<GraphNode>, owner: GraphNode | null): void {
    for (const ref of piece.refs) {
      for (const target of this.#resolver.resolve(file, ref)) {
        const node = this.existing(target);
        if (node !== null) out.add(node);
        else if (target.kind === "broken" && owner !== null) owner.broken ??= target.file;
      }
    }
    for (const ref of piece.annotationRefs) {
      for (const target of this.#resolver.resolve(file, ref)) {
        const node = target.kind === "module" ? null : this.existing(target);
        if (node !== null) out.add(node);
      }
    }
  }

  /** Further nodes that a node depends on: the class of a method, the names of a module. */
  implied(node: GraphNode): readonly GraphNode[] {
    const { file, name, definition } = node;
    const summary = definition === null ? null : this.#source.summary(file);
    if (summary === null) return NONE;
    if (node.isNested) return this.#around(file, name, summary);
    return name === WHOLE ? this.#inside(file, summary) : NONE;
  }

  /** A method is reached with its class: through `self` it can call any of its methods. A choice is reached with its name. */
  #around(file: string, qualname: string, summary: ModuleSummary): GraphNode[] {
    const dot = qualname.lastIndexOf(".");
    // One of several definitions of a module-level name: which one runs is up to the statements around them.
    if (dot < 0 && summary.names.has(qualname)) return [this.named(file, qualname)];
    if (dot < 0 || qualname.slice(0, dot).endsWith("<locals>")) return [];
    const owner = qualname.slice(0, dot);
    if (summary.names.get(owner)?.kind === "class") return [this.named(file, owner)];
    return summary.nested.some((item) => item.qualname === owner) ? [this.nested(file, owner)] : [];
  }

  /** What a module as a whole holds: what its names lead to, what it takes all of, and its submodules. */
  #inside(file: string, summary: ModuleSummary): GraphNode[] {
    const out = new Set<GraphNode>();
    for (const name of [...summary.names.keys()].sort()) {
      for (const target of this.#resolver.named(file, name)) {
        const node = target.kind === "module" ? null : this.targetNode(target);
        if (node !== null) out.add(node);
      }
    }
    for (const { level, module } of summary.stars) {
      const found = this.#resolver.module(file, { kind: "import", level, module, name: null, attrs: [] });
      if (found?.file) out.add(this.named(found.file, WHOLE));
    }
    // Submodules that somebody imports are attributes of their package.
    if (file.endsWith("__init__.py")) {
      const folder = file.slice(0, -"/__init__.py".length);
      for (const submodule of this.#resolver.finder.submodules({ file, folders: [folder], id: file })) {
        if (submodule.file !== null && !submodule.file.includes("/test")) out.add(this.named(submodule.file, WHOLE));
      }
    }
    return [...out];
  }

  /** Classes whose `__subclasses__` a definition reads by name. */
  subclassesRead({ file, definition }: GraphNode): GraphNode[] {
    const out: GraphNode[] = [];
    for (const piece of definition?.pieces ?? []) {
      for (const targets of this.targets(file, piece)) {
        for (const target of targets) {
          const node = "attrs" in target && target.attrs.includes("__subclasses__") ? this.existing(target) : null;
          if (node?.definition?.kind === "class") out.push(node);
        }
      }
    }
    return out;
  }

  /** The given nodes and all whose known edges lead to one of them. */
  dependents(nodes: Iterable<GraphNode>): ReadonlySet<GraphNode> {
    const out = new Set(nodes);
    for (const node of out) for (const user of node.users) out.add(user);
    return out;
  }

  // ------------------------------------------------------------- stage decorators

  /** The stage decorators of a definition: by the file's imports, through re-exports, never by bare name (manifest §7). */
  stageDecorators(file: string, definition: DefinitionSummary): DecoratorSummary[] {
    return definition.decorators.filter((decorator) => this.isStageDecorator(file, decorator));
  }

  isStageDecorator(file: string, decorator: DecoratorSummary): boolean {
    if (decorator.chain < 0) return false;
    const summary = this.#source.summary(file);
    const chain = summary?.chains[decorator.chain];
    if (!summary || !chain) return false;
    const imports = chain.kind === "global" ? (summary.names.get(chain.name)?.imports ?? []) : [];
    for (const binding of imports) {
      if (binding.level > 0) continue;
      const head = binding.name === null ? binding.module : `${binding.module}.${binding.name}`;
      if (this.#isStage([head, ...chain.attrs].join("."))) return true;
    }
    return this.#resolver.resolve(file, decorator.chain).some((target) => {
      if (target.kind === "external") return this.#isStage(target.dotted);
      const made =
        target.kind === "name" ? this.#source.summary(target.file)?.names.get(target.name)?.constructed : null;
      return (
        made != null &&
        target.kind === "name" &&
        target.attrs.length > 0 &&
        this.#isStage([made, ...target.attrs].join("."))
      );
    });
  }

  // ------------------------------------------------------------- changes

  /**
   * Takes in that files have other summaries and that chains mean something else. `relisted`: modules came or went.
   */
  update(changes: ReadonlyMap<string, SummaryChange>, moved: Moved, relisted: boolean): GraphChange {
    const touched = new Set<GraphNode>();
    /** Nodes that came, went, or are of another kind. */
    const renamed = new Set<GraphNode>();
    const reshaped = new Set<GraphNode>();
    for (const [file, change] of changes) {
      const before = change.before?.chains ?? [];
      const after = change.after?.chains ?? [];
      for (const node of this.known(file)) {
        const old = node.definition;
        if (!node.isNested && node.name !== WHOLE) {
          const own = change.after?.names.get(node.name);
          // The very same object says the very same.
          if (own !== undefined && own === change.before?.names.get(node.name)) continue;
        }
        node.definition = this.#make(node);
        if (!sameDefinition(old, node.definition, before, after)) {
          touched.add(node);
          if (old?.key !== node.definition?.key) renamed.add(node);
          if (!sameShape(old, node.definition, before, after)) reshaped.add(node);
        } else if (node.name === WHOLE && change.header) touched.add(node);
      }
      if (sameNested(change)) continue;
      for (const node of this.known(file)) {
        if (!node.isNested) continue;
        touched.add(node);
        reshaped.add(node);
      }
    }
    for (const [file, chains] of moved) {
      for (const node of this.known(file)) {
        if (!concerns(node, chains)) continue;
        node.definition = this.#make(node);
        touched.add(node);
        reshaped.add(node);
      }
    }
    if (relisted) {
      for (const nodes of this.#nodes.values()) {
        for (const node of nodes.values()) {
          if (node.name !== WHOLE && !node.definition?.importsInside) continue;
          node.definition = this.#make(node);
          touched.add(node);
          reshaped.add(node);
        }
      }
    }
    const rewired = this.#relink(touched);
    for (const node of renamed) rewired.add(node);
    return { touched, rewired, reshaped, removed: this.#sweep(touched, changes) };
  }

  /** Works out the edges of touched nodes again, where they were known; gives those whose edges are others. */
  #relink(touched: ReadonlySet<GraphNode>): Set<GraphNode> {
    const rewired = new Set<GraphNode>();
    for (const node of touched) {
      const old = node.successors;
      if (old === null) continue;
      for (const next of old) unlink(next, node);
      node.successors = null;
      const now = this.successors(node);
      if (old.length !== now.length || old.some((next, i) => next !== now[i])) rewired.add(node);
    }
    return rewired;
  }

  /** Forgets nodes that stand for nothing and that nobody leads to any more. */
  #sweep(touched: ReadonlySet<GraphNode>, changes: ReadonlyMap<string, SummaryChange>): GraphNode[] {
    const removed: GraphNode[] = [];
    const consider = (node: GraphNode) => {
      if (node.definition !== null || node.users.length > 0 || node.pins > 0) return;
      const nodes = this.#nodes.get(node.file);
      if (!nodes?.delete(node.isNested ? `\u0002${node.name}` : node.name)) return;
      removed.push(node);
      this.#free.push(node.number);
    };
    for (const node of touched) consider(node);
    for (const file of changes.keys()) for (const node of this.known(file)) consider(node);
    return removed;
  }

  #get(file: string, name: string, key: string, isNested: boolean): GraphNode {
    let nodes = this.#nodes.get(file);
    if (nodes === undefined) {
      nodes = new Map();
      this.#nodes.set(file, nodes);
    }
    let node = nodes.get(key);
    if (node === undefined) {
      const number = this.#free.pop() ?? this.#numbered.length;
      node = new GraphNode(file, name, isNested, number);
      this.#numbered[number] = node;
      nodes.set(key, node);
      node.definition = this.#make(node);
    }
    return node;
  }

  #make({ file, name, isNested }: GraphNode): Definition | null {
    const summary = this.#source.summary(file);
    if (summary === null) return name === WHOLE && !isNested ? namespaceDefinition(file) : null;
    const place: Place = {
      file,
      module: this.#resolver.finder.moduleName(file),
      marksStage: (decorator) => this.isStageDecorator(file, decorator),
    };
    if (isNested) return nestedDefinition(place, name, summary);
    if (name === WHOLE) return moduleDefinition(place, summary);
    return nameDefinition(place, name, summary);
  }
}

/** Whether a node's text has one of the chains, or, for a whole module, whether a name of it leads elsewhere. */
function concerns(node: GraphNode, chains: ReadonlySet<number>): boolean {
  const { definition } = node;
  if (definition === null) return false;
  if (node.name === WHOLE && chains.has(-1)) return true;
  const has = (chain: number) => chains.has(chain);
  for (const piece of definition.pieces) {
    if (piece.refs.some(has) || piece.annotationRefs.some(has)) return true;
    if (piece.mutates.some(has) || piece.hands.some(has) || piece.localImports.some(has)) return true;
    if (piece.notices.some((notice) => has(notice.chain))) return true;
  }
  const own = definition.definition;
  return own !== null && (own.bases.some(has) || own.decorators.some((decorator) => has(decorator.chain)));
}

/** Whether the nested definitions that a file is known to have are those of before, by name and kind. */
function sameNested({ before, after }: SummaryChange): boolean {
  return same(before?.nested ?? [], after?.nested ?? [], (x, y) => x.qualname === y.qualname && x.kind === y.kind);
}

/** A list that grows by `push`, or by a spread with more behind it, holds room for many more, and most of these are short. */
function link(node: GraphNode, user: GraphNode): void {
  const { users } = node;
  if (users.length < FEW) node.users = users.concat([user]);
  else (users as GraphNode[]).push(user);
}

const FEW = 64;

function unlink(node: GraphNode, user: GraphNode): void {
  const users = node.users as GraphNode[];
  const at = users.indexOf(user);
  if (at < 0) return;
  if (users.length <= FEW) {
    node.users = users.length === 1 ? NONE : users.filter((each) => each !== user);
    return;
  }
  const last = users.pop() as GraphNode;
  if (at < users.length) users[at] = last;
}
