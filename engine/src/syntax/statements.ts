/**
 * Compound statements and their blocks. Above 400 lines because they all rest on one notion of a block.
 */

import { lineOf } from "../text/lines.ts";
import {
  Context,
  type ExceptHandler,
  type Expr,
  type If,
  type Keyword,
  type MatchCase,
  NodeKind,
  type Stmt,
  type WithItem,
} from "./ast.ts";
import { NOTHING } from "./cursor.ts";
import { FailureKind, SyntaxFailure } from "./failure.ts";
import {
  newAsyncFor,
  newAsyncFunctionDef,
  newAsyncWith,
  newClassDef,
  newExceptHandler,
  newFor,
  newFunctionDef,
  newIf,
  newMatch,
  newMatchCase,
  newTry,
  newTryStar,
  newTuple,
  newWhile,
  newWith,
  newWithItem,
} from "./nodes.ts";
import { SimpleStatementParser } from "./simpleStatements.ts";
import { SoftName, T } from "./tokens.ts";

/** `elif` links of one chain. CPython nests each in the `orelse` of the one before. */
export const MAX_ELIFS = 5000;

export class StatementParser extends SimpleStatementParser {
  /** One compound statement, or a line of simple ones, added to the innermost list. */
  protected statement(): void {
    switch (this.kind) {
      case T.Def:
        this.keep(this.functionDef(this.start, NOTHING, false));
        return;
      case T.If:
        this.keep(this.ifStatement());
        return;
      case T.Class:
        this.keep(this.classDef(NOTHING));
        return;
      case T.For:
        this.keep(this.forStatement(this.start, false));
        return;
      case T.With:
        this.keep(this.withStatement(this.start, false));
        return;
      case T.Try:
        this.keep(this.tryStatement());
        return;
      case T.While:
        this.keep(this.whileStatement());
        return;
      case T.At:
        this.keep(this.decorated());
        return;
      case T.Async:
        this.keep(this.asyncStatement(NOTHING));
        return;
      case T.Name:
        if (this.values[this.pos] === SoftName.Match && this.lineEndsInColon()) {
          this.keep(this.matchStatement());
          return;
        }
    }
    this.simpleStatements();
  }

  /** Whether the logical line from here ends in `:`, which no simple statement does. */
  private lineEndsInColon(): boolean {
    let pos = this.pos + 1;
    const next = this.kinds[pos];
    if (next === T.Equal || next === T.Dot || next === T.Newline) return false;
    while (this.kinds[pos] > T.Newline) {
      if (this.kinds[pos] === T.Error) return false;
      pos++;
    }
    return this.kinds[pos] === T.Newline && this.kinds[pos - 1] === T.Colon && pos - 1 > this.pos + 1;
  }

  /** End of a compound statement: of its last token that is no line end, indent or dedent (a `;` included). */
  private get blockEnd(): number {
    let pos = this.pos - 1;
    while (this.kinds[pos] <= T.Dedent) pos--;
    return this.ends[pos];
  }

  /** `:` and a block. `what` words the message for a missing indent, `at` is the offset of the statement's keyword. */
  private block(what: string, at: number): Stmt[] {
    if (!this.at(T.Colon)) this.colonProblem();
    this.advance();
    const mark = this.mark;
    if (!this.at(T.Newline)) {
      this.simpleStatements();
      return this.taken<Stmt>(mark);
    }
    this.advance();
    if (!this.at(T.Indent)) this.indentProblem(what, at);
    this.advance();
    this.enter(2);
    do this.statement();
    while (!this.at(T.Dedent) && !this.at(T.End));
    this.leave(2);
    this.accept(T.Dedent);
    return this.taken<Stmt>(mark);
  }

  private colonProblem(): never {
    if (this.at(T.Newline)) this.fail("expected ':'", this.start);
    this.invalid();
  }

  private indentProblem(what: string, at: number): never {
    const line = lineOf(this.text, at);
    this.fail(`expected an indented block after ${what} on line ${line}`, this.start);
  }

  private elseBlock(): Stmt[] {
    if (!this.at(T.Else)) return NOTHING;
    const at = this.start;
    this.advance();
    if (!this.at(T.Colon)) this.fail("expected ':'", this.start);
    const body = this.block("'else' statement", at);
    if (this.at(T.Elif)) this.fail("'elif' block follows an 'else' block", this.start);
    return body;
  }

