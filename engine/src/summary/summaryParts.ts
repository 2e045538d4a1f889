/** Parts of a summary that are made apart from what they are made of. */
import type { Range } from "../program/types.ts";
import type { ModuleSummary, NameSummary, Slice } from "./types.ts";

/**
 * A summary with the starts of its lines, found when somebody asks: an edit moves all of them. A function of its own, so that
 * what asks keeps nothing else: a closure keeps all that any closure beside it uses, such as the trees.
 */
export function withLines(
  summary: Omit<ModuleSummary, "lineStarts">,
  lineStarts: () => readonly number[],
): ModuleSummary {
  let lines: readonly number[] | null = null;
  return Object.defineProperty(summary, "lineStarts", {
    enumerable: true,
    get() {
      lines ??= lineStarts();
      return lines;
    },
  }) as ModuleSummary;
}

/** A name about which nothing is known but the statements that make it up. */
export function madeUpOf(name: string, slices: readonly Slice[], order: number, nameRange: Range): NameSummary {
  return {
    name,
    kind: "const",
    definition: null,
    slices,
    imports: [],
    onlyImports: false,
    value: null,
    alias: -1,
    maker: -1,
    constructed: null,
    order,
    nameRange,
  };
}
