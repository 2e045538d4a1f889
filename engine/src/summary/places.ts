/** Where statements and names stand in a text: ranges for people, never part of what is compared. */
import type { Range } from "../program/types.ts";
import type { Stmt } from "../syntax/ast.ts";
import { editBetween } from "../text/index.ts";
import { isDefinition } from "./statementKinds.ts";

/** From the first decorator's `@` to the end of a statement. */
export function rangeOf(text: string, statement: Stmt): Range {
  if (isDefinition(statement) && statement.decorator_list.length > 0) {
    return { start: text.lastIndexOf("@", statement.decorator_list[0].start), end: statement.end };
  }
  return { start: statement.start, end: statement.end };
}

export function nameRangeOf(text: string, statement: Stmt, name: string): Range {
  const start = isDefinition(statement) ? text.indexOf(name, statement.start + 3) : text.indexOf(name, statement.start);
  return start < 0 || start > statement.end
    ? { start: statement.start, end: statement.start }
    : { start, end: start + name.length };
}

export function lineStartsOf(text: string): number[] {
  const out = [0];
  if (!text.includes("\r")) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) out.push(at + 1);
    return out;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) out.push(i + 1);
    else if (code === 13) {
      if (text.charCodeAt(i + 1) === 10) i++;
      out.push(i + 1);
    }
  }
  return out;
}

/** The line starts of a text, found when somebody asks. */
export function lazyLineStarts(text: string): () => readonly number[] {
  let starts: readonly number[] | null = null;
  return () => {
    starts ??= lineStartsOf(text);
    return starts;
  };
}

/** A text with the offsets of its line starts. */
export interface Lines {
  readonly text: string;
  readonly starts: readonly number[];
}

/** The lines of a text that differs from another in one place: only what differs is looked through. */
export function linesAfter(before: Lines, text: string): Lines {
  const edit = editBetween(before.text, text);
  const by = edit.text.length - (edit.end - edit.start);
  const { starts } = before;
  // A start that the edit touches may be none any more: the line end before it may be another.
  const kept = firstAbove(starts, edit.start - 1);
  const behind = firstAbove(starts, edit.end);
  const from = kept > 0 ? starts[kept - 1] : 0;
  const to = behind < starts.length ? starts[behind] + by : text.length;
  const between = lineStartsOf(text.slice(from, to));
  const out = starts.slice(0, Math.max(kept, 1));
  for (let i = 1; i < between.length; i++) {
    if (behind === starts.length || from + between[i] < to) out.push(from + between[i]);
  }
  for (let i = behind; i < starts.length; i++) out.push(starts[i] + by);
  return { text, starts: out };
}

/** Index of the first offset above a limit. */
function firstAbove(offsets: readonly number[], limit: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsets[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
