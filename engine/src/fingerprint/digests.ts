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
import { TokenStream } from "../text/digest.ts";
import { DigestTable } from "./digestTable.ts";
import type { EffectOn } from "./effects.ts";
import { refine } from "./refinement.ts";
import { type Colours, type Slots, TokenWriter } from "./tokens.ts";

const words = new Int32Array(4);

/** Words of tokens kept at a time, all nodes together: 8 MB. */
const MOST_WORDS = 1 << 21;

const EMPTY = new DigestTable();

export class Digests {
  readonly #graph: DefinitionGraph;
  readonly #writer: TokenWriter;
  readonly #effects: (node: GraphNode) => readonly EffectOn[];
  /** By variant, a bit set of `Reads`. */
  readonly #variants: DigestTable[] = [];
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
    return this.#known(node, Reads.Nothing).reads(node) & Reads.Variant;
  }

  /** Digest of a node with everything it reaches, at its own variant: names, docs or annotations where they are read. */
  full(node: GraphNode): string {
    return this.digest(node, this.reads(node));
  }

  digest(node: GraphNode, variant: number): string {
    return this.#known(node, variant).hex(node);
  }

  /** Appends a node's digest to a stream, as its text. */
  append(node: GraphNode, variant: number, stream: TokenStream): void {
    this.#known(node, variant).append(node, stream);
  }

  /** Takes in that nodes are not what they were; `dependents` are these and all that reach them. */
  update(touched: Iterable<GraphNode>, dependents: Iterable<GraphNode>): void {
    this.#round++;
    this.#pieces = new WeakMap();
    for (const table of this.#variants) {
      if (table === undefined) continue;
      for (const node of dependents) table.doubt(node);
      for (const node of touched) table.touch(node);
    }
  }

  /** Forgets nodes that are no more, before other nodes have their numbers. */
  forget(nodes: Iterable<GraphNode>): void {
    for (const node of nodes) for (const table of this.#variants) this.#kept -= table?.delete(node) ?? 0;
  }

  /** The table of a variant, in which a node's digest is known and holds. */
  #known(node: GraphNode, variant: number): DigestTable {
    let table = this.#variants[variant];
    if (table === undefined) {
      table = new DigestTable();
      this.#variants[variant] = table;
    }
    if (table.isFresh(node)) return table;
    const all = table;
    const found = components(
      this.#graph.marks,
      node,
      (each) => this.#successors(each),
      (each) => all.isFresh(each),
    );
    for (const component of found) if (!this.#stands(component, table)) this.#component(component, variant, table);
    return table;
  }

  /** Whether a component is what it was: no member touched, the same members, nothing that they refer to another. */
  #stands(members: readonly GraphNode[], table: DigestTable): boolean {
    const [first] = members;
    const component = table.component(first);
    if (!table.has(first) || (component?.length ?? 1) !== members.length) return false;
    for (const node of members) {
      if (!table.has(node) || table.component(node) !== component || table.isTouched(node)) return false;
      const checked = table.checked(node);
      for (const next of this.#successors(node)) if (table.isFresh(next) && table.since(next) > checked) return false;
    }
    for (const node of members) table.confirm(node, this.#round);
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
    const done = this.#variants[variant] ?? EMPTY;
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

  #component(members: readonly GraphNode[], variant: number, table: DigestTable): void {
    this.digested++;
    const reads = variant === Reads.Nothing ? this.#readsOf(members, table) : Reads.Nothing;
    const component = members.length === 1 ? null : members;
    if (component === null) {
      this.#single(members[0], variant, table);
      this.#set(members[0], table, reads, component);
      return;
    }
    const write = (node: GraphNode, colours: Colours, own: string, slots: Slots | null) =>
      this.#writer.node(this.#stream, node, variant, table, colours, own, slots);
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
      this.#set(node, table, reads, component);
    }
  }

  /** The tokens of a node that is a component of its own, into the stream. */
  #single(node: GraphNode, variant: number, table: DigestTable): void {
    const tokens = table.isTouched(node) ? null : table.tokens(node);
    if (tokens !== null) {
      const { places, nodes } = tokens;
      this.#stream.refill(tokens.words);
      for (let i = 0; i < places.length; i++) table.replace(nodes[i], this.#stream, places[i]);
      return;
    }
    const places: number[] = [];
    const nodes: GraphNode[] = [];
    const slots = { places, nodes, peerPlaces: [], peers: [], hasSortedPeers: false };
    const isPlain = this.#writer.node(this.#stream, node, variant, table, null, "", slots);
    // The second time.
    if (!table.has(node)) return;
    const isKept = isPlain && this.#kept + this.#stream.length < MOST_WORDS;
    // Lists that grew by `push` hold room for many more.
    const now = isKept ? { words: this.#stream.copy(), places: places.slice(), nodes: nodes.slice() } : null;
    this.#kept += table.keepTokens(node, now);
  }

  /** What the stream holds is the digest of a node. */
  #set(node: GraphNode, table: DigestTable, reads: number, component: readonly GraphNode[] | null): void {
    this.#stream.hash(words);
    table.set(node, words, reads, component, this.#round);
    // Tokens are of a time when it stood alone.
    if (component !== null) this.#kept += table.keepTokens(node, null);
  }

  /** Gives back what long tokens needed. */
  rest(): void {
    this.#stream.shrink();
  }

  #readsOf(members: readonly GraphNode[], table: DigestTable): number {
    let reads = 0;
    const inside = new Set(members);
    for (const node of members) {
      reads |= node.definition?.reads ?? 0;
      if (readsParameters(this.#graph, node)) reads |= Reads.Parameters;
      for (const effect of this.#effects(node)) reads |= effect.slice.piece.reads;
      for (const next of this.#successors(node)) if (!inside.has(next)) reads |= table.reads(next);
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
