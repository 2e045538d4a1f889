/**
 * An outline by line starts alone: no grammar, no wasm, one pass over the text. Top-level statements begin at column 0
 * outside of brackets, strings and continued lines.
 *
 * Tolerant: a bracket that is still open where a line starts with a word that no expression can hold (`def`, `class`,
 * `import` ...) was never closed, and a triple quote that swallows a definition is a stray one
 * where the text's last triple quote is open, or a word follows the closing quotes. The first costs the lines up to there their brackets, the second the rest of its line.
 * Never parses; a text that parses gets exactly the extents of its top-level lines.
 */
import { codeLinesEnd } from "./extents.ts";
import type { Outline, OutlineItem } from "./types.ts";

const TAB = 9;
const LF = 10;
const FF = 12;
const CR = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const AT = 64;
const BACKSLASH = 92;

/** Continues the compound statement above, at the same column. */
const CLAUSE = /(?:else|elif|except|finally)\b/y;
/** No expression holds these words, so at column 0 they start a statement whatever is open. */
const STRONG =
  /(?:(?:async[ \t]+)?def[ \t]+[\p{L}_]|class[ \t]+[\p{L}_]|import[ \t]+[\p{L}_]|from[ \t]+[.\p{L}_][.\p{L}\p{N}_]*[ \t]+import\b|(?:while|with|assert|del|raise|global|return|try)\b|(?:@[ \t]*[\p{L}_].*(?:\r\n?|\n))+(?:(?:async[ \t]+)?def|class)\b)/uy;
