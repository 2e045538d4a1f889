/**
 * Expressions: operators by precedence climbing, conditional and lambda, comprehensions' clauses.
 *
 * Nodes start at their first token (a parenthesis before the left operand included) and end at their last, as in CPython.
 */

import {
  type BinaryOperator,
  BoolOperator,
  CompareOperator,
  type Comprehension,
  ConstantType,
  Context,
  type Expr,
  UnaryOperator,
} from "./ast.ts";
import {
  newAwait,
  newBinOp,
  newBoolOp,
  newCompare,
  newComprehension,
  newConstant,
  newIfExp,
  newLambda,
  newName,
  newNamedExpr,
  newStarred,
  newTuple,
  newUnaryOp,
  newYield,
  newYieldFrom,
} from "./nodes.ts";
import { ParameterParser } from "./parameters.ts";
import { PRECEDENCE, STARTS_EXPRESSION, T, TERMINATES } from "./tokens.ts";

export abstract class ExpressionParser extends ParameterParser {
  protected abstract primary(): Expr;
  /** A target of `for`, of `with … as`: `star_targets`; stored names get their context. */
  protected abstract starTargets(): Expr;

  /** Two expressions side by side, the first from token `first` on, the second here: refuses if CPython has a hint for it. */
  protected abstract juxtaposition(first: number): void;
  /** `=` behind a named expression: refuses if CPython has a hint for it. */
  protected abstract assignmentInside(first: number, value: Expr): void;

  /** `expression`: conditional, lambda or disjunction. */
  protected expression(): Expr {
    // An atom before a token that ends the expression needs none of the operator levels.
    if (TERMINATES[this.kinds[this.pos + 1]] === 1) {
      switch (this.kind) {
        case T.Name: {
          const pos = this.pos;
          this.advance();
          return newName(this.starts[pos], this.ends[pos], this.names[this.values[pos]], Context.Load);
        }
        case T.Number:
          return this.number();
        case T.String:
          return this.strings();
        case T.None:
          return this.constant(ConstantType.None);
        case T.True:
          return this.constant(ConstantType.True);
        case T.False:
          return this.constant(ConstantType.False);
      }
    }
    if (this.at(T.Lambda)) return this.lambda();
    const first = this.pos;
    const body = this.disjunction();
    if (this.at(T.If)) return this.conditional(this.starts[first], body);
    if (STARTS_EXPRESSION[this.kind] === 1) this.juxtaposition(first);
    return body;
  }

  protected constant(type: ConstantType): Expr {
    const pos = this.pos;
    this.advance();
    return newConstant(this.starts[pos], this.ends[pos], type, "", null, false);
  }

  private conditional(start: number, body: Expr): Expr {
    this.advance();
    const test = this.disjunction();
    if (!this.at(T.Else)) {
      if (!this.at(T.Colon)) this.conditionalProblem(start);
      this.invalid();
    }
    this.advance();
    if (STARTS_EXPRESSION[this.kind] === 0) this.elseProblem();
    this.enter(2);
    const orelse = this.expression();
    this.leave(2);
    return newIfExp(start, this.lastEnd, test, body, orelse);
  }

  private conditionalProblem(start: number): never {
    this.fail("expected 'else' after 'if' expression", start);
  }

  private elseProblem(): never {
    this.fail("expected expression after 'else', but statement is given", this.start);
  }

  private lambda(): Expr {
    const start = this.start;
    this.advance();
    const args = this.parameters(T.Colon);
    this.expect(T.Colon);
    if (this.at(T.FStringMiddle)) {
      this.fail("f-string: lambda expressions are not allowed without parentheses", start);
    }
    this.enter(2);
    const body = this.expression();
    this.leave(2);
    return newLambda(start, this.lastEnd, args, body);
  }

  /** Whether `name :=` starts here. */
  protected get atWalrus(): boolean {
    return this.kind === T.Name && this.kinds[this.pos + 1] === T.ColonEqual;
  }

