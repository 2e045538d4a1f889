/**
 * What nearly every summary says: strings and shapes of objects that are not written into each one's bytes. Only a shorter
 * spelling: what is not listed here is written out, and comes back the same. To change anything is to count up
 * `ENCODING_VERSION`.
 */

/** Objects of the same keys in the same order. */
export interface KnownShape {
  readonly keys: readonly string[];
  /** Of each key: the value that all such objects have, and that is not written; `ANY` where there is none. */
  readonly fixed: readonly unknown[];
  /** Of each key: the value that most of them have, marked by a bit where it is another one; `ANY` where there is none. */
  readonly usual: readonly unknown[];
  /** Bytes of those bits. */
  readonly bitBytes: number;
  /** An object as it is without what is written. */
  readonly empty: Readonly<Record<string, unknown>>;
}

export const ANY: unique symbol = Symbol("any");

/** The empty list that stands for all of them: none is ever changed. */
export const NO_ITEMS: readonly unknown[] = Object.freeze([]);

class Fixed {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

class Usual {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

const is = (value: string) => new Fixed(value);
const NONE = new Usual(NO_ITEMS);
const NULL = new Usual(null);
const EMPTY = new Usual("");
const ZERO = new Usual(0);
const NOWHERE = new Usual(-1);
const NO = new Usual(false);
const YES = new Usual(true);

function shape(fields: Readonly<Record<string, Fixed | Usual | typeof ANY>>): KnownShape {
  const values = Object.values(fields);
  const empty: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) empty[key] = field === ANY ? null : field.value;
  return {
    keys: Object.keys(fields),
    fixed: values.map((field) => (field instanceof Fixed ? field.value : ANY)),
    usual: values.map((field) => (field instanceof Usual ? field.value : ANY)),
    bitBytes: Math.ceil(values.filter((field) => field instanceof Usual).length / 8),
    empty,
  };
}

/** Keys of a stretch of text: two numbers, which are written as what they are away from others. */
export const RANGE_KEYS: readonly string[] = ["start", "end"];
export const EMPTY_RANGE: Readonly<Record<string, unknown>> = { start: 0, end: 0 };

/** The shapes of types.ts, and of chains; at most `MOST_SHAPES` (layout.ts). */
export const SHAPES: readonly KnownShape[] = [
  shape({ kind: is("literal"), repr: ANY }),
  shape({ kind: is("global"), name: ANY, attrs: NONE }),
  shape({
    name: ANY,
    kind: ANY,
    definition: NULL,
    slices: NONE,
    imports: NONE,
    onlyImports: NO,
    value: NULL,
    alias: NOWHERE,
    maker: NOWHERE,
    constructed: NULL,
    order: ANY,
    nameRange: ANY,
  }),
  shape({
    shape: ANY,
    hash: ANY,
    refs: NONE,
    annotationRefs: NONE,
    aliases: NONE,
    mentioned: NONE,
    unwritten: NONE,
    localImports: NONE,
    docs: EMPTY,
    annotations: EMPTY,
    names: EMPTY,
    parameters: EMPTY,
    reads: ZERO,
    hands: NONE,
    mutates: NONE,
    sets: NONE,
    notices: NONE,
    methodCalls: NONE,
    ignored: ZERO,
  }),
  shape({ level: ZERO, module: ANY, name: NULL, order: ANY }),
  shape({ level: ZERO, module: ANY, name: NULL, full: ANY }),
  shape({ piece: ANY, order: ANY, range: ANY }),
  shape({
    kind: ANY,
    name: ANY,
    qualname: ANY,
    piece: ANY,
    decorators: NONE,
    start: ANY,
    range: ANY,
    nameRange: ANY,
    methods: NONE,
    bases: NONE,
  }),
  shape({ callees: NONE, bases: NONE, acting: NONE, slice: ANY }),
  shape({ kind: is("sequence"), type: ANY, items: ANY }),
  shape({ kind: is("reference"), chain: ANY }),
  shape({ kind: is("code"), piece: ANY }),
  shape({ kind: is("text"), parts: ANY }),
  shape({ kind: is("mapping"), items: ANY }),
  shape({ kind: is("import"), level: ZERO, module: ANY, name: NULL, attrs: NONE }),
  shape({ kind: is("nested"), qualname: ANY, attrs: NONE }),
  shape({ kind: is("around"), name: ANY, attrs: NONE }),
  shape({ chain: ANY, whole: NO, slice: ANY }),
  shape({ piece: ANY, chain: ANY, called: YES, positional: NONE, keywords: NONE, annotationsSilent: YES }),
  shape({ kind: ANY, text: ANY, offset: ANY, chain: ANY }),
  shape({ name: ANY, offset: ANY }),
  shape({ level: ZERO, module: ANY, order: ANY, isConditional: NO }),
];

/** Numbers of known shapes by how many keys they have. */
const BY_LENGTH: readonly (readonly number[])[] = (() => {
  const byLength: number[][] = [];
  SHAPES.forEach(({ keys }, i) => {
    while (byLength.length <= keys.length) byLength.push([]);
    byLength[keys.length].push(i);
  });
  return byLength;
})();

/** The known shape that an object has, with what is fixed in it; -1 where there is none. */
export function knownShape(keys: readonly string[], object: Record<string, unknown>): number {
  if (keys.length >= BY_LENGTH.length) return -1;
  const alike = BY_LENGTH[keys.length];
  for (let k = 0; k < alike.length; k++) {
    const { keys: known, fixed } = SHAPES[alike[k]];
    let i = 0;
    while (i < keys.length && keys[i] === known[i] && (fixed[i] === ANY || object[keys[i]] === fixed[i])) i++;
    if (i === keys.length) return alike[k];
  }
  return -1;
}

/** Whether a value is the usual one of a key. */
export function isUsual(value: unknown, usual: unknown): boolean {
  return usual === NO_ITEMS ? Array.isArray(value) && value.length === 0 : Object.is(value, usual);
}

const OWN = "func class const import function list tuple set True False None";
const BUILTINS =
  "abs all any bool bytearray bytes callable chr classmethod delattr dict dir enumerate filter float format frozenset " +
  "getattr hasattr hash id int isinstance issubclass iter len map max min next object open ord print property range repr " +
  "reversed round setattr slice sorted staticmethod str sum super type vars zip __name__ __file__ __doc__ __all__ " +
  "AssertionError AttributeError BaseException Exception ImportError IndexError KeyError KeyboardInterrupt LookupError " +
  "NotImplementedError OSError RuntimeError StopIteration TypeError UnicodeDecodeError ValueError";
const METHODS =
  "__call__ __contains__ __delitem__ __del__ __enter__ __eq__ __exit__ __getattr__ __getitem__ __hash__ __init__ " +
  "__iter__ __len__ __lt__ __ne__ __new__ __next__ __repr__ __setattr__ __setitem__ __str__";
const MODULES =
  "abc argparse collections contextlib copy dataclasses datetime enum functools io itertools json logging math operator " +
  "os os.path pathlib random re subprocess sys tempfile threading time typing types warnings";

/** Each once. */
export const WORDS: readonly string[] = ["", ...[OWN, BUILTINS, METHODS, MODULES].join(" ").split(" ")];
/** The number of each of them. */
export const WORD_NUMBERS: ReadonlyMap<string, number> = new Map(WORDS.map((word, i) => [word, i]));
