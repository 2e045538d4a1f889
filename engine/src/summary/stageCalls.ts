/** Functions that become stages by a call (`kedro.pipeline.node(clean, ...)`) instead of a decorator. */
import { dottedName, dottedParts, type FileContext } from "../normalisation/file.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { type Module, NodeKind } from "../syntax/ast.ts";
import { walk } from "../syntax/walk.ts";

/** Calls anywhere in the file that make a stage of a function handed to them; only files that import such things have any. */
export function stageCalls(file: FileContext, module: Module): readonly number[] {
  const packages = new Set([...file.stageDecorators].map((name) => name.split(".")[0]));
  if (![...file.imports.values()].some(({ level, module }) => level === 0 && packages.has(module.split(".")[0])))
    return [];
  const out = new Set<number>();
  walk(module, (node) => {
    if (node.kind !== NodeKind.Call) return;
    const dotted = dottedName(file, node.func);
    if (dotted === null || !marksStage(file.stageDecorators, dotted)) return;
    const handed = node.args[0] ?? node.keywords.find(({ arg }) => arg === "func" || arg === "fn")?.value;
    const parts = handed ? dottedParts(handed) : null;
    if (parts !== null) out.add(file.chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
  });
  return [...out];
}
