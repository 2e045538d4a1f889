/**
 * Atoms, displays, calls, subscripts, attributes. Above 400 lines because the grammar has them call one another.
 */

import { ConstantType, Context, type Expr, type Keyword, NodeKind } from "./ast.ts";
import { NOTHING } from "./cursor.ts";
import { ExpressionParser } from "./expressions.ts";
import {
  newAttribute,
  newCall,
  newDict,
  newDictComp,
  newGeneratorExp,
  newKeyword,
  newList,
  newListComp,
  newName,
  newSet,
  newSetComp,
  newSlice,
  newStarred,
  newSubscript,
  newTuple,
} from "./nodes.ts";
import { expressionName } from "./targets.ts";
import { STARTS_EXPRESSION, T } from "./tokens.ts";

export abstract class PrimaryParser extends ExpressionParser {
  /** `primary`: an atom with its calls, subscripts and attributes. */
  protected primary(): Expr {
    const start = this.start;
    let value = this.atom();
    let spine = 0;
    for (;;) {
      switch (this.kind) {
        case T.Dot: {
          this.advance();
          const attr = this.identifier();
          value = newAttribute(start, this.lastEnd, value, attr, Context.Load);
          break;
        }
        case T.LPar: {
          this.enter(3);
          this.callArguments(true);
          this.leave(3);
          value = newCall(start, this.lastEnd, value, this.args, this.keywords);
          break;
        }
        case T.LSqb: {
          this.enter(3);
          this.advance();
          const slice = this.slices();
          this.close(T.RSqb);
          this.leave(3);
          value = newSubscript(start, this.lastEnd, value, slice, Context.Load);
          break;
        }
        default:
          if (spine > this.deepest) this.deepest = spine;
          return value;
      }
      spine++;
    }
  }

  /** A closing bracket is due. */
  protected close(kind: T): void {
    if (!this.at(kind)) this.invalid();
    this.advance();
  }

  /** What `callArguments` has read last. */
  protected args: Expr[] = NOTHING;
  protected keywords: Keyword[] = NOTHING;

  override release(): void {
    super.release();
    this.args = NOTHING;
    this.keywords = NOTHING;
  }

  /**
   * `( [arguments] )`, into `args` and `keywords`; the current token is the parenthesis. A lone generator needs no parentheses
   * of its own in a call.
   */
  protected callArguments(generator: boolean): void {
    const open = this.start;
    const mark = this.mark;
    /** Place of the first keyword, -1 before it, and whether only keywords follow. */
    let split = -1;
    let inOrder = true;
    this.advance();
    let keywordSeen = false;
    let unpacked = false;
    while (!this.at(T.RPar)) {
      const start = this.start;
      if (this.at(T.Star)) {
        if (unpacked) this.fail("iterable argument unpacking follows keyword argument unpacking", start);
        this.advance();
        const value = this.expression();
        if (split >= 0) inOrder = false;
        this.keep(newStarred(start, this.lastEnd, value, Context.Load));
      } else if (this.at(T.DoubleStar)) {
        unpacked = true;
        this.advance();
        const value = this.expression();
        if (this.at(T.Equal)) this.fail("cannot assign to keyword argument unpacking", start);
        if (split < 0) split = this.mark;
        this.keep(newKeyword(start, this.lastEnd, null, value));
      } else if (this.at(T.Name) && this.kinds[this.pos + 1] === T.Equal) {
        keywordSeen = true;
        const name = this.nameAt(this.pos);
        this.seek(this.pos + 2);
        if (this.at(T.Comma) || this.at(T.RPar)) this.fail("expected argument value expression", start);
        const value = this.expression();
        if (this.atComprehension) {
          this.fail("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", start);
        }
        if (split < 0) split = this.mark;
        this.keep(newKeyword(start, this.lastEnd, name, value));
      } else {
        const first = this.pos;
        const value = this.atWalrus ? this.namedExpression() : this.expression();
        if (this.at(T.ColonEqual)) this.walrusProblem(first, value);
        if (this.at(T.Equal)) this.keywordProblem(value, start);
        if (this.atComprehension) {
          if (!generator || this.mark > mark) this.generatorProblem(start);
          const generators = this.comprehensions();
          if (!this.at(T.RPar)) {
            if (this.at(T.Comma)) this.fail("Generator expression must be parenthesized", start);
            this.invalid();
          }
          this.advance();
          this.args = [newGeneratorExp(open, this.lastEnd, value, generators)];
          this.keywords = NOTHING;
          return;
        }
        if (unpacked) this.argumentProblem("positional argument follows keyword argument unpacking");
        if (keywordSeen) this.argumentProblem("positional argument follows keyword argument");
        this.keep(value);
      }
      if (!this.at(T.Comma)) break;
      this.advance();
    }
    this.close(T.RPar);
    if (split < 0) {
      this.args = this.taken<Expr>(mark);
      this.keywords = NOTHING;
    } else if (inOrder) {
      this.keywords = this.taken<Keyword>(split);
      this.args = this.taken<Expr>(mark);
    } else {
      const all = this.taken<Expr | Keyword>(mark);
      this.args = all.filter((node): node is Expr => node.kind !== NodeKind.Keyword);
      this.keywords = all.filter((node): node is Keyword => node.kind === NodeKind.Keyword);
    }
  }

