/**
 * Numbers, strings, f-strings and t-strings → nodes, with implicit concatenation (Parser/action_helpers.c).
 *
 * Fields of f-strings call back into the expression grammar; everything else here is about literals only.
 */

import { type Constant, ConstantType, type Expr, type JoinedStr, NodeKind } from "./ast.ts";
import { TokenCursor } from "./cursor.ts";
import { collapseBraces, decodeBytes, decodeText, normaliseNewlines } from "./escapes.ts";
import { FailureKind, SyntaxFailure } from "./failure.ts";
import { newConstant, newFormattedValue, newInterpolation, newJoinedStr, newTemplateStr } from "./nodes.ts";
import { numberType, numberValue } from "./numbers.ts";
import { StringFlag, T } from "./tokens.ts";

const enum Conversion {
  None = -1,
  Ascii = 97,
  Repr = 114,
  Str = 115,
}

/** A constant or joined string; what implicit concatenation puts together. */
type Piece = Expr;

const isText = (node: Expr): node is Constant => node.kind === NodeKind.Constant && node.type === ConstantType.Str;

/** Adjacent text in one, empty text dropped (`_PyPegen_concatenate_strings`). */
function mergeText(values: Expr[]): Expr[] {
  const out: Expr[] = [];
  for (let i = 0; i < values.length; i++) {
    const first = values[i];
    if (!isText(first)) {
      out.push(first);
      continue;
    }
    let j = i + 1;
    while (j < values.length && isText(values[j])) j++;
    if (j === i + 1) {
      if (first.value !== "") out.push(first);
      continue;
    }
    const parts: string[] = [];
    let length = 0;
    let surrogates: number[] | null = null;
    for (let k = i; k < j; k++) {
      const piece = values[k] as Constant;
      if (piece.surrogates !== null) {
        surrogates ??= [];
        for (const index of piece.surrogates) surrogates.push(index + length);
      }
      parts.push(piece.value);
      length += piece.value.length;
    }
    if (length > 0) {
      const end = values[j - 1].end;
      out.push(newConstant(first.start, end, ConstantType.Str, parts.join(""), surrogates, first.unicodePrefix));
    }
    i = j - 1;
  }
  return out;
}

export abstract class LiteralParser extends TokenCursor {
  /** `annotated_rhs` of the grammar: what a field of an f-string holds. */
  protected abstract annotatedRhs(): Expr;

  protected override rewind(): void {
    super.rewind();
    this.undecodable = null;
  }

  protected number(): Constant {
    const start = this.start;
    const end = this.ends[this.pos];
    const flags = this.values[this.pos];
    const value = numberValue(this.text.slice(start, end), flags);
    if (value === null) {
      this.fail(
        "Exceeds the limit (4300 digits) for integer string conversion - Consider hexadecimal for huge integer literals to avoid quadratic complexity",
        start,
      );
    }
    this.advance();
    return newConstant(start, end, numberType(flags), value, null, false);
  }

  /** `strings`: one or more adjacent literals. */
  protected strings(): Expr {
    if (this.at(T.String)) {
      const next = this.kinds[this.pos + 1];
      if (next !== T.String && next !== T.FStringStart) return this.string();
    }
    const start = this.start;
    const pieces: Piece[] = [];
    let bytes = 0;
    let templates = 0;
    let joined = 0;
    let last = start;
    for (;;) {
      const before = last;
      last = this.start;
      if (this.at(T.String)) {
        const piece = this.string();
        if (piece.type === ConstantType.Bytes) bytes++;
        pieces.push(piece);
      } else if (this.at(T.FStringStart)) {
        if (this.values[this.pos] & StringFlag.Template) templates++;
        else joined++;
        pieces.push(this.joined());
      } else break;
      if (templates > 0 && templates < pieces.length) {
        this.fail("cannot mix t-string literals with string or bytes literals", before);
      }
    }
    const end = this.lastEnd;
    if (bytes > 0 && bytes < pieces.length) this.fail("cannot mix bytes and nonbytes literals", this.start);
    if (pieces.length === 1) return pieces[0];
    if (joined + templates === 0) return this.concatenated(pieces as Constant[], start, end);
    const values: Expr[] = [];
    for (const piece of pieces) {
      if (piece.kind === NodeKind.JoinedStr || piece.kind === NodeKind.TemplateStr) {
        for (const value of piece.values) values.push(value);
      } else values.push(piece);
    }
    const merged = mergeText(values);
    return templates > 0 ? newTemplateStr(start, end, merged) : newJoinedStr(start, end, merged);
  }

