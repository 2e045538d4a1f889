/**
 * Hints that CPython's second pass gives for expressions that stand where none can (`invalid_*` rules of the grammar).
 *
 * Runs only when a text is about to be refused; decides message and place, never whether to refuse.
 */

import { type Expr, NodeKind } from "./ast.ts";
import { FailureKind, SyntaxFailure } from "./failure.ts";
import { PrimaryParser } from "./primaries.ts";
import { expressionName } from "./targets.ts";
import { SoftName, STARTS_EXPRESSION, T } from "./tokens.ts";

export abstract class HintParser extends PrimaryParser {
  /** True while a hint reads on to see what follows: CPython turns the other hints off there. */
  private looking = false;

  /** Parses by `read` from the current token on and goes back; whether it parsed. A tokenizer's problem on the way is final. */
  private follows(read: () => boolean): boolean {
    const pos = this.pos;
    const nesting = this.nesting;
    const mark = this.mark;
    this.looking = true;
    try {
      return read();
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure) || failure.kind === FailureKind.Final) throw failure;
      return false;
    } finally {
      this.looking = false;
      this.nesting = nesting;
      this.dropped(mark);
      this.reached = Math.max(this.pos, pos);
      this.seek(pos);
    }
  }

  /** Index of the token at which the last look-ahead stopped. */
  private reached = 0;

  private hint(message: string, at: number): never {
    this.seek(this.reached);
    this.fail(message, this.starts[at]);
  }

  /** Brackets open behind a token (`Token.level`). */
  private levelAt(pos: number): number {
    let level = 0;
    for (let i = 0; i <= pos; i++) {
      const kind = this.kinds[i];
      if (kind === T.LPar || kind === T.LSqb || kind === T.LBrace) level++;
      else if (kind === T.RPar || kind === T.RSqb || kind === T.RBrace) level--;
    }
    return level;
  }

  /** `invalid_expression` and `invalid_legacy_expression`. */
  protected juxtaposition(first: number): void {
    if (this.looking) return;
    const second = this.pos;
    const kind = this.kinds[first];
    if (kind === T.String && second === first + 1) {
      const inside = this.follows(() => {
        do this.expression();
        while (STARTS_EXPRESSION[this.kind] === 1 && !this.at(T.String));
        return this.at(T.String);
      });
      if (inside) this.hint("invalid syntax. Is this intended to be part of the string?", second);
    }
    const name = kind === T.Name ? this.values[first] : -1;
    const soft = name >= SoftName.Underscore && name <= SoftName.Type;
    const legacy = name === SoftName.Print || name === SoftName.Exec;
    const prefixed = kind === T.Name && this.kinds[first + 1] === T.String;
    if (!soft && !prefixed) {
      let last = second;
      const read = (part: () => Expr) => () => {
        part();
        last = this.pos - 1;
        return true;
      };
      // What parses as its first atom only is an expression too: a PEG does not ask what comes after.
      const comma = this.follows(read(() => this.expression())) || this.follows(read(() => this.atom()));
      if (comma && !(legacy && second === first + 1) && this.levelAt(last) > 0) {
        this.hint("invalid syntax. Perhaps you forgot a comma?", first);
      }
    }
    if (legacy && this.kinds[first + 1] !== T.LPar) {
      this.seek(first + 1);
      const call = STARTS_EXPRESSION[this.kind] === 1 && this.follows(() => this.starExpressions() !== null);
      if (call) {
        const word = this.nameAt(first);
        this.hint(`Missing parentheses in call to '${word}'. Did you mean ${word}(...)?`, first);
      }
      this.seek(second);
    }
  }

  /** A statement where an expression is due: `x = pass if y else z` has a hint of its own. */
  protected statementInside(): void {
    if (this.looking) return;
    const first = this.pos;
    this.advance();
    if (this.kind === T.Error) this.invalid();
    const conditional =
      this.at(T.If) &&
      this.follows(() => {
        this.advance();
        this.disjunction();
        return this.at(T.Else);
      });
    if (conditional) this.hint("expected expression before 'if', but statement is given", first);
    this.seek(first);
  }

  protected walrusProblem(first: number, target: Expr): never {
    const assigned = this.follows(() => {
      this.advance();
      this.expression();
      return true;
    });
    if (assigned) this.hint(`cannot use assignment expressions with ${expressionName(target)}`, first);
    this.invalid();
  }

  /** `invalid_named_expression`. */
  protected assignmentInside(first: number, value: Expr): void {
    if (this.looking) return;
    const equal = this.pos;
    const single = this.kinds[first] === T.Name && equal === first + 1;
    if (!single) {
      switch (value.kind) {
        case NodeKind.List:
        case NodeKind.Tuple:
        case NodeKind.GeneratorExp:
        case NodeKind.BoolOp:
        case NodeKind.Compare:
        case NodeKind.IfExp:
        case NodeKind.Lambda:
          return;
        case NodeKind.Constant:
          if (this.kinds[first] >= T.KeywordBase) return;
      }
    }
    this.advance();
    const assigned = this.follows(() => {
      this.binary(1);
      return !this.at(T.Equal) && !this.at(T.ColonEqual);
    });
    if (assigned) {
      this.hint(
        single
          ? "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"
          : `cannot assign to ${expressionName(value)} here. Maybe you meant '==' instead of '='?`,
        first,
      );
    }
    this.seek(equal);
  }
}
