/**
 * Statements on one line: assignments, imports, `del`, `raise`, `return`, …
 */

import { type Alias, type BinaryOperator, Context, type Expr, NodeKind, type Stmt, type TypeParam } from "./ast.ts";
import { NOTHING } from "./cursor.ts";
import {
  newAlias,
  newAnnAssign,
  newAssert,
  newAssign,
  newAugAssign,
  newBreak,
  newContinue,
  newDelete,
  newExprStmt,
  newGlobal,
  newImport,
  newImportFrom,
  newName,
  newNonlocal,
  newParamSpec,
  newPass,
  newRaise,
  newReturn,
  newStarred,
  newTuple,
  newTypeAlias,
  newTypeVar,
  newTypeVarTuple,
} from "./nodes.ts";
import { PatternParser } from "./patterns.ts";
import { expressionName, isSingleTarget, toTarget } from "./targets.ts";
import { SoftName, STARTS_EXPRESSION, T } from "./tokens.ts";

export abstract class SimpleStatementParser extends PatternParser {
  /** `simple_stmts`: one or more statements up to the line's end, added to the innermost list. */
  protected simpleStatements(): void {
    do {
      this.keep(this.simpleStatement());
      if (this.at(T.Newline)) break;
      if (!this.at(T.Semi)) this.invalid();
      this.advance();
    } while (!this.at(T.Newline));
    this.advance();
  }

  private simpleStatement(): Stmt {
    const start = this.start;
    switch (this.kind) {
      case T.Return: {
        this.advance();
        const value = STARTS_EXPRESSION[this.kind] === 1 || this.at(T.Star) ? this.starExpressions() : null;
        return newReturn(start, this.lastEnd, value);
      }
      case T.Import:
        return this.importStatement();
      case T.From:
        return this.importFrom();
      case T.Raise:
        return this.raise();
      case T.Pass:
        this.advance();
        return newPass(start, this.lastEnd);
      case T.Break:
        this.advance();
        return newBreak(start, this.lastEnd);
      case T.Continue:
        this.advance();
        return newContinue(start, this.lastEnd);
      case T.Del:
        return this.del();
      case T.Assert:
        return this.assert();
      case T.Global: {
        this.advance();
        const names = this.nameList();
        return newGlobal(start, this.lastEnd, names);
      }
      case T.Nonlocal: {
        this.advance();
        const names = this.nameList();
        return newNonlocal(start, this.lastEnd, names);
      }
      case T.Name:
        if (this.values[this.pos] === SoftName.Type && this.kinds[this.pos + 1] === T.Name) return this.typeAlias();
        return this.expressionStatement();
      default:
        return this.expressionStatement();
    }
  }

  /** An expression, or an assignment of any kind. */
  private expressionStatement(): Stmt {
    const start = this.start;
    const pos = this.pos;
    const first = this.annotatedRhs();
    const kind = this.kind;
    if (kind === T.Newline) return newExprStmt(start, this.lastEnd, first);
    if (kind === T.Equal) return this.assignment(pos, first);
    if (kind >= T.PlusEqual && kind <= T.DoubleSlashEqual) {
      if (!isSingleTarget(first)) {
        this.fail(`'${expressionName(first)}' is an illegal expression for augmented assignment`, start);
      }
      toTarget(first, Context.Store);
      this.advance();
      const value = this.annotatedRhs();
      return newAugAssign(start, this.lastEnd, first, (kind - T.PlusEqual) as BinaryOperator, value);
    }
    if (kind === T.Colon) return this.annotated(start, pos, first);
    if (kind !== T.Semi) this.statementProblem(pos, first);
    return newExprStmt(start, this.lastEnd, first);
  }

  private statementProblem(pos: number, first: Expr): never {
    if (this.at(T.ColonEqual) && this.kinds[pos] !== T.Star && this.kinds[pos] !== T.Yield) {
      this.walrusProblem(pos, first);
    }
    const id = this.kinds[pos] === T.Name ? this.values[pos] : -1;
    if ((id === SoftName.Print || id === SoftName.Exec) && this.pos === pos + 1 && STARTS_EXPRESSION[this.kind] === 1) {
      const name = this.nameAt(pos);
      this.fail(`Missing parentheses in call to '${name}'. Did you mean ${name}(...)?`, this.starts[pos]);
    }
    this.invalid();
  }

