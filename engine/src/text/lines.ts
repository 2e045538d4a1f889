/**
 * Offsets ↔ lines and columns of a source text.
 *
 * A line ends at LF, CR or CRLF and at nothing else: U+2028, `\x0b`, `\x85` and form feeds are ordinary characters
 * to Python. Offsets and columns are UTF-16 code units. Knows no editor protocol.
 */

/** Offset ↔ line/column of one text; lines and columns are 0-based. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  /** Number of lines; a text that ends in a line end has an empty last line. */
  get lineCount(): number {
    return this.#starts.length;
  }

  /** Line that holds `offset` (clamped into the text); a line end belongs to the line it ends. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Line and column of an offset, which is clamped into the text. */
  positionAt(offset: number): { line: number; column: number } {
    const clamped = Math.max(0, Math.min(offset, this.#length));
    const line = this.lineAt(clamped);
    return { line, column: clamped - this.#starts[line] };
  }

  /** Offset of a line and column; both are clamped: a column never reaches into the next line. */
  offsetAt(line: number, column: number): number {
    if (line < 0) return 0;
    if (line >= this.#starts.length) return this.#length;
    const end = line + 1 < this.#starts.length ? this.#starts[line + 1] : this.#length;
    return Math.min(this.#starts[line] + Math.max(0, column), end);
  }
}

/** 1-based line of an offset, for a text without an index (one problem, one look). */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  const end = Math.min(offset, text.length);
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) line++;
  }
  return line;
}
