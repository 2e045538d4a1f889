/**
 * One class and one factory per node: the one place that fixes the order of fields, so that each kind of node has one
 * hidden class. Classes and no object literals: they are made faster, and V8 never decides to make them in old space, where
 * a dead tree stays until the next full collection.
 *
 * Field order is the ASDL's, after `start`, `end`. Checks nothing.
 * Above 400 lines because the grammar is one table.
 */

import type {
  Alias,
  AnnAssign,
  Arg,
  Arguments,
  Assert,
  Assign,
  AsyncFor,
  AsyncFunctionDef,
  AsyncWith,
  Attribute,
  AugAssign,
  Await,
  BinaryOperator,
  BinOp,
  BoolOp,
  BoolOperator,
  Break,
  Call,
  ClassDef,
  Compare,
  CompareOperator,
  Comprehension,
  Constant,
  ConstantType,
  Context,
  Continue,
  Delete,
  Dict,
  DictComp,
  ExceptHandler,
  Expr,
  ExprStmt,
  For,
  FormattedValue,
  FunctionDef,
  GeneratorExp,
  Global,
  If,
  IfExp,
  Import,
  ImportFrom,
  Interpolation,
  JoinedStr,
  Keyword,
  Lambda,
  List,
  ListComp,
  Match,
  MatchAs,
  MatchCase,
  MatchClass,
  MatchMapping,
  MatchOr,
  MatchSequence,
  MatchSingleton,
  MatchStar,
  MatchValue,
  Module,
  Name,
  NamedExpr,
  Nonlocal,
  ParamSpec,
  Pass,
  Pattern,
  Raise,
  Return,
  SetComp,
  SetDisplay,
  Slice,
  Starred,
  Stmt,
  Subscript,
  TemplateStr,
  Try,
  TryStar,
  Tuple,
  TypeAlias,
  TypeParam,
  TypeVar,
  TypeVarTuple,
  UnaryOp,
  UnaryOperator,
  While,
  With,
  WithItem,
  Yield,
  YieldFrom,
} from "./ast.ts";
import { NodeKind } from "./ast.ts";

class BoolOpNode implements BoolOp {
  readonly kind = NodeKind.BoolOp;
  constructor(
    public start: number,
    public end: number,
    public op: BoolOperator,
    public values: Expr[],
  ) {}
}
export const newBoolOp = (start: number, end: number, op: BoolOperator, values: Expr[]): BoolOp =>
  new BoolOpNode(start, end, op, values);

class NamedExprNode implements NamedExpr {
  readonly kind = NodeKind.NamedExpr;
  constructor(
    public start: number,
    public end: number,
    public target: Name,
    public value: Expr,
  ) {}
}
export const newNamedExpr = (start: number, end: number, target: Name, value: Expr): NamedExpr =>
  new NamedExprNode(start, end, target, value);

class BinOpNode implements BinOp {
  readonly kind = NodeKind.BinOp;
  constructor(
    public start: number,
    public end: number,
    public left: Expr,
    public op: BinaryOperator,
    public right: Expr,
  ) {}
}
export const newBinOp = (start: number, end: number, left: Expr, op: BinaryOperator, right: Expr): BinOp =>
  new BinOpNode(start, end, left, op, right);

class UnaryOpNode implements UnaryOp {
  readonly kind = NodeKind.UnaryOp;
  constructor(
    public start: number,
    public end: number,
    public op: UnaryOperator,
    public operand: Expr,
  ) {}
}
export const newUnaryOp = (start: number, end: number, op: UnaryOperator, operand: Expr): UnaryOp =>
  new UnaryOpNode(start, end, op, operand);

class LambdaNode implements Lambda {
  readonly kind = NodeKind.Lambda;
  constructor(
    public start: number,
    public end: number,
    public args: Arguments,
    public body: Expr,
  ) {}
}
export const newLambda = (start: number, end: number, args: Arguments, body: Expr): Lambda =>
  new LambdaNode(start, end, args, body);

class IfExpNode implements IfExp {
  readonly kind = NodeKind.IfExp;
  constructor(
    public start: number,
    public end: number,
    public test: Expr,
    public body: Expr,
    public orelse: Expr,
  ) {}
}
export const newIfExp = (start: number, end: number, test: Expr, body: Expr, orelse: Expr): IfExp =>
  new IfExpNode(start, end, test, body, orelse);

