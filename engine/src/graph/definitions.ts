/**
 * What one node of the graph is made of: a module-level name, a nested definition, or a module as a whole, read from its
 * file's summary. Values only; the graph (graph.ts) keeps and connects them.
 */
import { Reads } from "../normalisation/canonical.ts";
import type { Chain } from "../normalisation/chains.ts";
import type { EntryKind, Range } from "../program/types.ts";
import { same, sameChains, samePiece, sameValue } from "../resolve/changes.ts";
import type { DecoratorSummary, DefinitionSummary, ModuleSummary, NameSummary, Piece } from "../summary/types.ts";
import { literalText } from "../summary/values.ts";
import { TokenStream } from "../text/digest.ts";

/** A node's identity: file, a separator that no path holds, and a name, `*` for the whole module, or a nested qualname. */
export type NodeId = string;

const NAME = "\u0001";
const NESTED = "\u0002";
/** Stands for the whole module, a file or the folders of a namespace package, where a name would stand. */
export const WHOLE = "*";

/** The node of a module-level name. */
export function nameNode(file: string, name: string): NodeId {
  return file + NAME + name;
}

/** The node of a definition inside another one. */
export function nestedNode(file: string, qualname: string): NodeId {
  return file + NESTED + qualname;
}

export interface Definition {
  readonly id: NodeId;
  readonly kind: EntryKind;
  /** Entry key (M6.1). */
  readonly key: string;
  readonly file: string;
  readonly name: string;
  readonly qualname: string;
  /** In the order in which they are hashed. */
  readonly pieces: readonly Piece[];
  /** Of a function: decorators that are no stage decorators come first among the pieces. */
  readonly definition: DefinitionSummary | null;
  readonly hash: string;
  readonly value: string | null;
  readonly ranges: readonly Range[];
  /** Places of its statements among the module's. */
  readonly orders: readonly number[];
  readonly nameRange: Range | null;
  /** Bit set of `Reads` of its own code. */
  readonly reads: number;
}

/** Longest spelling of a value that is shown instead of a hash. */
const LONGEST_VALUE = 80;

/** What a definition is made of beside its file's summary. */
export interface Place {
  readonly id: NodeId;
  readonly file: string;
  /** Dotted name of the file's module. */
  readonly module: string;
  /** Whether a decorator makes a stage: such a one is no part of the definition (M3.5). */
  readonly marksStage: (decorator: DecoratorSummary) => boolean;
}

/** The definition of a module-level name; null where only imports bind it. */
export function nameDefinition(place: Place, own: NameSummary): Definition | null {
  if (own.kind === "import") return null;
  const pieces: Piece[] = own.definition === null ? [] : definitionPieces(place, own.definition);
  for (const slice of own.slices) pieces.push(slice.piece);
  const text = own.value === null ? null : literalText(own.value);
  const ranges = own.definition ? [own.definition.range] : own.slices.map((slice) => slice.range);
  if (own.definition) for (const slice of own.slices) ranges.push(slice.range);
  return {
    id: place.id,
    kind: own.kind,
    key: `${own.kind}:${place.module}.${own.name}`,
    file: place.file,
    name: own.name,
    qualname: own.name,
    pieces,
    definition: own.definition,
    hash: combinedHash(pieces),
    value: text !== null && text.length <= LONGEST_VALUE ? text : null,
    ranges,
    orders: [...(own.definition ? [own.order] : []), ...own.slices.map((slice) => slice.order)],
    nameRange: own.nameRange,
    reads: readsOf(pieces),
  };
}

function definitionPieces(place: Place, definition: DefinitionSummary): Piece[] {
  const pieces = [definition.piece];
  for (const decorator of definition.decorators) if (!place.marksStage(decorator)) pieces.push(decorator.piece);
  return pieces;
}