  private assignment(pos: number, first: Expr): Stmt {
    const start = this.starts[pos];
    const mark = this.mark;
    let value = first;
    do {
      this.assignable(value, pos, this.mark === mark);
      this.keep(value);
      this.advance();
      value = this.annotatedRhs();
    } while (this.at(T.Equal));
    return newAssign(start, this.lastEnd, this.taken<Expr>(mark), value);
  }

  private assignable(node: Expr, pos: number, first: boolean): void {
    if (node.kind === NodeKind.Yield || node.kind === NodeKind.YieldFrom) {
      this.fail("assignment to yield expression not possible", node.start);
    }
    const bad = toTarget(node, Context.Store);
    if (bad === null) return;
    if (first) this.assignmentInside(pos, node);
    this.fail(`cannot assign to ${expressionName(bad)}`, bad.start);
  }

  private annotated(start: number, pos: number, target: Expr): Stmt {
    if (!isSingleTarget(target)) {
      if (target.kind === NodeKind.List || target.kind === NodeKind.Tuple) {
        this.fail(`only single target (not ${expressionName(target)}) can be annotated`, target.start);
      }
      this.annotationProblem(target);
    }
    toTarget(target, Context.Store);
    this.advance();
    const annotation = this.expression();
    const value = this.accept(T.Equal) ? this.annotatedRhs() : null;
    const simple = this.kinds[pos] === T.Name && target.kind === NodeKind.Name ? 1 : 0;
    return newAnnAssign(start, this.lastEnd, target, annotation, value, simple);
  }

  /** `x(): ` with nothing behind the colon is no annotation, just wrong. */
  private annotationProblem(target: Expr): never {
    if (STARTS_EXPRESSION[this.kinds[this.pos + 1]] === 0) this.invalid();
    this.fail("illegal target for annotation", target.start);
  }

  /** Targets of `for` and of comprehensions: no `in`, stars allowed. */
  protected starTargets(): Expr {
    const start = this.start;
    const first = this.starTarget();
    if (!this.at(T.Comma)) return first;
    const mark = this.mark;
    this.keep(first);
    while (this.accept(T.Comma)) {
      if (this.at(T.In)) break;
      this.keep(this.starTarget());
    }
    return newTuple(start, this.lastEnd, this.taken<Expr>(mark), Context.Store);
  }

  protected starTarget(): Expr {
    const start = this.start;
    const star = this.accept(T.Star);
    const node = this.binary(1);
    const bad = toTarget(node, Context.Store);
    if (bad !== null) {
      if (bad.kind === NodeKind.Starred) this.invalid();
      this.fail(`cannot assign to ${expressionName(bad)}`, bad.start);
    }
    return star ? newStarred(start, this.lastEnd, node, Context.Store) : node;
  }

  private del(): Stmt {
    const start = this.start;
    this.advance();
    const targets: Expr[] = [];
    do {
      if (this.at(T.Star)) this.fail("cannot delete starred", this.start);
      const node = this.expression();
      const bad = toTarget(node, Context.Del);
      if (bad !== null) this.fail(`cannot delete ${expressionName(bad)}`, bad.start);
      targets.push(node);
    } while (this.accept(T.Comma) && !this.at(T.Newline) && !this.at(T.Semi));
    return newDelete(start, this.lastEnd, targets);
  }

  private raise(): Stmt {
    const start = this.start;
    this.advance();
    let exc: Expr | null = null;
    let cause: Expr | null = null;
    if (this.at(T.From)) {
      this.fail("did you forget an expression between 'raise' and 'from'?", start);
    }
    if (STARTS_EXPRESSION[this.kind] === 1) {
      exc = this.expression();
      const at = this.start;
      if (this.accept(T.From)) {
        if (STARTS_EXPRESSION[this.kind] === 0) {
          this.fail("did you forget an expression after 'from'?", at);
        }
        cause = this.expression();
      }
    }
    return newRaise(start, this.lastEnd, exc, cause);
  }

  private assert(): Stmt {
    const start = this.start;
    this.advance();
    const test = this.assertPart();
    const msg = this.accept(T.Comma) ? this.assertPart() : null;
    return newAssert(start, this.lastEnd, test, msg);
  }

  private assertPart(): Expr {
    const start = this.start;
    const value = this.expression();
    if (this.at(T.Equal)) {
      this.fail(`cannot assign to ${expressionName(value)} here. Maybe you meant '==' instead of '='?`, start);
    }
    if (this.at(T.ColonEqual)) this.fail("cannot use named expression without parentheses here", start);
    return value;
  }

  private nameList(): string[] {
    const names = [this.identifier()];
    while (this.accept(T.Comma)) names.push(this.identifier());
    return names;
  }

