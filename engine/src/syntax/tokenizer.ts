/**
 * Text → tokens, as CPython's Parser/lexer/lexer.c: one pass, flat typed arrays, no object per token.
 *
 * Reads the whole range before the parser starts, f-string interiors included, because which token comes next never
 * depends on the grammar. Stops at the first thing that is no token and leaves its problem in `problem`.
 * Above 400 lines because the states of one scanner (indentation, brackets, f-string modes) belong together.
 */

import { lineOf } from "../text/lines.ts";
import { C, CLASS, IDENTIFIER, invalidIdentifierAt, isDigit, isHexDigit, STRING_STOP } from "./characters.ts";
import { Interner } from "./interner.ts";
import { KEYWORDS, NumberFlag, StringFlag, T } from "./tokens.ts";

/** CPython's limits: MAXLEVEL (brackets), MAXINDENT, MAXFSTRINGLEVEL, MAX_EXPR_NESTING (Parser/lexer/state.h). */
const MAX_BRACKETS = 200;
const MAX_INDENTS = 100;
const MAX_FSTRINGS = 150;
const MAX_FIELD_NESTING = 3;

/** Buffers beyond this many tokens are given back after a parse. */
const KEEP_TOKENS = 1 << 21;

const KEYWORD_COUNT = KEYWORDS.length;

/**
 * Why tokens end early. A problem is `hard` when CPython's tokenizer raises it itself: then it goes before a problem that the
 * parser finds earlier. The others count only where the parser comes to them, but then an open bracket may be told instead.
 */
export interface TokenProblem {
  readonly message: string;
  readonly offset: number;
  readonly hard: boolean;
  /** The innermost bracket open there, and its place; null outside brackets. */
  readonly bracket: { readonly text: string; readonly offset: number } | null;
}

/** An f-string (or t-string) whose end has not been met: lexer.c's `tokenizer_mode`. */
class FStringMode {
  /** Brackets open inside this string, its fields' braces included. */
  brackets = 0;
  /** `brackets` at the innermost open field, less one; -1 outside all fields. */
  field = -1;
  inSpec = false;

  constructor(
    readonly quote: number,
    readonly size: number,
    readonly raw: boolean,
    readonly letter: "f" | "t",
    readonly start: number,
  ) {}
}

/** Prefix letters as flags, or -1 when they are no string prefix. */
function prefixFlags(src: Uint16Array, start: number, end: number): number {
  let bytes = false;
  let raw = false;
  let unicode = false;
  let format = false;
  let template = false;
  for (let i = start; i < end; i++) {
    const c = src[i] | 32;
    if (c === 98 && !(bytes || unicode || format || template)) bytes = true;
    else if (c === 117 && !(bytes || unicode || raw || format || template)) unicode = true;
    else if (c === 114 && !(raw || unicode)) raw = true;
    else if (c === 102 && !(format || bytes || unicode || template)) format = true;
    else if (c === 116 && !(template || bytes || unicode || format)) template = true;
    else return -1;
  }
  return (
    (raw ? StringFlag.Raw : 0) |
    (bytes ? StringFlag.Bytes : 0) |
    (unicode ? StringFlag.Unicode : 0) |
    (template ? StringFlag.Template : 0) |
    (format || template ? FORMAT : 0)
  );
}
/** What is wrong with letters before a quote that are all prefixes but don't go together; null when they are a name. */
function prefixClash(src: Uint16Array, start: number, end: number): string | null {
  const seen = new Set<string>();
  for (let i = start; i < end; i++) {
    const ch = String.fromCharCode(src[i] | 32);
    if (!"bruft".includes(ch) || seen.has(ch)) return null;
    seen.add(ch);
  }
  for (const [one, other] of ["ub", "ur", "uf", "ut", "bf", "bt", "ft"]) {
    if (seen.has(one) && seen.has(other)) return `'${one}' and '${other}' prefixes are incompatible`;
  }
  return null;
}

/** Marks a prefix with `f` or `t` among the flags; not kept in a token. */
const FORMAT = 1 << 20;

const utf8 = new TextEncoder();
/** UTF-16 code units from which on a text is worth a call of the encoder. */
const LEAST_ENCODED = 256;

