/**
 * Offsets of a text against line and character, in the unit the client and server agreed on. Knows nothing of
 * documents or files. Line ends are `\n`, `\r\n` and `\r`, as in the protocol and in Python.
 */

/** Unit of `character`: bytes of UTF-8, code units of UTF-16, or code points. */
export type Encoding = "utf-8" | "utf-16" | "utf-32";
export const ENCODINGS: readonly Encoding[] = ["utf-8", "utf-16", "utf-32"];

/** 0-based line and character. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Start offsets of the lines in `text`, appended to `out`, for line ends between `from` and `to`. */
function scanLines(text: string, from: number, to: number, out: number[]): void {
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 10) out.push(i + 1);
    else if (c === 13) {
      if (text.charCodeAt(i + 1) === 10) i++;
      out.push(i + 1);
    }
  }
}

/** How many units of `encoding` the code point takes. */
function width(codePoint: number, encoding: Encoding): number {
  if (encoding === "utf-32") return 1;
  if (encoding === "utf-16") return codePoint > 0xffff ? 2 : 1;
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
}

/** A text with its line starts. Immutable: an edit gives a new one. */
export class LineIndex {
  readonly text: string;
  readonly #encoding: Encoding;
  readonly #starts: readonly number[];

  constructor(text: string, encoding: Encoding, starts?: readonly number[]) {
    this.text = text;
    this.#encoding = encoding;
    if (starts) this.#starts = starts;
    else {
      const scanned = [0];
      scanLines(text, 0, text.length, scanned);
      this.#starts = scanned;
    }
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset where a 0-based line starts; the text's length for a line past the end. */
  lineStart(line: number): number {
    return line >= this.#starts.length ? this.text.length : this.#starts[Math.max(line, 0)];
  }

  /** Offset behind a line's last character, its line end excluded. */
  lineEnd(line: number): number {
    const start = this.lineStart(line);
    let end = this.lineStart(line + 1);
    if (end > start && this.text.charCodeAt(end - 1) === 10) end--;
    if (end > start && this.text.charCodeAt(end - 1) === 13) end--;
    return end;
  }

  /** 0-based line of an offset. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Offset of a position; what lies outside the line or the text is moved to its end, as the protocol asks. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.#starts.length) return this.text.length;
    const start = this.#starts[position.line];
    const end = this.lineEnd(position.line);
    if (this.#encoding === "utf-16") return Math.min(start + Math.max(position.character, 0), end);
    let offset = start;
    let left = position.character;
    while (offset < end && left > 0) {
      const codePoint = this.text.codePointAt(offset)!;
      left -= width(codePoint, this.#encoding);
      if (left < 0) break;
      offset += codePoint > 0xffff ? 2 : 1;
    }
    return offset;
  }

  /** Position of an offset. */
  positionAt(offset: number): Position {
    const at = Math.min(Math.max(offset, 0), this.text.length);
    const line = this.lineOf(at);
    const start = this.#starts[line];
    if (this.#encoding === "utf-16") return { line, character: at - start };
    let character = 0;
    for (let i = start; i < at; ) {
      const codePoint = this.text.codePointAt(i)!;
      character += width(codePoint, this.#encoding);
      i += codePoint > 0xffff ? 2 : 1;
    }
    return { line, character };
  }

  /** The text with `[start, end)` replaced; only the lines of the edit are scanned again. */
  edit(start: number, end: number, replacement: string): LineIndex {
    const text = this.text.slice(0, start) + replacement + this.text.slice(end);
    let first = this.lineOf(start);
    // A `\n` put behind a lone `\r` joins it: the line before is scanned too.
    if (first > 0 && this.#starts[first] === start) first--;
    const after = this.lineOf(end) + 1;
    const shift = replacement.length - (end - start);
    const starts = this.#starts.slice(0, first + 1);
    const rest = this.#starts.slice(after);
    scanLines(text, this.#starts[first], after < this.#starts.length ? rest[0] + shift : text.length, starts);
    // The last scanned line end is the one that `rest` begins with.
    if (rest.length > 0 && starts[starts.length - 1] === rest[0] + shift && starts.length > 1) starts.pop();
    for (const s of rest) starts.push(s + shift);
    return new LineIndex(text, this.#encoding, starts);
  }
}
