/**
 * The graph of definitions: a node for each module-level name, escaped module and nested definition that is asked for;
 * its pieces, and the nodes its references lead to. Built lazily from summaries; never holds a tree.
 */
import { Reads } from "../normalisation/canonical.ts";
import type { EntryKind, Range } from "../program/types.ts";
import type { Resolver, SummarySource, Target } from "../resolve/references.ts";
import type { DecoratorSummary, DefinitionSummary, ModuleSummary, Piece } from "../summary/types.ts";
import { literalText } from "../summary/values.ts";
import { TokenStream } from "../text/digest.ts";

/** A node's identity: file, a separator that no path holds, and a name, `*` for the whole module, or a nested qualname. */
export type NodeId = string;

const NAME = "\u0001";
const NESTED = "\u0002";

/** The node of a module-level name. */
export function nameNode(file: string, name: string): NodeId {
  return file + NAME + name;
}

/** The node of a definition inside another one. */
export function nestedNode(file: string, qualname: string): NodeId {
  return file + NESTED + qualname;
}

/** The node of an escaped module: its file, or the folders of a namespace package. */
export function moduleNode(id: string): NodeId {
  return `${id}${NAME}*`;
}

export interface Definition {
  readonly id: NodeId;
  readonly kind: EntryKind;
  /** Entry key (M6.1). */
  readonly key: string;
  readonly file: string;
  readonly name: string;
  readonly qualname: string;
  /** In the order in which they are hashed. */
  readonly pieces: readonly Piece[];
  /** Of a function: decorators that are no stage decorators come first among the pieces. */
  readonly definition: DefinitionSummary | null;
  readonly hash: string;
  readonly value: string | null;
  readonly ranges: readonly Range[];
  /** Places of its statements among the module's. */
  readonly orders: readonly number[];
  readonly start: number;
  readonly nameRange: Range | null;
  /** Bit set of `Reads` of its own code. */
  readonly reads: number;
  /** Further nodes it depends on: the class of a method, the names of a module. */
  readonly implied: readonly NodeId[];
}

/** Longest spelling of a value that is shown instead of a hash. */
const LONGEST_VALUE = 80;

export class DefinitionGraph {
  readonly #source: SummarySource;
  readonly #resolver: Resolver;
  readonly #isStage: (dotted: string) => boolean;
  readonly #nodes = new Map<NodeId, Definition | null>();
  readonly #successors = new Map<NodeId, readonly NodeId[]>();

  constructor(source: SummarySource, resolver: Resolver, isStage: (dotted: string) => boolean) {
    this.#source = source;
    this.#resolver = resolver;
    this.#isStage = isStage;
  }

