/**
 * Parts of a summary at another place of the text: everything that is compared stays the very same object, only positions
 * are made anew. What holds no position is given back as it is.
 */
import type { DecoratorSummary, DefinitionSummary, NameSummary, Piece, Slice, Value } from "./types.ts";

/** By how much positions move: UTF-16 code units, and places among the module's statements. */
export interface Shift {
  readonly by: number;
  readonly orders: number;
}

export function shiftedPiece(piece: Piece, by: number): Piece {
  if (by === 0 || (piece.notices.length === 0 && piece.methodCalls.length === 0)) return piece;
  return {
    ...piece,
    notices: piece.notices.map((notice) => ({ ...notice, offset: notice.offset + by })),
    methodCalls: piece.methodCalls.map(([name, offset]) => [name, offset + by] as const),
  };
}

export function shiftedValue(value: Value, by: number): Value {
  if (by === 0) return value;
  switch (value.kind) {
    case "code": {
      const piece = shiftedPiece(value.piece, by);
      return piece === value.piece ? value : { kind: "code", piece };
    }
    case "text": {
      const parts = value.parts.map((part) => (typeof part === "string" ? part : shiftedValue(part, by)));
      return parts.every((part, i) => part === value.parts[i]) ? value : { kind: "text", parts };
    }
    case "sequence": {
      const items = value.items.map((item) => shiftedValue(item, by));
      return items.every((item, i) => item === value.items[i]) ? value : { ...value, items };
    }
    case "mapping": {
      const items = value.items.map(([key, item]) => [shiftedValue(key, by), shiftedValue(item, by)] as const);
      const same = items.every(([key, item], i) => key === value.items[i][0] && item === value.items[i][1]);
      return same ? value : { kind: "mapping", items };
    }
    default:
      return value;
  }
}

function shiftedDecorator(decorator: DecoratorSummary, by: number): DecoratorSummary {
  const piece = shiftedPiece(decorator.piece, by);
  const positional = decorator.positional.map((value) => shiftedValue(value, by));
  const keywords = decorator.keywords.map(([name, value]) => [name, shiftedValue(value, by)] as const);
  const same =
    piece === decorator.piece &&
    positional.every((value, i) => value === decorator.positional[i]) &&
    keywords.every(([, value], i) => value === decorator.keywords[i][1]);
  return same ? decorator : { ...decorator, piece, positional, keywords };
}

export function shiftedDefinition(definition: DefinitionSummary, by: number): DefinitionSummary {
  if (by === 0) return definition;
  const { start, range, nameRange, decorators } = definition;
  return {
    kind: definition.kind,
    name: definition.name,
    qualname: definition.qualname,
    methods: definition.methods,
    bases: definition.bases,
    piece: shiftedPiece(definition.piece, by),
    decorators: decorators.length === 0 ? decorators : decorators.map((item) => shiftedDecorator(item, by)),
    start: start + by,
    range: { start: range.start + by, end: range.end + by },
    nameRange: { start: nameRange.start + by, end: nameRange.end + by },
  };
}

export function shiftedSlice(slice: Slice, { by, orders }: Shift): Slice {
  if (by === 0 && orders === 0) return slice;
  return {
    piece: shiftedPiece(slice.piece, by),
    order: slice.order + orders,
    range: { start: slice.range.start + by, end: slice.range.end + by },
  };
}

/** What stands at `from` (an offset) or behind it has moved; a name's parts may stand on both sides. */
export function shiftedName(own: NameSummary, from: number, shift: Shift): NameSummary {
  const { slices, imports, definition } = own;
  let moves = own.nameRange.start >= from;
  for (let i = 0; i < slices.length && !moves; i++) moves = slices[i].range.start >= from;
  for (let i = 0; i < imports.length && !moves; i++) moves = imports[i].start >= from;
  if (!moves) return own;
  const here = own.nameRange.start >= from;
  const by = here ? shift.by : 0;
  return {
    name: own.name,
    kind: own.kind,
    definition: definition === null || !here ? definition : shiftedDefinition(definition, by),
    slices:
      slices.length === 0
        ? slices
        : slices.map((slice) => (slice.range.start < from ? slice : shiftedSlice(slice, shift))),
    imports:
      imports.length === 0
        ? imports
        : imports.map((item) => (item.start < from ? item : { ...item, start: item.start + shift.by })),
    onlyImports: own.onlyImports,
    value: own.value === null || !here ? own.value : shiftedValue(own.value, by),
    constructed: own.constructed,
    order: here ? own.order + shift.orders : own.order,
    nameRange: here ? { start: own.nameRange.start + by, end: own.nameRange.end + by } : own.nameRange,
  };
}
