/**
 * Module-level statements elsewhere that change a definition when their module runs: calls of functions that mutate it
 * (registries, `setup()`), attributes set from outside, subclasses that register themselves (manifest §4). Only modules
 * that the stage's own file imports, directly or not, are looked at: others do not run with it.
 */
import { components } from "../graph/components.ts";
import type { Definition, DefinitionGraph, NodeId } from "../graph/definitions.ts";
import { moduleNode, nameNode } from "../graph/definitions.ts";
import type { ModuleRef } from "../resolve/modules.ts";
import type { Resolver, SummarySource, Target } from "../resolve/references.ts";
import type { Effect, Slice } from "../summary/types.ts";
import { isImmutable } from "../summary/values.ts";

/** A statement of `file` that changes a node. */
export interface EffectOn {
  readonly file: string;
  readonly slice: Slice;
}

const NOTHING: ReadonlySet<NodeId> = new Set();

/** What makes objects whose methods leave nothing behind that a pipeline's results could show. */
const UNCHANGING: ReadonlySet<string> = new Set([
  "logging.getLogger",
  "logging.Logger",
  "structlog.get_logger",
  "loguru.logger",
  "re.compile",
  "regex.compile",
  "threading.Lock",
  "threading.RLock",
  "multiprocessing.Lock",
  "asyncio.Lock",
  "struct.Struct",
  "pathlib.Path",
  "pathlib.PurePath",
  "collections.namedtuple",
  "typing.TypeVar",
  "typing.NamedTuple",
  "decimal.Decimal",
  "fractions.Fraction",
  "datetime.date",
  "datetime.datetime",
  "datetime.timedelta",
  "operator.itemgetter",
  "operator.attrgetter",
]);

export class Effects {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #imports = new Map<string, readonly string[]>();
  readonly #mutated = new Map<NodeId, ReadonlySet<NodeId>>();
  readonly #byFile = new Map<string, ReadonlyMap<NodeId, readonly EffectOn[]>>();
  readonly #byNode = new Map<NodeId, EffectOn[]>();
  readonly #closures = new Map<string, ReadonlyMap<string, number>>();

