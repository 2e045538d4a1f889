/**
 * What running a function, or making an instance of a class, may change: module-level names that it rebinds, mutates or
 * hands on, and those that what it calls does (manifest §4). Kept per node; a change takes back what it can concern.
 */
import { components } from "../graph/components.ts";
import { WHOLE } from "../graph/definitions.ts";
import { type DefinitionGraph, type GraphChange, GraphNode } from "../graph/graph.ts";
import type { Chain } from "../normalisation/chains.ts";
import type { SummaryChange } from "../resolve/changes.ts";
import type { Resolver } from "../resolve/resolver.ts";
import type { SummarySource, Target } from "../resolve/targets.ts";
import { chainAt } from "../summary/packed.ts";
import type { Piece } from "../summary/types.ts";
import { isImmutable } from "../summary/values.ts";
import { isAmbient, isSetter, mayEndSetter } from "./ambientState.ts";

const NOTHING: ReadonlySet<GraphNode> = new Set();

/** Stands among what a node changes for state that code depends on which does not name it; no node of the graph. */
export const AMBIENT = new GraphNode("", "", false, -1);

/** What makes objects whose methods leave nothing behind that a pipeline's results could show. */
export const UNCHANGING: ReadonlySet<string> = new Set([
  "logging.getLogger",
  "logging.Logger",
  "structlog.get_logger",
  "loguru.logger",
  "importlib.import_module",
  "pytest.importorskip",
  "re.compile",
  "re.compile().findall",
  "re.compile().finditer",
  "re.compile().fullmatch",
  "re.compile().match",
  "re.compile().search",
  "re.compile().split",
  "re.compile().sub",
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

type Named = Extract<Target, { kind: "name" }>;

/** Aliases of aliases that are followed. */
const MOST_ALIASES = 8;

/** What a node changes by its own code. */
interface Direct {
  readonly nodes: ReadonlySet<GraphNode>;
  /** Whether what it refers to may run with it. */
  readonly calls: boolean;
}

export class Mutations {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #direct = new Map<GraphNode, Direct>();
  readonly #all = new Map<GraphNode, ReadonlySet<GraphNode>>();
  /** Names whose facts were looked at, with the nodes for which they were. */
  readonly #considered = new Map<GraphNode, Set<GraphNode>>();

  constructor(source: SummarySource, graph: DefinitionGraph, resolver: Resolver) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
  }

  /** Nodes that running a function or making an instance of a class changes, through the functions it calls too. */
  of(node: GraphNode): ReadonlySet<GraphNode> {
    const found = components(
      this.#graph.marks,
      node,
      (each) => this.#called(each),
      (each) => this.#all.has(each),
    );
    for (const component of found) {
      let all: Set<GraphNode> | null = null;
      let shared = NOTHING;
      const add = (more: ReadonlySet<GraphNode>) => {
        if (more.size === 0 || more === shared) return;
        if (all === null && shared.size === 0) {
          shared = more;
          return;
        }
        all ??= new Set(shared);
        for (const each of more) all.add(each);
      };
      for (const member of component) {
        add(this.#directOf(member).nodes);
        for (const next of this.#called(member)) add(this.#all.get(next) ?? NOTHING);
      }
      for (const member of component) this.#all.set(member, all ?? shared);
    }
    return this.#all.get(node) ?? NOTHING;
  }

  /** Takes in a change; gives what was known of nodes of which something else may hold now. */
  update(
    { touched, rewired, removed }: GraphChange,
    changes: ReadonlyMap<string, SummaryChange>,
  ): ReadonlyMap<GraphNode, ReadonlySet<GraphNode>> {
    const candidates = new Set(touched);
    for (const named of touched) for (const node of this.#considered.get(named) ?? []) candidates.add(node);
    for (const [file, { facts }] of changes) {
      for (const name of facts) {
        const named = this.#graph.peek(file, name);
        for (const node of (named && this.#considered.get(named)) ?? []) candidates.add(node);
      }
    }
    const others = new Set<GraphNode>();
    for (const node of candidates) {
      const old = this.#direct.get(node);
      if (old === undefined) continue;
      this.#direct.delete(node);
      const now = this.#directOf(node);
      if (old.calls !== now.calls || !sameSet(old.nodes, now.nodes) || (now.calls && rewired.has(node)))
        others.add(node);
    }
    const taken = new Map<GraphNode, ReadonlySet<GraphNode>>();
    if (others.size > 0) {
      for (const node of this.#graph.dependents(others)) {
        const known = this.#all.get(node);
        if (known === undefined) continue;
        taken.set(node, known);
        this.#all.delete(node);
      }
    }
    for (const node of removed) {
      this.#direct.delete(node);
      this.#all.delete(node);
      this.#considered.delete(node);
    }
    return taken;
  }

  #called(node: GraphNode): readonly GraphNode[] {
    return this.#directOf(node).calls ? this.#graph.successors(node) : [];
  }

  #directOf(node: GraphNode): Direct {
    let direct = this.#direct.get(node);
    if (direct === undefined) {
      const kind = node.definition?.kind;
      direct = { nodes: this.#changedBy(node), calls: kind === "func" || kind === "class" };
      this.#direct.set(node, direct);
    }
    return direct;
  }

  #changedBy(node: GraphNode): ReadonlySet<GraphNode> {
    let out: Set<GraphNode> | null = null;
    const pieces = node.definition?.pieces ?? [];
    const slices = (!node.isNested && this.#source.summary(node.file)?.names.get(node.name)?.slices) || [];
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i];
      // Last come statements at module level: what they change by running once is told of what they change.
      const order = slices[i - (pieces.length - slices.length)]?.order ?? 0;
      for (const chains of [piece.mutates, piece.hands]) {
        for (const chain of chains) {
          for (const target of objects(this.#resolver.resolve(node.file, chain))) {
            const changed = this.#changed(node, target, piece.sets.includes(chain), piece.mutates.includes(chain));
            if (changed === null || (order > 0 && changed !== AMBIENT && this.#isMadeBy(changed, node.file, order)))
              continue;
            out ??= new Set();
            out.add(changed);
          }
        }
      }
      if (this.#setsAmbient(node, piece)) {
        out ??= new Set();
        out.add(AMBIENT);
      }
    }
    return out ?? NOTHING;
  }

  /** Whether a piece names a function that sets what any code may depend on. */
  #setsAmbient({ file }: GraphNode, { refs }: Piece): boolean {
    const summary = this.#source.summary(file);
    return refs.some((ref) => {
      const chain = summary === null ? undefined : chainAt(summary, ref);
      if (chain === undefined || !mayEndSetter(lastOf(chain))) return false;
      return this.#resolver.resolve(file, ref).some((target) => target.kind === "external" && isSetter(target.dotted));
    });
  }

  /** Whether a statement is among those that make a name up. */
  #isMadeBy(node: GraphNode, file: string, order: number): boolean {
    if (node.file !== file) return false;
    const slices = this.#source.summary(file)?.names.get(node.name)?.slices ?? [];
    return slices.some((slice) => slice.order === order);
  }

  #changed(node: GraphNode, target: Target, isSet: boolean, isReceiver: boolean): GraphNode | null {
    if (target.kind === "name") {
      const named = this.#graph.named(target.file, target.name);
      this.#consider(named, node);
      return isSet || this.#mayChange(node, target, isReceiver) ? named : null;
    }
    if (target.kind === "external") return isSet && isAmbient(target.dotted) ? AMBIENT : null;
    return isSet && target.kind === "module" && target.module.file
      ? this.#graph.named(target.module.file, WHOLE)
      : null;
  }

  #consider(named: GraphNode, node: GraphNode): void {
    const users = this.#considered.get(named);
    if (users) users.add(node);
    else this.#considered.set(named, new Set([node]));
  }

  /**
   * Whether an object may be another one after a method of it was called or after it was handed on: not a literal, not a
   * function or class as such (what their code changes is followed), not a logger or a compiled pattern.
   */
  #mayChange(node: GraphNode, target: Named, isReceiver: boolean, depth = 0): boolean {
    const own = this.#source.summary(target.file)?.names.get(target.name);
    if (own === undefined) return true;
    if (own.constructed !== null && UNCHANGING.has(own.constructed)) return false;
    if (own.value !== null && isImmutable(own.value)) return false;
    if (own.value?.kind === "reference" && target.attrs.length === 0 && depth < MOST_ALIASES) {
      const meant = objects(this.#resolver.resolve(target.file, own.value.chain));
      return !meant.every((next) => {
        if (next.kind !== "name") return false;
        this.#consider(this.#graph.named(next.file, next.name), node);
        return !this.#mayChange(node, next, isReceiver, depth + 1);
      });
    }
    if (own.definition === null || target.attrs.length > 0) return true;
    // What a decorator made of a function may be an object with methods.
    return isReceiver && own.definition.decorators.length > 0;
  }
}

/** The last name that a chain says; an import under another name apart. */
function lastOf(chain: Chain): string {
  if (chain.attrs.length > 0) return chain.attrs[chain.attrs.length - 1];
  return chain.kind === "import" ? (chain.name ?? chain.module) : chain.kind === "nested" ? "" : chain.name;
}

/** The targets that an object may be: without the `__all__` that decides, at run time, whether a star import brings it. */
export function objects(targets: readonly Target[]): readonly Target[] {
  if (targets.length < 2) return targets;
  const isList = (target: Target) => target.kind === "name" && target.name === "__all__";
  return targets.every(isList) ? targets : targets.filter((target) => !isList(target));
}

function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  if (a.size !== b.size) return false;
  for (const each of a) if (!b.has(each)) return false;
  return true;
}