  private dottedName(): string {
    let name = this.identifier();
    while (this.accept(T.Dot)) name += `.${this.identifier()}`;
    return name;
  }

  private importStatement(): Stmt {
    const start = this.start;
    this.advance();
    if (this.at(T.Newline)) this.fail("Expected one or more names after 'import'", this.start);
    const names: Alias[] = [];
    do {
      const at = this.start;
      const name = this.dottedName();
      const asname = this.asName();
      names.push(newAlias(at, this.lastEnd, name, asname));
    } while (this.accept(T.Comma));
    if (this.at(T.From)) this.fail("Did you mean to use 'from ... import ...' instead?", start);
    return newImport(start, this.lastEnd, names);
  }

  private asName(): string | null {
    if (!this.accept(T.As)) return null;
    const next = this.kinds[this.pos + 1];
    if (!this.at(T.Name) || next === T.Dot || next === T.LPar || next === T.LSqb) {
      const at = this.start;
      const target = this.expression();
      this.fail(`cannot use ${expressionName(target)} as import target`, at);
    }
    return this.identifier();
  }

  private importFrom(): Stmt {
    const start = this.start;
    this.advance();
    let level = 0;
    for (;;) {
      if (this.at(T.Dot)) level++;
      else if (this.at(T.Ellipsis)) level += 3;
      else break;
      this.advance();
    }
    const module = this.at(T.Name) || level === 0 ? this.dottedName() : null;
    this.expect(T.Import);
    const names: Alias[] = [];
    if (this.at(T.Star)) {
      this.advance();
      names.push(newAlias(this.starts[this.pos - 1], this.lastEnd, "*", null));
      return newImportFrom(start, this.lastEnd, module, names, level);
    }
    if (this.at(T.Newline)) this.fail("Expected one or more names after 'import'", this.start);
    const parenthesised = this.accept(T.LPar);
    do {
      if (names.length > 0 && parenthesised && this.at(T.RPar)) break;
      if (names.length > 0 && this.at(T.Newline)) {
        this.fail("trailing comma not allowed without surrounding parentheses", this.start);
      }
      const at = this.start;
      const name = this.identifier();
      const asname = this.asName();
      names.push(newAlias(at, this.lastEnd, name, asname));
      if (name === "barry_as_FLUFL" && module === "__future__" && level === 0) this.flufl = true;
    } while (this.accept(T.Comma));
    if (parenthesised) this.close(T.RPar);
    return newImportFrom(start, this.lastEnd, module, names, level);
  }

  private typeAlias(): Stmt {
    const start = this.start;
    this.advance();
    const pos = this.pos;
    const id = this.identifier();
    const name = newName(this.starts[pos], this.ends[pos], id, Context.Store);
    const params = this.typeParams();
    this.expect(T.Equal);
    const value = this.expression();
    return newTypeAlias(start, this.lastEnd, name, params, value);
  }

  /** `[type_params]` (PEP 695, 696); empty when there are none. */
  protected typeParams(): TypeParam[] {
    if (!this.at(T.LSqb)) return NOTHING;
    const params: TypeParam[] = [];
    this.advance();
    if (this.at(T.RSqb)) this.fail("Type parameter list cannot be empty", this.start);
    do {
      if (this.at(T.RSqb) && params.length > 0) break;
      params.push(this.typeParam());
    } while (this.accept(T.Comma));
    this.close(T.RSqb);
    return params;
  }

  private typeParam(): TypeParam {
    const start = this.start;
    const star = this.kind;
    if (star !== T.Star && star !== T.DoubleStar) {
      const name = this.identifier();
      const bound = this.accept(T.Colon) ? this.expression() : null;
      const value = this.accept(T.Equal) ? this.expression() : null;
      return newTypeVar(start, this.lastEnd, name, bound, value);
    }
    this.advance();
    const name = this.identifier();
    if (this.at(T.Colon)) {
      const at = this.start;
      this.advance();
      const bound = this.expression();
      const what = bound.kind === NodeKind.Tuple ? "constraints" : "bound";
      this.fail(`cannot use ${what} with ${star === T.Star ? "TypeVarTuple" : "ParamSpec"}`, at);
    }
    let value: Expr | null = null;
    if (this.accept(T.Equal)) value = star === T.Star && this.at(T.Star) ? this.starred() : this.expression();
    return star === T.Star
      ? newTypeVarTuple(start, this.lastEnd, name, value)
      : newParamSpec(start, this.lastEnd, name, value);
  }
}