  constructor(source: SummarySource, graph: DefinitionGraph, resolver: Resolver) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
  }

  /** What the modules that run with `root` do to a node, in the order in which `root` imports them. */
  on(id: NodeId, root: string): readonly EffectOn[] {
    const places = this.#places(root);
    const all = this.#byNode.get(id);
    if (all === undefined) return [];
    const found = all.filter((effect) => places.has(effect.file));
    return found.length < 2
      ? found
      : found.sort((x, y) => (places.get(x.file) as number) - (places.get(y.file) as number));
  }

  /** Class statements with this base in the modules that run with `root`: what `__subclasses__` gives. */
  subclasses(id: NodeId, root: string): readonly EffectOn[] {
    const out: EffectOn[] = [];
    for (const file of this.#places(root).keys()) {
      for (const effect of this.#source.summary(file)?.effects ?? []) {
        const isBase = effect.bases.some((base) =>
          this.#resolver.resolve(file, base).some((target) => this.#graph.nodeOf(target) === id),
        );
        if (isBase) out.push({ file, slice: effect.slice });
      }
    }
    return out;
  }

  /** What the given files do to a node, in their order; for callers that have asked `of` for each of them. */
  all(id: NodeId): readonly EffectOn[] {
    return this.#byNode.get(id) ?? [];
  }

  /** Whether a statement of the node's own file is part of the node already. */
  static isOwn(node: Definition, effect: EffectOn): boolean {
    return effect.file === node.file && node.orders.includes(effect.slice.order);
  }

  /** The closure of a file with each file's place in it; what these files do is known from then on. */
  #places(file: string): ReadonlyMap<string, number> {
    let places = this.#closures.get(file);
    if (places === undefined) {
      places = new Map(this.closure(file).map((other, i) => [other, i]));
      this.#closures.set(file, places);
      for (const other of places.keys()) this.of(other);
    }
    return places;
  }

  /** Files that run when `file` is imported or its functions are called: itself and the closure of its imports. */
  closure(file: string): readonly string[] {
    const seen = new Set([file]);
    const queue = [file];
    for (let i = 0; i < queue.length; i++) {
      for (const next of this.#imported(queue[i])) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return queue;
  }

  #imported(file: string): readonly string[] {
    let found = this.#imports.get(file);
    if (found !== undefined) return found;
    const out = new Set<string>();
    const add = (module: ModuleRef | null) => {
      if (module?.file) out.add(module.file);
    };
    for (const { level, module, name } of this.#source.summary(file)?.imports ?? []) {
      const parts = module === "" ? [] : module.split(".");
      // Importing `a.b.c` runs `a` and `a.b` too.
      for (let i = level > 0 ? 0 : 1; i <= parts.length; i++) {
        add(
          this.#resolver.module(file, {
            kind: "import",
            level,
            module: parts.slice(0, i).join("."),
            name: null,
            attrs: [],
          }),
        );
      }
      if (name === null) continue;
      const base = this.#resolver.module(file, { kind: "import", level, module, name: null, attrs: [] });
      if (base) add(this.#resolver.finder.submodule(base, name));
    }
    found = [...out];
    this.#imports.set(file, found);
    return found;
  }

  /** What one file's module level does to definitions, by node. */
  of(file: string): ReadonlyMap<NodeId, readonly EffectOn[]> {
    let found = this.#byFile.get(file);
    if (found !== undefined) return found;
    const out = new Map<NodeId, EffectOn[]>();
    const add = (id: NodeId, slice: Slice) => {
      const list = out.get(id);
      if (list === undefined) out.set(id, [{ file, slice }]);
      else if (!list.some((item) => item.slice === slice)) list.push({ file, slice });
    };
    const summary = this.#source.summary(file);
    for (const effect of summary?.effects ?? []) {
      for (const id of this.#changedBy(file, effect)) add(id, effect.slice);
    }
    for (const { chain, whole, slice } of summary?.foreign ?? []) {
      for (const id of this.#foreignTargets(file, chain, whole)) add(id, slice);
    }
    found = out;
    this.#byFile.set(file, found);
    for (const [id, effects] of out) {
      const list = this.#byNode.get(id);
      if (list) list.push(...effects);
      else this.#byNode.set(id, [...effects]);
    }
    return found;
  }

  #changedBy(file: string, effect: Effect): ReadonlySet<NodeId> {
    const out = new Set<NodeId>();
    for (const callee of effect.callees) {
      for (const target of this.#resolver.resolve(file, callee)) {
        const id = this.#graph.nodeOf(target);
        if (id === null || target.kind !== "name") continue;
        // An object that is called may be a partial, a bound method or an instance: what it was made from runs.
        const called = this.#graph.node(id)?.kind === "const" ? [id, ...this.#graph.successors(id)] : [id];
        for (const each of called) for (const changed of this.#mutatedBy(each)) out.add(changed);
      }
    }
    for (const base of effect.bases) {
      for (const target of this.#resolver.resolve(file, base)) {
        const id = this.#graph.nodeOf(target);
        if (id === null || !this.#watchesSubclasses(id)) continue;
        for (const changed of this.#mutatedBy(id)) out.add(changed);
        out.add(id);
      }
    }
    return out;
  }

  /** Whether making a subclass of a class runs code of its own: `__init_subclass__`, or a metaclass, here or further up. */
  #watchesSubclasses(id: NodeId): boolean {
    const seen = new Set([id]);
    for (const each of seen) {
      const node = this.#graph.node(each);
      if (node?.kind !== "class") continue;
      // Of a class that several statements make, the bases are not known.
      if (node.definition === null) return true;
      if (node.definition.methods.includes("__init_subclass__")) return true;
      for (const base of node.definition.bases) {
        for (const target of this.#resolver.resolve(node.file, base)) {
          if (target.kind === "builtin" && target.name === "type") return true;
          const next = this.#graph.nodeOf(target);
          if (next !== null) seen.add(next);
        }
      }
    }
    return false;
  }

  /** Nodes that running a function or making an instance of a class changes, through the functions it calls too. */
  #mutatedBy(id: NodeId): ReadonlySet<NodeId> {
    for (const component of components(
      id,
      (node) => this.#called(node),
      (node) => this.#mutated.has(node),
    )) {
      let all: Set<NodeId> | null = null;
      let shared: ReadonlySet<NodeId> = NOTHING;
      const add = (more: ReadonlySet<NodeId>) => {
        if (more.size === 0 || more === shared) return;
        if (all === null && shared.size === 0) {
          shared = more;
          return;
        }
        all ??= new Set(shared);
        for (const node of more) all.add(node);
      };
      for (const member of component) {
        add(this.#mutatedDirectly(member));
        for (const next of this.#called(member)) add(this.#mutated.get(next) ?? NOTHING);
      }
      for (const member of component) this.#mutated.set(member, all ?? shared);
    }
    return this.#mutated.get(id) ?? NOTHING;
  }

  #called(id: NodeId): readonly NodeId[] {
    const node = this.#graph.node(id);
    return node !== null && (node.kind === "func" || node.kind === "class") ? this.#graph.successors(id) : [];
  }

  #mutatedDirectly(id: NodeId): ReadonlySet<NodeId> {
    const node = this.#graph.node(id);
    if (node === null) return NOTHING;
    const out = new Set<NodeId>();
    for (const piece of node.pieces) {
      for (const chain of [...piece.mutates, ...piece.hands])
        for (const target of this.#resolver.resolve(node.file, chain))
          this.#addChanged(out, target, piece.sets.includes(chain), piece.mutates.includes(chain));
    }
    return out;
  }

  #addChanged(out: Set<NodeId>, target: Target, isSet: boolean, isReceiver: boolean): void {
    if (target.kind === "name") {
      if (isSet || this.#mayChange(target, isReceiver)) out.add(nameNode(target.file, target.name));
    } else if (isSet && target.kind === "module" && target.module.file) out.add(moduleNode(target.module.file));
  }

  /**
   * Whether an object may be another one after a method of it was called or after it was handed on: not a literal, not a
   * function or class as such (what their code changes is followed), not a logger or a compiled pattern.
   */
  #mayChange(target: Extract<Target, { kind: "name" }>, isReceiver: boolean): boolean {
    const own = this.#source.summary(target.file)?.names.get(target.name);
    if (own === undefined) return true;
    if (own.constructed !== null && UNCHANGING.has(own.constructed)) return false;
    if (own.value !== null && isImmutable(own.value)) return false;
    if (own.definition === null || target.attrs.length > 0) return true;
    // What a decorator made of a function may be an object with methods.
    return isReceiver && own.definition.decorators.length > 0;
  }

  /** `mod.f = g` sets a name of a module; `mod.Cls.x = 1` something on a definition. */
  #foreignTargets(file: string, chain: number, whole: boolean): NodeId[] {
    const out: NodeId[] = [];
    for (const target of this.#resolver.resolve(file, chain)) {
      if (target.kind === "name") out.push(nameNode(target.file, target.name));
      else if (target.kind === "module" && target.module.file && whole) {
        // A module that is handed on, or set by a computed name: any of its names may be another one then.
        const there = target.module.file;
        for (const name of this.#source.summary(there)?.names.keys() ?? []) out.push(nameNode(there, name));
        out.push(moduleNode(there));
      }
    }
    return out;
  }
}
