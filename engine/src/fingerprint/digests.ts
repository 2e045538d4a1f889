/**
 * Merkle digests of definitions (M6.3–M6.5): tagged, length-prefixed tokens in which a reference to a first-party
 * definition is that definition's digest. Mutually recursive definitions are digested as one component. Names, places and
 * orders of files never enter, unless reachable code reads them (`Reads`).
 */
import { components } from "../graph/components.ts";
import type { Definition, DefinitionGraph, NodeId } from "../graph/definitions.ts";
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

export class Digests {
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #source: SummarySource;
  readonly #level: Level;
  readonly #effects: (id: NodeId) => readonly EffectOn[];
  /** By variant (bit set of `Reads`): digests of finished components. */
  readonly #done: Map<NodeId, string>[] = [];
  readonly #reads = new Map<NodeId, number>();
  readonly #stream = new TokenStream(1024);
  /** Components digested so far. */
  digested = 0;

  /** `effects`: statements elsewhere that count as part of a node; none by default. */
  constructor(
    source: SummarySource,
    graph: DefinitionGraph,
    resolver: Resolver,
    level: Level,
    effects: (id: NodeId) => readonly EffectOn[] = () => [],
  ) {
    this.#effects = effects;
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#level = level;
  }

  /** What the code reachable from a node reads of the parts that normally do not count. */
  reads(id: NodeId): number {
    this.digest(id, Reads.Nothing);
    return (this.#reads.get(id) ?? 0) & Reads.Variant;
  }

  /** Digest of a node with everything it reaches, at its own variant: names, docs or annotations where they are read. */
  full(id: NodeId): string {
    return this.digest(id, this.reads(id));
  }

  /** Drops what is known of nodes; the caller names all that depend on a changed one. */
  forget(ids: Iterable<NodeId>): void {
    for (const id of ids) {
      this.#reads.delete(id);
      for (const done of this.#done) done?.delete(id);
    }
  }

  digest(id: NodeId, variant: number): string {
    let done = this.#done[variant];
    if (done === undefined) {
      done = new Map();
      this.#done[variant] = done;
    }
    const known = done.get(id);
    if (known !== undefined) return known;
    const finished = done;
    for (const component of components(
      id,
      (node) => this.#successors(node),
      (node) => finished.has(node),
    )) {
      this.#component(component, variant, finished);
    }
    return done.get(id) as string;
  }

  /** Digest of a piece that is no definition's own: an effect, or an argument of a stage decorator. */
  piece(file: string, piece: Piece, variant: number): string {
    for (const id of this.#graph.reached(file, piece)) this.digest(id, variant);
    const stream = new TokenStream(64);
    const node: PieceOwner = { id: "", file };
    this.#piece({ stream, node, variant, done: this.#done[variant] ?? new Map(), peers: null }, piece);
    return stream.digest();
  }

  #successors(id: NodeId): readonly NodeId[] {
    const own = this.#graph.successors(id);
    const effects = this.#effects(id);
    if (effects.length === 0) return own;
    const all = new Set(own);
    for (const effect of effects)
      for (const next of this.#graph.reached(effect.file, effect.slice.piece)) all.add(next);
    all.delete(id);
    return [...all];
  }

  #component(members: readonly NodeId[], variant: number, done: Map<NodeId, string>): void {
    this.digested++;
    if (variant === Reads.Nothing) this.#collectReads(members);
    if (members.length === 1) {
      const [id] = members;
      done.set(id, this.#node(id, variant, done, null, ""));
      return;
    }
    // Refine: every round tells members apart by what their peers were in the round before, until no more classes appear.
    let colours = new Map<NodeId, string>(members.map((id) => [id, ""]));
    let classes = 1;
    const round = () => {
      const next = new Map<NodeId, string>();
      for (const id of members) next.set(id, this.#node(id, variant, done, colours, colours.get(id) as string));
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
        (x, y) => compare(colours.get(x), colours.get(y)) || compare(this.#name(x), this.#name(y)),
      );
      colours = new Map(ordered.map((id, position) => [id, String(position)]));
      round();
    }
    const all = new TokenStream(64);
    const sorted = [...colours.values()].sort();
    all.int(sorted.length);
    for (const colour of sorted) all.text(colour);
    const component = all.digest();
    for (const [id, colour] of colours) {
      const stream = this.#stream;
      stream.clear();
      stream.text(component);
      stream.text(colour);
      done.set(id, stream.digest());
    }
  }

  #name(id: NodeId): string {
    return this.#graph.node(id)?.qualname ?? "";
  }

  #collectReads(members: readonly NodeId[]): void {
    let reads = 0;
    const inside = new Set(members);
    for (const id of members) {
      reads |= this.#graph.node(id)?.reads ?? 0;
      for (const effect of this.#effects(id)) reads |= effect.slice.piece.reads;
      for (const next of this.#successors(id)) if (!inside.has(next)) reads |= this.#reads.get(next) ?? 0;
    }
    for (const id of members) this.#reads.set(id, reads);
  }

  /** One member's tokens, digested. `peers`: colours of the members of its component, null for a component of one. */
  #node(
    id: NodeId,
    variant: number,
    done: ReadonlyMap<NodeId, string>,
    peers: ReadonlyMap<NodeId, string> | null,
    own: string,
  ): string {
    const node = this.#graph.node(id);
    const stream = new TokenStream(256);
    stream.int(SCHEMA);
    if (node === null) return stream.digest();
    if (peers !== null) stream.text(own);
    stream.text(node.kind);
    stream.int(node.pieces.length);
    const context = { stream, node, variant, done, peers };
    for (const piece of node.pieces) this.#piece(context, piece);
    const effects = this.#effects(id);
    if (effects.length > 0) {
      stream.int(effects.length);
      for (const effect of effects) this.#piece({ ...context, node: { id, file: effect.file } }, effect.slice.piece);
    }
    if (node.kind === "mod") {
      for (const name of [...(this.#source.summary(node.file)?.names.keys() ?? [])].sort()) stream.text(name);
    }
    stream.int(node.implied.length);
    for (const next of node.implied) this.#target(context, next);
    if (variant & Reads.Names && node.definition) stream.text(node.definition.qualname);
    return stream.digest();
  }

  #piece(context: Context, piece: Piece): void {
    const { stream, node, variant } = context;
    stream.text(piece.shape);
    stream.int(piece.refs.length);
    for (const ref of piece.refs) this.#reference(context, ref);
    this.#annotationRefs(context, piece);
    for (const ref of piece.localImports) {
      const chain = this.#source.summary(node.file)?.chains[ref];
      if (chain && this.#resolver.module(node.file, chain) !== null) stream.int(Mark.FirstPartyImport);
    }
    if (variant & Reads.Docs) stream.text(piece.docs);
    if (variant & Reads.Annotations) stream.text(piece.annotations);
  }

  #reference(context: Context, ref: number): void {
    const { stream, node } = context;
    const targets = this.#resolver.resolve(node.file, ref);
    stream.int(targets.length);
    if (this.#level === "strict" && !targets.some((target) => this.#graph.nodeOf(target) === node.id)) {
      // At level strict the name as written is part of the text; the definition's own name is not.
      const chain = this.#source.summary(node.file)?.chains[ref];
      if (chain) stream.text(chainText(chain));
    }
    for (const target of targets) this.#encode(context, target);
  }

  #encode(context: Context, target: Target): void {
    const { stream } = context;
    const id = this.#graph.nodeOf(target);
    if (id !== null && this.#graph.node(id) !== null) {
      this.#target(context, id);
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

  #target(context: Context, id: NodeId): void {
    const { stream, node, done, peers } = context;
    if (id === node.id) {
      stream.int(Mark.Self);
      return;
    }
    const peer = peers?.get(id);
    if (peer !== undefined) {
      stream.int(Mark.Peer);
      stream.text(peer);
      return;
    }
    stream.int(Mark.Digest);
    stream.text(done.get(id) ?? "");
  }

  /** Classes that only annotations name: as a set, since an annotation's own text is not hashed (M4.5). */
  #annotationRefs(context: Context, piece: Piece): void {
    const { stream, node, done, peers } = context;
    const found = new Set<string>();
    for (const ref of piece.annotationRefs) {
      for (const target of this.#resolver.resolve(node.file, ref)) {
        if (target.kind !== "name" && target.kind !== "nested") continue;
        const id = this.#graph.nodeOf(target);
        if (id === null || this.#graph.node(id) === null) continue;
        found.add(id === node.id ? "self" : (peers?.get(id) ?? done.get(id) ?? ""));
      }
    }
    const sorted = [...found].sort();
    stream.int(sorted.length);
    for (const digest of sorted) stream.text(digest);
  }
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type PieceOwner = Pick<Definition, "id" | "file">;

interface Context {
  readonly stream: TokenStream;
  readonly node: PieceOwner;
  readonly variant: number;
  readonly done: ReadonlyMap<NodeId, string>;
  readonly peers: ReadonlyMap<NodeId, string> | null;
}

/** What `__name__` and its kin are, as far as the project's text tells: the module's name, or its file below the root. */
function placeOf(module: string, name: string, file: string): string {
  return name === "__file__" || name === "__cached__" || name === "__path__" ? file : module;
}