  private concatenated(pieces: Constant[], start: number, end: number): Constant {
    const first = pieces[0];
    let surrogates: number[] | null = null;
    const parts: string[] = [];
    let length = 0;
    for (const piece of pieces) {
      if (piece.surrogates !== null) {
        surrogates ??= [];
        for (const index of piece.surrogates) surrogates.push(index + length);
      }
      parts.push(piece.value);
      length += piece.value.length;
    }
    return newConstant(start, end, first.type, parts.join(""), surrogates, first.unicodePrefix);
  }

  /** One String token. */
  private string(): Constant {
    const start = this.start;
    const end = this.ends[this.pos];
    const flags = this.values[this.pos];
    const quotes = flags & StringFlag.Triple ? 3 : 1;
    const from = start + ((flags >> StringFlag.PrefixShift) & 3) + quotes;
    let body = this.text.slice(from, end - quotes);
    if (flags & StringFlag.CarriageReturn) body = normaliseNewlines(body);
    // `U""` is a prefix too, but `kind` is 'u' for the small letter only.
    const unicode = (flags & StringFlag.Unicode) !== 0 && this.text.charCodeAt(start) === 117;
    if (flags & StringFlag.Bytes) {
      if (flags & StringFlag.NonAscii) this.fail("bytes can only contain ASCII literal characters", start);
      if (flags & StringFlag.Escape && !(flags & StringFlag.Raw)) {
        const decoded = decodeBytes(body);
        if (decoded.problem !== null) this.fail(decoded.problem, start);
        body = decoded.value;
      }
      this.advance();
      return newConstant(start, end, ConstantType.Bytes, body, null, false);
    }
    if (flags & StringFlag.Escape && !(flags & StringFlag.Raw)) {
      const decoded = decodeText(body, false);
      if (decoded.problem !== null) this.fail(decoded.problem, start);
      this.advance();
      return newConstant(start, end, ConstantType.Str, decoded.value, decoded.surrogates, unicode);
    }
    this.advance();
    return newConstant(start, end, ConstantType.Str, body, null, unicode);
  }

  /** A bad escape in an f-string's text: told when the string's end has been read, because CPython decodes it then. */
  private undecodable: string | null = null;

  /** Text between fields of an f-string. */
  private middle(): Constant {
    const start = this.start;
    const end = this.ends[this.pos];
    const flags = this.values[this.pos];
    let body = this.text.slice(start, end);
    if (flags & StringFlag.CarriageReturn) body = normaliseNewlines(body);
    const braces = (flags & StringFlag.Braces) !== 0;
    let surrogates: number[] | null = null;
    if (flags & StringFlag.Escape && !(flags & StringFlag.Raw)) {
      const decoded = decodeText(body, braces);
      if (decoded.problem !== null) this.undecodable ??= decoded.problem;
      body = decoded.value;
      surrogates = decoded.surrogates;
    } else if (braces) body = collapseBraces(body);
    this.advance();
    return newConstant(start, end, ConstantType.Str, body, surrogates, false);
  }

  /** One f-string or t-string. */
  private joined(): Expr {
    const start = this.start;
    const template = (this.values[this.pos] & StringFlag.Template) !== 0;
    const outer = this.undecodable;
    this.undecodable = null;
    this.advance();
    const values: Expr[] = [];
    for (;;) {
      if (this.at(T.FStringMiddle)) {
        const text = this.middle();
        if (text.value !== "") values.push(text);
      } else if (this.at(T.LBrace)) this.field(values, template, template);
      else break;
    }
    this.expect(T.FStringEnd);
    if (this.undecodable !== null) {
      throw new SyntaxFailure(this.undecodable, this.starts[this.pos - 1], this.start, FailureKind.Parser);
    }
    this.undecodable = outer;
    const merged = mergeText(values);
    const end = this.lastEnd;
    return template ? newTemplateStr(start, end, merged) : newJoinedStr(start, end, merged);
  }

