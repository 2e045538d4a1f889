/** Where the lines of a statement end: blank lines and comment lines after it belong to nobody. Never looks inside the code. */

/**
 * Offset behind the last line, its line end included, between `from` and `to` that is neither blank nor a comment.
 * `from` and `to` are at line starts or at the end of the text; `from` when there is no such line.
 */
export function codeLinesEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from) {
    let start = end - 1;
    if (text.charCodeAt(start) === 10 && text.charCodeAt(start - 1) === 13) start--;
    while (start > from && !isLineEnd(text.charCodeAt(start - 1))) start--;
    let first = start;
    while (first < end && isBlank(text.charCodeAt(first))) first++;
    if (first < end && text.charCodeAt(first) !== 35) return end;
    end = start;
  }
  return from;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 12 || isLineEnd(code);
}