  /** An `if` with all its `elif`s, each nested in the one before; built from the last to the first. */
  private ifStatement(): Stmt {
    const mark = this.mark;
    do {
      const start = this.start;
      const what = this.at(T.If) ? "'if' statement" : "'elif' statement";
      this.advance();
      const test = this.namedExpression();
      const body = this.block(what, start);
      this.keep(newIf(start, 0, test, body, NOTHING));
      if (this.mark - mark > MAX_ELIFS) this.tooDeep(start);
    } while (this.at(T.Elif));
    const chain = this.taken<If>(mark);
    const last = chain[chain.length - 1];
    last.orelse = this.elseBlock();
    const end = this.blockEnd;
    for (let i = chain.length - 1; i >= 0; i--) {
      chain[i].end = end;
      if (i > 0) chain[i - 1].orelse = [chain[i]];
    }
    return chain[0];
  }

  private whileStatement(): Stmt {
    const start = this.start;
    this.advance();
    const test = this.namedExpression();
    const body = this.block("'while' statement", start);
    const orelse = this.elseBlock();
    return newWhile(start, this.blockEnd, test, body, orelse);
  }

  private forStatement(start: number, async: boolean): Stmt {
    const at = this.start;
    this.advance();
    const target = this.starTargets();
    this.expect(T.In);
    const iter = this.starExpressions();
    const body = this.block("'for' statement", at);
    const orelse = this.elseBlock();
    const end = this.blockEnd;
    return async ? newAsyncFor(start, end, target, iter, body, orelse) : newFor(start, end, target, iter, body, orelse);
  }

  private withStatement(start: number, async: boolean): Stmt {
    const at = this.start;
    this.advance();
    const items = (this.at(T.LPar) ? this.parenthesisedItems() : null) ?? this.withItems();
    const body = this.block("'with' statement", at);
    const end = this.blockEnd;
    return async ? newAsyncWith(start, end, items, body) : newWith(start, end, items, body);
  }

