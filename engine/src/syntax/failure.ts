/**
 * How tokenizer and parser give up: thrown inside this folder, turned into a value by `parseModule`.
 *
 * Never leaves the folder; carries no stack, so that throwing is cheap.
 */

/** Why a failure counts as it does when the tokenizer has a problem further on (`_PyPegen_tokenize_full_source_to_check_for_errors`). */
export const enum FailureKind {
  /** Found by the parser: a tokenizer problem anywhere after it goes first. */
  Parser,
  /** Final: nothing overrides it. */
  Final,
}

/** A refusal with its place. Offsets are UTF-16 offsets into the text; `reached` is that of the last token looked at. */
export class SyntaxFailure {
  constructor(
    readonly message: string,
    readonly offset: number,
    readonly reached: number,
    readonly kind: FailureKind,
  ) {}
}
