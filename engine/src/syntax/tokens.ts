/**
 * Token kinds, keywords and the tables that the tokenizer and the parser index by kind.
 *
 * Holds no state and reads no text.
 */

/** Kind of a token. Keywords follow `KeywordBase` in the order of `KEYWORDS`. */
export const enum T {
  End,
  Newline,
  Indent,
  Dedent,
  Name,
  Number,
  String,
  /** `f"` or `t"` with its prefix and quotes; text and fields follow, then `FStringEnd`. */
  FStringStart,
  FStringMiddle,
  FStringEnd,
  /** Where the tokenizer stopped; its problem is in the token buffer. */
  Error,
  /** `$`, `?`, `!` alone: characters that no rule takes. */
  Unknown,
  LPar,
  LSqb,
  LBrace,
  RPar,
  RSqb,
  RBrace,
  Comma,
  Colon,
  Semi,
  Dot,
  Ellipsis,
  Arrow,
  Exclamation,
  ColonEqual,
  Equal,
  // Augmented assignments, in the order of BinaryOperator.
  PlusEqual,
  MinusEqual,
  StarEqual,
  AtEqual,
  SlashEqual,
  PercentEqual,
  DoubleStarEqual,
  LeftShiftEqual,
  RightShiftEqual,
  VBarEqual,
  CircumflexEqual,
  AmperEqual,
  DoubleSlashEqual,
  // Binary operators, in the order of BinaryOperator.
  Plus,
  Minus,
  Star,
  At,
  Slash,
  Percent,
  DoubleStar,
  LeftShift,
  RightShift,
  VBar,
  Circumflex,
  Amper,
  DoubleSlash,
  Tilde,
  // Comparisons, in the order of CompareOperator (Eq, NotEq, Lt, LtE, Gt, GtE).
  EqEqual,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  KeywordBase,
  False = KeywordBase,
  None,
  True,
  And,
  As,
  Assert,
  Async,
  Await,
  Break,
  Class,
  Continue,
  Def,
  Del,
  Elif,
  Else,
  Except,
  Finally,
  For,
  From,
  Global,
  If,
  Import,
  In,
  Is,
  Lambda,
  Nonlocal,
  Not,
  Or,
  Pass,
  Raise,
  Return,
  Try,
  While,
  With,
  Yield,
  Count,
}

/** The hard keywords, in the order of their kinds. */
export const KEYWORDS: readonly string[] = [
  "False",
  "None",
  "True",
  "and",
  "as",
  "assert",
  "async",
  "await",
  "break",
  "class",
  "continue",
  "def",
  "del",
  "elif",
  "else",
  "except",
  "finally",
  "for",
  "from",
  "global",
  "if",
  "import",
  "in",
  "is",
  "lambda",
  "nonlocal",
  "not",
  "or",
  "pass",
  "raise",
  "return",
  "try",
  "while",
  "with",
  "yield",
];

/** Names that mean something in some places only; their interned ids follow those of the keywords. */
export const SOFT_KEYWORDS: readonly string[] = ["_", "case", "match", "type", "print", "exec"];

/** Interned ids of `SOFT_KEYWORDS`. */
export const enum SoftName {
  Underscore = 35,
  Case,
  Match,
  Type,
  Print,
  Exec,
}

/** What a String or FString token's value holds, as bits. */
export const enum StringFlag {
  Raw = 1,
  Bytes = 2,
  Unicode = 4,
  Triple = 8,
  /** The body has a backslash. */
  Escape = 16,
  /** The body has a carriage return, which reads as a line feed. */
  CarriageReturn = 32,
  NonAscii = 64,
  /** An f-string's text has `{{` or `}}`. */
  Braces = 128,
  Template = 512,
  /** Text of a format specification. */
  Spec = 1024,
  /** Two bits: the length of the prefix. */
  PrefixShift = 12,
}

/** What a Number token's value holds. */
export const enum NumberFlag {
  Decimal,
  Hex,
  Octal,
  Binary,
  Float,
  Imaginary,
  KindMask = 7,
  Underscore = 8,
}

/** Precedence of a binary operator by token kind; 0 for what is none. `**` is apart: it binds tighter than a sign on its left. */
export const PRECEDENCE = new Uint8Array(256);
PRECEDENCE[T.VBar] = 1;
PRECEDENCE[T.Circumflex] = 2;
PRECEDENCE[T.Amper] = 3;
PRECEDENCE[T.LeftShift] = 4;
PRECEDENCE[T.RightShift] = 4;
PRECEDENCE[T.Plus] = 5;
PRECEDENCE[T.Minus] = 5;
PRECEDENCE[T.Star] = 6;
PRECEDENCE[T.At] = 6;
PRECEDENCE[T.Slash] = 6;
PRECEDENCE[T.Percent] = 6;
PRECEDENCE[T.DoubleSlash] = 6;

/** 1 for a token that can follow a complete expression without continuing it; lets an atom before it skip the operator levels. */
export const TERMINATES = new Uint8Array(256);
for (const kind of [T.Newline, T.RPar, T.RSqb, T.RBrace, T.Comma, T.Colon, T.Semi, T.Equal]) TERMINATES[kind] = 1;

/** 1 for a token that an expression can start with. */
export const STARTS_EXPRESSION = new Uint8Array(256);
for (const kind of [
  T.Name,
  T.Number,
  T.String,
  T.FStringStart,
  T.LPar,
  T.LSqb,
  T.LBrace,
  T.Ellipsis,
  T.Plus,
  T.Minus,
  T.Tilde,
  T.False,
  T.None,
  T.True,
  T.Await,
  T.Lambda,
  T.Not,
])
  STARTS_EXPRESSION[kind] = 1;
