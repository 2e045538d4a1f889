/**
 * CPython's abstract syntax (Parser/Python.asdl, 3.14) as TypeScript types.
 *
 * Node and field names are those of the ASDL, so a dump can be compared with `ast.dump` field by field.
 * What differs: `kind` is a number, identifiers are already NFKC-normalised, constants carry their Python
 * type (`Constant.type`), and `start`/`end` are UTF-16 offsets into the source text as the editor has it.
 * Never holds: parents, comments, anything derived. Above 400 lines because the grammar is one table.
 */

/** Discriminator of every node. Expressions come first, then statements, then the small node families. */
export const enum NodeKind {
  BoolOp,
  NamedExpr,
  BinOp,
  UnaryOp,
  Lambda,
  IfExp,
  Dict,
  Set,
  ListComp,
  SetComp,
  DictComp,
  GeneratorExp,
  Await,
  Yield,
  YieldFrom,
  Compare,
  Call,
  FormattedValue,
  Interpolation,
  JoinedStr,
  TemplateStr,
  Constant,
  Attribute,
  Subscript,
  Starred,
  Name,
  List,
  Tuple,
  Slice,

  FunctionDef,
  AsyncFunctionDef,
  ClassDef,
  Return,
  Delete,
  Assign,
  TypeAlias,
  AugAssign,
  AnnAssign,
  For,
  AsyncFor,
  While,
  If,
  With,
  AsyncWith,
  Match,
  Raise,
  Try,
  TryStar,
  Assert,
  Import,
  ImportFrom,
  Global,
  Nonlocal,
  Expr,
  Pass,
  Break,
  Continue,

  Module,
  Comprehension,
  ExceptHandler,
  Arguments,
  Arg,
  Keyword,
  Alias,
  WithItem,
  MatchCase,
  MatchValue,
  MatchSingleton,
  MatchSequence,
  MatchMapping,
  MatchClass,
  MatchStar,
  MatchAs,
  MatchOr,
  TypeVar,
  ParamSpec,
  TypeVarTuple,
}

/** `expr_context` of the ASDL. */
export const enum Context {
  Load,
  Store,
  Del,
}

/** `boolop`, `operator`, `unaryop` and `cmpop` of the ASDL, each family in the ASDL's order. */
export const enum BoolOperator {
  And,
  Or,
}
export const enum BinaryOperator {
  Add,
  Sub,
  Mult,
  MatMult,
  Div,
  Mod,
  Pow,
  LShift,
  RShift,
  BitOr,
  BitXor,
  BitAnd,
  FloorDiv,
}
export const enum UnaryOperator {
  Invert,
  Not,
  UAdd,
  USub,
}
export const enum CompareOperator {
  Eq,
  NotEq,
  Lt,
  LtE,
  Gt,
  GtE,
  Is,
  IsNot,
  In,
  NotIn,
}

/** The Python type of a literal's value. */
export const enum ConstantType {
  None,
  True,
  False,
  Ellipsis,
  Int,
  Float,
  Complex,
  Str,
  Bytes,
}

/** Every node: a half-open UTF-16 range of the source text. */
interface Node<K extends NodeKind> {
  readonly kind: K;
  start: number;
  end: number;
}

interface Statement<K extends NodeKind> extends Node<K> {
  /** What others have worked out about the statement, to be found again as long as its tree lives; no part of the tree. */
  notes: unknown;
}

