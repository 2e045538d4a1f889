/**
 * Text → module: the one entry to tokenizer and parser, where failures become values.
 *
 * Synchronous and not re-entrant; one tokenizer and one parser serve the whole process.
 */

import type { Result } from "../program/types.ts";
import { lineOf } from "../text/lines.ts";
import type { Module, Stmt, SyntaxProblem } from "./ast.ts";
import { treeTooDeep } from "./depth.ts";
import { FailureKind, SyntaxFailure } from "./failure.ts";
import { newModule } from "./nodes.ts";
import { StatementParser } from "./statements.ts";
import { Tokenizer } from "./tokenizer.ts";
import { T } from "./tokens.ts";

/** A part of a text: half-open, UTF-16 offsets. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Top-level logical statements of a text, from its tokens alone: offsets in pairs, start of the first token and end of the last line.
 * Statements on one line are one; decorators and `else`, `except`, … belong to what they go with. For a text that parses
 * these are the extents of `parseModuleWithExtents`; one that doesn't may have them too, as long as it is tokens.
 */
export function statementExtents(text: string): Result<readonly number[], SyntaxProblem> {
  try {
    tokenizer.run(text, 0, text.length);
    if (tokenizer.problem !== null) {
      const { message, offset } = tokenizer.problem;
      return { ok: false, error: { message, line: lineOf(text, offset), offset } };
    }
    return { ok: true, value: extentsOf(tokenizer) };
  } finally {
    tokenizer.release();
  }
}

function extentsOf({ kinds, starts, ends, count }: Tokenizer): number[] {
  const extents: number[] = [];
  let depth = 0;
  let decorated = false;
  for (let pos = 0; pos < count && kinds[pos] !== T.End; ) {
    const first = kinds[pos];
    const start = starts[pos];
    while (kinds[pos] !== T.Newline && kinds[pos] > T.Dedent) pos++;
    if (kinds[pos] === T.Newline) {
      const continues = first === T.Else || first === T.Elif || first === T.Except || first === T.Finally;
      if (extents.length > 0 && (depth > 0 || decorated || continues)) extents[extents.length - 1] = ends[pos];
      else extents.push(start, ends[pos]);
      decorated = depth === 0 && first === T.At;
      pos++;
    } else if (kinds[pos] === T.Indent) {
      depth++;
      pos++;
    } else if (kinds[pos] === T.Dedent) {
      depth--;
      pos++;
    } else if (kinds[pos] === T.End) break;
  }
  return extents;
}

/** A module with the extent of each top-level statement. */
export interface ModuleWithExtents {
  readonly module: Module;
  /** Offsets in pairs: start of the first token, end of the last line, of each top-level logical statement. */
  readonly extents: readonly number[];
}

/** Nesting or spine beyond which a statement's tree is measured. */
const MEASURE_FROM = 200;

class ModuleParser extends StatementParser {
  readonly extents: number[] = [];

  module(from: number, to: number, withExtents: boolean): Module {
    this.rewind();
    this.flufl = false;
    this.extents.length = 0;
    const mark = this.mark;
    while (!this.at(T.End)) {
      const start = this.start;
      const first = this.mark;
      this.deepest = 0;
      this.statement();
      if (this.deepest > MEASURE_FROM) {
        for (let i = first; i < this.mark; i++) if (treeTooDeep(this.kept(i))) this.tooDeep(this.kept(i).start);
      }
      if (withExtents) this.extents.push(start, this.lineEnd);
    }
    if (this.tokens.forbidden >= 0) {
      this.fail("an identifier can't represent a constant", this.tokens.forbidden);
    }
    return newModule(from, to, this.taken<Stmt>(mark), this.ignoreLines());
  }

  /** End of the last line end taken (dedents stand on the next line). */
  private get lineEnd(): number {
    let pos = this.pos - 1;
    while (this.kinds[pos] === T.Dedent) pos--;
    return this.ends[pos];
  }

  private ignoreLines(): number[] {
    const comments = this.tokens.ignoreComments;
    const lines: number[] = [];
    let line = 0;
    let i = 0;
    for (const offset of comments) {
      for (; i < offset; i++) {
        const c = this.text.charCodeAt(i);
        if (c === 10 || (c === 13 && this.text.charCodeAt(i + 1) !== 10)) line++;
      }
      lines.push(line);
    }
    return lines;
  }
}

const tokenizer = new Tokenizer();
const parser = new ModuleParser(tokenizer);

/** Names that are kept while little is parsed: about those of a file that somebody edits. */
const NAMES_AT_REST = 1 << 12;

/** Nothing will be parsed for a while, or only a little: gives back what long or many texts needed. */
export function releaseBuffers(): void {
  tokenizer.release(1 << 16);
  tokenizer.interner.trim(NAMES_AT_REST);
  parser.forget();
}