/** A definition inside another one; of several with one qualified name the last is the one that stays bound. */
export function nestedDefinition(place: Place, qualname: string, summary: ModuleSummary): Definition | null {
  let definition: DefinitionSummary | undefined;
  for (const candidate of summary.nested) if (candidate.qualname === qualname) definition = candidate;
  if (definition === undefined) return null;
  const pieces = definitionPieces(place, definition);
  const kind = definition.kind === "class" ? "class" : "func";
  return {
    id: place.id,
    kind,
    key: `${kind}:${place.module}.${qualname}`,
    file: place.file,
    name: definition.name,
    qualname,
    pieces,
    definition,
    hash: combinedHash(pieces),
    value: null,
    ranges: [definition.range],
    orders: [],
    nameRange: definition.nameRange,
    reads: readsOf(pieces),
  };
}

/** A module as a whole: the statements that bind nothing, and the names that it has. */
export function moduleDefinition({ id, file, module }: Place, summary: ModuleSummary): Definition {
  const pieces = summary.rest.map((slice) => slice.piece);
  const stream = new TokenStream(64);
  stream.text(combinedHash(pieces));
  for (const name of [...summary.names.keys()].sort()) stream.text(name);
  return {
    ...wholeOf(id, file, module),
    pieces,
    hash: stream.digest(),
    ranges: summary.rest.map((slice) => slice.range),
    orders: summary.rest.map((slice) => slice.order),
    reads: readsOf(pieces),
  };
}

/** A package without a file of its own. */
export function namespaceDefinition(id: NodeId, folders: string): Definition {
  const [folder] = folders.split("|");
  return wholeOf(id, folder, folder.replaceAll("/", "."));
}

function wholeOf(id: NodeId, file: string, module: string): Definition {
  return {
    id,
    kind: "mod",
    key: `mod:${module}`,
    file,
    name: module,
    qualname: module,
    pieces: [],
    definition: null,
    hash: combinedHash([]),
    value: null,
    ranges: [],
    orders: [],
    nameRange: null,
    reads: Reads.Nothing,
  };
}

/** Where a definition begins: the offset of `def` or `class`, of its first statement, or of its file. */
export function startOf({ kind, definition, ranges, nameRange }: Definition): number {
  if (kind === "mod") return 0;
  return definition?.start ?? ranges[0]?.start ?? nameRange?.start ?? 0;
}

/** Whether two states of a definition are the same, positions apart. The tables are those that their pieces index. */
export function sameDefinition(
  a: Definition | null,
  b: Definition | null,
  before: readonly Chain[],
  after: readonly Chain[],
): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.kind === b.kind &&
    a.hash === b.hash &&
    a.value === b.value &&
    a.reads === b.reads &&
    same(a.pieces, b.pieces, (x, y) => samePiece(x, y, before, after)) &&
    sameHead(a.definition, b.definition, before, after)
  );
}

/** Whether two states of a definition are of one kind and, of a class or function, say the same beside their code. */
export function sameShape(
  a: Definition | null,
  b: Definition | null,
  before: readonly Chain[],
  after: readonly Chain[],
): boolean {
  if (a === null || b === null) return a === b;
  return a.kind === b.kind && sameHead(a.definition, b.definition, before, after);
}

/** What a class or function says beside its pieces: methods, bases, what decorators are called with. */
function sameHead(
  a: DefinitionSummary | null,
  b: DefinitionSummary | null,
  before: readonly Chain[],
  after: readonly Chain[],
): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const value = (x: DecoratorSummary["positional"][number], y: typeof x) => sameValue(x, y, before, after);
  return (
    same(a.methods, b.methods, (x, y) => x === y) &&
    sameChains(a.bases, b.bases, before, after) &&
    same(
      a.decorators,
      b.decorators,
      (x, y) =>
        x.called === y.called &&
        samePiece(x.piece, y.piece, before, after) &&
        same(x.positional, y.positional, value) &&
        same(x.keywords, y.keywords, (k, l) => k[0] === l[0] && value(k[1], l[1])),
    )
  );
}

/** The own hash of a definition made of several pieces; of one piece it is that piece's. */
export function combinedHash(pieces: readonly Piece[]): string {
  if (pieces.length === 1) return pieces[0].hash;
  const stream = new TokenStream(64);
  stream.int(pieces.length);
  for (const piece of pieces) stream.text(piece.hash);
  return stream.digest();
}

function readsOf(pieces: readonly Piece[]): number {
  let reads = 0;
  for (const piece of pieces) reads |= piece.reads;
  return reads;
}
