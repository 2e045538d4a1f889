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
import { chainText } from "../normalisation/chains.ts";
import type { Level } from "../program/types.ts";
import type { Resolver, SummarySource, Target } from "../resolve/references.ts";
import type { Piece } from "../summary/types.ts";
import { TokenStream } from "../text/digest.ts";
import type { EffectOn } from "./effects.ts";

/** Changes whenever the meaning of any token does: every fingerprint then differs. */
export const SCHEMA = 1;

const enum Mark {
  Self = 1,
  Peer,
  Digest,
  External,
  Builtin,
  Missing,
  Place,
  Docs,
  NoTarget,
  FirstPartyImport,
  Imported,
}

/** What is known of a node at one variant. */
interface Known {
  readonly digest: string;
  /** What the code reachable from it reads of the parts that normally do not count; at variant `Nothing` only. */
  readonly reads: number;
  /** Members of its component, shared by all of them; null for a component of one. */
  readonly component: readonly GraphNode[] | null;
  /** The round of changes in which it came out as this. */
  readonly since: number;
  /** The last round in which it was looked at. */
  checked: number;
}

/** The digests of one variant (a bit set of `Reads`). */
class Variant {
  readonly done = new Map<GraphNode, Known>();
  /** What was known of nodes that may be others now. */
  readonly stale = new Map<GraphNode, Known>();
  /** Nodes whose own tokens may differ. */
  readonly touched = new Set<GraphNode>();
}

