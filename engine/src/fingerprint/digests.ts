/**
 * Merkle digests of definitions (M6.3–M6.5): tagged, length-prefixed tokens in which a reference to a first-party
 * definition is that definition's digest. Mutually recursive definitions are digested as one component. Names, places and
 * orders of files never enter, unless reachable code reads them (`Reads`).
 *
 * Kept from change to change: what may differ is looked at again from below, and where a digest comes out as it was,
 * nothing above it is hashed.
 */
import { components } from "../graph/components.ts";
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import type { Level } from "../program/types.ts";
import type { Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";
import type { Piece } from "../summary/types.ts";
import { hexOf, TokenStream } from "../text/digest.ts";
import type { EffectOn } from "./effects.ts";
import { refine } from "./refinement.ts";
import { type Colours, type Slots, TokenWriter } from "./tokens.ts";

/** What is known of a node at one variant. */
interface Known {
  /** The digest, as four words. */
  h1: number;
  h2: number;
  h3: number;
  h4: number;
  /** What the code reachable from it reads of the parts that normally do not count; at variant `Nothing` only. */
  reads: number;
  /** Members of its component, shared by all of them; null for a component of one. */
  component: readonly GraphNode[] | null;
  /** The round of changes in which it came out as this. */
  since: number;
  /** The last round in which it was looked at. */
  checked: number;
  /** It may be another now. */
  isStale: boolean;
  /** The node's own tokens may differ. */
  isTouched: boolean;
  /** Its tokens, for the next time that nothing but a digest below it differs; made at the second time. */
  tokens: Tokens | null;
}

/** A node's tokens with the places of the digests among them. */
interface Tokens {
  readonly words: Int32Array;
  readonly places: readonly number[];
  readonly nodes: readonly GraphNode[];
}

/** By node, at one variant (a bit set of `Reads`). */
type Variant = Map<GraphNode, Known>;

const words = new Int32Array(4);

/** Words of tokens kept at a time, all nodes together: 8 MB. */
const MOST_WORDS = 1 << 21;

export class Digests {
  readonly #graph: DefinitionGraph;
  readonly #writer: TokenWriter;
  readonly #effects: (node: GraphNode) => readonly EffectOn[];
  readonly #variants: Variant[] = [];
  readonly #stream = new TokenStream(1024);
  /** Digests of pieces by variant, until the next change: what a module does on import concerns many stages. */
  #pieces = new WeakMap<Piece, string[]>();
  /** Rounds of changes so far. */
  #round = 0;
  /** Words kept as tokens. */
  #kept = 0;
  /** Components digested so far. */
  digested = 0;

  /** `effects`: statements elsewhere that count as part of a node; none by default. */
  constructor(
    source: SummarySource,
    graph: DefinitionGraph,
    resolver: Resolver,
    level: Level,
    effects: (node: GraphNode) => readonly EffectOn[] = () => [],
  ) {
    this.#effects = effects;
    this.#graph = graph;
    this.#writer = new TokenWriter(source, graph, resolver, level, effects);
  }

  /** What the code reachable from a node reads of the parts that normally do not count. */
  reads(node: GraphNode): number {
    return this.#known(node, Reads.Nothing).reads & Reads.Variant;
  }

  /** Digest of a node with everything it reaches, at its own variant: names, docs or annotations where they are read. */
  full(node: GraphNode): string {
    return this.digest(node, this.reads(node));
  }

  digest(node: GraphNode, variant: number): string {
    const { h1, h2, h3, h4 } = this.#known(node, variant);
    return hexOf(h1, h2, h3, h4);
  }

  /** Appends a node's digest to a stream, as its text. */
  append(node: GraphNode, variant: number, stream: TokenStream): void {
    const { h1, h2, h3, h4 } = this.#known(node, variant);
    stream.digestText(h1, h2, h3, h4);
  }

  /** Takes in that nodes are not what they were; `dependents` are these and all that reach them. */
  update(touched: Iterable<GraphNode>, dependents: Iterable<GraphNode>): void {
    this.#round++;
    this.#pieces = new WeakMap();
    for (const variant of this.#variants) {
      if (variant === undefined) continue;
      for (const node of dependents) {
        const known = variant.get(node);
        if (known !== undefined) known.isStale = true;
      }
      for (const node of touched) {
        const known = variant.get(node);
        if (known !== undefined) known.isTouched = true;
      }
    }
  }

  /** Forgets nodes that are no more. */
  forget(nodes: Iterable<GraphNode>): void {
    for (const node of nodes) {
      for (const variant of this.#variants) {
        this.#kept -= variant?.get(node)?.tokens?.words.length ?? 0;
        variant?.delete(node);
      }
    }
  }

  #known(node: GraphNode, number: number): Known {
    let variant = this.#variants[number];
    if (variant === undefined) {
      variant = new Map();
      this.#variants[number] = variant;
    }
    const known = variant.get(node);
    if (known !== undefined && !known.isStale) return known;
    const all = variant;
    const found = components(
      node,
      (each) => this.#successors(each),
      (each) => all.get(each)?.isStale === false,
    );
    for (const component of found) if (!this.#stands(component, variant)) this.#component(component, number, variant);
    return variant.get(node) as Known;
  }

  /** Whether a component is what it was: no member touched, the same members, nothing that they refer to another. */
  #stands(members: readonly GraphNode[], variant: Variant): boolean {
    const first = variant.get(members[0]);
    if (first === undefined || (first.component?.length ?? 1) !== members.length) return false;
    for (const node of members) {
      const known = variant.get(node);
      if (known === undefined || known.component !== first.component || known.isTouched) return false;
      for (const next of this.#successors(node)) {
        const below = variant.get(next);
        if (below !== undefined && !below.isStale && below.since > known.checked) return false;
      }
    }
    for (const node of members) {
      const known = variant.get(node) as Known;
      known.checked = this.#round;
      known.isStale = false;
    }
    return true;
  }

  /** Digest of a piece that is no definition's own: an effect, or an argument of a stage decorator. */
  piece(file: string, piece: Piece, variant: number): string {
    let known = this.#pieces.get(piece);
    if (known === undefined) {
      known = [];
      this.#pieces.set(piece, known);
    }
    known[variant] ??= this.#piece(file, piece, variant);
    return known[variant];
  }

  #piece(file: string, piece: Piece, variant: number): string {
    for (const node of this.#graph.reached(file, piece)) this.digest(node, variant);
    const stream = this.#stream;
    stream.clear();
    const done = this.#variants[variant] ?? new Map();
    this.#writer.piece({ stream, node: null, file, variant, done, peers: null, slots: null }, piece);
    return stream.digest();
  }

  #successors(node: GraphNode): readonly GraphNode[] {
    const own = this.#graph.successors(node);
    const effects = this.#effects(node);
    if (effects.length === 0) return own;
    const all = new Set(own);
    for (const effect of effects)
      for (const next of this.#graph.reached(effect.file, effect.slice.piece)) all.add(next);
    all.delete(node);
    return [...all];
  }

  #component(members: readonly GraphNode[], number: number, variant: Variant): void {
    this.digested++;
    const reads = number === Reads.Nothing ? this.#readsOf(members, variant) : Reads.Nothing;
    const component = members.length === 1 ? null : members;
    if (component === null) {
      this.#single(members[0], number, variant);
      this.#set(members[0], variant, reads, component);
      return;
    }
    const write = (node: GraphNode, colours: Colours, own: string, slots: Slots | null) =>
      this.#writer.node(this.#stream, node, number, variant, colours, own, slots);
    let { colours, count } = refine(members, this.#stream, write);
    if (count < members.length) {
      // Members that nothing tells apart stand in the order of their qualified names (M6.4).
      const ordered = [...members].sort(
        (x, y) => compare(colours.get(x), colours.get(y)) || compare(qualname(x), qualname(y)),
      );
      const positions = new Map(ordered.map((node, position) => [node, String(position)]));
      colours = new Map();
      for (const node of members) {
        write(node, positions, positions.get(node) as string, null);
        colours.set(node, this.#stream.digest());
      }
    }
    const all = new TokenStream(64);
    const sorted = [...colours.values()].sort();
    all.int(sorted.length);
    for (const colour of sorted) all.text(colour);
    const whole = all.digest();
    for (const [node, colour] of colours) {
      const stream = this.#stream;
      stream.clear();
      stream.text(whole);
      stream.text(colour);
      this.#set(node, variant, reads, component);
    }
  }

  /** The tokens of a node that is a component of its own, into the stream. */
  #single(node: GraphNode, number: number, variant: Variant): void {
    const known = variant.get(node);
    const tokens = known === undefined || known.isTouched ? null : known.tokens;
    if (tokens !== null) {
      const { places, nodes } = tokens;
      this.#stream.refill(tokens.words);
      for (let i = 0; i < places.length; i++) {
        const { h1, h2, h3, h4 } = variant.get(nodes[i]) as Known;
        this.#stream.digestTextAt(places[i], h1, h2, h3, h4);
      }
      return;
    }
    const places: number[] = [];
    const nodes: GraphNode[] = [];
    const slots = { places, nodes, peerPlaces: [], peers: [], hasSortedPeers: false };
    const isPlain = this.#writer.node(this.#stream, node, number, variant, null, "", slots);
    if (known === undefined) return;
    if (known.tokens !== null) this.#kept -= known.tokens.words.length;
    const { length } = this.#stream;
    known.tokens = isPlain && this.#kept + length < MOST_WORDS ? { words: this.#stream.copy(), places, nodes } : null;
    if (known.tokens !== null) this.#kept += length;
  }

  /** What the stream holds is the digest of a node. */
  #set(node: GraphNode, variant: Variant, reads: number, component: readonly GraphNode[] | null): void {
    this.#stream.hash(words);
    const [h1, h2, h3, h4] = words;
    const round = this.#round;
    const known = variant.get(node);
    if (known === undefined) {
      const first = {
        h1,
        h2,
        h3,
        h4,
        reads,
        component,
        since: round,
        checked: round,
        isStale: false,
        isTouched: false,
        tokens: null,
      };
      variant.set(node, first);
      return;
    }
    if (known.h1 !== h1 || known.h2 !== h2 || known.h3 !== h3 || known.h4 !== h4 || known.reads !== reads) {
      known.h1 = h1;
      known.h2 = h2;
      known.h3 = h3;
      known.h4 = h4;
      known.reads = reads;
      known.since = round;
    }
    if (component !== null && known.tokens !== null) {
      // Of a time when it stood alone.
      this.#kept -= known.tokens.words.length;
      known.tokens = null;
    }
    known.component = component;
    known.checked = round;
    known.isStale = false;
    known.isTouched = false;
  }

  #readsOf(members: readonly GraphNode[], variant: Variant): number {
    let reads = 0;
    const inside = new Set(members);
    for (const node of members) {
      reads |= node.definition?.reads ?? 0;
      if (readsParameters(this.#graph, node)) reads |= Reads.Parameters;
      for (const effect of this.#effects(node)) reads |= effect.slice.piece.reads;
      for (const next of this.#successors(node)) if (!inside.has(next)) reads |= variant.get(next)?.reads ?? 0;
    }
    return reads;
  }
}

/** Whether a definition may call first-party code with keywords, at level `behavioral`. */
export function readsParameters(graph: DefinitionGraph, node: GraphNode): boolean {
  return ((node.definition?.reads ?? 0) & Reads.Keywords) !== 0 && graph.successors(node).length > 0;
}

function qualname(node: GraphNode): string {
  return node.definition?.qualname ?? "";
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
