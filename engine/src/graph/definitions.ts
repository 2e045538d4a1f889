/**
 * What one node of the graph is made of: a module-level name, a nested definition, or a module as a whole, read from its
 * file's summary. Values only; the graph (graph.ts) keeps and connects them.
 */
import { Reads } from "../normalisation/canonical.ts";
import type { Chain } from "../normalisation/chains.ts";
import type { EntryKind, Range } from "../program/types.ts";
import { same, sameChains, samePiece, sameValue } from "../resolve/changes.ts";
import { PackedSummary } from "../summary/packed.ts";
import type { DecoratorSummary, DefinitionSummary, ModuleSummary, NameSummary, Piece } from "../summary/types.ts";
import { literalText } from "../summary/values.ts";
import { hexOf, TokenStream, wordAt } from "../text/digest.ts";

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

/** What a definition's summary says of its code and its places. */
interface Parts {
  /** In the order in which they are hashed; of a function, decorators that are no stage decorators come behind the body. */
  readonly pieces: readonly Piece[];
  readonly definition: DefinitionSummary | null;
  readonly ranges: readonly Range[];
  /** Places of its statements among the module's. */
  readonly orders: readonly number[];
  readonly nameRange: Range | null;
}

/** What is known of a node. Code and places are read from the summary that it was made from, whenever somebody asks. */
export class Definition {
  readonly file: string;
  /** Dotted name of the file's module. */
  readonly module: string;
  readonly qualname: string;
  /** Unequal for most unequal keys. */
  readonly keyHash: number;
  // There is a definition for every name that is reached: what is small is one number, a digest four.
  readonly #bits: number;
  readonly #h1: number;
  readonly #h2: number;
  readonly #h3: number;
  readonly #h4: number;
  /** The parts, or what they are read from once more: a packed summary does not change. */
  readonly #from: Parts | PackedSummary;
  /** Null for most. */
  readonly #rare: { readonly value: string | null; readonly skipped: Skipped } | null;

  constructor({ file, module }: Pick<Place, "file" | "module">, made: Made) {
    const { pieces } = made;
    this.file = file;
    this.module = module;
    this.qualname = made.qualname;
    const importsInside = pieces.some((piece) => piece.localImports.length > 0);
    this.#bits =
      readsOf(pieces) |
      (KINDS.indexOf(made.kind) << KIND_SHIFT) |
      (importsInside ? IMPORTS_INSIDE : 0) |
      (made.isNested ? NESTED_BIT : 0);
    this.keyHash = hashOf(this.key);
    const hash = made.hash ?? combinedHash(pieces);
    this.#h1 = wordAt(hash, 0);
    this.#h2 = wordAt(hash, 8);
    this.#h3 = wordAt(hash, 16);
    this.#h4 = wordAt(hash, 24);
    this.#from = made.from;
    const { value = null, skipped = null } = made;
    this.#rare = value === null && skipped === null ? null : { value, skipped };
  }

