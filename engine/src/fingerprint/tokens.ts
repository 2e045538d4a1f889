/**
 * The tokens that are digested (M6.3–M6.5): tagged and length-prefixed, a reference to a first-party definition as that
 * definition's digest. Writes streams; keeps nothing.
 */
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import { chainText } from "../normalisation/chains.ts";
import type { Level } from "../program/types.ts";
import type { Resolver } from "../resolve/resolver.ts";
import type { SummarySource, Target } from "../resolve/targets.ts";
import type { Piece } from "../summary/types.ts";
import type { TokenStream } from "../text/digest.ts";
import type { DigestTable } from "./digestTable.ts";
import type { EffectOn } from "./effects.ts";

/** Changes whenever the meaning of any token does: every fingerprint then differs. */
export const SCHEMA = 1;

/** Where a member's own colour stands among its tokens. */
export const OWN_PLACE = 1;

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
  Names,
  Parameters,
}

export class TokenWriter {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #level: Level;
  readonly #effects: (node: GraphNode) => readonly EffectOn[];

  /** `effects`: statements elsewhere that count as part of a node. */
  constructor(
    source: SummarySource,
    graph: DefinitionGraph,
    resolver: Resolver,
    level: Level,
    effects: (node: GraphNode) => readonly EffectOn[],
  ) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#level = level;
    this.#effects = effects;
  }

  /**
   * One member's tokens, into the stream. `peers`: colours of the members of its component, null for a component of one.
   * Notes in `slots` where digests and colours stand; false if there are digests at other places than those.
   */
  node(
    stream: TokenStream,
    node: GraphNode,
    variant: number,
    done: DigestTable,
    peers: Colours | null,
    own: string,
    slots: Slots | null = null,
  ): boolean {
    const { definition } = node;
    stream.clear();
    stream.int(SCHEMA);
    if (definition === null) return true;
    // Where `OWN_PLACE` says.
    if (peers !== null) stream.text(own);
    stream.text(definition.kind);
    stream.int(definition.pieces.length);
    const context = { stream, node, file: definition.file, variant, done, peers, slots };
    for (const piece of definition.pieces) this.piece(context, piece);
    const effects = this.#effects(node);
    if (effects.length > 0) {
      stream.int(effects.length);
      for (const effect of effects) this.piece({ ...context, file: effect.file }, effect.slice.piece);
    }
    if (definition.kind === "mod") {
      for (const name of [...(this.#source.summary(definition.file)?.names.keys() ?? [])].sort()) stream.text(name);
    }
    const implied = this.#graph.implied(node);
    stream.int(implied.length);
    for (const next of implied) this.#target(context, next);
    if (variant & Reads.Names && definition.definition) stream.text(definition.definition.qualname);
    if (variant & Reads.Modules && definition.definition) stream.text(definition.module);
    return effects.length === 0 && definition.pieces.every((piece) => piece.annotationRefs.length === 0);
  }

  /** Tokens of a piece. */
  piece(context: Context, piece: Piece): void {
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
    if (variant & Reads.Names && piece.names !== "") {
      stream.int(Mark.Names);
      stream.text(piece.names);
    }
    if (variant & Reads.Parameters && piece.parameters !== "") {
      stream.int(Mark.Parameters);
      stream.text(piece.parameters);
    }
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

  #target({ stream, node, done, peers, slots }: Context, target: GraphNode): void {
    if (target === node) {
      stream.int(Mark.Self);
      return;
    }
    const peer = peers?.get(target);
    if (peer !== undefined) {
      stream.int(Mark.Peer);
      slots?.peerPlaces.push(stream.length);
      slots?.peers.push(target);
      stream.text(peer);
      return;
    }
    stream.int(Mark.Digest);
    if (!done.has(target)) stream.text("");
    else {
      slots?.places.push(stream.length);
      slots?.nodes.push(target);
      done.append(target, stream);
    }
  }

  /** Classes that only annotations name: as a set, since an annotation's own text is not hashed (M4.5). */
  #annotationRefs({ stream, node, file, done, peers, slots }: Context, piece: Piece): void {
    if (piece.annotationRefs.length === 0) {
      stream.int(0);
      return;
    }
    const named = new Set<GraphNode>();
    for (const ref of piece.annotationRefs) {
      for (const target of this.#resolver.resolve(file, ref)) {
        const found = target.kind === "name" || target.kind === "nested" ? this.#graph.existing(target) : null;
        if (found !== null && found !== node) named.add(found);
      }
    }
    // What the code names itself, its annotations say once more.
    if (named.size > 0) {
      for (const ref of piece.refs) {
        for (const target of this.#resolver.resolve(file, ref)) {
          const found = this.#graph.existing(target);
          if (found !== null) named.delete(found);
        }
      }
    }
    const digests: string[] = [];
    for (const each of named) {
      const peer = peers?.get(each);
      if (peer !== undefined && slots !== null) slots.hasSortedPeers = true;
      digests.push(peer ?? (done.has(each) ? done.hex(each) : ""));
    }
    const sorted = [...new Set(digests)].sort();
    stream.int(sorted.length);
    for (const digest of sorted) stream.text(digest);
  }
}

export interface Context {
  readonly stream: TokenStream;
  /** Whose tokens these are; null for a piece that is no definition's own. */
  readonly node: GraphNode | null;
  /** The file whose chains the piece numbers. */
  readonly file: string;
  readonly variant: number;
  readonly done: DigestTable;
  readonly peers: Colours | null;
  readonly slots: Slots | null;
}

/** Where digests stand in a stream, and of what. */
export interface Slots {
  readonly places: number[];
  readonly nodes: GraphNode[];
  /** The same of the colours of peers. */
  readonly peerPlaces: number[];
  readonly peers: GraphNode[];
  /** Set where a colour stands among sorted digests, and not always at one place. */
  hasSortedPeers: boolean;
}

/** Colours of the members of a component. */
export type Colours = Pick<ReadonlyMap<GraphNode, string>, "get">;

/** What `__name__` and its kin are, as far as the project's text tells: the module's name, or its file below the root. */
function placeOf(module: string, name: string, file: string): string {
  return name === "__file__" || name === "__cached__" || name === "__path__" ? file : module;
}