  /**
   * Drops the nodes of a file whose summary was made anew, since they hold positions. Edges stay, those of `changed` nodes
   * apart: what is kept of digests is found through them.
   */
  forget(file: string, changed: Iterable<NodeId> = []): void {
    for (const id of this.#nodes.keys()) if (fileOf(id) === file) this.#nodes.delete(id);
    for (const id of changed) this.#successors.delete(id);
  }

  /** The given nodes and all whose edges, as far as they are known, lead to one of them. */
  dependents(changed: ReadonlySet<NodeId>): ReadonlySet<NodeId> {
    const users = new Map<NodeId, NodeId[]>();
    for (const [id, nexts] of this.#successors) {
      for (const next of nexts) {
        const list = users.get(next);
        if (list) list.push(id);
        else users.set(next, [id]);
      }
    }
    const out = new Set(changed);
    for (const id of out) for (const user of users.get(id) ?? []) out.add(user);
    return out;
  }

  /** Known nodes of a file. */
  known(file: string): NodeId[] {
    return [...this.#nodes.keys()].filter((id) => fileOf(id) === file);
  }

  /** The node a target leads to; null for what is not first party. */
  nodeOf(target: Target): NodeId | null {
    switch (target.kind) {
      case "name":
        return nameNode(target.file, target.name);
      case "nested":
        return nestedNode(target.file, target.qualname);
      case "module":
        return moduleNode(target.module.file ?? target.module.id);
      default:
        return null;
    }
  }

  node(id: NodeId): Definition | null {
    let node = this.#nodes.get(id);
    if (node === undefined) {
      node = this.#make(id);
      this.#nodes.set(id, node);
    }
    return node;
  }

  /** Targets of a piece's reference slots, in order. */
  targets(file: string, piece: Piece): readonly (readonly Target[])[] {
    return piece.refs.map((ref) => this.#resolver.resolve(file, ref));
  }

  /** Nodes that a node depends on, each once, in the order of its text. */
  successors(id: NodeId): readonly NodeId[] {
    let found = this.#successors.get(id);
    if (found === undefined) {
      const node = this.node(id);
      found = node === null ? [] : this.#successorsOf(node);
      this.#successors.set(id, found);
    }
    return found;
  }

  #successorsOf(node: Definition): NodeId[] {
    const out = new Set<NodeId>();
    for (const piece of node.pieces) for (const id of this.reached(node.file, piece)) out.add(id);
    for (const id of node.implied) out.add(id);
    out.delete(node.id);
    return [...out];
  }

  /** Nodes that a piece's references and annotations lead to. */
  reached(file: string, piece: Piece): NodeId[] {
    const out: NodeId[] = [];
    const add = (target: Target) => {
      const id = this.nodeOf(target);
      if (id !== null && this.node(id) !== null) out.push(id);
    };
    for (const ref of piece.refs) for (const target of this.#resolver.resolve(file, ref)) add(target);
    for (const ref of piece.annotationRefs) {
      for (const target of this.#resolver.resolve(file, ref)) if (target.kind !== "module") add(target);
    }
    return out;
  }

  /** Classes whose `__subclasses__` a definition reads by name. */
  subclassesRead(node: Definition): NodeId[] {
    const out: NodeId[] = [];
    for (const piece of node.pieces) {
      for (const targets of this.targets(node.file, piece)) {
        for (const target of targets) {
          const id = "attrs" in target && target.attrs.includes("__subclasses__") ? this.nodeOf(target) : null;
          if (id !== null && this.node(id)?.kind === "class") out.push(id);
        }
      }
    }
    return out;
  }

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

  #make(id: NodeId): Definition | null {
    const name = id.indexOf(NAME);
    if (name >= 0) {
      const file = id.slice(0, name);
      const own = id.slice(name + 1);
      const summary = this.#source.summary(file);
      if (summary === null) return own === "*" ? this.#namespace(id, file) : null;
      return own === "*" ? this.#module(id, file, summary) : this.#name(id, file, own, summary);
    }
    const nested = id.indexOf(NESTED);
    const file = id.slice(0, nested);
    const summary = this.#source.summary(file);
    return summary === null ? null : this.#nested(id, file, id.slice(nested + 1), summary);
  }

  #name(id: NodeId, file: string, name: string, summary: ModuleSummary): Definition | null {
    const own = summary.names.get(name);
    if (own === undefined || own.kind === "import") return null;
    const pieces: Piece[] = [];
    if (own.definition) pieces.push(...this.#definitionPieces(file, own.definition));
    for (const slice of own.slices) pieces.push(slice.piece);
    const text = own.value === null ? null : literalText(own.value);
    const ranges = own.definition ? [own.definition.range] : own.slices.map((slice) => slice.range);
    if (own.definition) for (const slice of own.slices) ranges.push(slice.range);
    return {
      id,
      kind: own.kind,
      key: `${own.kind}:${this.#resolver.finder.moduleName(file)}.${name}`,
      file,
      name,
      qualname: name,
      pieces,
      definition: own.definition,
      hash: combinedHash(pieces),
      value: text !== null && text.length <= LONGEST_VALUE ? text : null,
      ranges,
      orders: [...(own.definition ? [own.order] : []), ...own.slices.map((slice) => slice.order)],
      start: own.definition?.start ?? own.slices[0]?.range.start ?? own.nameRange.start,
      nameRange: own.nameRange,
      reads: readsOf(pieces),
      implied: [],
    };
  }

  #definitionPieces(file: string, definition: DefinitionSummary): Piece[] {
    const decorators = definition.decorators.filter((decorator) => !this.isStageDecorator(file, decorator));
    return [definition.piece, ...decorators.map((decorator) => decorator.piece)];
  }

  #nested(id: NodeId, file: string, qualname: string, summary: ModuleSummary): Definition | null {
    let definition: DefinitionSummary | undefined;
    // Of several definitions with one qualname the last is the one that stays bound.
    for (const candidate of summary.nested) if (candidate.qualname === qualname) definition = candidate;
    if (definition === undefined) return null;
    const pieces = this.#definitionPieces(file, definition);
    const kind = definition.kind === "class" ? "class" : "func";
    return {
      id,
      kind,
      key: `${kind}:${this.#resolver.finder.moduleName(file)}.${qualname}`,
      file,
      name: definition.name,
      qualname,
      pieces,
      definition,
      hash: combinedHash(pieces),
      value: null,
      ranges: [definition.range],
      orders: [],
      start: definition.start,
      nameRange: definition.nameRange,
      reads: readsOf(pieces),
      implied: this.#classOf(file, qualname, summary),
    };
  }

  /** A method is reached with its class: through `self` it can call any of its methods. A choice is reached with its name. */
  #classOf(file: string, qualname: string, summary: ModuleSummary): NodeId[] {
    const dot = qualname.lastIndexOf(".");
    // One of several definitions of a module-level name: which one runs is up to the statements around them.
    if (dot < 0 && summary.names.has(qualname)) return [nameNode(file, qualname)];
    if (dot < 0 || qualname.slice(0, dot).endsWith("<locals>")) return [];
    const owner = qualname.slice(0, dot);
    if (summary.names.get(owner)?.kind === "class") return [nameNode(file, owner)];
    return summary.nested.some((item) => item.qualname === owner) ? [nestedNode(file, owner)] : [];
  }

