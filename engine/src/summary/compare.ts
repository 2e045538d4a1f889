/**
 * What two summaries of one file have in common, positions apart: the parts at which an edit's consequences stop.
 */
import { type Chain, chainText } from "../normalisation/chains.ts";
import type { ModuleSummary, NameSummary, Piece } from "./types.ts";

/** Everything that resolution from any file may read of a summary, as text. */
export function interfaceText(summary: ModuleSummary): string {
  const names = [...summary.names.values()].map((own) => [
    own.name,
    own.kind,
    own.onlyImports,
    own.definition !== null,
    own.definition?.methods,
    own.constructed,
    own.imports.map(({ level, module, name, full }) => [level, module, name, full]),
    summary.stars.length > 0 ? own.order : 0,
  ]);
  return JSON.stringify([
    names,
    summary.stars,
    summary.exports,
    summary.dynamicNames,
    summary.docs,
    summary.imports,
    summary.stageCalls.map((chain) => textOf(summary, chain)),
    summary.nested.map((nested) => [nested.qualname, nested.kind]),
  ]);
}

/** What one name is made of: hashes and references of its definition, decorators and statements, as text. */
export function nameText(summary: ModuleSummary, own: NameSummary): string {
  return JSON.stringify([
    own.definition && [
      pieceText(summary, own.definition.piece),
      ...own.definition.decorators.map((item) => decoratorText(summary, item)),
    ],
    own.slices.map((slice) => [slice.order, pieceText(summary, slice.piece)]),
    own.value,
  ]);
}

function decoratorText(
  summary: ModuleSummary,
  decorator: NonNullable<NameSummary["definition"]>["decorators"][number],
): unknown {
  return [pieceText(summary, decorator.piece), decorator.chain < 0 ? "" : textOf(summary, decorator.chain)];
}

function pieceText(summary: ModuleSummary, piece: Piece): unknown {
  const texts = (chains: readonly number[]) => chains.map((chain) => textOf(summary, chain));
  return [
    piece.shape,
    piece.hash,
    texts(piece.refs),
    texts(piece.annotationRefs),
    texts(piece.localImports),
    piece.docs,
    piece.annotations,
    piece.reads,
  ];
}

function textOf(summary: ModuleSummary, chain: number): string {
  const data = summary.chains[chain] as Chain;
  return `${data.kind} ${chainText(data)}`;
}
