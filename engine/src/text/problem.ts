/** What is wrong with a source text, with its place. */

/** What CPython refuses: `message` without place, `line` 1-based, `offset` a UTF-16 offset into the text. */
export interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly offset: number;
}