export class Tokenizer {
  text = "";
  src = new Uint16Array(1 << 16);
  count = 0;
  kinds = new Uint8Array(1 << 16);
  starts = new Int32Array(1 << 16);
  ends = new Int32Array(1 << 16);
  /** By kind: interned id (names, keywords), `StringFlag`s, `NumberFlag`s. */
  values = new Int32Array(1 << 16);
  problem: TokenProblem | null = null;
  readonly interner = new Interner();
  /** Offset of the first identifier that NFKC turns into `True`, `False` or `None`, or -1: the tree can't hold such a name. */
  forbidden = -1;
  /** Offsets of comments that end in `fastpipe: ignore`. */
  ignoreComments: number[] = [];

  #bytes = new Uint8Array(0);
  #end = 0;
  #level = 0;
  readonly #brackets = new Uint8Array(MAX_BRACKETS + 1);
  readonly #bracketOffsets = new Int32Array(MAX_BRACKETS + 1);
  #indents = 0;
  readonly #columns = new Int32Array(MAX_INDENTS + 1);
  readonly #altColumns = new Int32Array(MAX_INDENTS + 1);
  #modes: FStringMode[] = [];
  #mode: FStringMode | null = null;
  /** True where the text of an f-string goes on, false inside its fields and outside. */
  #inText = false;

  /** Tokenizes `text[from..to)`; offsets are those of `text`. The last token is End or Error. */
  run(text: string, from: number, to: number): void {
    this.text = text;
    this.count = 0;
    this.problem = null;
    this.forbidden = -1;
    this.ignoreComments = [];
    this.#end = to;
    this.#level = 0;
    this.#indents = 0;
    this.#modes = [];
    this.#mode = null;
    this.#inText = false;
    this.interner.trim();
    this.#reserve(to, to - from);
    if (this.#load(text, from, to)) this.#scan(from);
  }

  /** Gives buffers of more than so many tokens back. */
  release(most = KEEP_TOKENS): void {
    this.text = "";
    if (this.kinds.length > most) {
      this.#bytes = new Uint8Array(0);
      this.src = new Uint16Array(1 << 16);
      this.kinds = new Uint8Array(1 << 16);
      this.starts = new Int32Array(1 << 16);
      this.ends = new Int32Array(1 << 16);
      this.values = new Int32Array(1 << 16);
    }
  }

  #reserve(end: number, length: number): void {
    // The text is read at its own offsets; one unit more is the sentinel, three more are look-ahead.
    if (this.src.length < end + 4) this.src = new Uint16Array(Math.max(end + 4, this.src.length * 2));
    // Worst case per unit: one token; an indentation's unit also gives a dedent.
    const tokens = length + (length >> 1) + 256;
    if (this.kinds.length < tokens) {
      const size = Math.max(tokens, this.kinds.length * 2);
      this.kinds = new Uint8Array(size);
      this.starts = new Int32Array(size);
      this.ends = new Int32Array(size);
      this.values = new Int32Array(size);
    }
  }