class DictNode implements Dict {
  readonly kind = NodeKind.Dict;
  constructor(
    public start: number,
    public end: number,
    public keys: (Expr | null)[],
    public values: Expr[],
  ) {}
}
export const newDict = (start: number, end: number, keys: (Expr | null)[], values: Expr[]): Dict =>
  new DictNode(start, end, keys, values);

class SetDisplayNode implements SetDisplay {
  readonly kind = NodeKind.Set;
  constructor(
    public start: number,
    public end: number,
    public elts: Expr[],
  ) {}
}
export const newSet = (start: number, end: number, elts: Expr[]): SetDisplay => new SetDisplayNode(start, end, elts);

class ListCompNode implements ListComp {
  readonly kind = NodeKind.ListComp;
  constructor(
    public start: number,
    public end: number,
    public elt: Expr,
    public generators: Comprehension[],
  ) {}
}
export const newListComp = (start: number, end: number, elt: Expr, generators: Comprehension[]): ListComp =>
  new ListCompNode(start, end, elt, generators);

class SetCompNode implements SetComp {
  readonly kind = NodeKind.SetComp;
  constructor(
    public start: number,
    public end: number,
    public elt: Expr,
    public generators: Comprehension[],
  ) {}
}
export const newSetComp = (start: number, end: number, elt: Expr, generators: Comprehension[]): SetComp =>
  new SetCompNode(start, end, elt, generators);

class DictCompNode implements DictComp {
  readonly kind = NodeKind.DictComp;
  constructor(
    public start: number,
    public end: number,
    public key: Expr,
    public value: Expr,
    public generators: Comprehension[],
  ) {}
}
export const newDictComp = (
  start: number,
  end: number,
  key: Expr,
  value: Expr,
  generators: Comprehension[],
): DictComp => new DictCompNode(start, end, key, value, generators);

class GeneratorExpNode implements GeneratorExp {
  readonly kind = NodeKind.GeneratorExp;
  constructor(
    public start: number,
    public end: number,
    public elt: Expr,
    public generators: Comprehension[],
  ) {}
}
export const newGeneratorExp = (start: number, end: number, elt: Expr, generators: Comprehension[]): GeneratorExp =>
  new GeneratorExpNode(start, end, elt, generators);

class AwaitNode implements Await {
  readonly kind = NodeKind.Await;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
  ) {}
}
export const newAwait = (start: number, end: number, value: Expr): Await => new AwaitNode(start, end, value);

class YieldNode implements Yield {
  readonly kind = NodeKind.Yield;
  constructor(
    public start: number,
    public end: number,
    public value: Expr | null,
  ) {}
}
export const newYield = (start: number, end: number, value: Expr | null): Yield => new YieldNode(start, end, value);

class YieldFromNode implements YieldFrom {
  readonly kind = NodeKind.YieldFrom;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
  ) {}
}
export const newYieldFrom = (start: number, end: number, value: Expr): YieldFrom =>
  new YieldFromNode(start, end, value);

class CompareNode implements Compare {
  readonly kind = NodeKind.Compare;
  constructor(
    public start: number,
    public end: number,
    public left: Expr,
    public ops: CompareOperator[],
    public comparators: Expr[],
  ) {}
}
export const newCompare = (
  start: number,
  end: number,
  left: Expr,
  ops: CompareOperator[],
  comparators: Expr[],
): Compare => new CompareNode(start, end, left, ops, comparators);

class CallNode implements Call {
  readonly kind = NodeKind.Call;
  constructor(
    public start: number,
    public end: number,
    public func: Expr,
    public args: Expr[],
    public keywords: Keyword[],
  ) {}
}
export const newCall = (start: number, end: number, func: Expr, args: Expr[], keywords: Keyword[]): Call =>
  new CallNode(start, end, func, args, keywords);

class FormattedValueNode implements FormattedValue {
  readonly kind = NodeKind.FormattedValue;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
    public conversion: number,
    public format_spec: JoinedStr | null,
  ) {}
}
export const newFormattedValue = (
  start: number,
  end: number,
  value: Expr,
  conversion: number,
  format_spec: JoinedStr | null,
): FormattedValue => new FormattedValueNode(start, end, value, conversion, format_spec);

