/**
 * Patterns of `match` statements (PEP 634).
 */

import {
  BinaryOperator,
  type Constant,
  ConstantType,
  Context,
  type Expr,
  NodeKind,
  type Pattern,
  UnaryOperator,
} from "./ast.ts";
import { HintParser } from "./hints.ts";
import {
  newAttribute,
  newBinOp,
  newMatchAs,
  newMatchClass,
  newMatchMapping,
  newMatchOr,
  newMatchSequence,
  newMatchSingleton,
  newMatchStar,
  newMatchValue,
  newName,
  newUnaryOp,
} from "./nodes.ts";
import { expressionName } from "./targets.ts";
import { SoftName, T } from "./tokens.ts";

export abstract class PatternParser extends HintParser {
  /** `patterns`: one pattern, or a sequence without brackets. */
  protected patterns(): Pattern {
    const start = this.start;
    const first = this.maybeStarPattern();
    if (!this.at(T.Comma)) {
      if (first.kind === NodeKind.MatchStar) this.invalid();
      return first;
    }
    const patterns = this.sequence(first, T.Colon);
    return newMatchSequence(start, this.lastEnd, patterns);
  }

  /** Patterns after `first`, up to `closing` or, at the top, to the guard. */
  private sequence(first: Pattern, closing: T): Pattern[] {
    const patterns = [first];
    while (this.accept(T.Comma)) {
      if (this.at(closing) || (closing === T.Colon && this.at(T.If))) break;
      patterns.push(this.maybeStarPattern());
    }
    return patterns;
  }

  private maybeStarPattern(): Pattern {
    if (!this.at(T.Star)) return this.pattern();
    const start = this.start;
    this.advance();
    if (!this.at(T.Name)) this.invalid();
    const wildcard = this.values[this.pos] === SoftName.Underscore;
    const name = wildcard ? null : this.captureName();
    if (wildcard) this.advance();
    return newMatchStar(start, this.lastEnd, name);
  }

  /** `pattern_capture_target`, whose name is the current token and is not `_`. */
  private captureName(): string {
    const name = this.identifier();
    if (this.at(T.Dot) || this.at(T.LPar) || this.at(T.Equal)) this.invalid();
    return name;
  }

  private pattern(): Pattern {
    const start = this.start;
    this.enter(2);
    const first = this.closedPattern();
    let pattern = first;
    if (this.at(T.VBar)) {
      const alternatives = [first];
      while (this.accept(T.VBar)) alternatives.push(this.closedPattern());
      pattern = newMatchOr(start, this.lastEnd, alternatives);
    }
    if (this.accept(T.As)) {
      const at = this.start;
      if (!this.at(T.Name)) {
        const target = this.expression();
        this.fail(`cannot use ${expressionName(target)} as pattern target`, at);
      }
      if (this.values[this.pos] === SoftName.Underscore) this.fail("cannot use '_' as a target", at);
      const next = this.kinds[this.pos + 1];
      if (next === T.Dot || next === T.LPar) {
        const target = this.expression();
        this.fail(`cannot use ${expressionName(target)} as pattern target`, at);
      }
      pattern = newMatchAs(start, this.ends[this.pos], pattern, this.captureName());
    }
    this.leave(2);
    return pattern;
  }

  private closedPattern(): Pattern {
    const start = this.start;
    switch (this.kind) {
      case T.Number:
      case T.Minus:
      case T.Plus:
      case T.String:
      case T.FStringStart: {
        const value = this.literalKey();
        return newMatchValue(start, this.lastEnd, value);
      }
      case T.None:
        return this.singleton(ConstantType.None);
      case T.True:
        return this.singleton(ConstantType.True);
      case T.False:
        return this.singleton(ConstantType.False);
      case T.Name:
        return this.namePattern();
      case T.LPar: {
        this.advance();
        if (this.accept(T.RPar)) return newMatchSequence(start, this.lastEnd, []);
        const first = this.maybeStarPattern();
        if (this.at(T.Comma)) {
          const patterns = this.sequence(first, T.RPar);
          this.close(T.RPar);
          return newMatchSequence(start, this.lastEnd, patterns);
        }
        if (first.kind === NodeKind.MatchStar) this.invalid();
        this.close(T.RPar);
        return first;
      }
      case T.LSqb: {
        this.advance();
        if (this.accept(T.RSqb)) return newMatchSequence(start, this.lastEnd, []);
        const patterns = this.sequence(this.maybeStarPattern(), T.RSqb);
        this.close(T.RSqb);
        return newMatchSequence(start, this.lastEnd, patterns);
      }
      case T.LBrace:
        return this.mappingPattern();
      default:
        this.invalid();
    }
  }

