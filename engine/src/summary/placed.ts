/**
 * Parts of the summary of a file that is being edited: their positions are asked of the statement that they were made from,
 * so that they stay the very same objects when text before it comes or goes. Instances of classes, and therefore no plain
 * data; a file that nobody edits has none of them. What holds no position is given back as it is.
 */
import type { Range } from "../program/types.ts";
import type { DecoratorSummary, DefinitionSummary, NameSummary, Piece, PieceNotice, Slice, Value } from "./types.ts";

/** Where a statement stands now: what to add to offsets that count from where its text began. */
export interface Place {
  readonly base: number;
}

/** A range that moves with a statement. */
export function placedRange({ start, end }: Range, place: Place): Range {
  return new PlacedRange(start, end, place);
}

class PlacedRange implements Range {
  readonly #start: number;
  readonly #end: number;
  readonly #place: Place;

  constructor(start: number, end: number, place: Place) {
    this.#start = start;
    this.#end = end;
    this.#place = place;
  }

  get start(): number {
    return this.#place.base + this.#start;
  }

  get end(): number {
    return this.#place.base + this.#end;
  }
}

/** A piece whose notices and calls move with a statement. */
function placedPiece(piece: Piece, place: Place): Piece {
  return piece.notices.length === 0 && piece.methodCalls.length === 0 ? piece : new PlacedPiece(piece, place);
}

class PlacedPiece implements Piece {
  readonly shape: string;
  readonly hash: string;
  readonly refs: readonly number[];
  readonly annotationRefs: readonly number[];
  readonly aliases: Piece["aliases"];
  readonly mentioned: readonly number[];
  readonly unwritten: readonly number[];
  readonly localImports: readonly number[];
  readonly docs: string;
  readonly annotations: string;
  readonly reads: number;
  readonly mutates: readonly number[];
  readonly sets: readonly number[];
  readonly hands: readonly number[];
  readonly notices: readonly PieceNotice[];
  readonly ignored: number;
  readonly #calls: Piece["methodCalls"];
  readonly #place: Place;

  constructor(piece: Piece, place: Place) {
    this.shape = piece.shape;
    this.hash = piece.hash;
    this.refs = piece.refs;
    this.annotationRefs = piece.annotationRefs;
    this.aliases = piece.aliases;
    this.mentioned = piece.mentioned;
    this.unwritten = piece.unwritten;
    this.localImports = piece.localImports;
    this.docs = piece.docs;
    this.annotations = piece.annotations;
    this.reads = piece.reads;
    this.mutates = piece.mutates;
    this.sets = piece.sets;
    this.hands = piece.hands;
    const { notices } = piece;
    this.notices = notices.length === 0 ? notices : notices.map((notice) => new PlacedNotice(notice, place));
    this.ignored = piece.ignored;
    this.#calls = piece.methodCalls;
    this.#place = place;
  }

  get methodCalls(): Piece["methodCalls"] {
    const { base } = this.#place;
    return base === 0 ? this.#calls : this.#calls.map(([name, offset]) => [name, base + offset] as const);
  }
}

class PlacedNotice implements PieceNotice {
  readonly kind: PieceNotice["kind"];
  readonly text: string;
  readonly chain: number;
  readonly #offset: number;
  readonly #place: Place;

  constructor({ kind, text, chain, offset }: PieceNotice, place: Place) {
    this.kind = kind;
    this.text = text;
    this.chain = chain;
    this.#offset = offset;
    this.#place = place;
  }

  get offset(): number {
    return this.#place.base + this.#offset;
  }
}

/** A value whose code moves with a statement. */
export function placedValue(value: Value, place: Place): Value {
  switch (value.kind) {
    case "code": {
      const piece = placedPiece(value.piece, place);
      return piece === value.piece ? value : { kind: "code", piece };
    }
    case "text": {
      const parts = value.parts.map((part) => (typeof part === "string" ? part : placedValue(part, place)));
      return parts.every((part, i) => part === value.parts[i]) ? value : { kind: "text", parts };
    }
    case "sequence": {
      const items = value.items.map((item) => placedValue(item, place));
      return items.every((item, i) => item === value.items[i]) ? value : { ...value, items };
    }
    case "mapping": {
      const items = value.items.map(([key, item]) => [placedValue(key, place), placedValue(item, place)] as const);
      const same = items.every(([key, item], i) => key === value.items[i][0] && item === value.items[i][1]);
      return same ? value : { kind: "mapping", items };
    }
    default:
      return value;
  }
}

function placedDecorator(decorator: DecoratorSummary, place: Place): DecoratorSummary {
  const piece = placedPiece(decorator.piece, place);
  const positional = decorator.positional.map((value) => placedValue(value, place));
  const keywords = decorator.keywords.map(([name, value]) => [name, placedValue(value, place)] as const);
  const same =
    piece === decorator.piece &&
    positional.every((value, i) => value === decorator.positional[i]) &&
    keywords.every(([, value], i) => value === decorator.keywords[i][1]);
  return same ? decorator : { ...decorator, piece, positional, keywords };
}

/** A definition that moves with a statement. */
export function placedDefinition(definition: DefinitionSummary, place: Place): DefinitionSummary {
  return new PlacedDefinition(definition, place);
}

class PlacedDefinition implements DefinitionSummary {
  readonly kind: DefinitionSummary["kind"];
  readonly name: string;
  readonly qualname: string;
  readonly methods: readonly string[];
  readonly bases: readonly number[];
  readonly piece: Piece;
  readonly decorators: readonly DecoratorSummary[];
  readonly range: Range;
  readonly nameRange: Range;
  readonly #start: number;
  readonly #place: Place;

  constructor(definition: DefinitionSummary, place: Place) {
    const { decorators } = definition;
    this.kind = definition.kind;
    this.name = definition.name;
    this.qualname = definition.qualname;
    this.methods = definition.methods;
    this.bases = definition.bases;
    this.piece = placedPiece(definition.piece, place);
    this.decorators = decorators.length === 0 ? decorators : decorators.map((item) => placedDecorator(item, place));
    this.range = placedRange(definition.range, place);
    this.nameRange = placedRange(definition.nameRange, place);
    this.#start = definition.start;
    this.#place = place;
  }

  get start(): number {
    return this.#place.base + this.#start;
  }
}

/** A slice that moves with a statement; its place among the module's is given to it. */
export function placedSlice({ piece, order, range }: Slice, place: Place): Slice {
  return { piece: placedPiece(piece, place), order, range: placedRange(range, place) };
}

/** The same slice, so many statements further on. */
export function reorderedSlice(slice: Slice, by: number): Slice {
  return by === 0 ? slice : { ...slice, order: slice.order + by };
}

/** A name whose statements from an offset on stand so many places further on among the module's. */
export function reorderedName(own: NameSummary, from: number, by: number): NameSummary {
  const here = own.nameRange.start >= from;
  const { slices } = own;
  if (!here && !slices.some(({ range }) => range.start >= from)) return own;
  return {
    ...own,
    slices: slices.map((slice) => (slice.range.start < from ? slice : reorderedSlice(slice, by))),
    order: here ? own.order + by : own.order,
  };
}
