/**
 * What a new summary of a file says otherwise than the one before, as far as anything outside of its own definitions may
 * have asked: positions apart, part by part. Compares; never resolves.
 */
import type { Chain } from "../normalisation/chains.ts";
import type { Effect, ImportBinding, ModuleSummary, NameSummary, Piece, Value } from "../summary/types.ts";

/** What differs between two summaries of one file. */
export interface SummaryChange {
  readonly before: ModuleSummary | null;
  readonly after: ModuleSummary | null;
  /** Star imports, `__all__`, names bound out of sight, or whether there is a summary at all: any answer may differ. */
  readonly header: boolean;
  /** The order of its statements, or its import statements. */
  readonly order: boolean;
  /** What its import statements import, wherever they stand. */
  readonly imports: boolean;
  /** Names that came, went, or are bound or made by something else; `__doc__` for the module's docstring. */
  readonly names: ReadonlySet<string>;
  /** Names whose known value, or whether one decorated definition is all there is, is another; those in `names` too. */
  readonly facts: ReadonlySet<string>;
  /** Names of which any code is another object than before, be it equal; those that came and went too. */
  readonly remade: ReadonlySet<string>;
}

/** Compares two summaries; null stands for a file that can't be had. */
export function compareSummaries(before: ModuleSummary | null, after: ModuleSummary | null): SummaryChange {
  const names = new Set<string>();
  const facts = new Set<string>();
  const remade = new Set<string>();
  if (before === null || after === null) {
    for (const own of (before ?? after)?.names.keys() ?? []) {
      names.add(own);
      facts.add(own);
      remade.add(own);
    }
    const differs = before !== after;
    return { before, after, header: differs, order: differs, imports: differs, names, facts, remade };
  }
  let order = !sameImports(before, after);
  const imports = order && !same(before.imports, after.imports, sameModule);
  for (const own of after.names.values()) {
    const old = before.names.get(own.name);
    if (old === own) continue;
    if (old === undefined || !sameObjects(old, own)) remade.add(own.name);
    const isBound = old !== undefined && sameBinding(old, own);
    if (!isBound) names.add(own.name);
    if (!isBound || !sameFacts(old, own, before.chains, after.chains)) facts.add(own.name);
    if (old !== undefined && old.order !== own.order) order = true;
  }
  for (const name of before.names.keys()) {
    if (after.names.has(name)) continue;
    names.add(name);
    facts.add(name);
    remade.add(name);
  }
  if (before.docs !== after.docs) names.add("__doc__");
  return { before, after, header: !sameHeader(before, after), order, imports, names, facts, remade };
}

/** Whether two summaries of a name hold the very same code, be it at another place. */
function sameObjects(a: NameSummary, b: NameSummary): boolean {
  return (
    a.definition?.piece === b.definition?.piece &&
    same(a.definition?.decorators ?? [], b.definition?.decorators ?? [], (x, y) => x.piece === y.piece) &&
    same(a.slices, b.slices, (x, y) => x.piece === y.piece)
  );
}

function sameHeader(a: ModuleSummary, b: ModuleSummary): boolean {
  return a.dynamicNames === b.dynamicNames && same(a.stars, b.stars, sameStar) && sameExports(a.exports, b.exports);
}

type Star = ModuleSummary["stars"][number];

function sameStar(a: Star, b: Star): boolean {
  return a.level === b.level && a.module === b.module && a.isConditional === b.isConditional;
}

function sameExports(a: ModuleSummary["exports"], b: ModuleSummary["exports"]): boolean {
  if (a === b) return true;
  return Array.isArray(a) && Array.isArray(b) && same(a as string[], b as string[], (x, y) => x === y);
}

function sameImports(a: ModuleSummary, b: ModuleSummary): boolean {
  return (
    same(a.stars, b.stars, (x, y) => x.order === y.order) &&
    same(a.imports, b.imports, (x, y) => sameModule(x, y) && x.order === y.order)
  );
}

type Import = ModuleSummary["imports"][number];

function sameModule(a: Import, b: Import): boolean {
  return a.level === b.level && a.module === b.module && a.name === b.name;
}

function sameBinding(a: NameSummary, b: NameSummary): boolean {
  return (
    a.kind === b.kind &&
    a.onlyImports === b.onlyImports &&
    a.constructed === b.constructed &&
    same(a.imports, b.imports, sameImport)
  );
}

function sameImport(a: ImportBinding, b: ImportBinding): boolean {
  return a.level === b.level && a.module === b.module && a.name === b.name && a.full === b.full;
}