/** What CPython reports when parser and tokenizer both have something to say. */
function refusalOf(
  text: string,
  { message, offset, reached, kind }: SyntaxFailure,
): { message: string; offset: number } {
  const other = tokenizer.problem;
  if (other !== null && kind === FailureKind.Parser) {
    if (other.hard) return { message: other.message, offset: other.offset };
    const { bracket } = other;
    if (bracket !== null && lineOf(text, reached) > lineOf(text, bracket.offset)) {
      return { message: `'${bracket.text}' was never closed`, offset: bracket.offset };
    }
  }
  return { message, offset };
}

function problemOf(text: string, to: number, failure: SyntaxFailure): SyntaxProblem {
  const { message, offset } = refusalOf(text, failure);
  // The end of a text belongs to its last line, not to the empty one behind it.
  const end = offset >= to && to > 0 ? to - 1 : offset;
  return { message, line: lineOf(text, end), offset };
}

function parse(text: string, range: TextRange | undefined, withExtents: boolean): Result<Module, SyntaxProblem> {
  const from = range?.from ?? 0;
  const to = range?.to ?? text.length;
  try {
    tokenizer.run(text, from, to);
    return { ok: true, value: parser.module(from, to, withExtents) };
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return { ok: false, error: problemOf(text, to, failure) };
    // Our own bounds keep well inside a default stack; a caller may have used most of it up.
    if (failure instanceof RangeError)
      return { ok: false, error: { message: "too deeply nested", line: 1, offset: 0 } };
    throw failure;
  } finally {
    parser.release();
    tokenizer.release();
  }
}

/**
 * Parses a module as CPython 3.14's `ast.parse` does, or says why it refuses.
 *
 * `range` restricts parsing to a part of the text that starts at the beginning of a line and ends behind a line end (or at the
 * end): the statements in it, with offsets, and lines of problems, of the whole text.
 */
export function parseModule(text: string, range?: TextRange): Result<Module, SyntaxProblem> {
  return parse(text, range, false);
}

/** `parseModule` with the extents of top-level statements, at no extra cost. */
export function parseModuleWithExtents(text: string): Result<ModuleWithExtents, SyntaxProblem> {
  const result = parse(text, undefined, true);
  if (!result.ok) return result;
  return { ok: true, value: { module: result.value, extents: parser.extents.slice() } };
}

/** Why a stretch of a text doesn't parse alone; the offset counts in the stretch. */
export interface StretchProblem {
  readonly message: string;
  readonly offset: number;
  /** No text behind the stretch makes a module of one that begins with it. */
  readonly certain: boolean;
  /** It is what the whole text is refused for, if all before and behind the stretch parses; lines count in the stretch. */
  readonly exact: boolean;
  /** The quotes of a string that is open at the end: unless they come behind the stretch, nothing mends it. */
  readonly openQuotes: string | null;
}

/** Tokenizer problems that show only at the end of a text: more of it may mend them. */
const AT_END = /triple-quoted|never closed|EOF/;

/** The quotes of the string literal that begins at an offset, prefix first. */
function quotesAt(text: string, offset: number): string {
  let at = offset;
  while (text[at] !== "'" && text[at] !== '"') at++;
  return text.slice(at, at + 3);
}

/** Whether no string can stand where an open one begins, whatever is in it and wherever it ends. */
function refusesString(text: string, offset: number, quotes: string): boolean {
  const upTo = text.indexOf(quotes, offset) + quotes.length;
  const closed = text.slice(0, upTo) + quotes;
  try {
    tokenizer.run(closed, 0, closed.length);
    parser.module(0, closed.length, false);
    return false;
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return failure.kind === FailureKind.Parser && failure.reached <= offset;
    if (failure instanceof RangeError) return false;
    throw failure;
  }
}

/** `parseModuleWithExtents` of lines that stand somewhere in a text, at the start of a top-level statement. */
export function parseStretch(text: string): Result<ModuleWithExtents, StretchProblem> {
  try {
    tokenizer.run(text, 0, text.length);
    return { ok: true, value: { module: parser.module(0, text.length, true), extents: parser.extents.slice() } };
  } catch (failure) {
    if (!(failure instanceof SyntaxFailure)) {
      if (!(failure instanceof RangeError)) throw failure;
      const message = "too deeply nested";
      return { ok: false, error: { message, offset: 0, certain: false, exact: false, openQuotes: null } };
    }
    const other = tokenizer.problem;
    const refusal = refusalOf(text, failure);
    const open = other !== null && AT_END.test(other.message);
    if (!open) {
      const certain = other !== null || failure.reached < text.length;
      return { ok: false, error: { ...refusal, certain, exact: true, openQuotes: null } };
    }
    // What is read of an open string or bracket is read the same, however the text goes on behind the stretch.
    const quotes = other.message.includes("triple-quoted") ? quotesAt(text, other.offset) : null;
    const last = quotes === null ? text.trimEnd().length : other.offset;
    const certain =
      (failure.kind === FailureKind.Parser && failure.reached < last) ||
      (quotes !== null && refusesString(text, other.offset, quotes));
    return { ok: false, error: { ...refusal, certain, exact: false, openQuotes: quotes } };
  } finally {
    tokenizer.release();
  }
}