  #module(id: NodeId, file: string, summary: ModuleSummary): Definition {
    const pieces = summary.rest.map((slice) => slice.piece);
    const implied = new Set<NodeId>();
    for (const name of [...summary.names.keys()].sort()) {
      for (const target of this.#resolver.chain(file, { kind: "global", name, attrs: [] })) {
        const node = target.kind === "module" ? null : this.nodeOf(target);
        if (node !== null) implied.add(node);
      }
    }
    for (const star of summary.stars) {
      const module = this.#resolver.module(file, {
        kind: "import",
        level: star.level,
        module: star.module,
        name: null,
        attrs: [],
      });
      if (module?.file) implied.add(moduleNode(module.file));
    }
    // Submodules that somebody imports are attributes of their package.
    if (file.endsWith("__init__.py")) {
      const folder = file.slice(0, -"/__init__.py".length);
      for (const submodule of this.#resolver.finder.submodules({ file, folders: [folder], id: file })) {
        if (submodule.file !== null && !submodule.file.includes("/test")) implied.add(moduleNode(submodule.file));
      }
    }
    const stream = new TokenStream(64);
    stream.text(combinedHash(pieces));
    for (const name of [...summary.names.keys()].sort()) stream.text(name);
    const module = this.#resolver.finder.moduleName(file);
    return {
      id,
      kind: "mod",
      key: `mod:${module}`,
      file,
      name: module,
      qualname: module,
      pieces,
      definition: null,
      hash: stream.digest(),
      value: null,
      ranges: summary.rest.map((slice) => slice.range),
      orders: summary.rest.map((slice) => slice.order),
      start: 0,
      nameRange: null,
      reads: readsOf(pieces),
      implied: [...implied],
    };
  }

  #namespace(id: NodeId, folder: string): Definition {
    const module = folder.split("|")[0].replaceAll("/", ".");
    return {
      id,
      kind: "mod",
      key: `mod:${module}`,
      file: folder.split("|")[0],
      name: module,
      qualname: module,
      pieces: [],
      definition: null,
      hash: combinedHash([]),
      value: null,
      ranges: [],
      orders: [],
      start: 0,
      nameRange: null,
      reads: Reads.Nothing,
      implied: [],
    };
  }
}

/** Whether a node stands for one module-level name, not for a whole module or a nested definition. */
export function isNameNode(id: NodeId): boolean {
  const name = id.indexOf(NAME);
  return name >= 0 && id[name + 1] !== "*";
}

/** The file a node stands in. */
function fileOf(id: NodeId): string {
  const name = id.indexOf(NAME);
  return id.slice(0, name >= 0 ? name : id.indexOf(NESTED));
}

/** The own hash of a definition made of several pieces; of one piece it is that piece's. */
export function combinedHash(pieces: readonly Piece[]): string {
  if (pieces.length === 1) return pieces[0].hash;
  const stream = new TokenStream(64);
  stream.int(pieces.length);
  for (const piece of pieces) stream.text(piece.hash);
  return stream.digest();
}

function readsOf(pieces: readonly Piece[]): number {
  let reads = 0;
  for (const piece of pieces) reads |= piece.reads;
  return reads;
}
