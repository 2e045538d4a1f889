/** `functions --json`: every function and class of the project with its hash, fingerprint and direct references. */

import { Digests } from "../fingerprint/digests.ts";
import { type EffectOn, Effects } from "../fingerprint/effects.ts";
import { combinedHash } from "../graph/definitions.ts";
import type { GraphNode } from "../graph/graph.ts";
import { lineAt } from "../normalisation/file.ts";
import { BUILTINS } from "../resolve/builtins.ts";
import type { Target } from "../resolve/targets.ts";
import type { DefinitionSummary } from "../summary/types.ts";
import type { Analysis } from "./analysis.ts";
import { sealed, writtenReferences } from "./manifest.ts";
import type { FunctionFileError, FunctionLine, FunctionRef, Level } from "./types.ts";

/** One line per definition, files in path order, definitions in the order of their text. */
export function* functionLines(a: Analysis, level: Level): Iterable<FunctionLine | FunctionFileError> {
  const files = a.files.list();
  for (const file of files) a.files.withNested(file);
  const digests = projectDigests(a, level, files);
  for (const file of files) {
    const problem = a.problem(file);
    if (problem !== null) {
      yield { file, error: problem };
      continue;
    }
    yield* linesOf(a, level, file, digests);
  }
}

/** The definitions of one file, outer before inner, with the node that stands for each. */
function definitionsOf(a: Analysis, file: string): { node: GraphNode; summary: DefinitionSummary }[] {
  a.files.withNested(file);
  const summary = a.summary(file);
  if (summary === null) return [];
  const out: { node: GraphNode; summary: DefinitionSummary }[] = [];
  for (const own of summary.names.values()) {
    if (own.definition !== null) out.push({ node: a.graph.named(file, own.name), summary: own.definition });
  }
  for (const nested of summary.nested) out.push({ node: a.graph.nested(file, nested.qualname), summary: nested });
  return out.sort((x, y) => x.summary.start - y.summary.start);
}

function* linesOf(a: Analysis, level: Level, file: string, digests: Digests): Iterable<FunctionLine> {
  const module = a.resolver.finder.moduleName(file);
  const lineStarts = a.summary(file)?.lineStarts ?? [0];
  const last = new Map<GraphNode, DefinitionSummary>();
  const all = definitionsOf(a, file);
  for (const { node, summary } of all) if (node.isNested) last.set(node, summary);
  for (const { node, summary } of all) {
    if (node.definition === null) continue;
    const pieces = [
      summary.piece,
      ...summary.decorators.filter((item) => !a.graph.isStageDecorator(file, item)).map((item) => item.piece),
    ];
    // A definition replaced by a later one of its qualname has no node of its own: its digest is that of its text.
    const replaced = last.has(node) && last.get(node) !== summary;
    yield {
      file,
      module,
      qualname: summary.qualname,
      line: lineAt(lineStarts, summary.start) + 1,
      kind: summary.kind,
      hash: combinedHash(pieces),
      fingerprint: sealed(
        level,
        replaced ? pieces.map((piece) => digests.piece(file, piece, 0)).join(" ") : digests.full(node),
      ),
      refs: writtenReferences(a, file, pieces).flatMap(({ chain, written }) => refsOf(a, file, chain, written)),
    };
  }
}

/**
 * Digests in which the module level of every file counts: a function's line does not depend on which stage asks, so
 * whatever any module of the project registers is part of what is registered.
 */
function projectDigests(a: Analysis, level: Level, files: readonly string[]): Digests {
  for (const file of files) a.effects.of(file);
  const known = new Map<GraphNode, readonly EffectOn[]>();
  return new Digests(a, a.graph, a.resolver, level, (node) => {
    let effects = known.get(node);
    if (effects === undefined) {
      const { definition } = node;
      effects = definition === null ? [] : a.effects.all(node).filter((effect) => !Effects.isOwn(definition, effect));
      known.set(node, effects);
    }
    return effects;
  });
}

function refsOf(a: Analysis, file: string, chain: number, written: string): FunctionRef[] {
  const targets = a.resolver.resolve(file, chain);
  // A name that only imports bind is no definition of its own here: what its arms lead to is.
  const defining = targets.filter((target) => !(target.kind === "name" && isChoiceOfImports(a, target)));
  return (defining.length > 0 ? defining : targets).map((target) => refOf(a, file, target, written));
}

function isChoiceOfImports(a: Analysis, target: Extract<Target, { kind: "name" }>): boolean {
  const own = a.summary(target.file)?.names.get(target.name);
  return own !== undefined && own.imports.length > 0 && own.onlyImports;
}

function refOf(a: Analysis, file: string, target: Target, written: string): FunctionRef {
  const finder = a.resolver.finder;
  const node = a.graph.existing(target)?.definition;
  if (node) {
    const attrs = "attrs" in target ? target.attrs.length : 0;
    const parts = written.split(".");
    const name = attrs > 0 && attrs < parts.length ? parts.slice(0, parts.length - attrs).join(".") : written;
    const kind = node.kind as "func" | "class" | "const" | "mod";
    if (kind === "mod") return { name, kind, target: node.qualname };
    return { name, kind, target: `${finder.moduleName(node.file)}:${node.qualname}` };
  }
  switch (target.kind) {
    case "external": {
      const rest = target.dotted.slice(target.module.length + 1);
      return { name: written, kind: "package", target: rest === "" ? target.module : `${target.module}:${rest}` };
    }
    case "builtin": {
      const attrs = target.attrs.length;
      const parts = written.split(".");
      const name = attrs > 0 ? parts.slice(0, parts.length - attrs).join(".") : written;
      const known = BUILTINS.has(target.name);
      return { name, kind: known ? "builtin" : "unresolved", target: known ? `builtins:${target.name}` : target.name };
    }
    case "place":
    case "docs": {
      const own = target.file ?? file;
      const parts = written.split(".");
      return {
        name: parts.slice(0, Math.max(1, parts.length - target.attrs.length)).join("."),
        kind: "const",
        target: `${finder.moduleName(own)}:${target.kind === "docs" ? "__doc__" : target.name}`,
      };
    }
    case "missing":
    case "broken":
      return { name: written, kind: "unresolved", target: target.dotted };
    default:
      return { name: written, kind: "unresolved", target: written };
  }
}