  /** `( item, … ) :`, or null (and nothing taken) when the parenthesis starts an expression. */
  private parenthesisedItems(): WithItem[] | null {
    const start = this.pos;
    let depth = 0;
    let pos = start;
    for (;;) {
      const kind = this.kinds[pos];
      if (kind === T.LPar || kind === T.LSqb || kind === T.LBrace) depth++;
      else if (kind === T.RPar || kind === T.RSqb || kind === T.RBrace) {
        if (--depth === 0) break;
      } else if (kind === T.End || kind === T.Error) return null;
      pos++;
    }
    // A line end instead of the colon is told as that, if these are items.
    if (this.kinds[pos + 1] !== T.Colon && this.kinds[pos + 1] !== T.Newline) return null;
    const nesting = this.nesting;
    const mark = this.mark;
    this.advance();
    const items: WithItem[] = [];
    try {
      do {
        if (this.at(T.RPar)) break;
        items.push(this.withItem(T.RPar));
      } while (this.accept(T.Comma));
      if (items.length > 0 && this.at(T.RPar)) {
        this.advance();
        return items;
      }
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure) || failure.kind === FailureKind.Final) throw failure;
    }
    this.nesting = nesting;
    this.dropped(mark);
    this.seek(start);
    return null;
  }

  private withItems(): WithItem[] {
    const items = [this.withItem(T.Colon)];
    while (this.at(T.Comma)) {
      const at = this.start;
      this.advance();
      if (this.at(T.Colon)) this.fail("the last 'with' item has a trailing comma", at);
      items.push(this.withItem(T.Colon));
    }
    return items;
  }

  private withItem(closing: T): WithItem {
    const start = this.start;
    const value = this.expression();
    if (!this.accept(T.As)) return newWithItem(start, this.lastEnd, value, null);
    const target = this.starTarget();
    if (!this.at(T.Comma) && !this.at(closing)) {
      if (closing === T.Colon) this.colonProblem();
      this.invalid();
    }
    return newWithItem(start, this.lastEnd, value, target);
  }

  private tryStatement(): Stmt {
    const start = this.start;
    this.advance();
    if (!this.at(T.Colon)) this.fail("expected ':'", this.start);
    const body = this.block("'try' statement", start);
    const mark = this.mark;
    let star = false;
    while (this.at(T.Except)) {
      const group = this.kinds[this.pos + 1] === T.Star;
      if (this.mark > mark && group !== star) {
        this.fail("cannot have both 'except' and 'except*' on the same 'try'", this.start);
      }
      star = group;
      this.keep(this.handler(star));
    }
    const handlers = this.taken<ExceptHandler>(mark);
    const orelse = handlers.length > 0 ? this.elseBlock() : NOTHING;
    let finalbody: Stmt[] = NOTHING;
    if (this.at(T.Finally)) {
      const at = this.start;
      this.advance();
      if (!this.at(T.Colon)) this.fail("expected ':'", this.start);
      finalbody = this.block("'finally' statement", at);
    } else if (handlers.length === 0) {
      if (this.at(T.Indent)) this.invalid();
      this.fail("expected 'except' or 'finally' block", this.start);
    }
    const end = this.blockEnd;
    return star
      ? newTryStar(start, end, body, handlers, orelse, finalbody)
      : newTry(start, end, body, handlers, orelse, finalbody);
  }

  private handler(star: boolean): ExceptHandler {
    const start = this.start;
    this.advance();
    if (star) this.advance();
    let type: Expr | null = null;
    let name: string | null = null;
    if (!this.at(T.Colon)) {
      const at = this.start;
      if (this.at(T.Newline)) {
        this.fail(star ? "expected one or more exception types" : "expected ':'", this.start);
      }
      type = this.expression();
      if (this.at(T.Comma)) {
        // PEP 758: several types without parentheses, but not with `as`.
        const elements = [type];
        while (this.accept(T.Comma)) {
          if (this.at(T.Colon)) break;
          elements.push(this.expression());
        }
        if (this.at(T.As)) {
          this.fail("multiple exception types must be parenthesized when using 'as'", at);
        }
        type = newTuple(at, this.lastEnd, elements, Context.Load);
      } else if (this.accept(T.As)) {
        name = this.identifier();
      }
    } else if (star) this.fail("expected one or more exception types", this.start);
    const body = this.block(star ? "'except*' statement" : "'except' statement", start);
    return newExceptHandler(start, this.blockEnd, type, name, body);
  }

  private decorated(): Stmt {
    const mark = this.mark;
    while (this.accept(T.At)) {
      this.keep(this.namedExpression());
      this.expect(T.Newline);
    }
    const decorators = this.taken<Expr>(mark);
    switch (this.kind) {
      case T.Def:
        return this.functionDef(this.start, decorators, false);
      case T.Class:
        return this.classDef(decorators);
      case T.Async:
        return this.asyncStatement(decorators);
      default:
        this.invalid();
    }
  }

  private asyncStatement(decorators: Expr[]): Stmt {
    const start = this.start;
    this.advance();
    if (this.at(T.Def)) return this.functionDef(start, decorators, true);
    if (decorators.length > 0) this.invalid();
    if (this.at(T.For)) return this.forStatement(start, true);
    if (this.at(T.With)) return this.withStatement(start, true);
    this.invalid();
  }

  private functionDef(start: number, decorators: Expr[], async: boolean): Stmt {
    const at = this.start;
    this.advance();
    const name = this.identifier();
    const params = this.typeParams();
    if (!this.at(T.LPar)) {
      this.fail("expected '('", this.start);
    }
    this.advance();
    const args = this.parameters(T.RPar);
    this.close(T.RPar);
    const returns = this.accept(T.Arrow) ? this.expression() : null;
    if (!this.at(T.Colon)) this.fail("expected ':'", this.start);
    const body = this.block("function definition", at);
    const end = this.blockEnd;
    return async
      ? newAsyncFunctionDef(start, end, name, args, body, decorators, returns, params)
      : newFunctionDef(start, end, name, args, body, decorators, returns, params);
  }

  private classDef(decorators: Expr[]): Stmt {
    const start = this.start;
    this.advance();
    const name = this.identifier();
    const params = this.typeParams();
    let bases: Expr[] = NOTHING;
    let keywords: Keyword[] = NOTHING;
    if (this.at(T.LPar)) {
      this.callArguments(false);
      bases = this.args;
      keywords = this.keywords;
    }
    const body = this.block("class definition", start);
    return newClassDef(start, this.blockEnd, name, bases, keywords, body, decorators, params);
  }

  private matchStatement(): Stmt {
    const start = this.start;
    this.advance();
    const subject = this.subject();
    if (!this.at(T.Colon)) this.colonProblem();
    this.advance();
    this.expect(T.Newline);
    if (!this.at(T.Indent)) this.indentProblem("'match' statement", start);
    this.advance();
    this.enter(2);
    const cases: MatchCase[] = [];
    do cases.push(this.matchCase());
    while (!this.at(T.Dedent) && !this.at(T.End));
    this.leave(2);
    this.accept(T.Dedent);
    return newMatch(start, this.blockEnd, subject, cases);
  }

  private subject(): Expr {
    const start = this.start;
    const first = this.element();
    if (!this.at(T.Comma)) {
      if (first.kind === NodeKind.Starred) this.invalid();
      return first;
    }
    const elements = [first];
    while (this.accept(T.Comma)) {
      if (this.at(T.Colon)) break;
      elements.push(this.element());
    }
    return newTuple(start, this.lastEnd, elements, Context.Load);
  }

  private matchCase(): MatchCase {
    const start = this.start;
    if (!this.at(T.Name) || this.values[this.pos] !== SoftName.Case) this.invalid();
    this.advance();
    const pattern = this.patterns();
    const guard = this.accept(T.If) ? this.namedExpression() : null;
    const body = this.block("'case' statement", start);
    return newMatchCase(start, this.blockEnd, pattern, guard, body);
  }
}
