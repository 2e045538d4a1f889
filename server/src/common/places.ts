/** Which stage or definition a place in a file stands for. Pure; offsets are UTF-16 code units of the file's text. */
import type { DefinitionInfo, Stage } from "@fastpipe/engine";
import type { Outline, OutlineItem } from "@fastpipe/engine/outline";

const WORD = /[\p{L}\p{N}_]/u;

/** The identifier around an offset, or an empty text. */
function wordAt(text: string, offset: number): string {
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
  // A method or an inner function, where it is defined: what is around it counts.
  if (/\b(?:def|class)[ \t]+[\p{L}\p{N}_]*$/u.test(text.slice(Math.max(offset - 200, 0), offset))) return true;
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
 * Gives the stage where its `def` stands now: the one with its name nearest to where it stood, in the outline's item of that
 * name where there is an outline. As it was where there is none.
 */
export function placedIn(text: string, stage: Stage, outline: Outline | null): Stage {
  const { nameRange, qualname } = stage;
  if (!stage.broken) return stage;
  const name = qualname.slice(qualname.lastIndexOf(".") + 1);
  const item = nearestItem(outline, qualname.split(".", 1)[0], stage.start);
  const at = nearestDef(text, name, nameRange.start, item ?? { start: 0, end: text.length });
  if (at === null) return stage;
  const moved = (offset: number): number => Math.min(Math.max(offset + at - nameRange.start, 0), text.length);
  const topLevel = item !== null && name === qualname;
  return {
    ...stage,
    nameRange: { start: at, end: at + name.length },
    start: topLevel ? item.start : moved(stage.start),
    end: topLevel ? item.end : moved(stage.end),
  };
}

/**
 * Where a definition at module level starts in a text that does not parse: its item of the outline, else the nearest line
 * that begins with it, else where it stood.
 */
export function startIn(text: string, name: string, start: number, outline: Outline | null): number {
  const item = nearestItem(outline, name, start);
  if (item) return item.start;
  let nearest: number | null = null;
  const escaped = name.replace(/[^\p{L}\p{N}_]/gu, "\\$&");
  const lines = new RegExp(`^(?:(?:async[ \\t]+)?def[ \\t]+|class[ \\t]+)?${escaped}(?![\\p{L}\\p{N}_])`, "gmu");
  for (const { index } of text.matchAll(lines)) {
    if (nearest === null || Math.abs(index - start) < Math.abs(nearest - start)) nearest = index;
  }
  return nearest ?? Math.min(start, text.length);
}

function nearestItem(outline: Outline | null, name: string, start: number): OutlineItem | null {
  const named = (outline?.items ?? []).filter((item) => item.name === name);
  return named.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start))[0] ?? null;
}

/** Offset of the name in the nearest `def name` of a range, or null. */
function nearestDef(text: string, name: string, near: number, range: { start: number; end: number }): number | null {
  let nearest: number | null = null;
  for (const match of text.slice(range.start, range.end).matchAll(/\bdef[ \t\f]+([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    if (match[1] !== name) continue;
    const at = range.start + match.index + match[0].length - name.length;
    if (nearest === null || Math.abs(at - near) < Math.abs(nearest - near)) nearest = at;
  }
  return nearest;
}