class InterpolationNode implements Interpolation {
  readonly kind = NodeKind.Interpolation;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
    public str: string,
    public conversion: number,
    public format_spec: JoinedStr | null,
  ) {}
}
export const newInterpolation = (
  start: number,
  end: number,
  value: Expr,
  str: string,
  conversion: number,
  format_spec: JoinedStr | null,
): Interpolation => new InterpolationNode(start, end, value, str, conversion, format_spec);

class JoinedStrNode implements JoinedStr {
  readonly kind = NodeKind.JoinedStr;
  constructor(
    public start: number,
    public end: number,
    public values: Expr[],
  ) {}
}
export const newJoinedStr = (start: number, end: number, values: Expr[]): JoinedStr =>
  new JoinedStrNode(start, end, values);

class TemplateStrNode implements TemplateStr {
  readonly kind = NodeKind.TemplateStr;
  constructor(
    public start: number,
    public end: number,
    public values: Expr[],
  ) {}
}
export const newTemplateStr = (start: number, end: number, values: Expr[]): TemplateStr =>
  new TemplateStrNode(start, end, values);

class ConstantNode implements Constant {
  readonly kind = NodeKind.Constant;
  constructor(
    public start: number,
    public end: number,
    public type: ConstantType,
    public value: string,
    public surrogates: readonly number[] | null,
    public unicodePrefix: boolean,
  ) {}
}
export const newConstant = (
  start: number,
  end: number,
  type: ConstantType,
  value: string,
  surrogates: readonly number[] | null,
  unicodePrefix: boolean,
): Constant => new ConstantNode(start, end, type, value, surrogates, unicodePrefix);

class AttributeNode implements Attribute {
  readonly kind = NodeKind.Attribute;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
    public attr: string,
    public ctx: Context,
  ) {}
}
export const newAttribute = (start: number, end: number, value: Expr, attr: string, ctx: Context): Attribute =>
  new AttributeNode(start, end, value, attr, ctx);

class SubscriptNode implements Subscript {
  readonly kind = NodeKind.Subscript;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
    public slice: Expr,
    public ctx: Context,
  ) {}
}
export const newSubscript = (start: number, end: number, value: Expr, slice: Expr, ctx: Context): Subscript =>
  new SubscriptNode(start, end, value, slice, ctx);

class StarredNode implements Starred {
  readonly kind = NodeKind.Starred;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
    public ctx: Context,
  ) {}
}
export const newStarred = (start: number, end: number, value: Expr, ctx: Context): Starred =>
  new StarredNode(start, end, value, ctx);

class NameNode implements Name {
  readonly kind = NodeKind.Name;
  symbol: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public id: string,
    public ctx: Context,
  ) {}
}
export const newName = (start: number, end: number, id: string, ctx: Context): Name =>
  new NameNode(start, end, id, ctx);

class ListNode implements List {
  readonly kind = NodeKind.List;
  constructor(
    public start: number,
    public end: number,
    public elts: Expr[],
    public ctx: Context,
  ) {}
}
export const newList = (start: number, end: number, elts: Expr[], ctx: Context): List =>
  new ListNode(start, end, elts, ctx);

class TupleNode implements Tuple {
  readonly kind = NodeKind.Tuple;
  constructor(
    public start: number,
    public end: number,
    public elts: Expr[],
    public ctx: Context,
  ) {}
}
export const newTuple = (start: number, end: number, elts: Expr[], ctx: Context): Tuple =>
  new TupleNode(start, end, elts, ctx);

class SliceNode implements Slice {
  readonly kind = NodeKind.Slice;
  constructor(
    public start: number,
    public end: number,
    public lower: Expr | null,
    public upper: Expr | null,
    public step: Expr | null,
  ) {}
}
export const newSlice = (
  start: number,
  end: number,
  lower: Expr | null,
  upper: Expr | null,
  step: Expr | null,
): Slice => new SliceNode(start, end, lower, upper, step);

class FunctionDefNode implements FunctionDef {
  readonly kind = NodeKind.FunctionDef;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public args: Arguments,
    public body: Stmt[],
    public decorator_list: Expr[],
    public returns: Expr | null,
    public type_params: TypeParam[],
  ) {}
}
export const newFunctionDef = (
  start: number,
  end: number,
  name: string,
  args: Arguments,
  body: Stmt[],
  decorator_list: Expr[],
  returns: Expr | null,
  type_params: TypeParam[],
): FunctionDef => new FunctionDefNode(start, end, name, args, body, decorator_list, returns, type_params);

