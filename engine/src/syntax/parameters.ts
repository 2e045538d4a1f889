/**
 * Parameter lists of functions and lambdas (`parameters`, `lambda_parameters` of the grammar).
 */

import type { Arg, Arguments, Expr } from "./ast.ts";
import { Context } from "./ast.ts";
import { NOTHING } from "./cursor.ts";
import { LiteralParser } from "./literals.ts";
import { newArg, newArguments, newStarred } from "./nodes.ts";
import { T } from "./tokens.ts";

export abstract class ParameterParser extends LiteralParser {
  protected abstract expression(): Expr;
  protected abstract binary(minimum: number): Expr;

  /** Everything up to, not including, the closing `)` or the lambda's `:`. */
  protected parameters(closing: T.RPar | T.Colon): Arguments {
    const start = this.start;
    const lambda = closing === T.Colon;
    const mark = this.mark;
    let posonlyargs: Arg[] = NOTHING;
    let args: Arg[] = NOTHING;
    let kw_defaults: (Expr | null)[] = NOTHING;
    let defaults: Expr[] = NOTHING;
    let vararg: Arg | null = null;
    let kwarg: Arg | null = null;
    let slash = false;
    let star = false;
    while (!this.at(closing)) {
      if (this.at(T.Name)) {
        const at = this.start;
        const arg = this.parameter(lambda);
        const value = this.at(T.Equal) ? this.defaultValue(closing) : null;
        if (star) {
          this.keep(arg);
          if (kw_defaults.length === 0) kw_defaults = [value];
          else kw_defaults.push(value);
        } else {
          this.keep(arg);
          if (value !== null) {
            if (defaults.length === 0) defaults = [value];
            else defaults.push(value);
          } else if (defaults.length > 0) this.fail("parameter without a default follows parameter with a default", at);
        }
      } else if (this.at(T.Slash)) {
        if (slash) this.fail("/ may appear only once", this.start);
        if (star) this.fail("/ must be ahead of *", this.start);
        if (this.mark === mark) this.fail("at least one argument must precede /", this.start);
        slash = true;
        posonlyargs = this.taken<Arg>(mark);
        this.advance();
        if (this.at(T.Star)) this.fail("expected comma between / and *", this.start);
      } else if (this.at(T.Star)) {
        const at = this.start;
        if (star) this.fail("* argument may appear only once", at);
        star = true;
        args = this.taken<Arg>(mark);
        this.advance();
        if (this.at(T.Comma)) {
          const next = this.kinds[this.pos + 1];
          if (next === closing || next === T.DoubleStar) this.fail("named arguments must follow bare *", at);
        } else if (this.at(closing)) {
          this.fail("named arguments must follow bare *", at);
        } else {
          vararg = this.starParameter(lambda);
          if (this.at(T.Equal)) this.fail("var-positional argument cannot have default value", this.start);
        }
      } else if (this.at(T.DoubleStar)) {
        this.advance();
        kwarg = this.parameter(lambda);
        if (this.at(T.Equal)) this.fail("var-keyword argument cannot have default value", this.start);
        this.accept(T.Comma);
        if (!this.at(closing)) {
          switch (this.kind) {
            case T.Name:
            case T.Star:
            case T.DoubleStar:
            case T.Slash:
              this.fail("arguments cannot follow var-keyword argument", this.start);
          }
          this.invalid();
        }
        break;
      } else if (this.at(T.LPar) && !star) {
        this.parenthesised(lambda);
      } else this.invalid();
      if (this.at(closing)) break;
      this.expect(T.Comma);
    }
    let kwonlyargs: Arg[] = NOTHING;
    if (star) kwonlyargs = this.taken<Arg>(mark);
    else args = this.taken<Arg>(mark);
    return newArguments(start, this.start, posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults);
  }

  private parameter(lambda: boolean): Arg {
    const start = this.start;
    const name = this.identifier();
    const annotation = !lambda && this.accept(T.Colon) ? this.expression() : null;
    return newArg(start, this.lastEnd, name, annotation);
  }

  /** `*args`, whose annotation may be `*Ts` (PEP 646). */
  private starParameter(lambda: boolean): Arg {
    const start = this.start;
    const name = this.identifier();
    let annotation: Expr | null = null;
    if (!lambda && this.accept(T.Colon)) {
      if (this.at(T.Star)) {
        const at = this.start;
        this.advance();
        const value = this.binary(1);
        annotation = newStarred(at, this.lastEnd, value, Context.Load);
      } else annotation = this.expression();
    }
    return newArg(start, this.lastEnd, name, annotation);
  }

  private defaultValue(closing: T): Expr {
    const at = this.start;
    this.advance();
    if (this.at(T.Comma) || this.at(T.RPar) || this.at(closing)) {
      this.fail("expected default value expression", at);
    }
    return this.expression();
  }

  /** Python 2's tuple parameters have a message of their own. */
  private parenthesised(lambda: boolean): never {
    const at = this.start;
    let k = this.pos + 1;
    if (this.kinds[k] !== T.Name) this.invalid();
    while (this.kinds[k] === T.Name) {
      k++;
      if (this.kinds[k] === T.Comma) k++;
    }
    if (this.kinds[k] === T.RPar) {
      this.fail(
        lambda ? "Lambda expression parameters cannot be parenthesized" : "Function parameters cannot be parenthesized",
        at,
      );
    }
    this.invalid();
  }
}