export class Digests {
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #source: SummarySource;
  readonly #level: Level;
  readonly #effects: (node: GraphNode) => readonly EffectOn[];
  readonly #variants: Variant[] = [];
  readonly #stream = new TokenStream(1024);
  /** Rounds of changes so far. */
  #round = 0;
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
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#level = level;
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
    return this.#known(node, variant).digest;
  }

  /** Takes in that nodes are not what they were; `dependents` are these and all that reach them. */
  update(touched: Iterable<GraphNode>, dependents: Iterable<GraphNode>): void {
    this.#round++;
    const all = [...dependents];
    const own = [...touched];
    for (const variant of this.#variants) {
      if (variant === undefined) continue;
      for (const node of all) {
        const known = variant.done.get(node);
        if (known === undefined) continue;
        variant.done.delete(node);
        variant.stale.set(node, known);
      }
      for (const node of own) if (variant.stale.has(node)) variant.touched.add(node);
    }
  }

  /** Forgets nodes that are no more. */
  forget(nodes: Iterable<GraphNode>): void {
    for (const node of nodes) {
      for (const variant of this.#variants) {
        variant?.done.delete(node);
        variant?.stale.delete(node);
        variant?.touched.delete(node);
      }
    }
  }

  #known(node: GraphNode, number: number): Known {
    let variant = this.#variants[number];
    if (variant === undefined) {
      variant = new Variant();
      this.#variants[number] = variant;
    }
    const { done } = variant;
    const known = done.get(node);
    if (known !== undefined) return known;
    const found = components(
      node,
      (each) => this.#successors(each),
      (each) => done.has(each),
    );
    for (const component of found) if (!this.#stands(component, variant)) this.#component(component, number, variant);
    return done.get(node) as Known;
  }

  /** Whether a component is what it was: no member touched, the same members, nothing that they refer to another. */
  #stands(members: readonly GraphNode[], variant: Variant): boolean {
    const first = variant.stale.get(members[0]);
    if (first === undefined || (first.component?.length ?? 1) !== members.length) return false;
    for (const node of members) {
      const known = variant.stale.get(node);
      if (known === undefined || known.component !== first.component || variant.touched.has(node)) return false;
      for (const next of this.#successors(node)) {
        const below = variant.done.get(next);
        if (below !== undefined && below.since > known.checked) return false;
      }
    }
    for (const node of members) {
      const known = variant.stale.get(node) as Known;
      known.checked = this.#round;
      variant.done.set(node, known);
      variant.stale.delete(node);
    }
    return true;
  }

  /** Digest of a piece that is no definition's own: an effect, or an argument of a stage decorator. */
  piece(file: string, piece: Piece, variant: number): string {
    for (const node of this.#graph.reached(file, piece)) this.digest(node, variant);
    const stream = new TokenStream(64);
    const done = this.#variants[variant]?.done ?? new Map();
    this.#piece({ stream, node: null, file, variant, done, peers: null }, piece);
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
    const set = (node: GraphNode, digest: string) => {
      const old = variant.stale.get(node);
      const isSame = old !== undefined && old.digest === digest && old.reads === reads;
      variant.stale.delete(node);
      variant.touched.delete(node);
      variant.done.set(node, {
        digest,
        reads,
        component,
        since: isSame ? old.since : this.#round,
        checked: this.#round,
      });
    };
    if (component === null) {
      set(members[0], this.#node(members[0], number, variant.done, null, ""));
      return;
    }
    // Refine: every round tells members apart by what their peers were in the round before, until no more classes appear.
    let colours = new Map<GraphNode, string>(members.map((node) => [node, ""]));
    let classes = 1;
    const round = () => {
      const next = new Map<GraphNode, string>();
      for (const node of members)
        next.set(node, this.#node(node, number, variant.done, colours, colours.get(node) as string));
      colours = next;
      return new Set(next.values()).size;
    };
    for (let rounds = 0; rounds <= members.length; rounds++) {
      const count = round();
      if (rounds > 0 && (count === members.length || count === classes)) break;
      classes = count;
    }
    if (new Set(colours.values()).size < members.length) {
      // Members that nothing tells apart stand in the order of their qualified names (M6.4).
      const ordered = [...members].sort(
        (x, y) => compare(colours.get(x), colours.get(y)) || compare(qualname(x), qualname(y)),
      );
      colours = new Map(ordered.map((node, position) => [node, String(position)]));
      round();
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
      set(node, stream.digest());
    }
  }

  #readsOf(members: readonly GraphNode[], variant: Variant): number {
    let reads = 0;
    const inside = new Set(members);
    for (const node of members) {
      reads |= node.definition?.reads ?? 0;
      for (const effect of this.#effects(node)) reads |= effect.slice.piece.reads;
      for (const next of this.#successors(node)) if (!inside.has(next)) reads |= variant.done.get(next)?.reads ?? 0;
    }
    return reads;
  }

  /** One member's tokens, digested. `peers`: colours of the members of its component, null for a component of one. */
  #node(
    node: GraphNode,
    variant: number,
    done: ReadonlyMap<GraphNode, Known>,
    peers: ReadonlyMap<GraphNode, string> | null,
    own: string,
  ): string {
    const { definition } = node;
    const stream = this.#stream;
    stream.clear();
    stream.int(SCHEMA);
    if (definition === null) return stream.digest();
    if (peers !== null) stream.text(own);
    stream.text(definition.kind);
    stream.int(definition.pieces.length);
    const context = { stream, node, file: definition.file, variant, done, peers };
    for (const piece of definition.pieces) this.#piece(context, piece);
    const effects = this.#effects(node);
    if (effects.length > 0) {
      stream.int(effects.length);
      for (const effect of effects) this.#piece({ ...context, file: effect.file }, effect.slice.piece);
    }
    if (definition.kind === "mod") {
      for (const name of [...(this.#source.summary(definition.file)?.names.keys() ?? [])].sort()) stream.text(name);
    }
    const implied = this.#graph.implied(node);
    stream.int(implied.length);
    for (const next of implied) this.#target(context, next);
    if (variant & Reads.Names && definition.definition) stream.text(definition.definition.qualname);
    return stream.digest();
  }

  #piece(context: Context, piece: Piece): void {
    const { stream, file, variant } = context;
    stream.text(piece.shape);
    stream.int(piece.refs.length);
    for (const ref of piece.refs) this.#reference(context, ref);
    this.#annotationRefs(context, piece);
    for (const ref of piece.localImports) {
      const chain = this.#source.summary(file)?.chains[ref];
      if (chain && this.#resolver.module(file, chain) !== null) stream.int(Mark.FirstPartyImport);
    }
    if (variant & Reads.Docs) stream.text(piece.docs);
    if (variant & Reads.Annotations) stream.text(piece.annotations);
  }

  #reference(context: Context, ref: number): void {
    const { stream, node, file } = context;
    const targets = this.#resolver.resolve(file, ref);
    stream.int(targets.length);
    const isOwn = (target: Target) => node !== null && this.#graph.targetNode(target) === node;
    if (this.#level === "strict" && !targets.some(isOwn)) {
      // At level strict the name as written is part of the text; the definition's own name is not.
      const chain = this.#source.summary(file)?.chains[ref];
      if (chain) stream.text(chainText(chain));
    }
    for (const target of targets) this.#encode(context, target);
  }

  #encode(context: Context, target: Target): void {
    const { stream } = context;
    const found = this.#graph.existing(target);
    if (found !== null) {
      this.#target(context, found);
      this.#attributes(stream, "attrs" in target ? target.attrs : []);
      return;
    }
    switch (target.kind) {
      case "external":
        stream.int(Mark.External);
        stream.text(target.dotted);
        if (target.imported !== undefined) {
          stream.int(Mark.Imported);
          stream.text(target.imported);
        }
        return;
      case "builtin":
        stream.int(Mark.Builtin);
        stream.text([target.name, ...target.attrs].join("."));
        return;
      case "missing":
      case "broken":
        stream.int(Mark.Missing);
        stream.text(target.dotted);
        return;
      case "place":
        stream.int(Mark.Place);
        stream.text(target.name);
        stream.text(
          target.file === null ? "" : placeOf(this.#resolver.finder.moduleName(target.file), target.name, target.file),
        );
        this.#attributes(stream, target.attrs);
        return;
      case "docs":
        stream.int(Mark.Docs);
        stream.text(this.#source.summary(target.file)?.docs ?? "");
        this.#attributes(stream, target.attrs);
        return;
      default:
        stream.int(Mark.NoTarget);
    }
  }

  #attributes(stream: TokenStream, attrs: readonly string[]): void {
    stream.int(attrs.length);
    for (const attr of attrs) stream.text(attr);
  }

  #target({ stream, node, done, peers }: Context, target: GraphNode): void {
    if (target === node) {
      stream.int(Mark.Self);
      return;
    }
    const peer = peers?.get(target);
    if (peer !== undefined) {
      stream.int(Mark.Peer);
      stream.text(peer);
      return;
    }
    stream.int(Mark.Digest);
    stream.text(done.get(target)?.digest ?? "");
  }

  /** Classes that only annotations name: as a set, since an annotation's own text is not hashed (M4.5). */
  #annotationRefs({ stream, node, file, done, peers }: Context, piece: Piece): void {
    if (piece.annotationRefs.length === 0) {
      stream.int(0);
      return;
    }
    const found = new Set<string>();
    for (const ref of piece.annotationRefs) {
      for (const target of this.#resolver.resolve(file, ref)) {
        if (target.kind !== "name" && target.kind !== "nested") continue;
        const named = this.#graph.existing(target);
        if (named === null) continue;
        found.add(named === node ? "self" : (peers?.get(named) ?? done.get(named)?.digest ?? ""));
      }
    }
    const sorted = [...found].sort();
    stream.int(sorted.length);
    for (const digest of sorted) stream.text(digest);
  }
}

function qualname(node: GraphNode): string {
  return node.definition?.qualname ?? "";
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Context {
  readonly stream: TokenStream;
  /** Whose tokens these are; null for a piece that is no definition's own. */
  readonly node: GraphNode | null;
  /** The file whose chains the piece numbers. */
  readonly file: string;
  readonly variant: number;
  readonly done: ReadonlyMap<GraphNode, Known>;
  readonly peers: ReadonlyMap<GraphNode, string> | null;
}

/** What `__name__` and its kin are, as far as the project's text tells: the module's name, or its file below the root. */
function placeOf(module: string, name: string, file: string): string {
  return name === "__file__" || name === "__cached__" || name === "__path__" ? file : module;
}
