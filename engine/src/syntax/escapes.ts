/**
 * Bodies of string and bytes literals → their values: escapes, line ends, `\N{...}` (Parser/string_parser.c).
 *
 * A problem is reported as a message; where it stands is the caller's to say.
 */

import { hexValue } from "./characters.ts";
import { lookupUnicodeName } from "./unicodeNames.ts";

/** A decoded body, or why there is none. `surrogates` is as in `Constant`. */
export interface Decoded {
  readonly value: string;
  readonly surrogates: number[] | null;
  readonly problem: string | null;
}

const problem = (message: string): Decoded => ({ value: "", surrogates: null, problem: message });

/** CR and CRLF read as LF, wherever they stand in a literal. */
export function normaliseNewlines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** `{{` and `}}` of an f-string's text as single braces. */
export function collapseBraces(text: string): string {
  return text.replace(/\{\{|\}\}/g, (pair) => pair[0]);
}

function simpleEscape(c: number): number {
  switch (c) {
    case 92:
    case 39:
    case 34:
      return c;
    case 97:
      return 7;
    case 98:
      return 8;
    case 102:
      return 12;
    case 110:
      return 10;
    case 114:
      return 13;
    case 116:
      return 9;
    case 118:
      return 11;
    default:
      return -1;
  }
}

/** Reads up to three octal digits at `i`; returns value * 4 + digits. */
function octal(body: string, i: number): number {
  let value = 0;
  let n = 0;
  while (n < 3) {
    const c = body.charCodeAt(i + n);
    if (!(c >= 48 && c <= 55)) break;
    value = value * 8 + (c - 48);
    n++;
  }
  return value * 4 + n;
}

function hex(body: string, i: number, digits: number): number {
  let value = 0;
  for (let k = 0; k < digits; k++) {
    const d = hexValue(body.charCodeAt(i + k));
    if (d < 0 || Number.isNaN(d)) return -1;
    value = value * 16 + d;
  }
  return value;
}

/**
 * Value of a str body with escapes. `braces`: doubled braces stand for one (text of an f-string).
 * `body` has LF line ends only.
 */
export function decodeText(body: string, braces: boolean): Decoded {
  let out = "";
  let surrogates: number[] | null = null;
  let run = 0;
  let i = 0;
  const stop = braces ? /[\\{}]/g : /\\/g;
  for (;;) {
    stop.lastIndex = i;
    const found = stop.exec(body);
    if (found === null) break;
    i = found.index;
    const c = body.charCodeAt(i);
    if (c !== 92) {
      // A brace alone can't be in an f-string's text: two stand for one.
      out += body.slice(run, i + 1);
      i += body.charCodeAt(i + 1) === c ? 2 : 1;
      run = i;
      continue;
    }
    out += body.slice(run, i);
    const d = body.charCodeAt(i + 1);
    const simple = simpleEscape(d);
    if (simple >= 0) {
      out += String.fromCharCode(simple);
      i += 2;
    } else if (d === 10) {
      i += 2;
    } else if (d >= 48 && d <= 55) {
      const read = octal(body, i + 1);
      out += String.fromCharCode(read >> 2);
      i += 1 + (read & 3);
    } else if (d === 120 || d === 117 || d === 85) {
      const digits = d === 120 ? 2 : d === 117 ? 4 : 8;
      const point = hex(body, i + 2, digits);
      if (point < 0) {
        const shape = d === 120 ? "\\xXX" : d === 117 ? "\\uXXXX" : "\\UXXXXXXXX";
        return problem(unicodeProblem(body, i, 2, digits, `truncated ${shape} escape`));
      }
      if (point > 0x10ffff) return problem(unicodeProblem(body, i, 2, digits, "illegal Unicode character"));
      if (point >= 0xd800 && point <= 0xdfff) {
        surrogates ??= [];
        surrogates.push(out.length);
        out += String.fromCharCode(point);
      } else out += String.fromCodePoint(point);
      i += 2 + digits;
    } else if (d === 78) {
      const close = body.charCodeAt(i + 2) === 123 ? body.indexOf("}", i + 3) : -1;
      if (close <= i + 3) return problem(unicodeProblem(body, i, 2, 0, "malformed \\N character escape"));
      const name = lookupUnicodeName(body.slice(i + 3, close));
      if (name === null) {
        return problem(unicodeProblem(body, i, close - i + 1, 0, "unknown Unicode character name"));
      }
      out += name;
      i = close + 1;
    } else {
      // No escape: the backslash stays. What follows is read again (it can be a brace).
      out += "\\";
      i += 1;
    }
    run = i;
  }
  return { value: out + body.slice(run), surrogates, problem: null };
}

/** CPython words the place in UTF-8 bytes of the body (which is ASCII-only before most such escapes). */
function unicodeProblem(body: string, at: number, fixed: number, digits: number, what: string): string {
  const start = new TextEncoder().encode(body.slice(0, at)).length;
  let end = at + fixed;
  for (let k = 0; k < digits && hexValue(body.charCodeAt(end)) >= 0; k++) end++;
  const last = start + Math.min(end, body.length) - at - 1;
  return `(unicode error) 'unicodeescape' codec can't decode bytes in position ${start}-${last}: ${what}`;
}

/** Value of a bytes body with escapes, one char per byte. `body` is ASCII with LF line ends only. */
export function decodeBytes(body: string): Decoded {
  let out = "";
  let run = 0;
  for (let i = body.indexOf("\\"); i >= 0; i = body.indexOf("\\", i)) {
    out += body.slice(run, i);
    const d = body.charCodeAt(i + 1);
    const simple = simpleEscape(d);
    if (simple >= 0) {
      out += String.fromCharCode(simple);
      i += 2;
    } else if (d === 10) {
      i += 2;
    } else if (d >= 48 && d <= 55) {
      const read = octal(body, i + 1);
      out += String.fromCharCode((read >> 2) & 0xff);
      i += 1 + (read & 3);
    } else if (d === 120) {
      const value = hex(body, i + 2, 2);
      if (value < 0) return problem(`(value error) invalid \\x escape at position ${i}`);
      out += String.fromCharCode(value);
      i += 4;
    } else {
      out += "\\";
      i += 1;
    }
    run = i;
  }
  return { value: out + body.slice(run), surrogates: null, problem: null };
}