/** The same at the start of any later line of a string; sentences start with `with` and `import`, so only definitions count. */
const DEFINITION_LINE =
  /(?:\r\n?|\n)(?=(?:async[ \t]+)?def[ \t]+[\p{L}\p{N}_]+[ \t]*[([]|class[ \t]+[\p{L}\p{N}_]+[ \t]*[([:]|@[ \t]*[\p{L}_][.\p{L}\p{N}_]*[ \t]*(?:\(|\r|\n))/gu;
const DEFINITION = /(?:(?:async[ \t]+)?def|class)[ \t]+([\p{L}_][\p{L}\p{N}_]*)/uy;
const WORD = /[\p{L}\p{N}_]/uy;
/** The start of an expression on the same line: `@` alone decorates nothing yet. */
const DECORATOR = /@[ \t]*[^ \t\r\n#]/y;
const DEFINITION_WORD = /(?:async[ \t]+)?(def|class)\b/y;

/** Outline of any text, without a grammar. Linear in the length of the text. */
export function outlineByIndentation(text: string): Outline {
  return { items: splitTopLevel(text) };
}

/** The top-level statements of any text: the items of `outlineByIndentation`. */
export function splitTopLevel(text: string): OutlineItem[] {
  const plain = new Scanner(text, Suspicion.None);
  plain.scan();
  if (!plain.items.some((item) => item.broken)) return plain.items;
  const second = new Scanner(text, plain.unterminated ? Suspicion.All : Suspicion.Some);
  second.scan();
  return second.items;
}

function matchesAt(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset;
  return pattern.test(text);
}

/** Which triple-quoted strings that swallow a definition are strays: quotes that end where another string was meant to start. */
const enum Suspicion {
  None,
  /** Those that stand directly before a word, as no literal does. */
  Some,
  All,
}

/** One pass over one text. */
class Scanner {
  readonly items: OutlineItem[] = [];
  /** A triple quote was open at the end of the text. */
  unterminated = false;
  readonly #text: string;
  readonly #suspicion: Suspicion;
  #at = 0;
  #line = 1;
  #depth = 0;
  /** Line start after the line where the outermost open bracket is, and its number. */
  #afterBracket = 0;
  #lineAfterBracket = 0;
  /** Up to here every line at column 0 starts a statement: a bracket before it was never closed. */
  #lineModeUntil = 0;
  #continued = false;
  #nextDefinition = -1;

  #start = -1;
  #startLine = 0;
  #definitionAt = -1;
  #definitionLine = 0;
  /** Only decorators so far. */
  #decorating = false;
  #end = 0;
  #broken = false;

  constructor(text: string, suspicion: Suspicion) {
    this.#text = text;
    this.#suspicion = suspicion;
  }

  scan(): void {
    const text = this.#text;
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
    for (;;) {
      while (this.#at < text.length) {
        this.#lineStart();
        this.#scanLine();
      }
      if (this.#depth === 0 || this.#lineModeUntil === text.length) break;
      this.#rewind(text.length);
    }
    if (this.#depth > 0) this.#broken = true;
    this.#close();
  }

  /** Goes back behind the line of the outermost open bracket; from there to `until` lines count by themselves. */
  #rewind(until: number): void {
    this.#lineModeUntil = until;
    this.#at = this.#afterBracket;
    this.#line = this.#lineAfterBracket;
    this.#depth = 0;
    this.#continued = false;
    this.#broken = true;
    if (this.#end > this.#at) this.#end = codeLinesEnd(this.#text, this.#start, this.#at);
  }

  /** Decides whether the line at `#at` starts a statement. */
  #lineStart(): void {
    const text = this.#text;
    let at = this.#at;
    // A form feed resets the column.
    for (let i = at; ; i++) {
      const code = text.charCodeAt(i);
      if (code === FF) at = i + 1;
      else if (code !== SPACE && code !== TAB) break;
    }
    const code = text.charCodeAt(at);
    if (code === LF || code === CR || code === HASH || at >= text.length) return;
    if (code === SPACE || code === TAB) {
      const isAlone = this.#depth === 0 && !this.#continued && at >= this.#lineModeUntil;
      if (this.#decorating && isAlone) this.#endDecorators(at);
      return;
    }
    const inLineMode = at < this.#lineModeUntil;
    if (this.#depth > 0) {
      if (inLineMode && !isCloser(code)) this.#broken = true;
      else if (!inLineMode && matchesAt(STRONG, text, at)) {
        this.#rewind(at);
        if (this.#at < at) {
          this.#lineStart();
          return;
        }
      } else return;
    } else if (this.#continued && !matchesAt(STRONG, text, at)) return;
    else if (inLineMode && isCloser(code) && this.#start !== -1) return;
    this.#depth = 0;
    this.#at = at;
    if (this.#start !== -1 && matchesAt(CLAUSE, text, at)) return;
    this.#open(at, code);
  }

  /** Decorators with an indented line below decorate nothing; blank lines and comments do not count. */
  #endDecorators(lineStart: number): void {
    let at = lineStart;
    while (this.#text.charCodeAt(at) === SPACE || this.#text.charCodeAt(at) === TAB) at++;
    if (at >= this.#text.length || this.#text.charCodeAt(at) === HASH || isLineEnd(this.#text, at)) return;
    this.#decorating = false;
    this.#broken = true;
  }

  #open(at: number, code: number): void {
    const isDefinition = matchesAt(DEFINITION_WORD, this.#text, at);
    if (this.#decorating && (isDefinition || matchesAt(DECORATOR, this.#text, at))) {
      if (isDefinition) {
        this.#decorating = false;
        this.#definitionAt = at;
        this.#definitionLine = this.#line;
      }
      return;
    }
    this.#close();
    this.#start = at;
    this.#startLine = this.#line;
    this.#decorating = code === AT && matchesAt(DECORATOR, this.#text, at);
    this.#definitionAt = isDefinition ? at : -1;
    this.#definitionLine = this.#line;
  }

  #close(): void {
    if (this.#start === -1) return;
    const at = this.#definitionAt;
    const isDefinition = at !== -1;
    DEFINITION.lastIndex = at;
    DEFINITION_WORD.lastIndex = at;
    this.items.push({
      kind: !isDefinition ? "statement" : DEFINITION_WORD.exec(this.#text)?.[1] === "class" ? "class" : "function",
      name: isDefinition ? (DEFINITION.exec(this.#text)?.[1] ?? null) : null,
      start: this.#start,
      end: this.#end,
      line: isDefinition ? this.#definitionLine : this.#startLine,
      broken: this.#broken || this.#decorating,
    });
    this.#start = -1;
    this.#broken = false;
    this.#decorating = false;
  }

  /** Reads to the end of a physical line, or of the last line of a string that starts in it. */
  #scanLine(): void {
    const text = this.#text;
    const depthBefore = this.#depth;
    this.#continued = false;
    let hasCode = false;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === LF || code === CR) break;
      switch (code) {
        case SPACE:
        case TAB:
        case FF:
          this.#at++;
          continue;
        case HASH:
          this.#skipComment();
          continue;
        case DOUBLE_QUOTE:
        case SINGLE_QUOTE:
          this.#skipString(code);
          break;
        case BACKSLASH:
          this.#at++;
          this.#continued = isLineEnd(text, this.#at);
          break;
        default:
          if (isOpener(code)) this.#depth++;
          else if (isCloser(code)) {
            if (this.#depth > 0) this.#depth--;
            else this.#broken = true;
          }
          this.#at++;
      }
      hasCode = true;
    }
    this.#skipLineEnd();
    if (hasCode && this.#start !== -1) this.#end = this.#at;
    if (depthBefore === 0 && this.#depth > 0) {
      this.#afterBracket = this.#at;
      this.#lineAfterBracket = this.#line;
    }
  }

  #skipComment(): void {
    while (this.#at < this.#text.length && !isLineEnd(this.#text, this.#at)) this.#at++;
  }

  #skipLineEnd(): void {
    if (this.#at >= this.#text.length) return;
    const code = this.#text.charCodeAt(this.#at++);
    if (code === CR && this.#text.charCodeAt(this.#at) === LF) this.#at++;
    this.#line++;
  }

  #skipString(quote: number): void {
    const text = this.#text;
    const isTriple = text.charCodeAt(this.#at + 1) === quote && text.charCodeAt(this.#at + 2) === quote;
    if (isTriple) {
      this.#skipTripleString(quote);
      return;
    }
    let at = this.#at + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) {
        if (isLineEnd(text, at + 1)) this.#line++;
        if (text.charCodeAt(at + 1) === CR && text.charCodeAt(at + 2) === LF) at++;
        at++;
      } else if (code === quote) {
        this.#at = at + 1;
        return;
      } else if (code === LF || code === CR) break;
    }
    this.#at = Math.min(at, text.length);
    this.#broken = true;
  }

  /** Offset of the first line end at or after `from` that a definition at column 0 follows. */
  #nextDefinitionLine(from: number): number {
    if (this.#nextDefinition < from) {
      DEFINITION_LINE.lastIndex = from;
      this.#nextDefinition = DEFINITION_LINE.exec(this.#text)?.index ?? Number.POSITIVE_INFINITY;
    }
    return this.#nextDefinition;
  }

  #isStray(open: number, end: number): boolean {
    if (this.#suspicion === Suspicion.None) return false;
    if (end === -1) return true;
    if (this.#nextDefinitionLine(open) >= end) return false;
    return this.#suspicion === Suspicion.All || matchesAt(WORD, this.#text, end);
  }

  #skipTripleString(quote: number): void {
    const text = this.#text;
    const open = this.#at;
    let at = open + 3;
    let end = -1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === quote && text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote) {
        end = at + 3;
        break;
      }
    }
    if (end === -1) this.unterminated = true;
    if (this.#isStray(open, end)) {
      this.#broken = true;
      this.#skipComment();
      return;
    }
    this.#at = end === -1 ? text.length : end;
    if (end === -1) this.#broken = true;
    for (let i = open; i < this.#at; i++) {
      const code = text.charCodeAt(i);
      if (code === LF || (code === CR && text.charCodeAt(i + 1) !== LF)) this.#line++;
    }
  }
}

function isOpener(code: number): boolean {
  return code === 40 || code === 91 || code === 123;
}

function isCloser(code: number): boolean {
  return code === 41 || code === 93 || code === 125;
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === LF || code === CR;
}