export interface BoolOp extends Node<NodeKind.BoolOp> {
  op: BoolOperator;
  values: Expr[];
}
export interface NamedExpr extends Node<NodeKind.NamedExpr> {
  target: Name;
  value: Expr;
}
export interface BinOp extends Node<NodeKind.BinOp> {
  left: Expr;
  op: BinaryOperator;
  right: Expr;
}
export interface UnaryOp extends Node<NodeKind.UnaryOp> {
  op: UnaryOperator;
  operand: Expr;
}
export interface Lambda extends Node<NodeKind.Lambda> {
  args: Arguments;
  body: Expr;
}
export interface IfExp extends Node<NodeKind.IfExp> {
  test: Expr;
  body: Expr;
  orelse: Expr;
}
/** A `null` key stands for `**value`. */
export interface Dict extends Node<NodeKind.Dict> {
  keys: (Expr | null)[];
  values: Expr[];
}
export interface SetDisplay extends Node<NodeKind.Set> {
  elts: Expr[];
}
export interface ListComp extends Node<NodeKind.ListComp> {
  elt: Expr;
  generators: Comprehension[];
}
export interface SetComp extends Node<NodeKind.SetComp> {
  elt: Expr;
  generators: Comprehension[];
}
export interface DictComp extends Node<NodeKind.DictComp> {
  key: Expr;
  value: Expr;
  generators: Comprehension[];
}
export interface GeneratorExp extends Node<NodeKind.GeneratorExp> {
  elt: Expr;
  generators: Comprehension[];
}
export interface Await extends Node<NodeKind.Await> {
  value: Expr;
}
export interface Yield extends Node<NodeKind.Yield> {
  value: Expr | null;
}
export interface YieldFrom extends Node<NodeKind.YieldFrom> {
  value: Expr;
}
export interface Compare extends Node<NodeKind.Compare> {
  left: Expr;
  ops: CompareOperator[];
  comparators: Expr[];
}
export interface Call extends Node<NodeKind.Call> {
  func: Expr;
  args: Expr[];
  keywords: Keyword[];
}
/** `conversion` is -1 or the char code of `s`, `r`, `a`, as in CPython. */
export interface FormattedValue extends Node<NodeKind.FormattedValue> {
  value: Expr;
  conversion: number;
  format_spec: JoinedStr | null;
}
/** A t-string field (PEP 750); `str` is the expression's source text. */
export interface Interpolation extends Node<NodeKind.Interpolation> {
  value: Expr;
  str: string;
  conversion: number;
  format_spec: JoinedStr | null;
}
export interface JoinedStr extends Node<NodeKind.JoinedStr> {
  values: Expr[];
}
export interface TemplateStr extends Node<NodeKind.TemplateStr> {
  values: Expr[];
}
/**
 * A literal. `value` by `type`:
 * - `Int`: decimal digits when the value is below 2^53, else `0x` and lower-case hex digits; canonical, so equal ints have equal text;
 * - `Float`: JavaScript's `String(double)` (`Infinity` for 1e999); `Complex`: the same of the imaginary part;
 * - `Str`: the value as UTF-16. A string is code points in Python, so a surrogate written as an escape is one code point of its own:
 *   `surrogates` lists the UTF-16 indices of such code units, in ascending order (null when there is none);
 * - `Bytes`: one char per byte (0–255);
 * - the others: the empty string.
 * `unicodePrefix` is true for a `u""` literal (`kind='u'` in `ast.dump`).
 */
export interface Constant extends Node<NodeKind.Constant> {
  type: ConstantType;
  value: string;
  surrogates: readonly number[] | null;
  unicodePrefix: boolean;
}
export interface Attribute extends Node<NodeKind.Attribute> {
  value: Expr;
  attr: string;
  ctx: Context;
}
export interface Subscript extends Node<NodeKind.Subscript> {
  value: Expr;
  slice: Expr;
  ctx: Context;
}
export interface Starred extends Node<NodeKind.Starred> {
  value: Expr;
  ctx: Context;
}
export interface Name extends Node<NodeKind.Name> {
  id: string;
  ctx: Context;
  /** Room for what binding finds: the symbol of the scope that reads or binds the name there; null until then. */
  symbol: unknown;
}
export interface List extends Node<NodeKind.List> {
  elts: Expr[];
  ctx: Context;
}
export interface Tuple extends Node<NodeKind.Tuple> {
  elts: Expr[];
  ctx: Context;
}
export interface Slice extends Node<NodeKind.Slice> {
  lower: Expr | null;
  upper: Expr | null;
  step: Expr | null;
}