class AsyncFunctionDefNode implements AsyncFunctionDef {
  readonly kind = NodeKind.AsyncFunctionDef;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public args: Arguments,
    public body: Stmt[],
    public decorator_list: Expr[],
    public returns: Expr | null,
    public type_params: TypeParam[],
  ) {}
}
export const newAsyncFunctionDef = (
  start: number,
  end: number,
  name: string,
  args: Arguments,
  body: Stmt[],
  decorator_list: Expr[],
  returns: Expr | null,
  type_params: TypeParam[],
): AsyncFunctionDef => new AsyncFunctionDefNode(start, end, name, args, body, decorator_list, returns, type_params);

class ClassDefNode implements ClassDef {
  readonly kind = NodeKind.ClassDef;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public bases: Expr[],
    public keywords: Keyword[],
    public body: Stmt[],
    public decorator_list: Expr[],
    public type_params: TypeParam[],
  ) {}
}
export const newClassDef = (
  start: number,
  end: number,
  name: string,
  bases: Expr[],
  keywords: Keyword[],
  body: Stmt[],
  decorator_list: Expr[],
  type_params: TypeParam[],
): ClassDef => new ClassDefNode(start, end, name, bases, keywords, body, decorator_list, type_params);

class ReturnNode implements Return {
  readonly kind = NodeKind.Return;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public value: Expr | null,
  ) {}
}
export const newReturn = (start: number, end: number, value: Expr | null): Return => new ReturnNode(start, end, value);

class DeleteNode implements Delete {
  readonly kind = NodeKind.Delete;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public targets: Expr[],
  ) {}
}
export const newDelete = (start: number, end: number, targets: Expr[]): Delete => new DeleteNode(start, end, targets);

class AssignNode implements Assign {
  readonly kind = NodeKind.Assign;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public targets: Expr[],
    public value: Expr,
  ) {}
}
export const newAssign = (start: number, end: number, targets: Expr[], value: Expr): Assign =>
  new AssignNode(start, end, targets, value);

class TypeAliasNode implements TypeAlias {
  readonly kind = NodeKind.TypeAlias;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public name: Name,
    public type_params: TypeParam[],
    public value: Expr,
  ) {}
}
export const newTypeAlias = (
  start: number,
  end: number,
  name: Name,
  type_params: TypeParam[],
  value: Expr,
): TypeAlias => new TypeAliasNode(start, end, name, type_params, value);

class AugAssignNode implements AugAssign {
  readonly kind = NodeKind.AugAssign;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public target: Expr,
    public op: BinaryOperator,
    public value: Expr,
  ) {}
}
export const newAugAssign = (start: number, end: number, target: Expr, op: BinaryOperator, value: Expr): AugAssign =>
  new AugAssignNode(start, end, target, op, value);

class AnnAssignNode implements AnnAssign {
  readonly kind = NodeKind.AnnAssign;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public target: Expr,
    public annotation: Expr,
    public value: Expr | null,
    public simple: 0 | 1,
  ) {}
}
export const newAnnAssign = (
  start: number,
  end: number,
  target: Expr,
  annotation: Expr,
  value: Expr | null,
  simple: 0 | 1,
): AnnAssign => new AnnAssignNode(start, end, target, annotation, value, simple);

class ForNode implements For {
  readonly kind = NodeKind.For;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public target: Expr,
    public iter: Expr,
    public body: Stmt[],
    public orelse: Stmt[],
  ) {}
}
export const newFor = (start: number, end: number, target: Expr, iter: Expr, body: Stmt[], orelse: Stmt[]): For =>
  new ForNode(start, end, target, iter, body, orelse);

class AsyncForNode implements AsyncFor {
  readonly kind = NodeKind.AsyncFor;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public target: Expr,
    public iter: Expr,
    public body: Stmt[],
    public orelse: Stmt[],
  ) {}
}
export const newAsyncFor = (
  start: number,
  end: number,
  target: Expr,
  iter: Expr,
  body: Stmt[],
  orelse: Stmt[],
): AsyncFor => new AsyncForNode(start, end, target, iter, body, orelse);

class WhileNode implements While {
  readonly kind = NodeKind.While;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public test: Expr,
    public body: Stmt[],
    public orelse: Stmt[],
  ) {}
}
export const newWhile = (start: number, end: number, test: Expr, body: Stmt[], orelse: Stmt[]): While =>
  new WhileNode(start, end, test, body, orelse);