  /** `named_expression`: an expression, or `name := expression`. */
  protected namedExpression(): Expr {
    if (this.atWalrus) {
      const pos = this.pos;
      this.seek(pos + 2);
      const target = newName(this.starts[pos], this.ends[pos], this.nameAt(pos), Context.Store);
      const value = this.expression();
      return newNamedExpr(this.starts[pos], this.lastEnd, target, value);
    }
    const first = this.pos;
    const value = this.expression();
    if (this.at(T.ColonEqual)) this.walrusProblem(first, value);
    if (this.at(T.Equal)) this.assignmentInside(first, value);
    return value;
  }

  /** `:=` behind what is no name. */
  protected abstract walrusProblem(first: number, target: Expr): never;

  protected disjunction(): Expr {
    const start = this.start;
    const left = this.conjunction();
    if (!this.at(T.Or)) return left;
    const mark = this.mark;
    this.keep(left);
    while (this.accept(T.Or)) this.keep(this.conjunction());
    return newBoolOp(start, this.lastEnd, BoolOperator.Or, this.taken<Expr>(mark));
  }

  private conjunction(): Expr {
    const start = this.start;
    const left = this.inversion();
    if (!this.at(T.And)) return left;
    const mark = this.mark;
    this.keep(left);
    while (this.accept(T.And)) this.keep(this.inversion());
    return newBoolOp(start, this.lastEnd, BoolOperator.And, this.taken<Expr>(mark));
  }

  private inversion(): Expr {
    if (!this.at(T.Not)) return this.comparison();
    const start = this.start;
    this.advance();
    this.enter(1);
    const operand = this.inversion();
    this.leave(1);
    return newUnaryOp(start, this.lastEnd, UnaryOperator.Not, operand);
  }

  private comparison(): Expr {
    const start = this.start;
    const left = this.binary(1);
    // Comparison tokens and `in`, `is`, `not` all come after T.Tilde.
    if (this.kind <= T.Tilde) return left;
    let operator = this.compareOperator();
    if (operator < 0) return left;
    const operators: CompareOperator[] = [operator as CompareOperator];
    const comparators: Expr[] = [this.binary(1)];
    for (;;) {
      operator = this.compareOperator();
      if (operator < 0) return newCompare(start, this.lastEnd, left, operators, comparators);
      operators.push(operator as CompareOperator);
      comparators.push(this.binary(1));
    }
  }

  /** Takes a comparison operator; -1 when there is none. */
  private compareOperator(): CompareOperator | -1 {
    const kind = this.kind;
    if (kind >= T.EqEqual && kind <= T.GreaterEqual) {
      if (kind === T.NotEqual && !this.notEqualAllowed()) return -1;
      this.advance();
      return (kind - T.EqEqual) as CompareOperator;
    }
    if (kind === T.In) {
      this.advance();
      return CompareOperator.In;
    }
    if (kind === T.Is) {
      this.advance();
      return this.accept(T.Not) ? CompareOperator.IsNot : CompareOperator.Is;
    }
    if (kind === T.Not && this.kinds[this.pos + 1] === T.In) {
      this.seek(this.pos + 2);
      return CompareOperator.NotIn;
    }
    return -1;
  }

  /** Set by `from __future__ import barry_as_FLUFL` (PEP 401): then `<>` is the operator and `!=` is none. */
  protected flufl = false;

  private notEqualAllowed(): boolean {
    return (this.text.charCodeAt(this.start) === 60) === this.flufl;
  }

  /** Binary operators that bind at least as tight as `minimum` (see PRECEDENCE); `binary(1)` is `bitwise_or`. */
  protected binary(minimum: number): Expr {
    const start = this.start;
    let left = this.factor();
    let spine = 0;
    for (;;) {
      const kind = this.kind;
      const precedence = PRECEDENCE[kind];
      if (precedence < minimum || precedence === 0) break;
      this.advance();
      const right = this.binary(precedence + 1);
      left = newBinOp(start, this.lastEnd, left, (kind - T.Plus) as BinaryOperator, right);
      spine++;
    }
    if (spine > this.deepest) this.deepest = spine;
    return left;
  }