  /** CPython tells it where it has come to when it has read the arguments that follow. */
  private argumentProblem(message: string): never {
    while (this.at(T.Comma)) {
      this.advance();
      if (this.at(T.Name) && this.kinds[this.pos + 1] === T.Equal) this.seek(this.pos + 2);
      else if (this.at(T.Star) || this.at(T.DoubleStar)) this.advance();
      if (STARTS_EXPRESSION[this.kind] === 0) break;
      this.expression();
    }
    this.fail(message, this.start);
  }

  private generatorProblem(start: number): never {
    this.comprehensions();
    this.fail("Generator expression must be parenthesized", start);
  }

  private keywordProblem(value: Expr, start: number): never {
    if (value.kind === NodeKind.Constant && value.type <= ConstantType.False) {
      this.fail(`cannot assign to ${expressionName(value)}`, start);
    }
    this.fail('expression cannot contain assignment, perhaps you meant "=="?', start);
  }

  /** `slices`: what stands between the brackets of a subscript. */
  private slices(): Expr {
    const start = this.start;
    const first = this.at(T.Star) ? this.starredExpression() : this.slice();
    if (!this.at(T.Comma)) {
      if (first.kind === NodeKind.Starred) return newTuple(start, this.lastEnd, [first], Context.Load);
      return first;
    }
    const mark = this.mark;
    this.keep(first);
    while (this.accept(T.Comma)) {
      if (this.at(T.RSqb)) break;
      this.keep(this.at(T.Star) ? this.starredExpression() : this.slice());
    }
    return newTuple(start, this.lastEnd, this.taken<Expr>(mark), Context.Load);
  }

  private starredExpression(): Expr {
    const start = this.start;
    this.advance();
    const value = this.expression();
    return newStarred(start, this.lastEnd, value, Context.Load);
  }

  private slice(): Expr {
    const start = this.start;
    let lower: Expr | null = null;
    if (!this.at(T.Colon)) {
      const walrus = this.atWalrus;
      lower = this.namedExpression();
      if (!this.at(T.Colon) || walrus) return lower;
    }
    this.advance();
    const upper = STARTS_EXPRESSION[this.kind] === 1 ? this.expression() : null;
    let step: Expr | null = null;
    if (this.accept(T.Colon) && STARTS_EXPRESSION[this.kind] === 1) step = this.expression();
    return newSlice(start, this.lastEnd, lower, upper, step);
  }

  protected atom(): Expr {
    switch (this.kind) {
      case T.Name: {
        const pos = this.pos;
        this.advance();
        return newName(this.starts[pos], this.ends[pos], this.names[this.values[pos]], Context.Load);
      }
      case T.String:
      case T.FStringStart:
        return this.strings();
      case T.Number:
        return this.number();
      case T.True:
        return this.constant(ConstantType.True);
      case T.False:
        return this.constant(ConstantType.False);
      case T.None:
        return this.constant(ConstantType.None);
      case T.Ellipsis:
        return this.constant(ConstantType.Ellipsis);
      case T.LPar:
        return this.parenthesis();
      case T.LSqb:
        return this.list();
      case T.LBrace:
        return this.braces();
      case T.Pass:
      case T.Break:
      case T.Continue:
        this.statementInside();
        break;
    }
    this.invalid();
  }

  protected abstract statementInside(): void;

  /** `star_named_expression`. */
  protected element(): Expr {
    return this.at(T.Star) ? this.starred() : this.namedExpression();
  }

  /** Elements after the first one, up to a closing bracket. */
  private elements(first: Expr, closing: T): Expr[] {
    const mark = this.mark;
    this.keep(first);
    while (this.accept(T.Comma)) {
      if (this.at(closing)) break;
      this.keep(this.element());
    }
    if (this.atComprehension) this.fail("did you forget parentheses around the comprehension target?", first.start);
    return this.taken<Expr>(mark);
  }

