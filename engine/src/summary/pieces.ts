/** Turning a finished canonical walk into a `Piece`. */

import type { Scope } from "../binding/scope.ts";
import { Canonical } from "../normalisation/canonical.ts";
import { chainText } from "../normalisation/chains.ts";
import type { FileContext } from "../normalisation/file.ts";
import { TokenStream } from "../text/digest.ts";
import type { Piece } from "./types.ts";

const scratch = new TokenStream(1024);

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
  if (file.level === "strict") hash = asWritten().out.digest();
  else if (c.refs.length === 0) hash = shape;
  else {
    scratch.clear();
    scratch.text(shape);
    for (const ref of c.refs) scratch.text(chainText(file.chains.chains[ref]));
    hash = scratch.digest();
  }
  return {
    shape,
    hash,
    refs: c.refs,
    annotationRefs: [...c.annotationRefs].sort((a, b) => a - b),
    mentioned: [...c.mentioned].sort((a, b) => a - b),
    localImports: c.localImports,
    docs: c.docs.length > 0 ? c.docs.digest() : "",
    annotations: c.annotations.length > 0 ? c.annotations.digest() : "",
    reads: c.reads,
    mutates: [...c.mutates],
    notices: c.notices,
    methodCalls: [...c.methodCalls],
    ignored: c.ignored,
  };
}
