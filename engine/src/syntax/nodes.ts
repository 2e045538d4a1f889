/**
 * One factory per node: the one place that fixes the order of fields, so that each kind of node has one hidden class.
 *
 * Field order is the ASDL's, after `kind`, `start`, `end`. Checks nothing.
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

export const newBoolOp = (start: number, end: number, op: BoolOperator, values: Expr[]): BoolOp => ({
  kind: NodeKind.BoolOp,
  start,
  end,
  op,
  values,
});
export const newNamedExpr = (start: number, end: number, target: Name, value: Expr): NamedExpr => ({
  kind: NodeKind.NamedExpr,
  start,
  end,
  target,
  value,
});
export const newBinOp = (start: number, end: number, left: Expr, op: BinaryOperator, right: Expr): BinOp => ({
  kind: NodeKind.BinOp,
  start,
  end,
  left,
  op,
  right,
});
export const newUnaryOp = (start: number, end: number, op: UnaryOperator, operand: Expr): UnaryOp => ({
  kind: NodeKind.UnaryOp,
  start,
  end,
  op,
  operand,
});
export const newLambda = (start: number, end: number, args: Arguments, body: Expr): Lambda => ({
  kind: NodeKind.Lambda,
  start,
  end,
  args,
  body,
});
export const newIfExp = (start: number, end: number, test: Expr, body: Expr, orelse: Expr): IfExp => ({
  kind: NodeKind.IfExp,
  start,
  end,
  test,
  body,
  orelse,
});
export const newDict = (start: number, end: number, keys: (Expr | null)[], values: Expr[]): Dict => ({
  kind: NodeKind.Dict,
  start,
  end,
  keys,
  values,
});
export const newSet = (start: number, end: number, elts: Expr[]): SetDisplay => ({
  kind: NodeKind.Set,
  start,
  end,
  elts,
});
export const newListComp = (start: number, end: number, elt: Expr, generators: Comprehension[]): ListComp => ({
  kind: NodeKind.ListComp,
  start,
  end,
  elt,
  generators,
});
export const newSetComp = (start: number, end: number, elt: Expr, generators: Comprehension[]): SetComp => ({
  kind: NodeKind.SetComp,
  start,
  end,
  elt,
  generators,
});
export const newDictComp = (
  start: number,
  end: number,
  key: Expr,
  value: Expr,
  generators: Comprehension[],
): DictComp => ({ kind: NodeKind.DictComp, start, end, key, value, generators });
export const newGeneratorExp = (start: number, end: number, elt: Expr, generators: Comprehension[]): GeneratorExp => ({
  kind: NodeKind.GeneratorExp,
  start,
  end,
  elt,
  generators,
});
export const newAwait = (start: number, end: number, value: Expr): Await => ({
  kind: NodeKind.Await,
  start,
  end,
  value,
});
export const newYield = (start: number, end: number, value: Expr | null): Yield => ({
  kind: NodeKind.Yield,
  start,
  end,
  value,
});
export const newYieldFrom = (start: number, end: number, value: Expr): YieldFrom => ({
  kind: NodeKind.YieldFrom,
  start,
  end,
  value,
});
export const newCompare = (
  start: number,
  end: number,
  left: Expr,
  ops: CompareOperator[],
  comparators: Expr[],
): Compare => ({ kind: NodeKind.Compare, start, end, left, ops, comparators });
export const newCall = (start: number, end: number, func: Expr, args: Expr[], keywords: Keyword[]): Call => ({
  kind: NodeKind.Call,
  start,
  end,
  func,
  args,
  keywords,
});
export const newFormattedValue = (
  start: number,
  end: number,
  value: Expr,
  conversion: number,
  format_spec: JoinedStr | null,
): FormattedValue => ({ kind: NodeKind.FormattedValue, start, end, value, conversion, format_spec });
export const newInterpolation = (
  start: number,
  end: number,
  value: Expr,
  str: string,
  conversion: number,
  format_spec: JoinedStr | null,
): Interpolation => ({ kind: NodeKind.Interpolation, start, end, value, str, conversion, format_spec });
export const newJoinedStr = (start: number, end: number, values: Expr[]): JoinedStr => ({
  kind: NodeKind.JoinedStr,
  start,
  end,
  values,
});
export const newTemplateStr = (start: number, end: number, values: Expr[]): TemplateStr => ({
  kind: NodeKind.TemplateStr,
  start,
  end,
  values,
});
export const newConstant = (
  start: number,
  end: number,
  type: ConstantType,
  value: string,
  surrogates: readonly number[] | null,
  unicodePrefix: boolean,
): Constant => ({ kind: NodeKind.Constant, start, end, type, value, surrogates, unicodePrefix });
export const newAttribute = (start: number, end: number, value: Expr, attr: string, ctx: Context): Attribute => ({
  kind: NodeKind.Attribute,
  start,
  end,
  value,
  attr,
  ctx,
});
export const newSubscript = (start: number, end: number, value: Expr, slice: Expr, ctx: Context): Subscript => ({
  kind: NodeKind.Subscript,
  start,
  end,
  value,
  slice,
  ctx,
});
export const newStarred = (start: number, end: number, value: Expr, ctx: Context): Starred => ({
  kind: NodeKind.Starred,
  start,
  end,
  value,
  ctx,
});
export const newName = (start: number, end: number, id: string, ctx: Context): Name => ({
  kind: NodeKind.Name,
  start,
  end,
  id,
  ctx,
});
export const newList = (start: number, end: number, elts: Expr[], ctx: Context): List => ({
  kind: NodeKind.List,
  start,
  end,
  elts,
  ctx,
});
export const newTuple = (start: number, end: number, elts: Expr[], ctx: Context): Tuple => ({
  kind: NodeKind.Tuple,
  start,
  end,
  elts,
  ctx,
});
export const newSlice = (
  start: number,
  end: number,
  lower: Expr | null,
  upper: Expr | null,
  step: Expr | null,
): Slice => ({ kind: NodeKind.Slice, start, end, lower, upper, step });
export const newFunctionDef = (
  start: number,
  end: number,
  name: string,
  args: Arguments,
  body: Stmt[],
  decorator_list: Expr[],
  returns: Expr | null,
  type_params: TypeParam[],
): FunctionDef => ({ kind: NodeKind.FunctionDef, start, end, name, args, body, decorator_list, returns, type_params });
export const newAsyncFunctionDef = (
  start: number,
  end: number,
  name: string,
  args: Arguments,
  body: Stmt[],
  decorator_list: Expr[],
  returns: Expr | null,
  type_params: TypeParam[],
): AsyncFunctionDef => ({
  kind: NodeKind.AsyncFunctionDef,
  start,
  end,
  name,
  args,
  body,
  decorator_list,
  returns,
  type_params,
});
export const newClassDef = (
  start: number,
  end: number,
  name: string,
  bases: Expr[],
  keywords: Keyword[],
  body: Stmt[],
  decorator_list: Expr[],
  type_params: TypeParam[],
): ClassDef => ({ kind: NodeKind.ClassDef, start, end, name, bases, keywords, body, decorator_list, type_params });
export const newReturn = (start: number, end: number, value: Expr | null): Return => ({
  kind: NodeKind.Return,
  start,
  end,
  value,
});
export const newDelete = (start: number, end: number, targets: Expr[]): Delete => ({
  kind: NodeKind.Delete,
  start,
  end,
  targets,
});
export const newAssign = (start: number, end: number, targets: Expr[], value: Expr): Assign => ({
  kind: NodeKind.Assign,
  start,
  end,
  targets,
  value,
});
export const newTypeAlias = (
  start: number,
  end: number,
  name: Name,
  type_params: TypeParam[],
  value: Expr,
): TypeAlias => ({ kind: NodeKind.TypeAlias, start, end, name, type_params, value });
export const newAugAssign = (start: number, end: number, target: Expr, op: BinaryOperator, value: Expr): AugAssign => ({
  kind: NodeKind.AugAssign,
  start,
  end,
  target,
  op,
  value,
});
export const newAnnAssign = (
  start: number,
  end: number,
  target: Expr,
  annotation: Expr,
  value: Expr | null,
  simple: 0 | 1,
): AnnAssign => ({ kind: NodeKind.AnnAssign, start, end, target, annotation, value, simple });
export const newFor = (start: number, end: number, target: Expr, iter: Expr, body: Stmt[], orelse: Stmt[]): For => ({
  kind: NodeKind.For,
  start,
  end,
  target,
  iter,
  body,
  orelse,
});
export const newAsyncFor = (
  start: number,
  end: number,
  target: Expr,
  iter: Expr,
  body: Stmt[],
  orelse: Stmt[],
): AsyncFor => ({ kind: NodeKind.AsyncFor, start, end, target, iter, body, orelse });
export const newWhile = (start: number, end: number, test: Expr, body: Stmt[], orelse: Stmt[]): While => ({
  kind: NodeKind.While,
  start,
  end,
  test,
  body,
  orelse,
});
export const newIf = (start: number, end: number, test: Expr, body: Stmt[], orelse: Stmt[]): If => ({
  kind: NodeKind.If,
  start,
  end,
  test,
  body,
  orelse,
});
export const newWith = (start: number, end: number, items: WithItem[], body: Stmt[]): With => ({
  kind: NodeKind.With,
  start,
  end,
  items,
  body,
});
export const newAsyncWith = (start: number, end: number, items: WithItem[], body: Stmt[]): AsyncWith => ({
  kind: NodeKind.AsyncWith,
  start,
  end,
  items,
  body,
});
export const newMatch = (start: number, end: number, subject: Expr, cases: MatchCase[]): Match => ({
  kind: NodeKind.Match,
  start,
  end,
  subject,
  cases,
});
export const newRaise = (start: number, end: number, exc: Expr | null, cause: Expr | null): Raise => ({
  kind: NodeKind.Raise,
  start,
  end,
  exc,
  cause,
});
export const newTry = (
  start: number,
  end: number,
  body: Stmt[],
  handlers: ExceptHandler[],
  orelse: Stmt[],
  finalbody: Stmt[],
): Try => ({ kind: NodeKind.Try, start, end, body, handlers, orelse, finalbody });
export const newTryStar = (
  start: number,
  end: number,
  body: Stmt[],
  handlers: ExceptHandler[],
  orelse: Stmt[],
  finalbody: Stmt[],
): TryStar => ({ kind: NodeKind.TryStar, start, end, body, handlers, orelse, finalbody });
export const newAssert = (start: number, end: number, test: Expr, msg: Expr | null): Assert => ({
  kind: NodeKind.Assert,
  start,
  end,
  test,
  msg,
});
export const newImport = (start: number, end: number, names: Alias[]): Import => ({
  kind: NodeKind.Import,
  start,
  end,
  names,
});
export const newImportFrom = (
  start: number,
  end: number,
  module: string | null,
  names: Alias[],
  level: number,
): ImportFrom => ({ kind: NodeKind.ImportFrom, start, end, module, names, level });
export const newGlobal = (start: number, end: number, names: string[]): Global => ({
  kind: NodeKind.Global,
  start,
  end,
  names,
});
export const newNonlocal = (start: number, end: number, names: string[]): Nonlocal => ({
  kind: NodeKind.Nonlocal,
  start,
  end,
  names,
});
export const newExprStmt = (start: number, end: number, value: Expr): ExprStmt => ({
  kind: NodeKind.Expr,
  start,
  end,
  value,
});
export const newPass = (start: number, end: number): Pass => ({ kind: NodeKind.Pass, start, end });
export const newBreak = (start: number, end: number): Break => ({ kind: NodeKind.Break, start, end });
export const newContinue = (start: number, end: number): Continue => ({ kind: NodeKind.Continue, start, end });
export const newModule = (start: number, end: number, body: Stmt[], ignoreLines: readonly number[]): Module => ({
  kind: NodeKind.Module,
  start,
  end,
  body,
  ignoreLines,
});
export const newComprehension = (
  start: number,
  end: number,
  target: Expr,
  iter: Expr,
  ifs: Expr[],
  is_async: 0 | 1,
): Comprehension => ({ kind: NodeKind.Comprehension, start, end, target, iter, ifs, is_async });
export const newExceptHandler = (
  start: number,
  end: number,
  type: Expr | null,
  name: string | null,
  body: Stmt[],
): ExceptHandler => ({ kind: NodeKind.ExceptHandler, start, end, type, name, body });
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
): Arguments => ({
  kind: NodeKind.Arguments,
  start,
  end,
  posonlyargs,
  args,
  vararg,
  kwonlyargs,
  kw_defaults,
  kwarg,
  defaults,
});
export const newArg = (start: number, end: number, arg: string, annotation: Expr | null): Arg => ({
  kind: NodeKind.Arg,
  start,
  end,
  arg,
  annotation,
});
export const newKeyword = (start: number, end: number, arg: string | null, value: Expr): Keyword => ({
  kind: NodeKind.Keyword,
  start,
  end,
  arg,
  value,
});
export const newAlias = (start: number, end: number, name: string, asname: string | null): Alias => ({
  kind: NodeKind.Alias,
  start,
  end,
  name,
  asname,
});
export const newWithItem = (start: number, end: number, context_expr: Expr, optional_vars: Expr | null): WithItem => ({
  kind: NodeKind.WithItem,
  start,
  end,
  context_expr,
  optional_vars,
});
export const newMatchCase = (
  start: number,
  end: number,
  pattern: Pattern,
  guard: Expr | null,
  body: Stmt[],
): MatchCase => ({ kind: NodeKind.MatchCase, start, end, pattern, guard, body });
export const newMatchValue = (start: number, end: number, value: Expr): MatchValue => ({
  kind: NodeKind.MatchValue,
  start,
  end,
  value,
});
export const newMatchSingleton = (
  start: number,
  end: number,
  value: ConstantType.None | ConstantType.True | ConstantType.False,
): MatchSingleton => ({ kind: NodeKind.MatchSingleton, start, end, value });
export const newMatchSequence = (start: number, end: number, patterns: Pattern[]): MatchSequence => ({
  kind: NodeKind.MatchSequence,
  start,
  end,
  patterns,
});
export const newMatchMapping = (
  start: number,
  end: number,
  keys: Expr[],
  patterns: Pattern[],
  rest: string | null,
): MatchMapping => ({ kind: NodeKind.MatchMapping, start, end, keys, patterns, rest });
export const newMatchClass = (
  start: number,
  end: number,
  cls: Expr,
  patterns: Pattern[],
  kwd_attrs: string[],
  kwd_patterns: Pattern[],
): MatchClass => ({ kind: NodeKind.MatchClass, start, end, cls, patterns, kwd_attrs, kwd_patterns });
export const newMatchStar = (start: number, end: number, name: string | null): MatchStar => ({
  kind: NodeKind.MatchStar,
  start,
  end,
  name,
});
export const newMatchAs = (start: number, end: number, pattern: Pattern | null, name: string | null): MatchAs => ({
  kind: NodeKind.MatchAs,
  start,
  end,
  pattern,
  name,
});
export const newMatchOr = (start: number, end: number, patterns: Pattern[]): MatchOr => ({
  kind: NodeKind.MatchOr,
  start,
  end,
  patterns,
});
export const newTypeVar = (
  start: number,
  end: number,
  name: string,
  bound: Expr | null,
  default_value: Expr | null,
): TypeVar => ({ kind: NodeKind.TypeVar, start, end, name, bound, default_value });
export const newParamSpec = (start: number, end: number, name: string, default_value: Expr | null): ParamSpec => ({
  kind: NodeKind.ParamSpec,
  start,
  end,
  name,
  default_value,
});
export const newTypeVarTuple = (
  start: number,
  end: number,
  name: string,
  default_value: Expr | null,
): TypeVarTuple => ({ kind: NodeKind.TypeVarTuple, start, end, name, default_value });