  get kind(): Kind {
    return KINDS[(this.#bits >> KIND_SHIFT) & 3];
  }

  /** Bit set of `Reads` of its own code. */
  get reads(): number {
    return this.#bits & READS;
  }

  /** Whether its code has import statements. */
  get importsInside(): boolean {
    return (this.#bits & IMPORTS_INSIDE) !== 0;
  }

  get #isNested(): boolean {
    return (this.#bits & NESTED_BIT) !== 0;
  }

  /** Of its own code: 32 hex digits. */
  get hash(): string {
    return hexOf(this.#h1, this.#h2, this.#h3, this.#h4);
  }

  /** Whether another one has the same hash. */
  hasHashOf(other: Definition): boolean {
    return this.#h1 === other.#h1 && this.#h2 === other.#h2 && this.#h3 === other.#h3 && this.#h4 === other.#h4;
  }

  /** A constant's value, where that is known and short. */
  get value(): string | null {
    return this.#rare === null ? null : this.#rare.value;
  }

  get #skipped(): Skipped {
    return this.#rare === null ? null : this.#rare.skipped;
  }

  /** Entry key (M6.1). */
  get key(): string {
    return this.kind === "mod" ? `mod:${this.module}` : `${this.kind}:${this.module}.${this.qualname}`;
  }

  get name(): string {
    return this.kind === "mod" ? this.module : this.qualname.slice(this.qualname.lastIndexOf(".") + 1);
  }

  get pieces(): readonly Piece[] {
    const from = this.#from;
    if (!(from instanceof PackedSummary)) return from.pieces;
    if (this.kind === "mod") return from.rest.map((slice) => slice.piece);
    return this.#isNested
      ? definitionPieces(lastNested(from, this.qualname) as DefinitionSummary, this.#skipped)
      : namePieces(from.names.get(this.qualname) as NameSummary, this.#skipped);
  }

  get definition(): DefinitionSummary | null {
    const from = this.#from;
    if (!(from instanceof PackedSummary)) return from.definition;
    if (this.kind === "mod") return null;
    return this.#isNested ? lastNested(from, this.qualname) : (from.names.get(this.qualname)?.definition ?? null);
  }

  get ranges(): readonly Range[] {
    return this.#parts.ranges;
  }

  get orders(): readonly number[] {
    return this.#parts.orders;
  }

  get nameRange(): Range | null {
    return this.#parts.nameRange;
  }

  /** Where it begins: the offset of `def` or `class`, of its first statement, or of its file. */
  get start(): number {
    if (this.kind === "mod") return 0;
    const { definition, ranges, nameRange } = this.#parts;
    return definition?.start ?? ranges[0]?.start ?? nameRange?.start ?? 0;
  }

  get #parts(): Parts {
    const from = this.#from;
    if (!(from instanceof PackedSummary)) return from;
    if (this.kind === "mod") return moduleParts(from);
    return this.#isNested
      ? definitionParts(lastNested(from, this.qualname) as DefinitionSummary, this.#skipped)
      : nameParts(from.names.get(this.qualname) as NameSummary, this.#skipped);
  }
}

type Kind = Extract<EntryKind, "func" | "class" | "const" | "mod">;
const KINDS: readonly Kind[] = ["func", "class", "const", "mod"];
const READS = 0xff;
const KIND_SHIFT = 8;
const IMPORTS_INSIDE = 0x400;
const NESTED_BIT = 0x800;

/** What a definition is made of. */
interface Made {
  readonly kind: Kind;
  readonly qualname: string;
  readonly pieces: readonly Piece[];
  readonly from: Parts | PackedSummary;
  /** Unless it is that of its pieces. */
  readonly hash?: string;
  readonly value?: string | null;
  readonly isNested?: boolean;
  readonly skipped?: Skipped;
}

/** Longest spelling of a value that is shown instead of a hash. */
const LONGEST_VALUE = 80;

/** What a definition is made of beside its file's summary. */
export interface Place {
  readonly file: string;
  /** Dotted name of the file's module. */
  readonly module: string;
  /** Whether a decorator makes a stage: such a one is no part of the definition (M3.5). */
  readonly marksStage: (decorator: DecoratorSummary) => boolean;
}

/** The definition of a module-level name; null where only imports bind it. */
export function nameDefinition(place: Place, name: string, summary: ModuleSummary): Definition | null {
  const own = summary.names.get(name);
  if (own === undefined || own.kind === "import") return null;
  const skipped = skippedOf(place, own.definition);
  const text = own.value === null ? null : literalText(own.value);
  const made = {
    kind: own.kind,
    qualname: name,
    pieces: namePieces(own, skipped),
    from: summary instanceof PackedSummary ? summary : nameParts(own, skipped),
    value: text !== null && text.length <= LONGEST_VALUE ? text : null,
    skipped,
  };
  return new Definition(place, made);
}

function nameParts(own: NameSummary, skipped: Skipped): Parts {
  const { definition, slices, nameRange } = own;
  const ranges = slices.map((slice) => slice.range);
  const orders = slices.map((slice) => slice.order);
  if (definition !== null) {
    ranges.unshift(definition.range);
    orders.unshift(own.order);
  }
  return { pieces: namePieces(own, skipped), definition, ranges, orders, nameRange };
}

function namePieces({ definition, slices }: NameSummary, skipped: Skipped): Piece[] {
  if (definition === null) return slices.map((slice) => slice.piece);
  const pieces = definitionPieces(definition, skipped);
  for (const slice of slices) pieces.push(slice.piece);
  return pieces;
}

/** Places of the decorators that make a stage; null where there is none. */
type Skipped = readonly number[] | null;

function skippedOf({ marksStage }: Place, definition: DefinitionSummary | null): Skipped {
  if (definition === null || definition.decorators.length === 0) return null;
  const skipped = definition.decorators.flatMap((decorator, i) => (marksStage(decorator) ? [i] : []));
  return skipped.length === 0 ? null : skipped.slice();
}

function definitionPieces({ piece, decorators }: DefinitionSummary, skipped: Skipped): Piece[] {
  const pieces = [piece];
  for (let i = 0; i < decorators.length; i++) if (skipped?.includes(i) !== true) pieces.push(decorators[i].piece);
  return pieces;
}

function definitionParts(definition: DefinitionSummary, skipped: Skipped): Parts {
  const pieces = definitionPieces(definition, skipped);
  return { pieces, definition, ranges: [definition.range], orders: [], nameRange: definition.nameRange };
}

/** A definition inside another one; of several with one qualified name the last is the one that stays bound. */
export function nestedDefinition(place: Place, qualname: string, summary: ModuleSummary): Definition | null {
  const definition = lastNested(summary, qualname);
  if (definition === null) return null;
  const skipped = skippedOf(place, definition);
  const made = {
    kind: definition.kind === "class" ? ("class" as const) : ("func" as const),
    qualname,
    pieces: definitionPieces(definition, skipped),
    from: summary instanceof PackedSummary ? summary : definitionParts(definition, skipped),
    isNested: true,
    skipped,
  };
  return new Definition(place, made);
}

function lastNested(summary: ModuleSummary, qualname: string): DefinitionSummary | null {
  let found: DefinitionSummary | null = null;
  for (const candidate of summary.nested) if (candidate.qualname === qualname) found = candidate;
  return found;
}

/** A module as a whole: the statements that bind nothing, and the names that it has. */
export function moduleDefinition(place: Place, summary: ModuleSummary): Definition {
  const parts = moduleParts(summary);
  const stream = new TokenStream(64);
  stream.text(combinedHash(parts.pieces));
  for (const name of [...summary.names.keys()].sort()) stream.text(name);
  const from = summary instanceof PackedSummary ? summary : parts;
  return new Definition(place, {
    kind: "mod",
    qualname: place.module,
    pieces: parts.pieces,
    from,
    hash: stream.digest(),
  });
}

function moduleParts({ rest }: ModuleSummary): Parts {
  return {
    pieces: rest.map((slice) => slice.piece),
    definition: null,
    ranges: rest.map((slice) => slice.range),
    orders: rest.map((slice) => slice.order),
    nameRange: null,
  };
}

/** A package without a file of its own. */
export function namespaceDefinition(folders: string): Definition {
  const [file] = folders.split("|");
  const module = file.replaceAll("/", ".");
  const from = { pieces: [], definition: null, ranges: [], orders: [], nameRange: null };
  return new Definition({ file, module }, { kind: "mod", qualname: module, pieces: [], from });
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
    a.hasHashOf(b) &&
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
  const leavesSame = (a.reads & Reads.SharedState) === (b.reads & Reads.SharedState);
  return a.kind === b.kind && leavesSame && sameHead(a.definition, b.definition, before, after);
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

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