function sameFacts(a: NameSummary, b: NameSummary, before: Chains, after: Chains): boolean {
  return (
    (a.definition === null) === (b.definition === null) &&
    (a.definition?.decorators.length ?? 0) === (b.definition?.decorators.length ?? 0) &&
    sameValue(a.value, b.value, before, after) &&
    chainsEqual(a.alias, b.alias, before, after) &&
    chainsEqual(a.maker, b.maker, before, after)
  );
}

type Chains = readonly Chain[];

/** Two known values, references by what they are called. */
export function sameValue(a: Value | null, b: Value | null, before: Chains, after: Chains): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.kind !== b.kind) return false;
  const value = (x: Value, y: Value) => sameValue(x, y, before, after);
  switch (a.kind) {
    case "literal":
      return a.repr === (b as typeof a).repr;
    case "text":
      return same(a.parts, (b as typeof a).parts, (x, y) =>
        typeof x === "string" || typeof y === "string" ? x === y : value(x, y),
      );
    case "sequence":
      return a.type === (b as typeof a).type && same(a.items, (b as typeof a).items, value);
    case "mapping":
      return same(a.items, (b as typeof a).items, (x, y) => value(x[0], y[0]) && value(x[1], y[1]));
    case "reference":
      return sameChain(before[a.chain], after[(b as typeof a).chain]);
    case "code":
      return samePiece(a.piece, (b as typeof a).piece, before, after);
  }
}

/** Two pieces, positions apart; `before` and `after` are the tables that their chains index. */
export function samePiece(a: Piece, b: Piece, before: Chains, after: Chains): boolean {
  // One object in both summaries means the same in both: its numbers are not given to other chains.
  if (a === b) return true;
  const chains = (x: readonly number[], y: readonly number[]) => sameChains(x, y, before, after);
  return (
    a.shape === b.shape &&
    a.hash === b.hash &&
    a.docs === b.docs &&
    a.annotations === b.annotations &&
    a.names === b.names &&
    a.parameters === b.parameters &&
    a.reads === b.reads &&
    a.ignored === b.ignored &&
    chains(a.refs, b.refs) &&
    chains(a.annotationRefs, b.annotationRefs) &&
    chains(a.localImports, b.localImports) &&
    chains(a.mutates, b.mutates) &&
    chains(a.hands, b.hands) &&
    chains(a.sets, b.sets) &&
    same(a.methodCalls, b.methodCalls, (x, y) => x[0] === y[0]) &&
    same(
      a.notices,
      b.notices,
      (x, y) => x.kind === y.kind && x.text === y.text && chainsEqual(x.chain, y.chain, before, after),
    )
  );
}

/** The class statements with bases of a module, in order. */
export function subclassing(summary: ModuleSummary): readonly Effect[] {
  return summary.effects.filter((effect) => effect.bases.length > 0);
}

/** Whether class statements with bases came, went, or say something else about themselves; positions apart. */
export function otherSubclasses({ before, after }: SummaryChange): boolean {
  if (before === null || after === null) return true;
  return !same(
    subclassing(before),
    subclassing(after),
    (x, y) =>
      sameChains(x.bases, y.bases, before.chains, after.chains) &&
      samePiece(x.slice.piece, y.slice.piece, before.chains, after.chains),
  );
}

/** Lists of chains by what they say, whatever their numbers are. */
export function sameChains(a: readonly number[], b: readonly number[], before: Chains, after: Chains): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!chainsEqual(a[i], b[i], before, after)) return false;
  return true;
}

function chainsEqual(a: number, b: number, before: Chains, after: Chains): boolean {
  return a < 0 || b < 0 ? a === b : sameChain(before[a], after[b]);
}

/** Whether two chains are written alike. */
export function sameChain(a: Chain | undefined, b: Chain | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.kind !== b.kind) return false;
  if (!same(a.attrs, b.attrs, (x, y) => x === y)) return false;
  switch (a.kind) {
    case "global":
    case "around":
      return a.name === (b as typeof a).name;
    case "nested":
      return a.qualname === (b as typeof a).qualname;
    case "import": {
      const other = b as typeof a;
      return a.level === other.level && a.module === other.module && a.name === other.name;
    }
  }
}

/** Whether two lists are equal item by item. */
export function same<T>(a: readonly T[], b: readonly T[], equal: (x: T, y: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !equal(a[i], b[i])) return false;
  return true;
}