  /** `{ expression = ! conversion : spec }`, appended to `values` (with its text before it when there is `=`). */
  private field(values: Expr[], template: boolean, interpolation: boolean): void {
    const letter = template ? "t" : "f";
    const start = this.start;
    this.enter(3);
    this.advance();
    switch (this.kind) {
      case T.Equal:
      case T.Exclamation:
      case T.Colon:
      case T.RBrace: {
        const ch = this.text[this.start];
        this.fail(`${letter}-string: valid expression required before '${ch}'`, this.start);
      }
    }
    const value = this.fieldExpression(letter);
    const debug = this.accept(T.Equal);
    // The expression's text reaches to what follows it: `!`, `:` or `}`.
    const textEnd = this.start;
    let conversion: number = Conversion.None;
    if (this.at(T.Exclamation)) {
      const at = this.ends[this.pos];
      this.advance();
      if (!this.at(T.Name)) {
        const missing = this.at(T.Colon) || this.at(T.RBrace);
        this.fail(`${letter}-string: ${missing ? "missing" : "invalid"} conversion character`, this.start);
      }
      if (this.start !== at) {
        this.fail(`${letter}-string: conversion type must come right after the exclamation mark`, this.start);
      }
      const name = this.text.slice(this.start, this.ends[this.pos]);
      if (name !== "r" && name !== "s" && name !== "a") {
        this.fail(`${letter}-string: invalid conversion character '${name}': expected 's', 'r', or 'a'`, this.start);
      }
      conversion = name.charCodeAt(0);
      this.advance();
    }
    let spec: JoinedStr | null = null;
    if (this.at(T.Colon)) spec = this.formatSpec(template);
    if (debug && spec === null && conversion === Conversion.None) conversion = Conversion.Repr;
    if (!this.at(T.RBrace)) {
      if (this.at(T.Indent)) this.invalid();
      const what =
        spec !== null ? "'}', or format specs" : debug ? "'!', or ':', or '}'" : "'=', or '!', or ':', or '}'";
      this.fail(
        `${letter}-string: expecting ${conversion !== Conversion.None && spec === null && !debug ? "':' or '}'" : what}`,
        this.start,
      );
    }
    this.advance();
    this.leave(3);
    const end = this.lastEnd;
    const source = debug || interpolation ? this.fieldText(start + 1, textEnd) : "";
    if (debug) values.push(newConstant(start + 1, textEnd, ConstantType.Str, source, null, false));
    if (interpolation) {
      const str = source.replace(/[\s=\x1c-\x1f\x85]+$/, "");
      values.push(newInterpolation(start, end, value, str, conversion, spec));
    } else values.push(newFormattedValue(start, end, value, conversion, spec));
  }

  protected abstract atom(): Expr;

  /** What a field holds. CPython's hints speak of the first thing in it that is an expression, or is none. */
  private fieldExpression(letter: string): Expr {
    const first = this.pos;
    try {
      return this.annotatedRhs();
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure) || failure.message !== "invalid syntax") throw failure;
    }
    this.seek(first);
    try {
      this.atom();
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure) || failure.message !== "invalid syntax") throw failure;
      this.seek(first);
      this.fail(`${letter}-string: expecting a valid expression after '{'`, this.start);
    }
    this.fail(`${letter}-string: expecting '=', or '!', or ':', or '}'`, this.start);
  }

  /** Source of a field's expression: line ends as LF, comments left out as lexer.c's `set_ftstring_expr` does. */
  private fieldText(from: number, to: number): string {
    const text = normaliseNewlines(this.text.slice(from, to));
    if (!text.includes("#")) return text;
    let out = "";
    let quote = "";
    for (let i = 0; i < text.length; i++) {
      const ch = text[i];
      if (ch === '"' || ch === "'") {
        if (quote === "") quote = ch;
        else if (quote === ch) quote = "";
        out += ch;
      } else if (ch === "#" && quote === "") {
        while (i < text.length && text[i] !== "\n") i++;
        if (i < text.length) out += "\n";
      } else out += ch;
    }
    return out;
  }

  /** `: spec`; its fields are ordinary fields, in a t-string too. */
  private formatSpec(template: boolean): JoinedStr {
    const start = this.start;
    this.advance();
    const values: Expr[] = [];
    for (;;) {
      if (this.at(T.FStringMiddle)) values.push(this.middle());
      else if (this.at(T.LBrace)) this.field(values, template, false);
      else break;
    }
    return newJoinedStr(start, this.lastEnd, mergeText(values));
  }
}
