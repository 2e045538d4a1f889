/**
 * Objects that a call at module level leaves something behind in, though no code says so of them by name: instances that are
 * called, functions that share variables, functions under another name, classes that are told of their subclasses (manifest
 * §4). Keeps nothing; says which nodes it looked at.
 */
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import type { Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";

/** Aliases of aliases that are followed. */
const MOST_ALIASES = 8;

export class CalledObjects {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #note: (node: GraphNode, file: string) => void;

  /** `note` is told of each node that decides an answer, and for which file the answer is. */
  constructor(
    source: SummarySource,
    graph: DefinitionGraph,
    resolver: Resolver,
    note: (node: GraphNode, file: string) => void,
  ) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#note = note;
  }

  /**
   * What a call of what a name holds, or with `isMethod` of one of its methods, leaves something behind in: an instance whose
   * `__call__` changes it, functions that share variables of the one that made them, a decorated function under another name.
   */
  keptBy(node: GraphNode, isMethod: boolean, acts: boolean, file: string, depth = 0): readonly GraphNode[] {
    const own = this.#source.summary(node.file)?.names.get(node.name);
    if (own === undefined) return [];
    const out: GraphNode[] = [];
    for (const { meant, attrs } of this.#definitionsOf(node.file, own.alias, file)) {
      const isReached = isMethod || attrs.length > 0;
      if (isReached && (meant.definition?.definition?.decorators.length ?? 0) > 0) out.push(meant);
      if (meant.definition?.kind === "const" && depth < MOST_ALIASES)
        out.push(...this.keptBy(meant, isReached, acts, file, depth + 1));
    }
    if (isMethod || !acts) return out;
    for (const { meant } of this.#definitionsOf(node.file, own.maker, file)) {
      if (meant.definition?.kind === "class" && this.#callsChange(meant, file)) out.push(node);
      if (meant.definition?.kind === "func" && meant.definition.reads & Reads.SharedState)
        out.push(node, ...this.#boundWith(node));
    }
    return out;
  }

  #definitionsOf(there: string, chain: number, file: string) {
    const targets = chain < 0 ? [] : this.#resolver.resolve(there, chain);
    return targets.flatMap((target) => {
      if (target.kind !== "name") return [];
      const meant = this.#graph.named(target.file, target.name);
      this.#note(meant, file);
      return [{ meant, attrs: target.attrs }];
    });
  }

  /** The other names that the same statement binds. */
  #boundWith(node: GraphNode): readonly GraphNode[] {
    const names = this.#source.summary(node.file)?.names;
    const order = names?.get(node.name)?.slices[0]?.order;
    const out: GraphNode[] = [];
    for (const own of names?.values() ?? []) {
      if (own.name !== node.name && own.kind === "const" && own.slices[0]?.order === order)
        out.push(this.#graph.named(node.file, own.name));
    }
    return out;
  }

  /** Whether an instance of a class changes when it is called: by the `__call__` of the class or of a base. */
  #callsChange(node: GraphNode, file: string): boolean {
    for (const each of this.#withBases(node, file))
      if (((each.definition?.reads ?? 0) & Reads.SharedState) !== 0) return true;
    return false;
  }

  /** Whether making a subclass of a class runs code of its own: `__init_subclass__`, or a metaclass, here or further up. */
  watchesSubclasses(node: GraphNode, file: string): boolean {
    for (const { definition } of this.#withBases(node, file)) {
      if (definition?.kind !== "class") continue;
      // Of a class that several statements make, the bases are not known.
      if (definition.definition === null) return true;
      if (definition.definition.methods.includes("__init_subclass__")) return true;
      for (const base of definition.definition.bases) {
        const targets = this.#resolver.resolve(definition.file, base);
        if (targets.some((target) => target.kind === "builtin" && target.name === "type")) return true;
      }
    }
    return false;
  }

  /** A class and all above it that are first party, each once; whoever has found what it looks for asks for no more. */
  *#withBases(node: GraphNode, file: string): Iterable<GraphNode> {
    const seen = new Set([node]);
    for (const each of seen) {
      this.#note(each, file);
      yield each;
      const { definition } = each;
      if (definition?.kind !== "class") continue;
      for (const base of definition.definition?.bases ?? []) {
        for (const target of this.#resolver.resolve(definition.file, base)) {
          const next = this.#graph.targetNode(target);
          if (next !== null) seen.add(next);
        }
      }
    }
  }
}