class IfNode implements If {
  readonly kind = NodeKind.If;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public test: Expr,
    public body: Stmt[],
    public orelse: Stmt[],
  ) {}
}
export const newIf = (start: number, end: number, test: Expr, body: Stmt[], orelse: Stmt[]): If =>
  new IfNode(start, end, test, body, orelse);

class WithNode implements With {
  readonly kind = NodeKind.With;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public items: WithItem[],
    public body: Stmt[],
  ) {}
}
export const newWith = (start: number, end: number, items: WithItem[], body: Stmt[]): With =>
  new WithNode(start, end, items, body);

class AsyncWithNode implements AsyncWith {
  readonly kind = NodeKind.AsyncWith;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public items: WithItem[],
    public body: Stmt[],
  ) {}
}
export const newAsyncWith = (start: number, end: number, items: WithItem[], body: Stmt[]): AsyncWith =>
  new AsyncWithNode(start, end, items, body);

class MatchNode implements Match {
  readonly kind = NodeKind.Match;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public subject: Expr,
    public cases: MatchCase[],
  ) {}
}
export const newMatch = (start: number, end: number, subject: Expr, cases: MatchCase[]): Match =>
  new MatchNode(start, end, subject, cases);

class RaiseNode implements Raise {
  readonly kind = NodeKind.Raise;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public exc: Expr | null,
    public cause: Expr | null,
  ) {}
}
export const newRaise = (start: number, end: number, exc: Expr | null, cause: Expr | null): Raise =>
  new RaiseNode(start, end, exc, cause);

class TryNode implements Try {
  readonly kind = NodeKind.Try;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public body: Stmt[],
    public handlers: ExceptHandler[],
    public orelse: Stmt[],
    public finalbody: Stmt[],
  ) {}
}
export const newTry = (
  start: number,
  end: number,
  body: Stmt[],
  handlers: ExceptHandler[],
  orelse: Stmt[],
  finalbody: Stmt[],
): Try => new TryNode(start, end, body, handlers, orelse, finalbody);

class TryStarNode implements TryStar {
  readonly kind = NodeKind.TryStar;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public body: Stmt[],
    public handlers: ExceptHandler[],
    public orelse: Stmt[],
    public finalbody: Stmt[],
  ) {}
}
export const newTryStar = (
  start: number,
  end: number,
  body: Stmt[],
  handlers: ExceptHandler[],
  orelse: Stmt[],
  finalbody: Stmt[],
): TryStar => new TryStarNode(start, end, body, handlers, orelse, finalbody);

class AssertNode implements Assert {
  readonly kind = NodeKind.Assert;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public test: Expr,
    public msg: Expr | null,
  ) {}
}
export const newAssert = (start: number, end: number, test: Expr, msg: Expr | null): Assert =>
  new AssertNode(start, end, test, msg);

class ImportNode implements Import {
  readonly kind = NodeKind.Import;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public names: Alias[],
  ) {}
}
export const newImport = (start: number, end: number, names: Alias[]): Import => new ImportNode(start, end, names);

class ImportFromNode implements ImportFrom {
  readonly kind = NodeKind.ImportFrom;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public module: string | null,
    public names: Alias[],
    public level: number,
  ) {}
}
export const newImportFrom = (
  start: number,
  end: number,
  module: string | null,
  names: Alias[],
  level: number,
): ImportFrom => new ImportFromNode(start, end, module, names, level);

class GlobalNode implements Global {
  readonly kind = NodeKind.Global;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public names: string[],
  ) {}
}
export const newGlobal = (start: number, end: number, names: string[]): Global => new GlobalNode(start, end, names);

class NonlocalNode implements Nonlocal {
  readonly kind = NodeKind.Nonlocal;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public names: string[],
  ) {}
}
export const newNonlocal = (start: number, end: number, names: string[]): Nonlocal =>
  new NonlocalNode(start, end, names);

class ExprStmtNode implements ExprStmt {
  readonly kind = NodeKind.Expr;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
  ) {}
}
export const newExprStmt = (start: number, end: number, value: Expr): ExprStmt => new ExprStmtNode(start, end, value);

class PassNode implements Pass {
  readonly kind = NodeKind.Pass;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
  ) {}
}
export const newPass = (start: number, end: number): Pass => new PassNode(start, end);

