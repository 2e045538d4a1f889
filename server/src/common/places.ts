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

/**
 * A stage of a file that does not parse is shown from its last good version, whose offsets may not fit the text any more.
 * Gives the stage where its `def` stands now: the one with its name nearest to where it stood. As it was where there is none.
 */
export function placedIn(text: string, stage: Stage): Stage {
  const { nameRange, qualname } = stage;
  if (!stage.broken) return stage;
  const name = qualname.slice(qualname.lastIndexOf(".") + 1);
  let nearest: number | null = null;
  for (const match of text.matchAll(/\bdef[ \t\f]+([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    if (match[1] !== name) continue;
    const at = match.index + match[0].length - name.length;
    if (nearest === null || Math.abs(at - nameRange.start) < Math.abs(nearest - nameRange.start)) nearest = at;
  }
  if (nearest === null || nearest === nameRange.start) return stage;
  const shift = nearest - nameRange.start;
  const moved = (offset: number): number => Math.min(Math.max(offset + shift, 0), text.length);
  return {
    ...stage,
    nameRange: { start: nearest, end: nearest + name.length },
    start: moved(stage.start),
    end: moved(stage.end),
  };
}