  private unpackingProblem(first: Expr): void {
    if (first.kind === NodeKind.Starred) this.fail("iterable unpacking cannot be used in comprehension", first.start);
  }

  /** Group, tuple or generator. */
  private parenthesis(): Expr {
    const start = this.start;
    this.enter(3);
    this.advance();
    let node: Expr;
    if (this.at(T.RPar)) {
      this.advance();
      node = newTuple(start, this.lastEnd, NOTHING, Context.Load);
    } else if (this.at(T.Yield)) {
      node = this.yieldExpression();
      this.close(T.RPar);
    } else {
      const first = this.element();
      if (this.atComprehension) {
        this.unpackingProblem(first);
        const generators = this.comprehensions();
        this.close(T.RPar);
        node = newGeneratorExp(start, this.lastEnd, first, generators);
      } else if (this.at(T.Comma)) {
        const elements = this.elements(first, T.RPar);
        this.close(T.RPar);
        node = newTuple(start, this.lastEnd, elements, Context.Load);
      } else {
        if (this.at(T.RPar) && first.kind === NodeKind.Starred) {
          this.fail("cannot use starred expression here", first.start);
        }
        this.close(T.RPar);
        node = first;
      }
    }
    this.leave(3);
    return node;
  }

  private list(): Expr {
    const start = this.start;
    this.enter(3);
    this.advance();
    let node: Expr;
    if (this.at(T.RSqb)) {
      this.advance();
      node = newList(start, this.lastEnd, NOTHING, Context.Load);
    } else {
      const first = this.element();
      if (this.atComprehension) {
        this.unpackingProblem(first);
        const generators = this.comprehensions();
        this.close(T.RSqb);
        node = newListComp(start, this.lastEnd, first, generators);
      } else {
        const elements = this.elements(first, T.RSqb);
        this.close(T.RSqb);
        node = newList(start, this.lastEnd, elements, Context.Load);
      }
    }
    this.leave(3);
    return node;
  }

  /** Dictionary, set, or a comprehension of one. */
  private braces(): Expr {
    const start = this.start;
    this.enter(3);
    this.advance();
    let node: Expr;
    if (this.at(T.RBrace)) {
      this.advance();
      node = newDict(start, this.lastEnd, NOTHING, NOTHING);
    } else if (this.at(T.DoubleStar)) {
      node = this.dict(start, [], []);
    } else {
      const plain = !this.at(T.Star) && !this.atWalrus;
      const first = this.element();
      if (plain && this.at(T.Colon)) {
        this.advance();
        const value = this.dictValue();
        if (this.atComprehension) {
          const generators = this.comprehensions();
          this.close(T.RBrace);
          node = newDictComp(start, this.lastEnd, first, value, generators);
        } else {
          if (!this.at(T.RBrace)) this.expect(T.Comma);
          node = this.dict(start, [first], [value]);
        }
      } else if (this.atComprehension) {
        this.unpackingProblem(first);
        const generators = this.comprehensions();
        this.close(T.RBrace);
        node = newSetComp(start, this.lastEnd, first, generators);
      } else {
        const elements = this.elements(first, T.RBrace);
        this.close(T.RBrace);
        node = newSet(start, this.lastEnd, elements);
      }
    }
    this.leave(3);
    return node;
  }

  /** The items of a dictionary from the current token on. */
  private dict(start: number, keys: (Expr | null)[], values: Expr[]): Expr {
    while (!this.at(T.RBrace)) {
      if (this.at(T.DoubleStar)) {
        const at = this.start;
        this.advance();
        keys.push(null);
        values.push(this.binary(1));
        if (this.atComprehension) this.fail("dict unpacking cannot be used in dict comprehension", at);
      } else {
        const key = this.expression();
        if (!this.at(T.Colon)) this.keyProblem(key);
        this.advance();
        keys.push(key);
        values.push(this.dictValue());
      }
      if (!this.at(T.Comma)) break;
      this.advance();
    }
    this.close(T.RBrace);
    return newDict(start, this.lastEnd, keys, values);
  }

  private keyProblem(key: Expr): never {
    this.fail("':' expected after dictionary key", key.end - 1);
  }

  private dictValue(): Expr {
    if (this.at(T.RBrace) || this.at(T.Comma)) {
      this.fail("expression expected after dictionary key and ':'", this.starts[this.pos - 1]);
    }
    if (this.at(T.Star)) this.fail("cannot use a starred expression in a dictionary value", this.start);
    return this.expression();
  }
}