class BreakNode implements Break {
  readonly kind = NodeKind.Break;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
  ) {}
}
export const newBreak = (start: number, end: number): Break => new BreakNode(start, end);

class ContinueNode implements Continue {
  readonly kind = NodeKind.Continue;
  notes: unknown = null;
  constructor(
    public start: number,
    public end: number,
  ) {}
}
export const newContinue = (start: number, end: number): Continue => new ContinueNode(start, end);

class ModuleNode implements Module {
  readonly kind = NodeKind.Module;
  constructor(
    public start: number,
    public end: number,
    public body: Stmt[],
    public ignoreLines: readonly number[],
  ) {}
}
export const newModule = (start: number, end: number, body: Stmt[], ignoreLines: readonly number[]): Module =>
  new ModuleNode(start, end, body, ignoreLines);

class ComprehensionNode implements Comprehension {
  readonly kind = NodeKind.Comprehension;
  constructor(
    public start: number,
    public end: number,
    public target: Expr,
    public iter: Expr,
    public ifs: Expr[],
    public is_async: 0 | 1,
  ) {}
}
export const newComprehension = (
  start: number,
  end: number,
  target: Expr,
  iter: Expr,
  ifs: Expr[],
  is_async: 0 | 1,
): Comprehension => new ComprehensionNode(start, end, target, iter, ifs, is_async);

class ExceptHandlerNode implements ExceptHandler {
  readonly kind = NodeKind.ExceptHandler;
  constructor(
    public start: number,
    public end: number,
    public type: Expr | null,
    public name: string | null,
    public body: Stmt[],
  ) {}
}
export const newExceptHandler = (
  start: number,
  end: number,
  type: Expr | null,
  name: string | null,
  body: Stmt[],
): ExceptHandler => new ExceptHandlerNode(start, end, type, name, body);

class ArgumentsNode implements Arguments {
  readonly kind = NodeKind.Arguments;
  constructor(
    public start: number,
    public end: number,
    public posonlyargs: Arg[],
    public args: Arg[],
    public vararg: Arg | null,
    public kwonlyargs: Arg[],
    public kw_defaults: (Expr | null)[],
    public kwarg: Arg | null,
    public defaults: Expr[],
  ) {}
}
export const newArguments = (
  start: number,
  end: number,
  posonlyargs: Arg[],
  args: Arg[],
  vararg: Arg | null,
  kwonlyargs: Arg[],
  kw_defaults: (Expr | null)[],
  kwarg: Arg | null,
  defaults: Expr[],
): Arguments => new ArgumentsNode(start, end, posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults);

class ArgNode implements Arg {
  readonly kind = NodeKind.Arg;
  constructor(
    public start: number,
    public end: number,
    public arg: string,
    public annotation: Expr | null,
  ) {}
}
export const newArg = (start: number, end: number, arg: string, annotation: Expr | null): Arg =>
  new ArgNode(start, end, arg, annotation);

class KeywordNode implements Keyword {
  readonly kind = NodeKind.Keyword;
  constructor(
    public start: number,
    public end: number,
    public arg: string | null,
    public value: Expr,
  ) {}
}
export const newKeyword = (start: number, end: number, arg: string | null, value: Expr): Keyword =>
  new KeywordNode(start, end, arg, value);

class AliasNode implements Alias {
  readonly kind = NodeKind.Alias;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public asname: string | null,
  ) {}
}
export const newAlias = (start: number, end: number, name: string, asname: string | null): Alias =>
  new AliasNode(start, end, name, asname);

class WithItemNode implements WithItem {
  readonly kind = NodeKind.WithItem;
  constructor(
    public start: number,
    public end: number,
    public context_expr: Expr,
    public optional_vars: Expr | null,
  ) {}
}
export const newWithItem = (start: number, end: number, context_expr: Expr, optional_vars: Expr | null): WithItem =>
  new WithItemNode(start, end, context_expr, optional_vars);

class MatchCaseNode implements MatchCase {
  readonly kind = NodeKind.MatchCase;
  constructor(
    public start: number,
    public end: number,
    public pattern: Pattern,
    public guard: Expr | null,
    public body: Stmt[],
  ) {}
}
export const newMatchCase = (
  start: number,
  end: number,
  pattern: Pattern,
  guard: Expr | null,
  body: Stmt[],
): MatchCase => new MatchCaseNode(start, end, pattern, guard, body);