  #load(text: string, from: number, to: number): boolean {
    const src = this.src;
    let high = 0;
    let nul = -1;
    if (from === 0 && to === text.length && to >= LEAST_ENCODED && this.#loadAscii(text)) {
      nul = text.indexOf("\0");
    } else {
      for (let i = from; i < to; i++) {
        const c = text.charCodeAt(i);
        src[i] = c;
        high |= c;
        if (c === 0 && nul < 0) nul = i;
      }
    }
    src[to] = 0;
    src[to + 1] = 0;
    src[to + 2] = 0;
    src[to + 3] = 0;
    if (nul >= 0) {
      this.#fail("source code cannot contain null bytes", nul);
      return false;
    }
    if (high >= 0xd800) {
      for (let i = from; i < to; i++) {
        const c = src[i];
        if (c < 0xd800 || c > 0xdfff) continue;
        if (c < 0xdc00 && src[i + 1] >= 0xdc00 && src[i + 1] <= 0xdfff) i++;
        else {
          this.#fail("source code is not valid Unicode: a surrogate stands alone", i);
          return false;
        }
      }
    }
    return true;
  }

  /** Loads a text that is ASCII throughout, in two copies that cost less than a loop over it; false for any other. */
  #loadAscii(text: string): boolean {
    const size = text.length;
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    const { read, written } = utf8.encodeInto(text, this.#bytes);
    if (read !== size || written !== size) return false;
    this.src.set(this.#bytes.subarray(0, size));
    return true;
  }

  #fail(message: string, offset: number, hard = true): -1 {
    const last = this.#level - 1;
    const inside = this.#mode !== null;
    const bracket =
      last < 0 || inside
        ? null
        : { text: String.fromCharCode(this.#brackets[last]), offset: this.#bracketOffsets[last] };
    // Inside an f-string CPython tells the parser's problem, if there is one.
    this.problem = { message, offset, hard: hard && !inside, bracket };
    this.#push(T.Error, offset, offset, 0);
    return -1;
  }

  #push(kind: T, start: number, end: number, value: number): void {
    const n = this.count++;
    this.kinds[n] = kind;
    this.starts[n] = start;
    this.ends[n] = end;
    this.values[n] = value;
  }

  /** Returns -1 at a problem, 0 at the end. */
  #scan(from: number): -1 | 0 {
    const src = this.src;
    const kinds = this.kinds;
    const starts = this.starts;
    const ends = this.ends;
    const values = this.values;
    const interner = this.interner;
    let i = from;
    let atLineStart = true;
    for (;;) {
      if (this.#inText) {
        i = this.#fstringText(i);
        if (i < 0) return -1;
        continue;
      }
      if (atLineStart) {
        atLineStart = false;
        i = this.#lineStart(i);
        if (i < 0) return -1;
        if (src[i] === 10 || src[i] === 13) {
          i += src[i] === 13 && src[i + 1] === 10 ? 2 : 1;
          atLineStart = true;
          continue;
        }
      }
      let c = src[i];
      while (c === 32 || c === 9 || c === 12) c = src[++i];
      switch (CLASS[c]) {
        case C.Letter: {
          let h = c;
          let k = i + 1;
          let d = src[k];
          while (IDENTIFIER[d] === 1) {
            h = (Math.imul(h, 31) + d) | 0;
            d = src[++k];
          }
          if (d > 127) {
            i = this.#wideName(i);
            if (i < 0) return -1;
            continue;
          }
          if ((d === 34 || d === 39) && k - i <= 5) {
            const flags = prefixFlags(src, i, k);
            if (flags >= 0) {
              i = this.#string(i, k, flags);
              if (i < 0) return -1;
              continue;
            }
            const clash = prefixClash(src, i, k);
            if (clash !== null) return this.#fail(clash, i);
          }
          const id = interner.intern(src, i, k, h);
          const n = this.count++;
          kinds[n] = id < KEYWORD_COUNT ? T.KeywordBase + id : T.Name;
          starts[n] = i;
          ends[n] = k;
          values[n] = id;
          i = k;
          continue;
        }
        case C.Operator: {
          let kind: T;
          let size = 1;
          const d = src[i + 1];
          switch (c) {
            case 40:
            case 91:
            case 123:
              if (this.#level >= MAX_BRACKETS) return this.#fail("too many nested parentheses", i);
              this.#brackets[this.#level] = c;
              this.#bracketOffsets[this.#level++] = i;
              if (this.#mode !== null) this.#mode.brackets++;
              kind = c === 40 ? T.LPar : c === 91 ? T.LSqb : T.LBrace;
              break;
            case 41:
            case 93:
            case 125:
              if (!this.#close(c, i)) return -1;
              kind = c === 41 ? T.RPar : c === 93 ? T.RSqb : T.RBrace;
              break;
            case 44:
              kind = T.Comma;
              break;
            case 58: {
              const mode = this.#mode;
              if (mode !== null && mode.field >= 0 && mode.brackets - 1 === mode.field) {
                this.#inText = true;
                mode.inSpec = true;
                kind = T.Colon;
              } else if (d === 61) {
                kind = T.ColonEqual;
                size = 2;
              } else kind = T.Colon;
              break;
            }
            case 59:
              kind = T.Semi;
              break;
            case 46:
              if (isDigit(d)) {
                i = this.#number(i);
                if (i < 0) return -1;
                continue;
              }
              if (d === 46 && src[i + 2] === 46) {
                kind = T.Ellipsis;
                size = 3;
              } else kind = T.Dot;
              break;
            case 61:
              if (d === 61) {
                kind = T.EqEqual;
                size = 2;
              } else kind = T.Equal;
              break;
            case 43:
              kind = d === 61 ? T.PlusEqual : T.Plus;
              size = d === 61 ? 2 : 1;
              break;
            case 45:
              kind = d === 61 ? T.MinusEqual : d === 62 ? T.Arrow : T.Minus;
              size = d === 61 || d === 62 ? 2 : 1;
              break;
            case 42:
              if (d === 42) {
                kind = src[i + 2] === 61 ? T.DoubleStarEqual : T.DoubleStar;
                size = src[i + 2] === 61 ? 3 : 2;
              } else {
                kind = d === 61 ? T.StarEqual : T.Star;
                size = d === 61 ? 2 : 1;
              }
              break;
            case 47:
              if (d === 47) {
                kind = src[i + 2] === 61 ? T.DoubleSlashEqual : T.DoubleSlash;
                size = src[i + 2] === 61 ? 3 : 2;
              } else {
                kind = d === 61 ? T.SlashEqual : T.Slash;
                size = d === 61 ? 2 : 1;
              }
              break;
            case 37:
              kind = d === 61 ? T.PercentEqual : T.Percent;
              size = d === 61 ? 2 : 1;
              break;
            case 64:
              kind = d === 61 ? T.AtEqual : T.At;
              size = d === 61 ? 2 : 1;
              break;
            case 38:
              kind = d === 61 ? T.AmperEqual : T.Amper;
              size = d === 61 ? 2 : 1;
              break;
            case 124:
              kind = d === 61 ? T.VBarEqual : T.VBar;
              size = d === 61 ? 2 : 1;
              break;
            case 94:
              kind = d === 61 ? T.CircumflexEqual : T.Circumflex;
              size = d === 61 ? 2 : 1;
              break;
            case 126:
              kind = T.Tilde;
              break;
            case 60:
              if (d === 60) {
                kind = src[i + 2] === 61 ? T.LeftShiftEqual : T.LeftShift;
                size = src[i + 2] === 61 ? 3 : 2;
              } else {
                kind = d === 61 ? T.LessEqual : d === 62 ? T.NotEqual : T.Less;
                size = d === 61 || d === 62 ? 2 : 1;
              }
              break;
            case 62:
              if (d === 62) {
                kind = src[i + 2] === 61 ? T.RightShiftEqual : T.RightShift;
                size = src[i + 2] === 61 ? 3 : 2;
              } else {
                kind = d === 61 ? T.GreaterEqual : T.Greater;
                size = d === 61 ? 2 : 1;
              }
              break;
            default:
              // "!"
              kind = d === 61 ? T.NotEqual : T.Exclamation;
              size = d === 61 ? 2 : 1;
          }
          const n = this.count++;
          kinds[n] = kind;
          starts[n] = i;
          ends[n] = i += size;
          values[n] = 0;
          continue;
        }
        case C.Newline: {
          const size = c === 13 && src[i + 1] === 10 ? 2 : 1;
          if (this.#level > 0) {
            i += size;
            continue;
          }
          const n = this.count++;
          kinds[n] = T.Newline;
          starts[n] = i;
          ends[n] = i += size;
          values[n] = 0;
          atLineStart = true;
          continue;
        }
        case C.Quote:
          i = this.#string(i, i, 0);
          if (i < 0) return -1;
          continue;
        case C.Digit:
          i = this.#number(i);
          if (i < 0) return -1;
          continue;
        case C.Hash:
          i = this.#comment(i);
          continue;
        case C.Backslash:
          i = this.#continuation(i);
          if (i < 0) return -1;
          continue;
        case C.Wide:
          i = this.#wideName(i);
          if (i < 0) return -1;
          continue;
        case C.End:
          return this.#finish(i);
        default:
          if (c < 32 || c === 127) {
            return this.#fail(`invalid non-printable character U+${c.toString(16).toUpperCase().padStart(4, "0")}`, i);
          }
          this.#push(T.Unknown, i, i + 1, 0);
          i++;
          continue;
      }
    }
  }

  /** End of file inside brackets or behind a backslash. */
  #endTooSoon(at: number): -1 {
    if (this.#level === 0) return this.#fail("unexpected EOF while parsing", at, false);
    const ch = String.fromCharCode(this.#brackets[this.#level - 1]);
    return this.#fail(`'${ch}' was never closed`, this.#bracketOffsets[this.#level - 1], false);
  }

  /** End of file: a last line end if none is there, dedents, End. */
  #finish(i: number): -1 | 0 {
    if (this.#level > 0) return this.#endTooSoon(i);
    if (this.count > 0 && this.kinds[this.count - 1] !== T.Newline) this.#push(T.Newline, i, i, 0);
    while (this.#indents > 0) {
      this.#indents--;
      this.#push(T.Dedent, i, i, 0);
    }
    this.#push(T.End, i, i, 0);
    return 0;
  }

  /** Measures the indentation of a line and emits its indent or dedents; leaves blank and comment lines alone. */
  #lineStart(from: number): number {
    const src = this.src;
    let i = from;
    let column = 0;
    let alt = 0;
    let continued = 0;
    for (;;) {
      const c = src[i];
      if (c === 32) {
        column++;
        alt++;
      } else if (c === 9) {
        column = (Math.floor(column / 8) + 1) * 8;
        alt++;
      } else if (c === 12) {
        column = 0;
        alt = 0;
      } else if (c === 92) {
        // Indentation split over lines: the first part counts.
        continued = continued || column;
        i = this.#continuation(i);
        if (i < 0) return -1;
        continue;
      } else break;
      i++;
    }
    let c = src[i];
    if (c === 35) {
      i = this.#comment(i);
      c = src[i];
      return i;
    }
    if (c === 10 || c === 13 || this.#level > 0) return i;
    if (c === 0 && i >= this.#end) return i;
    if (continued) {
      column = continued;
      alt = continued;
    }
    const current = this.#columns[this.#indents];
    if (column === current) {
      if (alt !== this.#altColumns[this.#indents]) return this.#tabProblem(i);
    } else if (column > current) {
      if (this.#indents + 1 >= MAX_INDENTS) {
        return this.#fail("too many levels of indentation", i, false);
      }
      if (alt <= this.#altColumns[this.#indents]) return this.#tabProblem(i);
      this.#indents++;
      this.#columns[this.#indents] = column;
      this.#altColumns[this.#indents] = alt;
      this.#push(T.Indent, i, i, 0);
    } else {
      while (this.#indents > 0 && column < this.#columns[this.#indents]) {
        this.#indents--;
        this.#push(T.Dedent, i, i, 0);
      }
      if (column !== this.#columns[this.#indents]) {
        return this.#fail("unindent does not match any outer indentation level", i, false);
      }
      if (alt !== this.#altColumns[this.#indents]) return this.#tabProblem(i);
    }
    return i;
  }

  #tabProblem(i: number): number {
    return this.#fail("inconsistent use of tabs and spaces in indentation", i, false);
  }

  #comment(from: number): number {
    const src = this.src;
    let i = from + 1;
    let c = src[i];
    while (c !== 10 && c !== 13 && (c !== 0 || i < this.#end)) c = src[++i];
    // "e" in last place (blanks aside) is the cheap test for "# fastpipe: ignore".
    let last = i - 1;
    while (src[last] === 32 || src[last] === 9) last--;
    if (
      src[last] === 101 &&
      last - from >= 15 &&
      /#[ \t]*fastpipe:[ \t]*ignore$/.test(this.text.slice(from, last + 1))
    ) {
      this.ignoreComments.push(from);
    }
    return i;
  }

  /** After a backslash: nothing but a line end may follow, and not the end of the file. */
  #continuation(from: number): number {
    const src = this.src;
    let i = from + 1;
    if (src[i] === 13) i += src[i + 1] === 10 ? 2 : 1;
    else if (src[i] === 10) i++;
    else if (i >= this.#end) return this.#endTooSoon(from);
    else {
      return this.#fail("unexpected character after line continuation character", from, false);
    }
    return i >= this.#end ? this.#endTooSoon(from) : i;
  }

  /** An identifier with characters beyond ASCII, or what can't be one. */
  #wideName(from: number): number {
    const src = this.src;
    let k = from;
    let h = src[from];
    while (IDENTIFIER[src[k]] !== 0) {
      if (k > from) h = (Math.imul(h, 31) + src[k]) | 0;
      k++;
    }
    const name = this.text.slice(from, k);
    const bad = invalidIdentifierAt(name);
    if (bad >= 0) {
      const point = name.codePointAt(bad) ?? 0;
      const code = point.toString(16).toUpperCase().padStart(4, "0");
      const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(String.fromCodePoint(point));
      return this.#fail(
        printable
          ? `invalid character '${String.fromCodePoint(point)}' (U+${code})`
          : `invalid non-printable character U+${code}`,
        from + bad,
      );
    }
    const id = this.interner.intern(src, from, k, h);
    const normal = this.interner.names[id];
    if (this.forbidden < 0 && (normal === "True" || normal === "False" || normal === "None")) this.forbidden = from;
    this.#push(T.Name, from, k, id);
    return k;
  }

  /** A closing bracket at `i`; false when it closes nothing or the wrong thing. */
  #close(c: number, i: number): boolean {
    const mode = this.#mode;
    const ch = String.fromCharCode(c);
    if (mode !== null && mode.brackets === 0 && c === 125) {
      this.#fail(`${mode.letter}-string: single '}' is not allowed`, i);
      return false;
    }
    if (this.#level === 0) {
      this.#fail(`unmatched '${ch}'`, i);
      return false;
    }
    const opening = this.#brackets[--this.#level];
    if (!((opening === 40 && c === 41) || (opening === 91 && c === 93) || (opening === 123 && c === 125))) {
      if (mode !== null && opening === 123 && mode.brackets - 1 === mode.field) {
        this.#fail(`${mode.letter}-string: unmatched '${ch}'`, i);
        return false;
      }
      const open = String.fromCharCode(opening);
      const line = lineOf(this.text, this.#bracketOffsets[this.#level]);
      const where = line === lineOf(this.text, i) ? "" : ` on line ${line}`;
      this.#fail(`closing parenthesis '${ch}' does not match opening parenthesis '${open}'${where}`, i);
      return false;
    }
    if (mode !== null) {
      mode.brackets--;
      if (mode.brackets < 0) {
        this.#fail(`${mode.letter}-string: unmatched '${ch}'`, i);
        return false;
      }
      if (c === 125 && mode.brackets === mode.field) {
        mode.field--;
        mode.inSpec = false;
        this.#inText = true;
      }
    }
    return true;
  }

  /** A string literal whose prefix is `[start, quoteAt)`; an f-string's start only. Returns the offset after it. */
  #string(start: number, quoteAt: number, prefix: number): number {
    const src = this.src;
    const quote = src[quoteAt];
    let size = 1;
    if (src[quoteAt + 1] === quote && src[quoteAt + 2] === quote) size = 3;
    let flags =
      (prefix & ~FORMAT) | (size === 3 ? StringFlag.Triple : 0) | ((quoteAt - start) << StringFlag.PrefixShift);
    if (prefix & FORMAT) {
      if (this.#modes.length + 1 >= MAX_FSTRINGS) {
        return this.#fail("too many nested f-strings", start);
      }
      const letter = prefix & StringFlag.Template ? "t" : "f";
      const mode = new FStringMode(quote, size, (prefix & StringFlag.Raw) !== 0, letter, start);
      this.#modes.push(mode);
      this.#mode = mode;
      this.#inText = true;
      this.#push(T.FStringStart, start, quoteAt + size, flags);
      return quoteAt + size;
    }
    let i = quoteAt + size;
    let escapedQuote = false;
    for (;;) {
      const c = src[i];
      const stop = STRING_STOP[c];
      if (stop === 0) {
        i++;
        continue;
      }
      if (stop === 2) {
        flags |= StringFlag.NonAscii;
        i++;
        continue;
      }
      if (c === quote) {
        if (size === 1) {
          i++;
          break;
        }
        if (src[i + 1] === quote && src[i + 2] === quote) {
          i += 3;
          break;
        }
        i++;
      } else if (c === 92) {
        flags |= StringFlag.Escape;
        const d = src[i + 1];
        if (d === quote) escapedQuote = true;
        if (d === 13) {
          flags |= StringFlag.CarriageReturn;
          i += src[i + 2] === 10 ? 3 : 2;
        } else if (d === 0 && i + 1 >= this.#end) i++;
        else i += 2;
        if (d > 127) flags |= StringFlag.NonAscii;
      } else if (c === 10 || c === 13) {
        if (size === 1) return this.#unterminated(start, i, size, escapedQuote, "");
        if (c === 13) flags |= StringFlag.CarriageReturn;
        i++;
      } else if (c === 0 && i >= this.#end) {
        return this.#unterminated(start, i, size, escapedQuote, "");
      } else i++;
    }
    this.#push(T.String, start, i, flags);
    return i;
  }

  #unterminated(start: number, at: number, size: number, escapedQuote: boolean, letter: string): number {
    // At the end of the text CPython stands on the last line that has something on it.
    const line = at >= this.#end ? lineOf(this.text, Math.max(0, this.#end - 1)) : lineOf(this.text, at);
    const what = letter === "" ? "" : `${letter}-`;
    const triple = size === 3 ? "triple-quoted " : "";
    const perhaps = escapedQuote && size === 1 ? "; perhaps you escaped the end quote?" : "";
    return this.#fail(`unterminated ${triple}${what}string literal (detected at line ${line})${perhaps}`, start);
  }

  /** Text of an f-string from `from` to its next field or its end (lexer.c, `tok_get_fstring_mode`). */
  #fstringText(from: number): number {
    const src = this.src;
    const mode = this.#mode as FStringMode;
    const quote = mode.quote;
    const size = mode.size;
    if (src[from] === quote && (size === 1 || (src[from + 1] === quote && src[from + 2] === quote))) {
      this.#push(T.FStringEnd, from, from + size, 0);
      this.#modes.pop();
      this.#mode = this.#modes.length > 0 ? this.#modes[this.#modes.length - 1] : null;
      this.#inText = false;
      return from + size;
    }
    let flags = mode.raw ? StringFlag.Raw : 0;
    if (mode.field >= 0) flags |= StringFlag.Spec;
    let named = false;
    let i = from;
    for (;;) {
      const c = src[i];
      if (STRING_STOP[c] === 0) {
        i++;
        continue;
      }
      const inSpec = mode.inSpec && mode.field >= 0;
      if (c === quote) {
        if (size === 1 || (src[i + 1] === quote && src[i + 2] === quote)) break;
        i++;
      } else if (c === 10 || c === 13) {
        if (size === 1) {
          if (!inSpec) return this.#unterminated(mode.start, i, size, false, mode.letter);
          const what = `${mode.letter}-string`;
          return this.#fail(`${what}: newlines are not allowed in format specifiers for single quoted ${what}s`, i);
        }
        if (c === 13) flags |= StringFlag.CarriageReturn;
        i++;
      } else if (c === 0 && i >= this.#end) {
        return this.#unterminated(mode.start, i, size, false, mode.letter);
      } else if (c === 123) {
        if (src[i + 1] === 123 && !inSpec) {
          flags |= StringFlag.Braces;
          i += 2;
          continue;
        }
        mode.field++;
        if (mode.field >= MAX_FIELD_NESTING) {
          return this.#fail(`${mode.letter}-string: expressions nested too deeply`, i);
        }
        break;
      } else if (c === 125) {
        if (named) {
          named = false;
          i++;
          continue;
        }
        if (src[i + 1] === 125 && !inSpec && mode.brackets === 0) {
          flags |= StringFlag.Braces;
          i += 2;
          continue;
        }
        break;
      } else if (c === 92) {
        flags |= StringFlag.Escape;
        const d = src[i + 1];
        if (d === 123 || d === 125) i++;
        else if (d === 13) {
          flags |= StringFlag.CarriageReturn;
          i += src[i + 2] === 10 ? 3 : 2;
        } else if (d === 0 && i + 1 >= this.#end) i++;
        else if (d === 78 && !mode.raw && src[i + 2] === 123) {
          named = true;
          i += 3;
        } else i += 2;
      } else i++;
    }
    const stop = src[i];
    if (i > from) {
      this.#push(T.FStringMiddle, from, i, flags);
    }
    // A brace is read by the scanner as an operator; a quote ends the string at the next call.
    if (stop !== quote) this.#inText = false;
    return i;
  }

  /** Consumes `digit (_? digit)*`; -1 after a stray underscore. */
  #decimalTail(from: number): number {
    const src = this.src;
    let i = from;
    for (;;) {
      while (isDigit(src[i])) i++;
      if (src[i] !== 95) return i;
      i++;
      if (!isDigit(src[i])) return this.#fail("invalid decimal literal", i);
    }
  }

  /** What may follow a number: no identifier character, unless a keyword starts there (`1if x`), as lexer.c has it. */
  #endOfNumber(i: number, kind: string): boolean {
    const src = this.src;
    const c = src[i];
    if (IDENTIFIER[c] !== 1) return true;
    const follows = (word: string): boolean => {
      for (let k = 0; k < word.length; k++) if (src[i + k] !== word.charCodeAt(k)) return false;
      return true;
    };
    switch (c) {
      case 97:
        if (follows("and")) return true;
        break;
      case 101:
        if (follows("else")) return true;
        break;
      case 102:
        if (follows("for")) return true;
        break;
      case 105:
        if (follows("if") || follows("in") || follows("is")) return true;
        break;
      case 110:
        if (follows("not")) return true;
        break;
      case 111:
        if (follows("or")) return true;
        break;
    }
    this.#fail(`invalid ${kind} literal`, i);
    return false;
  }

  #number(start: number): number {
    const src = this.src;
    let i = start;
    let flags: number = NumberFlag.Decimal;
    let kind = "decimal";
    const marker = src[i + 1] | 32;
    if (src[i] === 48 && (marker === 120 || marker === 111 || marker === 98)) {
      flags = marker === 120 ? NumberFlag.Hex : marker === 111 ? NumberFlag.Octal : NumberFlag.Binary;
      kind = marker === 120 ? "hexadecimal" : marker === 111 ? "octal" : "binary";
      const limit = marker === 111 ? 56 : 50;
      i += 2;
      do {
        if (src[i] === 95) i++;
        const first = src[i];
        if (marker === 120 ? !isHexDigit(first) : first < 48 || first >= limit) {
          if (isDigit(first)) {
            return this.#fail(`invalid digit '${String.fromCharCode(first)}' in ${kind} literal`, i);
          }
          return this.#fail(`invalid ${kind} literal`, i);
        }
        while (marker === 120 ? isHexDigit(src[i]) : src[i] >= 48 && src[i] < limit) i++;
      } while (src[i] === 95);
      if (isDigit(src[i])) {
        return this.#fail(`invalid digit '${String.fromCharCode(src[i])}' in ${kind} literal`, i);
      }
      if (!this.#endOfNumber(i, kind)) return -1;
    } else {
      let leadingZeros = false;
      if (src[i] !== 46) {
        i = this.#decimalTail(i);
        if (i < 0) return -1;
        if (src[start] === 48) for (let k = start; k < i; k++) if (src[k] !== 48 && src[k] !== 95) leadingZeros = true;
      }
      if (src[i] === 46) {
        flags = NumberFlag.Float;
        i++;
        if (isDigit(src[i])) {
          i = this.#decimalTail(i);
          if (i < 0) return -1;
        }
      }
      if ((src[i] | 32) === 101) {
        const sign = src[i + 1] === 43 || src[i + 1] === 45;
        if (isDigit(src[sign ? i + 2 : i + 1])) {
          flags = NumberFlag.Float;
          i = this.#decimalTail(sign ? i + 2 : i + 1);
          if (i < 0) return -1;
        } else if (sign) {
          return this.#fail("invalid decimal literal", i + 2);
        }
      }
      if ((src[i] | 32) === 106) {
        flags = NumberFlag.Imaginary;
        kind = "imaginary";
        i++;
      } else if (leadingZeros && flags === NumberFlag.Decimal) {
        return this.#fail(
          "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
          start,
        );
      }
      if (!this.#endOfNumber(i, kind)) return -1;
    }
    for (let k = start; k < i; k++) if (src[k] === 95) flags |= NumberFlag.Underscore;
    this.#push(T.Number, start, i, flags);
    return i;
  }
}
