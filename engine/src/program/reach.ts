/** Everything that runs with one definition: the walk over the graph, with what imported modules do on the way. */
import { type EffectOn, Effects } from "../fingerprint/effects.ts";
import type { Definition } from "../graph/definitions.ts";
import type { GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import type { Analysis } from "./analysis.ts";

/** All nodes reached, breadth first, with the place in `order` of the node each was first reached from. */
export interface Reach {
  readonly order: readonly GraphNode[];
  /** Of the root, and of what `code_deps` names: the root. */
  readonly parents: Uint16Array | Uint32Array;
  /** Keys where they are not the nodes' own: two files of one module name are kept apart. By place in `order`; root apart. */
  readonly keys: ReadonlyMap<number, string>;
  readonly effects: ReadonlyMap<GraphNode, readonly EffectOn[]>;
  /** Nodes that no edge led to: what becomes of what they reach concerns the root as well. The root itself is one. */
  readonly anchors: readonly GraphNode[];
  /** Files of the nodes, each once, nearest first. */
  readonly files: readonly string[];
  /** Named in `code_deps`. */
  readonly extra: readonly GraphNode[];
  /** It asks for the subclasses of a class: any file that runs with it may have another one. */
  readonly isOpen: boolean;
}

let walks = 0;

/** Walks everything that runs with `root`; effects of imported modules bring in more. */
export function reachOf(a: Analysis, root: GraphNode, extra: readonly GraphNode[] = []): Reach {
  const walk = ++walks;
  const { file } = root;
  const order: GraphNode[] = [root];
  const parents: number[] = [0];
  const anchors: GraphNode[] = [root];
  const files = new Set<string>();
  let effects: Map<GraphNode, EffectOn[]> | null = null;
  let isOpen = false;
  root.walk = walk;
  a.effects.prepare(file);
  const visit = (node: GraphNode, from: number): boolean => {
    if (node.walk === walk || node.definition === null) return false;
    node.walk = walk;
    order.push(node);
    parents.push(from);
    return true;
  };
  const enter = (node: GraphNode, from: number) => {
    if (visit(node, from)) anchors.push(node);
  };
  const add = (node: GraphNode, effect: EffectOn, from: number) => {
    const list = effects?.get(node);
    if (node.definition === null || list?.includes(effect) || Effects.isOwn(node.definition, effect)) return;
    effects ??= new Map();
    if (list) list.push(effect);
    else effects.set(node, [effect]);
    for (const next of a.graph.reached(effect.file, effect.slice.piece)) enter(next, from);
  };
  for (const node of extra) enter(node, 0);
  for (let i = 0; i < order.length; i++) {
    const node = order[i];
    for (const next of a.graph.successors(node)) visit(next, i);
    for (const effect of a.effects.on(node, file)) add(node, effect, i);
    const { definition } = node;
    if (definition === null) continue;
    files.add(definition.file);
    if (definition.reads & Reads.Subclasses) {
      isOpen = true;
      for (const base of a.graph.subclassesRead(node)) {
        enter(base, i);
        for (const effect of a.effects.subclasses(base, file)) add(base, effect, order.indexOf(base));
      }
    }
  }
  const places = order.length <= 2 ** 16 ? Uint16Array.from(parents) : Uint32Array.from(parents);
  // Lists of exactly their length: those that grew by `push` hold room for many more.
  return {
    order: order.slice(),
    parents: places,
    keys: keysOf(order),
    effects: effects ?? NO_EFFECTS,
    anchors: anchors.slice(),
    files: [...files],
    extra,
    isOpen,
  };
}

const NO_EFFECTS: ReadonlyMap<GraphNode, readonly EffectOn[]> = new Map();
const NO_KEYS: ReadonlyMap<number, string> = new Map();

/** Key of the root's own entry. */
export function rootKey({ order }: Reach): string {
  return `self:${(order[0].definition as Definition).qualname}`;
}

function keysOf(order: readonly GraphNode[]): ReadonlyMap<number, string> {
  if (haveKeysApart(order)) return NO_KEYS;
  const keys = new Map<number, string>();
  const used = new Set<string>();
  for (let i = 1; i < order.length; i++) {
    const definition = order[i].definition as Definition;
    let { key } = definition;
    if (used.has(key)) {
      key = `${key}@${definition.file}`;
      keys.set(i, key);
    }
    used.add(key);
  }
  return keys;
}

/** Whether no two of the nodes, root apart, can have one key: quicker to see than to spell the keys. */
function haveKeysApart(order: readonly GraphNode[]): boolean {
  const hashes = new Set<number>();
  for (let i = 1; i < order.length; i++) hashes.add((order[i].definition as Definition).keyHash);
  return hashes.size === order.length - 1;
}

/** What the reached code reads of the parts that normally do not count. */
export function readsIn(reach: Reach): number {
  let reads = Reads.Nothing as number;
  for (const node of reach.order) reads |= node.definition?.reads ?? 0;
  for (const list of reach.effects.values()) for (const effect of list) reads |= effect.slice.piece.reads;
  return reads & Reads.Variant;
}