  private factor(): Expr {
    switch (this.kind) {
      case T.Plus:
        return this.unary(UnaryOperator.UAdd);
      case T.Minus:
        return this.unary(UnaryOperator.USub);
      case T.Tilde:
        return this.unary(UnaryOperator.Invert);
      case T.Await: {
        const start = this.start;
        this.advance();
        const value = this.primary();
        return this.power(start, newAwait(start, this.lastEnd, value));
      }
    }
    const start = this.start;
    const value = this.primary();
    return this.at(T.DoubleStar) ? this.power(start, value) : value;
  }

  private power(start: number, left: Expr): Expr {
    if (!this.at(T.DoubleStar)) return left;
    this.advance();
    this.enter(2);
    const right = this.factor();
    this.leave(2);
    return newBinOp(start, this.lastEnd, left, (T.DoubleStar - T.Plus) as BinaryOperator, right);
  }

  private unary(operator: UnaryOperator): Expr {
    const start = this.start;
    this.advance();
    this.enter(1);
    const operand = this.factor();
    this.leave(1);
    return newUnaryOp(start, this.lastEnd, operator, operand);
  }

  /** `'*' bitwise_or` as in displays and on right sides; the star is the current token. */
  protected starred(): Expr {
    const start = this.start;
    this.advance();
    const value = this.binary(1);
    return newStarred(start, this.lastEnd, value, Context.Load);
  }

  /** `star_expressions`: one expression, or a tuple without parentheses. */
  protected starExpressions(): Expr {
    const start = this.start;
    const first = this.at(T.Star) ? this.starred() : this.expression();
    if (!this.at(T.Comma)) return first;
    const mark = this.mark;
    this.keep(first);
    while (this.accept(T.Comma)) {
      if (this.at(T.Star)) this.keep(this.starred());
      else if (STARTS_EXPRESSION[this.kind] === 1) this.keep(this.expression());
      else break;
    }
    return newTuple(start, this.lastEnd, this.taken<Expr>(mark), Context.Load);
  }

  protected yieldExpression(): Expr {
    const start = this.start;
    this.advance();
    if (this.accept(T.From)) {
      const value = this.expression();
      return newYieldFrom(start, this.lastEnd, value);
    }
    const value = STARTS_EXPRESSION[this.kind] === 1 || this.at(T.Star) ? this.starExpressions() : null;
    return newYield(start, this.lastEnd, value);
  }

  protected annotatedRhs(): Expr {
    return this.at(T.Yield) ? this.yieldExpression() : this.starExpressions();
  }

  /** `for_if_clauses`; the current token is `for` or `async`. */
  protected comprehensions(): Comprehension[] {
    const mark = this.mark;
    while (this.at(T.For) || (this.at(T.Async) && this.kinds[this.pos + 1] === T.For)) {
      const start = this.start;
      const is_async = this.accept(T.Async) ? 1 : 0;
      this.advance();
      const target = this.starTargets();
      if (!this.at(T.In)) {
        this.fail("'in' expected after for-loop variables", this.start);
      }
      this.advance();
      const iter = this.disjunction();
      const inner = this.mark;
      while (this.accept(T.If)) this.keep(this.disjunction());
      const ifs = this.taken<Expr>(inner);
      this.keep(newComprehension(start, this.lastEnd, target, iter, ifs, is_async));
    }
    return this.taken<Comprehension>(mark);
  }

  /** Whether a comprehension's clauses start here. */
  protected get atComprehension(): boolean {
    return this.at(T.For) || (this.at(T.Async) && this.kinds[this.pos + 1] === T.For);
  }
}
