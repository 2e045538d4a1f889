/** Everything that runs with one definition: the walk over the graph, with what imported modules do on the way. */

import { readsParameters } from "../fingerprint/digests.ts";
import { type EffectOn, Effects } from "../fingerprint/effects.ts";
import type { Definition } from "../graph/definitions.ts";
import type { GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import type { Analysis } from "./analysis.ts";

type Numbers = Uint16Array | Uint32Array;

/**
 * All nodes reached, breadth first. There is one for every stage, and a large project's stages reach tens of thousands of
 * nodes each: numbers, not lists of objects, and what few ask for is found by walking once more. Good until the next change.
 */
export class Reach {
  readonly #a: Analysis;
  /** Numbers of the nodes in the graph; behind them, places of those to which something is done, ascending. */
  readonly #numbers: Numbers;
  /** Number of nodes. */
  readonly size: number;
  /** Of each node, the place of the one it was first reached from; of the root, its own. Null: to be found when asked for. */
  #parents: Numbers | null = null;
  /** Keys where they are not the nodes' own: two files of one module name are kept apart. By place; root apart. */
  readonly #keys: ReadonlyMap<number, string>;
  /** What is done to each of those; null: to be found when asked for. */
  #effects: readonly (readonly EffectOn[])[] | null;
  /** What is read by what is done. */
  readonly #effectReads: number;
  /** Nodes that no edge led to: what becomes of what they reach concerns the root as well. The root itself is one. */
  readonly anchors: readonly GraphNode[];
  /** Named in `code_deps`. */
  readonly extra: readonly GraphNode[];
  /** It asks for the subclasses of a class: any file that runs with it may have another one. */
  readonly isOpen: boolean;

  constructor(a: Analysis, { order, effects, anchors, extra, isOpen }: Walk) {
    this.#a = a;
    this.size = order.length;
    const numbers = order.map((node) => node.number);
    if (effects !== null) for (let i = 0; i < order.length; i++) if (effects.has(order[i])) numbers.push(i);
    this.#numbers = numbersOf(numbers);
    this.#keys = keysOf(order);
    this.#effects = this.#listsOf(order, effects);
    let reads = 0;
    for (const list of this.#effects) for (const effect of list) reads |= effect.slice.piece.reads;
    this.#effectReads = reads;
    // Lists of exactly their length: those that grew by `push` hold room for many more.
    this.anchors = anchors.slice();
    this.extra = extra;
    this.isOpen = isOpen;
  }

  /** Lets go of what is found again by another walk, where that is much. */
  rest(): void {
    this.#parents = null;
    let size = 0;
    for (const list of this.#effects ?? NONE) size += list.length;
    if (size > MOST_EFFECTS) this.#effects = null;
  }

  /** Finds what was let go of. */
  #again(): void {
    const { order, parents, effects } = walk(this.#a, this.root, this.extra);
    // Asked for after a change: nothing that would belong together is left.
    const isSame = order.length === this.size && order.every((node, i) => node.number === this.#numbers[i]);
    this.#parents = numbersOf(isSame ? parents : new Array<number>(this.size).fill(0));
    this.#effects = isSame ? this.#listsOf(order, effects) : NONE;
  }

  #listsOf(
    order: readonly GraphNode[],
    effects: ReadonlyMap<GraphNode, readonly EffectOn[]> | null,
  ): readonly (readonly EffectOn[])[] {
    if (effects === null) return NONE;
    const lists = new Array<readonly EffectOn[]>(this.#numbers.length - this.size);
    for (let i = 0; i < lists.length; i++) {
      const node = order[this.#numbers[this.size + i]];
      lists[i] = this.#a.effects.shared(node, effects.get(node) ?? NONE);
    }
    return lists;
  }

  /** Places of nodes to which something is done, ascending. */
  get affected(): Numbers {
    return this.#numbers.subarray(this.size);
  }

  get root(): GraphNode {
    return this.node(0);
  }

  node(place: number): GraphNode {
    return this.#a.graph.numbered(this.#numbers[place]);
  }

  /** All nodes, nearest first. */
  *nodes(): Iterable<GraphNode> {
    for (let i = 0; i < this.size; i++) yield this.node(i);
  }

  has(node: GraphNode): boolean {
    const at = this.#numbers.indexOf(node.number);
    return at >= 0 && at < this.size;
  }

  /** Those of the nodes that are among others. */
  among(nodes: ReadonlySet<GraphNode>): Iterable<GraphNode> {
    const numbers = new Set<number>();
    for (const { number } of nodes) numbers.add(number);
    const found: GraphNode[] = [];
    for (let i = 1; i < this.size; i++) if (numbers.has(this.#numbers[i])) found.push(this.node(i));
    return found;
  }

  /** Place of the node from which one was reached first. */
  parent(place: number): number {
    if (this.#parents === null) this.#again();
    return this.#parents?.[place] ?? 0;
  }

  /** What is done to a node from outside; undefined: nothing. */
  effectsOn(place: number): readonly EffectOn[] | undefined {
    const numbers = this.#numbers;
    let low = this.size;
    let high = numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[middle] < place) low = middle + 1;
      else high = middle;
    }
    if (numbers[low] !== place) return undefined;
    if (this.#effects === null) this.#again();
    return this.#effects?.[low - this.size];
  }

  /** Entry key of a node. */
  key(place: number): string {
    const { definition, name } = this.node(place);
    if (place === 0) return `self:${definition?.qualname ?? name}`;
    return (this.#keys.size > 0 ? this.#keys.get(place) : undefined) ?? definition?.key ?? name;
  }

  /** What the reached code reads of the parts that normally do not count. */
  reads(): number {
    let reads = this.#effectReads;
    for (let i = 0; i < this.size; i++) {
      const node = this.node(i);
      reads |= node.definition?.reads ?? 0;
      if (readsParameters(this.#a.graph, node)) reads |= Reads.Parameters;
    }
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

/** Statements that are kept with what is reached; beyond, they are found again. */
const MOST_EFFECTS = 500;

let walks = 0;

interface Walk {
  readonly order: readonly GraphNode[];
  readonly parents: readonly number[];
  readonly effects: ReadonlyMap<GraphNode, readonly EffectOn[]> | null;
  readonly anchors: readonly GraphNode[];
  readonly extra: readonly GraphNode[];
  readonly isOpen: boolean;
}

/** Everything that runs with `root`; effects of imported modules bring in more. */
export function reachOf(a: Analysis, root: GraphNode, extra: readonly GraphNode[] = []): Reach {
  return new Reach(a, walk(a, root, extra));
}

function walk(a: Analysis, root: GraphNode, extra: readonly GraphNode[]): Walk {
  const number = ++walks;
  const { file } = root;
  const order: GraphNode[] = [root];
  const parents: number[] = [0];
  const anchors: GraphNode[] = [root];
  let effects: Map<GraphNode, EffectOn[]> | null = null;
  let isOpen = false;
  let readsAmbient = false;
  root.walk = number;
  a.effects.prepare(file);
  const visit = (node: GraphNode, from: number): boolean => {
    if (node.walk === number || node.definition === null) return false;
    node.walk = number;
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
    if (list === undefined) effects.set(node, [effect]);
    else list.push(effect);
    for (const next of a.graph.reached(effect.file, effect.slice.piece)) enter(next, from);
  };
  for (const node of extra) enter(node, 0);
  for (let i = 0; i < order.length; i++) {
    const node = order[i];
    for (const next of a.graph.successors(node)) visit(next, i);
    for (const effect of a.effects.on(node, file)) add(node, effect, i);
    if (!readsAmbient && a.effects.readsAmbient(node)) {
      readsAmbient = true;
      for (const effect of a.effects.ambient(file)) add(root, effect, 0);
    }
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
  return { order, parents, effects, anchors, extra, isOpen };
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