class MatchValueNode implements MatchValue {
  readonly kind = NodeKind.MatchValue;
  constructor(
    public start: number,
    public end: number,
    public value: Expr,
  ) {}
}
export const newMatchValue = (start: number, end: number, value: Expr): MatchValue =>
  new MatchValueNode(start, end, value);

class MatchSingletonNode implements MatchSingleton {
  readonly kind = NodeKind.MatchSingleton;
  constructor(
    public start: number,
    public end: number,
    public value: ConstantType.None | ConstantType.True | ConstantType.False,
  ) {}
}
export const newMatchSingleton = (
  start: number,
  end: number,
  value: ConstantType.None | ConstantType.True | ConstantType.False,
): MatchSingleton => new MatchSingletonNode(start, end, value);

class MatchSequenceNode implements MatchSequence {
  readonly kind = NodeKind.MatchSequence;
  constructor(
    public start: number,
    public end: number,
    public patterns: Pattern[],
  ) {}
}
export const newMatchSequence = (start: number, end: number, patterns: Pattern[]): MatchSequence =>
  new MatchSequenceNode(start, end, patterns);

class MatchMappingNode implements MatchMapping {
  readonly kind = NodeKind.MatchMapping;
  constructor(
    public start: number,
    public end: number,
    public keys: Expr[],
    public patterns: Pattern[],
    public rest: string | null,
  ) {}
}
export const newMatchMapping = (
  start: number,
  end: number,
  keys: Expr[],
  patterns: Pattern[],
  rest: string | null,
): MatchMapping => new MatchMappingNode(start, end, keys, patterns, rest);

class MatchClassNode implements MatchClass {
  readonly kind = NodeKind.MatchClass;
  constructor(
    public start: number,
    public end: number,
    public cls: Expr,
    public patterns: Pattern[],
    public kwd_attrs: string[],
    public kwd_patterns: Pattern[],
  ) {}
}
export const newMatchClass = (
  start: number,
  end: number,
  cls: Expr,
  patterns: Pattern[],
  kwd_attrs: string[],
  kwd_patterns: Pattern[],
): MatchClass => new MatchClassNode(start, end, cls, patterns, kwd_attrs, kwd_patterns);

class MatchStarNode implements MatchStar {
  readonly kind = NodeKind.MatchStar;
  constructor(
    public start: number,
    public end: number,
    public name: string | null,
  ) {}
}
export const newMatchStar = (start: number, end: number, name: string | null): MatchStar =>
  new MatchStarNode(start, end, name);

class MatchAsNode implements MatchAs {
  readonly kind = NodeKind.MatchAs;
  constructor(
    public start: number,
    public end: number,
    public pattern: Pattern | null,
    public name: string | null,
  ) {}
}
export const newMatchAs = (start: number, end: number, pattern: Pattern | null, name: string | null): MatchAs =>
  new MatchAsNode(start, end, pattern, name);

class MatchOrNode implements MatchOr {
  readonly kind = NodeKind.MatchOr;
  constructor(
    public start: number,
    public end: number,
    public patterns: Pattern[],
  ) {}
}
export const newMatchOr = (start: number, end: number, patterns: Pattern[]): MatchOr =>
  new MatchOrNode(start, end, patterns);

class TypeVarNode implements TypeVar {
  readonly kind = NodeKind.TypeVar;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public bound: Expr | null,
    public default_value: Expr | null,
  ) {}
}
export const newTypeVar = (
  start: number,
  end: number,
  name: string,
  bound: Expr | null,
  default_value: Expr | null,
): TypeVar => new TypeVarNode(start, end, name, bound, default_value);

class ParamSpecNode implements ParamSpec {
  readonly kind = NodeKind.ParamSpec;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public default_value: Expr | null,
  ) {}
}
export const newParamSpec = (start: number, end: number, name: string, default_value: Expr | null): ParamSpec =>
  new ParamSpecNode(start, end, name, default_value);

class TypeVarTupleNode implements TypeVarTuple {
  readonly kind = NodeKind.TypeVarTuple;
  constructor(
    public start: number,
    public end: number,
    public name: string,
    public default_value: Expr | null,
  ) {}
}
export const newTypeVarTuple = (start: number, end: number, name: string, default_value: Expr | null): TypeVarTuple =>
  new TypeVarTupleNode(start, end, name, default_value);
