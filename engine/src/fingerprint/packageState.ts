/**
 * Statements at module level that set state of packages that are not first party (`random.seed(1)`, `json.dumps = ..`), and
 * which definitions that concerns (M4.7): those that name the package; and of state that decides results of whatever runs
 * (ambientState.ts), those that may depend on it.
 */
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import type { Resolver } from "../resolve/resolver.ts";
import type { SummarySource, Target } from "../resolve/targets.ts";
import type { Slice } from "../summary/types.ts";
import { isAmbient, isSetter, readsAmbient } from "./ambientState.ts";
import type { EffectOn } from "./effects.ts";
import { AMBIENT, type Mutations } from "./mutations.ts";

/** Packages whose state decides no result: what they are told at module level is not followed. */
const STATELESS: ReadonlySet<string> = new Set([
  "atexit",
  "faulthandler",
  "gc",
  "logging",
  "pytest",
  "signal",
  "structlog",
  "loguru",
  "sys",
  "typing",
  "unittest",
  "warnings",
]);

/** How names of builtins begin among those of packages. */
export const BUILTINS = "builtins.";
/** Stands among the names of packages for state that concerns code that does not name it. */
export const ANY = "*";
/** Lists of packages that are looked through for an equal one. */
const MOST_LISTS = 1_000;
const NO_PACKAGES: readonly string[] = [];
export const NO_STATES: ReadonlyMap<string, readonly EffectOn[]> = new Map();

export class PackageState {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #mutations: Mutations;
  readonly #lists = new Map<string, readonly string[]>();

  constructor(source: SummarySource, graph: DefinitionGraph, resolver: Resolver, mutations: Mutations) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#mutations = mutations;
  }

  /** Packages whose state concerns a node, kept on the node. */
  of(node: GraphNode): readonly string[] {
    let found = node.packages;
    if (found === null) {
      const names = new Set<string>();
      for (const piece of node.definition?.pieces ?? []) {
        for (const ref of piece.refs) {
          for (const target of this.#resolver.resolve(node.file, ref)) {
            const name = target.kind === "external" ? stateful(target.dotted) : null;
            if (name === null) continue;
            names.add(name);
            if (target.kind === "external" && readsAmbient(target.dotted)) names.add(ANY);
          }
        }
      }
      found = names.size === 0 ? NO_PACKAGES : this.#listOf([...names].sort());
      node.packages = found;
    }
    return found;
  }

  /** The builtins that a node names, and names that nothing defines: each as `builtins.NAME`. */
  builtinsOf(node: GraphNode): ReadonlySet<string> {
    const names = new Set<string>();
    for (const piece of node.definition?.pieces ?? []) {
      for (const ref of piece.refs) {
        for (const target of this.#resolver.resolve(node.file, ref))
          if (target.kind === "builtin") names.add(BUILTINS + target.name);
      }
    }
    return names;
  }

  /** Whether the state of a package, or of a builtin, concerns a node. */
  names(node: GraphNode, name: string): boolean {
    if (this.of(node).includes(name)) return true;
    return name.startsWith(BUILTINS) && this.builtinsOf(node).has(name);
  }

  /** One list for all nodes that name the same packages: there are few of them. */
  #listOf(names: readonly string[]): readonly string[] {
    const key = names.join(" ");
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    if (this.#lists.size >= MOST_LISTS) this.#lists.clear();
    this.#lists.set(key, names);
    return names;
  }

  /** Statements of a file that bind nothing and call or set something of a package that is not first party, by package. */
  stateIn(file: string): ReadonlyMap<string, readonly EffectOn[]> {
    const summary = this.#source.summary(file);
    if (summary === null || summary.rest.length === 0) return NO_STATES;
    const { foreign, effects } = summary;
    if (foreign.length === 0 && effects.length === 0) return NO_STATES;
    const out = new Map<string, EffectOn[]>();
    const add = (name: string | null, slice: Slice) => {
      const list = name === null ? undefined : out.get(name);
      if (name !== null && list === undefined) out.set(name, [{ file, slice }]);
      else if (list?.some((item) => isSameStatement(item.slice, slice)) === false) list.push({ file, slice });
    };
    const bare = new Set(summary.rest.map(({ order }) => order));
    for (const { chain, whole, slice } of foreign) {
      // Handing something of a package on sets nothing of it.
      if (!bare.has(slice.order) || (whole && slice.piece.sets.length === 0)) continue;
      for (const target of this.#resolver.resolve(file, chain)) {
        if (target.kind !== "external") continue;
        add(stateful(target.dotted), slice);
        if (isAmbient(target.dotted)) add(ANY, slice);
      }
    }
    for (const { acting, slice } of effects) {
      if (!bare.has(slice.order)) continue;
      for (const chain of acting) {
        for (const target of this.#meant(file, chain)) {
          if (target.kind === "external") {
            add(stateful(target.dotted), slice);
            if (isSetter(target.dotted)) add(ANY, slice);
          } else if (target.kind === "name") {
            const changed = this.#mutations.of(this.#graph.named(target.file, target.name));
            if (!changed.has(AMBIENT)) continue;
            add(ANY, slice);
          }
        }
      }
    }
    return out.size === 0 ? NO_STATES : out;
  }

  /** What a chain means, another name for something of a package looked through. */
  #meant(file: string, chain: number): readonly Target[] {
    return this.#resolver.resolve(file, chain).flatMap((target) => {
      const own = target.kind === "name" ? this.#source.summary(target.file)?.names.get(target.name) : undefined;
      if (target.kind !== "name" || own === undefined || own.alias < 0) return [target];
      const meant = this.#resolver.resolve(target.file, own.alias);
      return meant.map((next) =>
        next.kind === "external" ? { ...next, dotted: [next.dotted, ...target.attrs].join(".") } : target,
      );
    });
  }
}

/** The package that a dotted name is of, where it has state that others can set; `os.path` has none. */
function stateful(dotted: string): string | null {
  if (dotted.startsWith("os.path.")) return null;
  const dot = dotted.indexOf(".");
  const name = dot < 0 ? dotted : dotted.slice(0, dot);
  // Each builtin by itself: nearly all code names some.
  if (name === "builtins" && dot > 0) return dotted.split(".", 2).join(".");
  return STATELESS.has(name) ? null : name;
}

export function isSameStatement(a: Slice, b: Slice): boolean {
  return a === b || (a.order === b.order && a.range.start === b.range.start && a.piece.shape === b.piece.shape);
}
