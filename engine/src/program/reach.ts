/** Everything that runs with one definition: the walk over the graph, with what imported modules do on the way. */
import { type EffectOn, Effects } from "../fingerprint/effects.ts";
import type { Definition } from "../graph/definitions.ts";
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import type { Analysis } from "./analysis.ts";

type Numbers = Uint16Array | Uint32Array;

/**
 * All nodes reached, breadth first. There is one for every stage, and a large project's stages reach tens of thousands of
 * nodes each: numbers, not lists of objects. Good until the next change.
 */
export class Reach {
  readonly #graph: DefinitionGraph;
  /** Numbers of the nodes in the graph. */
  readonly #numbers: Numbers;
  /** Of each node, the place of the one it was first reached from; of the root, its own. Null: to be found when asked for. */
  #parents: Numbers | null;
  /** Keys where they are not the nodes' own: two files of one module name are kept apart. By place; root apart. */
  readonly #keys: ReadonlyMap<number, string>;
  /** Places of nodes to which something is done, ascending, with what is done to each. */
  readonly #affected: Numbers;
  readonly #effects: readonly (readonly EffectOn[])[];
  /** Nodes that no edge led to: what becomes of what they reach concerns the root as well. The root itself is one. */
  readonly anchors: readonly GraphNode[];
  /** Named in `code_deps`. */
  readonly extra: readonly GraphNode[];
  /** It asks for the subclasses of a class: any file that runs with it may have another one. */
  readonly isOpen: boolean;

  constructor(
    { graph, effects: all }: Analysis,
    order: readonly GraphNode[],
    parents: readonly number[] | null,
    effects: ReadonlyMap<GraphNode, readonly EffectOn[]> | null,
    rest: Pick<Reach, "anchors" | "extra" | "isOpen">,
  ) {
    this.#graph = graph;
    const numbers = order.map((node) => node.number);
    this.#numbers = numbersOf(numbers);
    this.#parents = parents === null ? null : numbersOf(parents);
    this.#keys = keysOf(order);
    const affected: number[] = [];
    if (effects !== null) for (const [i, node] of order.entries()) if (effects.has(node)) affected.push(i);
    this.#affected = numbersOf(affected);
    this.#effects =
      affected.length === 0 ? NONE : affected.map((i) => all.shared(order[i], effects?.get(order[i]) ?? NONE));
    // Lists of exactly their length: those that grew by `push` hold room for many more.
    this.anchors = rest.anchors.slice();
    this.extra = rest.extra;
    this.isOpen = rest.isOpen;
  }

  /** Number of nodes. */
  get size(): number {
    return this.#numbers.length;
  }

  get root(): GraphNode {
    return this.node(0);
  }

  node(place: number): GraphNode {
    return this.#graph.numbered(this.#numbers[place]);
  }

  /** All nodes, nearest first. */
  *nodes(): Iterable<GraphNode> {
    for (const number of this.#numbers) yield this.#graph.numbered(number);
  }

  has(node: GraphNode): boolean {
    return this.#numbers.includes(node.number);
  }

  /** Those of the nodes that are among others. */
  among(nodes: ReadonlySet<GraphNode>): Iterable<GraphNode> {
    const numbers = new Set<number>();
    for (const { number } of nodes) numbers.add(number);
    const found: GraphNode[] = [];
    for (let i = 1; i < this.#numbers.length; i++) if (numbers.has(this.#numbers[i])) found.push(this.node(i));
    return found;
  }

  /** Place of the node from which one was reached first. */
  parent(place: number): number {
    this.#parents ??= this.#findParents();
    return this.#parents[place];
  }

  /** The earliest node with a way to each: by an edge, by what is done to it, or because the root names it. */
  #findParents(): Numbers {
    const places = new Map<GraphNode, number>();
    for (const node of this.nodes()) places.set(node, places.size);
    const parents = new Array<number>(places.size).fill(-1);
    const meet = (node: GraphNode, from: number) => {
      const place = places.get(node);
      if (place !== undefined && parents[place] < 0) parents[place] = from;
    };
    meet(this.root, 0);
    for (const node of this.extra) meet(node, 0);
    for (let i = 0; i < parents.length; i++) {
      for (const next of this.#graph.successors(this.node(i))) meet(next, i);
      for (const { file, slice } of this.effectsOn(i) ?? NONE)
        for (const next of this.#graph.reached(file, slice.piece)) meet(next, i);
    }
    return numbersOf(parents.map((from) => Math.max(from, 0)));
  }

  /** What is done to a node from outside; undefined: nothing. */
  effectsOn(place: number): readonly EffectOn[] | undefined {
    const places = this.#affected;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle] < place) low = middle + 1;
      else high = middle;
    }
    return places[low] === place ? this.#effects[low] : undefined;
  }

  /** Places of the nodes to which something is done, ascending. */
  get affected(): Iterable<number> {
    return this.#affected;
  }

  /** Entry key of a node. */
  key(place: number): string {
    const { definition, name } = this.node(place);
    if (place === 0) return `self:${definition?.qualname ?? name}`;
    return (this.#keys.size > 0 ? this.#keys.get(place) : undefined) ?? definition?.key ?? name;
  }

  /** What the reached code reads of the parts that normally do not count. */
  reads(): number {
    let reads = Reads.Nothing as number;
    for (let i = 0; i < this.#numbers.length; i++) reads |= this.node(i).definition?.reads ?? 0;
    for (const list of this.#effects) for (const effect of list) reads |= effect.slice.piece.reads;
    return reads & Reads.Variant;
  }
}

const NONE: readonly never[] = [];
const NO_KEYS: ReadonlyMap<number, string> = new Map();

/** A list of numbers, as short as they let it be. */
function numbersOf(numbers: readonly number[]): Numbers {
  let largest = 0;
  for (const number of numbers) if (number > largest) largest = number;
  return largest < 2 ** 16 ? Uint16Array.from(numbers) : Uint32Array.from(numbers);
}

let walks = 0;

/** Walks everything that runs with `root`; effects of imported modules bring in more. */
export function reachOf(a: Analysis, root: GraphNode, extra: readonly GraphNode[] = []): Reach {
  const walk = ++walks;
  const { file } = root;
  const order: GraphNode[] = [root];
  const parents: number[] = [0];
  const anchors: GraphNode[] = [root];
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
    effects.set(node, list === undefined ? [effect] : [...list, effect]);
    for (const next of a.graph.reached(effect.file, effect.slice.piece)) enter(next, from);
  };
  for (const node of extra) enter(node, 0);
  for (let i = 0; i < order.length; i++) {
    const node = order[i];
    for (const next of a.graph.successors(node)) visit(next, i);
    for (const effect of a.effects.on(node, file)) add(node, effect, i);
    const { definition } = node;
    if (definition === null) continue;
    if (definition.reads & Reads.Subclasses) {
      isOpen = true;
      for (const base of a.graph.subclassesRead(node)) {
        enter(base, i);
        for (const effect of a.effects.subclasses(base, file)) add(base, effect, order.indexOf(base));
      }
    }
  }
  // Classes may be entered from elsewhere than from where they are found again: then it is kept from where.
  return new Reach(a, order, isOpen ? parents : null, effects, { anchors, extra, isOpen });
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
  return keys.size === 0 ? NO_KEYS : keys;
}

/** Whether no two of the nodes, root apart, can have one key: quicker to see than to spell the keys. */
function haveKeysApart(order: readonly GraphNode[]): boolean {
  const hashes = new Set<number>();
  for (let i = 1; i < order.length; i++) hashes.add((order[i].definition as Definition).keyHash);
  return hashes.size === order.length - 1;
}
