/** Which stage or definition a place in a file stands for. Pure; offsets are UTF-16 code units of the file's text. */
import type { DefinitionInfo, Stage } from "@fastpipe/engine";

const WORD = /[\p{L}\p{N}_]/u;

/** The identifier around an offset, or an empty text. */
export function wordAt(text: string, offset: number): string {
  let start = offset;
  let end = offset;
  while (start > 0 && WORD.test(text[start - 1])) start--;
  while (end < text.length && WORD.test(text[end])) end++;
  return text.slice(start, end);
}

/**
 * Whether an offset is on a definition's name, where it is defined or used: not just anywhere inside its body. A use may
 * be under another name (`import f as g`), so elsewhere any word that leads to the definition counts.
 */
export function isNamedAt(text: string, offset: number, found: DefinitionInfo, file: string): boolean {
  const word = wordAt(text, offset);
  if (word === "") return false;
  if (word === found.qualname.slice(found.qualname.lastIndexOf(".") + 1)) return true;
  const inside = found.file === file && found.ranges.some((range) => range.start <= offset && offset < range.end);
  return !inside;
}

/** The innermost stage whose definition, decorators included, an offset is in. */
export function stageAt(stages: readonly Stage[], file: string, offset: number): Stage | null {
  const around = stages.filter((stage) => stage.file === file && stage.start <= offset && offset <= stage.end);
  return around.sort((a, b) => b.start - a.start)[0] ?? null;
}
