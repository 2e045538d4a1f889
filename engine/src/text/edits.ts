/**
 * Text edits: what an editor changes, applied to a text.
 *
 * Offsets are UTF-16 code units of the text before the edit. Knows no editor protocol.
 */

/** Replaces `[start, end)` by `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies one edit. Throws RangeError when it reaches outside the text. */
export function applyEdit(text: string, edit: TextEdit): string {
  if (edit.start < 0 || edit.end < edit.start || edit.end > text.length) throw new RangeError("edit outside the text");
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/** Applies edits one after another, each to the text that the one before left. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of edits) result = applyEdit(result, edit);
  return result;
}

const BLOCK = 4096;

/** The one edit that turns `before` into `after`: common start and end are left alone, surrogate pairs and CRLF kept whole. */
export function editBetween(before: string, after: string): TextEdit {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  // Whole blocks first: an edit in a long text leaves most of it alone.
  while (start + BLOCK <= limit && before.slice(start, start + BLOCK) === after.slice(start, start + BLOCK))
    start += BLOCK;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  while (start > 0 && splitsUnit(before, start)) start--;
  let tail = 0;
  const most = limit - start;
  while (
    tail + BLOCK <= most &&
    before.slice(before.length - tail - BLOCK, before.length - tail) ===
      after.slice(after.length - tail - BLOCK, after.length - tail)
  )
    tail += BLOCK;
  while (tail < most && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail))
    tail++;
  while (tail > 0 && splitsUnit(before, before.length - tail)) tail--;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

function splitsUnit(text: string, offset: number): boolean {
  const left = text.charCodeAt(offset - 1);
  const right = text.charCodeAt(offset);
  return (left === 13 && right === 10) || (left >= 0xd800 && left <= 0xdbff && right >= 0xdc00 && right <= 0xdfff);
}

/** Where an offset of the text before an edit is after it; inside the replaced part it moves to the new end. */
export function offsetAfter(offset: number, edit: TextEdit): number {
  if (offset < edit.start) return offset;
  if (offset >= edit.end) return offset + edit.text.length - (edit.end - edit.start);
  return edit.start + edit.text.length;
}
