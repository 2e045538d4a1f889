/** Turning a finished canonical walk into a `Piece`. */

import type { Scope } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { type Chain, chainText } from "../normalisation/chains.ts";
import type { FileContext, ImportTarget } from "../normalisation/file.ts";
import { lastingStream } from "../text/digest.ts";
import type { Piece } from "./types.ts";

const scratch = lastingStream();

/**
 * Walks `emit` once (twice at level `strict`, where the own hash is of the tree as written) and digests what it leaves.
 * `order`: place among the module's statements of what runs there.
 */
export function pieceOf(
  file: FileContext,
  scope: Scope,
  qualname: string,
  emit: (c: Canonical) => void,
  order = -1,
): Piece {
  const c = new Canonical(file, scope, qualname);
  c.order = order;
  emit(c);
  return finish(file, c, () => {
    const written = new Canonical(file, scope, qualname, true);
    emit(written);
    return written;
  });
}

function finish(file: FileContext, c: Canonical, asWritten: () => Canonical): Piece {
  const shape = c.out.digest();
  let hash: string;
  if (file.level === "strict") {
    const written = asWritten();
    hash = written.out.digest();
    written.release();
  } else if (c.refs.length === 0) hash = shape;
  else {
    scratch.clear();
    scratch.text(shape);
    for (const ref of c.refs) scratch.text(nameOf(file, ref));
    hash = scratch.digest();
  }
  const docs = c.docsDigest;
  const annotations = c.annotationsDigest;
  const names = c.namesDigest;
  const parameters = c.parametersDigest;
  c.release();
  return {
    shape,
    hash,
    refs: kept(c.refs),
    annotationRefs: sorted(c.annotationRefs),
    aliases: c.aliases === null ? NO_ALIASES : [...c.aliases],
    mentioned: sorted(c.mentioned),
    unwritten: kept(c.unwritten),
    localImports: kept(c.localImports),
    docs,
    annotations,
    names,
    parameters,
    reads: c.reads,
    hands: listed(c.hands),
    mutates: listed(c.mutates),
    sets: listed(c.sets),
    notices: kept(c.notices),
    methodCalls: c.methodCalls === null ? NO_CALLS : [...c.methodCalls],
    ignored: c.ignored,
  };
}

/** What a chain is called in a hash: by the dotted target where an import binds its head (marked by a blank), else as written. */
function nameOf(file: FileContext, ref: number): string {
  const { chains, names } = file.chains;
  const chain = chains[ref];
  const target = chain.kind === "global" ? file.facts.soleImports.get(chain.name) : undefined;
  while (names.length <= ref) names.push(null);
  let known = names[ref];
  if (known === null || known.target !== target) {
    known = { target, text: target === undefined ? chainText(chain) : targetText(target, chain) };
    names[ref] = known;
  }
  return known.text;
}

function targetText(target: ImportTarget, chain: Chain): string {
  const head = target.name === null ? [target.module] : [target.module, target.name];
  return `${".".repeat(target.level)}${[...head, ...chain.attrs].join(".")} `;
}

const NONE: readonly never[] = [];
const NO_ALIASES: readonly (readonly [number, string])[] = [];
const NO_CALLS: readonly (readonly [string, number])[] = [];

/** A list of exactly its length: one that grew by `push` holds room for many more. */
function kept<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NONE : items.slice();
}

function listed(indices: ReadonlySet<number> | null): readonly number[] {
  return indices === null ? NONE : [...indices];
}

function sorted(indices: ReadonlySet<number> | null): readonly number[] {
  return indices === null ? NONE : [...indices].sort((a, b) => a - b);
}