  private singleton(type: ConstantType.None | ConstantType.True | ConstantType.False): Pattern {
    const start = this.start;
    this.advance();
    return newMatchSingleton(start, this.lastEnd, type);
  }

  /** `literal_expr` without the singletons: a signed or complex number, or strings. */
  private literalKey(): Expr {
    if (this.at(T.String) || this.at(T.FStringStart)) return this.strings();
    const start = this.start;
    const left = this.signedNumber();
    if (!this.at(T.Plus) && !this.at(T.Minus)) return left;
    const operator = this.at(T.Plus) ? BinaryOperator.Add : BinaryOperator.Sub;
    const real = left.kind === NodeKind.UnaryOp ? (left.operand as Constant) : (left as Constant);
    if (real.type === ConstantType.Complex) this.fail("real number required in complex literal", real.start);
    this.advance();
    if (!this.at(T.Number)) this.invalid();
    const right = this.number();
    if (right.type !== ConstantType.Complex) this.fail("imaginary number required in complex literal", right.start);
    return newBinOp(start, this.lastEnd, left, operator, right);
  }

  private signedNumber(): Expr {
    const start = this.start;
    if (this.at(T.Minus)) {
      this.advance();
      if (!this.at(T.Number)) this.invalid();
      const operand = this.number();
      return newUnaryOp(start, this.lastEnd, UnaryOperator.USub, operand);
    }
    if (!this.at(T.Number)) this.invalid();
    return this.number();
  }

  /** Capture, wildcard, dotted value or class pattern. */
  private namePattern(): Pattern {
    const start = this.start;
    if (this.values[this.pos] === SoftName.Underscore) {
      this.advance();
      return newMatchAs(start, this.lastEnd, null, null);
    }
    const name = this.identifier();
    if (!this.at(T.Dot) && !this.at(T.LPar)) {
      if (this.at(T.Equal)) this.invalid();
      return newMatchAs(start, this.lastEnd, null, name);
    }
    const cls = this.dotted(start, name);
    if (this.at(T.LPar)) return this.classPattern(start, cls);
    if (this.at(T.Equal)) this.invalid();
    return newMatchValue(start, this.lastEnd, cls);
  }

  /** `name_or_attr` after its first name. */
  private dotted(start: number, name: string): Expr {
    let value: Expr = newName(start, this.lastEnd, name, Context.Load);
    let spine = 0;
    while (this.accept(T.Dot)) {
      const attr = this.identifier();
      value = newAttribute(start, this.lastEnd, value, attr, Context.Load);
      spine++;
    }
    if (spine > this.deepest) this.deepest = spine;
    return value;
  }

  private mappingPattern(): Pattern {
    const start = this.start;
    this.advance();
    const keys: Expr[] = [];
    const patterns: Pattern[] = [];
    let rest: string | null = null;
    while (!this.at(T.RBrace)) {
      if (this.at(T.DoubleStar)) {
        const at = this.starts[this.pos + 1];
        this.advance();
        if (!this.at(T.Name) || this.values[this.pos] === SoftName.Underscore) this.invalid();
        rest = this.captureName();
        this.accept(T.Comma);
        if (!this.at(T.RBrace)) {
          this.fail("double star pattern must be the last (right-most) subpattern in the mapping pattern", at);
        }
        break;
      }
      keys.push(this.mappingKey());
      this.expect(T.Colon);
      patterns.push(this.pattern());
      if (!this.at(T.Comma)) break;
      this.advance();
    }
    this.close(T.RBrace);
    return newMatchMapping(start, this.lastEnd, keys, patterns, rest);
  }

  private mappingKey(): Expr {
    const start = this.start;
    switch (this.kind) {
      case T.None:
        return this.constant(ConstantType.None);
      case T.True:
        return this.constant(ConstantType.True);
      case T.False:
        return this.constant(ConstantType.False);
      case T.Name: {
        const name = this.identifier();
        if (!this.at(T.Dot)) this.invalid();
        return this.dotted(start, name);
      }
      default:
        return this.literalKey();
    }
  }

  private classPattern(start: number, cls: Expr): Pattern {
    this.advance();
    const patterns: Pattern[] = [];
    const names: string[] = [];
    const values: Pattern[] = [];
    while (!this.at(T.RPar)) {
      if (this.at(T.Name) && this.kinds[this.pos + 1] === T.Equal) {
        names.push(this.nameAt(this.pos));
        this.seek(this.pos + 2);
        values.push(this.pattern());
      } else {
        const at = this.start;
        const pattern = this.pattern();
        if (names.length > 0) this.fail("positional patterns follow keyword patterns", at);
        patterns.push(pattern);
      }
      if (!this.at(T.Comma)) break;
      this.advance();
    }
    this.close(T.RPar);
    return newMatchClass(start, this.lastEnd, cls, patterns, names, values);
  }
}