export type Expr =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | SetDisplay
  | ListComp
  | SetComp
  | DictComp
  | GeneratorExp
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | FormattedValue
  | Interpolation
  | JoinedStr
  | TemplateStr
  | Constant
  | Attribute
  | Subscript
  | Starred
  | Name
  | List
  | Tuple
  | Slice;

/** `start` of a definition is its `def`/`async`/`class` keyword, as in CPython; decorators stand before it. */
export interface FunctionDef extends Statement<NodeKind.FunctionDef> {
  name: string;
  args: Arguments;
  body: Stmt[];
  decorator_list: Expr[];
  returns: Expr | null;
  type_params: TypeParam[];
}
export interface AsyncFunctionDef extends Statement<NodeKind.AsyncFunctionDef> {
  name: string;
  args: Arguments;
  body: Stmt[];
  decorator_list: Expr[];
  returns: Expr | null;
  type_params: TypeParam[];
}
export interface ClassDef extends Statement<NodeKind.ClassDef> {
  name: string;
  bases: Expr[];
  keywords: Keyword[];
  body: Stmt[];
  decorator_list: Expr[];
  type_params: TypeParam[];
}
export interface Return extends Statement<NodeKind.Return> {
  value: Expr | null;
}
export interface Delete extends Statement<NodeKind.Delete> {
  targets: Expr[];
}
export interface Assign extends Statement<NodeKind.Assign> {
  targets: Expr[];
  value: Expr;
}
export interface TypeAlias extends Statement<NodeKind.TypeAlias> {
  name: Name;
  type_params: TypeParam[];
  value: Expr;
}
export interface AugAssign extends Statement<NodeKind.AugAssign> {
  target: Expr;
  op: BinaryOperator;
  value: Expr;
}
/** `simple` is 1 for a bare name without parentheses, as in CPython. */
export interface AnnAssign extends Statement<NodeKind.AnnAssign> {
  target: Expr;
  annotation: Expr;
  value: Expr | null;
  simple: 0 | 1;
}
export interface For extends Statement<NodeKind.For> {
  target: Expr;
  iter: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface AsyncFor extends Statement<NodeKind.AsyncFor> {
  target: Expr;
  iter: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface While extends Statement<NodeKind.While> {
  test: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface If extends Statement<NodeKind.If> {
  test: Expr;
  body: Stmt[];
  orelse: Stmt[];
}
export interface With extends Statement<NodeKind.With> {
  items: WithItem[];
  body: Stmt[];
}
export interface AsyncWith extends Statement<NodeKind.AsyncWith> {
  items: WithItem[];
  body: Stmt[];
}
export interface Match extends Statement<NodeKind.Match> {
  subject: Expr;
  cases: MatchCase[];
}
export interface Raise extends Statement<NodeKind.Raise> {
  exc: Expr | null;
  cause: Expr | null;
}
export interface Try extends Statement<NodeKind.Try> {
  body: Stmt[];
  handlers: ExceptHandler[];
  orelse: Stmt[];
  finalbody: Stmt[];
}
export interface TryStar extends Statement<NodeKind.TryStar> {
  body: Stmt[];
  handlers: ExceptHandler[];
  orelse: Stmt[];
  finalbody: Stmt[];
}
export interface Assert extends Statement<NodeKind.Assert> {
  test: Expr;
  msg: Expr | null;
}
export interface Import extends Statement<NodeKind.Import> {
  names: Alias[];
}
/** `module` is null in `from . import x`; `level` counts the dots. */
export interface ImportFrom extends Statement<NodeKind.ImportFrom> {
  module: string | null;
  names: Alias[];
  level: number;
}
export interface Global extends Statement<NodeKind.Global> {
  names: string[];
}
export interface Nonlocal extends Statement<NodeKind.Nonlocal> {
  names: string[];
}
export interface ExprStmt extends Statement<NodeKind.Expr> {
  value: Expr;
}
export interface Pass extends Statement<NodeKind.Pass> {}
export interface Break extends Statement<NodeKind.Break> {}
export interface Continue extends Statement<NodeKind.Continue> {}

export type Stmt =
  | FunctionDef
  | AsyncFunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | TypeAlias
  | AugAssign
  | AnnAssign
  | For
  | AsyncFor
  | While
  | If
  | With
  | AsyncWith
  | Match
  | Raise
  | Try
  | TryStar
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | ExprStmt
  | Pass
  | Break
  | Continue;

/** `ignoreLines`: 0-based lines whose comment is `# fastpipe: ignore`, ascending (manifest §7). */
export interface Module extends Node<NodeKind.Module> {
  body: Stmt[];
  ignoreLines: readonly number[];
}
export interface Comprehension extends Node<NodeKind.Comprehension> {
  target: Expr;
  iter: Expr;
  ifs: Expr[];
  is_async: 0 | 1;
}
export interface ExceptHandler extends Node<NodeKind.ExceptHandler> {
  type: Expr | null;
  name: string | null;
  body: Stmt[];
}
/** `kw_defaults` has a null for each keyword-only parameter without default; `defaults` belong to the last positional ones. */
export interface Arguments extends Node<NodeKind.Arguments> {
  posonlyargs: Arg[];
  args: Arg[];
  vararg: Arg | null;
  kwonlyargs: Arg[];
  kw_defaults: (Expr | null)[];
  kwarg: Arg | null;
  defaults: Expr[];
}
export interface Arg extends Node<NodeKind.Arg> {
  arg: string;
  annotation: Expr | null;
}
/** `arg` is null for `**value`. */
export interface Keyword extends Node<NodeKind.Keyword> {
  arg: string | null;
  value: Expr;
}
export interface Alias extends Node<NodeKind.Alias> {
  name: string;
  asname: string | null;
}
export interface WithItem extends Node<NodeKind.WithItem> {
  context_expr: Expr;
  optional_vars: Expr | null;
}
export interface MatchCase extends Node<NodeKind.MatchCase> {
  pattern: Pattern;
  guard: Expr | null;
  body: Stmt[];
}
export interface MatchValue extends Node<NodeKind.MatchValue> {
  value: Expr;
}
export interface MatchSingleton extends Node<NodeKind.MatchSingleton> {
  value: ConstantType.None | ConstantType.True | ConstantType.False;
}
export interface MatchSequence extends Node<NodeKind.MatchSequence> {
  patterns: Pattern[];
}
export interface MatchMapping extends Node<NodeKind.MatchMapping> {
  keys: Expr[];
  patterns: Pattern[];
  rest: string | null;
}
export interface MatchClass extends Node<NodeKind.MatchClass> {
  cls: Expr;
  patterns: Pattern[];
  kwd_attrs: string[];
  kwd_patterns: Pattern[];
}
export interface MatchStar extends Node<NodeKind.MatchStar> {
  name: string | null;
}
export interface MatchAs extends Node<NodeKind.MatchAs> {
  pattern: Pattern | null;
  name: string | null;
}
export interface MatchOr extends Node<NodeKind.MatchOr> {
  patterns: Pattern[];
}
export type Pattern =
  | MatchValue
  | MatchSingleton
  | MatchSequence
  | MatchMapping
  | MatchClass
  | MatchStar
  | MatchAs
  | MatchOr;

export interface TypeVar extends Node<NodeKind.TypeVar> {
  name: string;
  bound: Expr | null;
  default_value: Expr | null;
}
export interface ParamSpec extends Node<NodeKind.ParamSpec> {
  name: string;
  default_value: Expr | null;
}
export interface TypeVarTuple extends Node<NodeKind.TypeVarTuple> {
  name: string;
  default_value: Expr | null;
}
export type TypeParam = TypeVar | ParamSpec | TypeVarTuple;

export type FunctionNode = FunctionDef | AsyncFunctionDef;
export type DefinitionNode = FunctionDef | AsyncFunctionDef | ClassDef;

/** Any node at all. */
export type AnyNode =
  | Expr
  | Stmt
  | Module
  | Comprehension
  | ExceptHandler
  | Arguments
  | Arg
  | Keyword
  | Alias
  | WithItem
  | MatchCase
  | Pattern
  | TypeParam;

export type { SyntaxProblem } from "../text/problem.ts";
