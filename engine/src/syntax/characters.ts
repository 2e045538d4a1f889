/**
 * Classes of UTF-16 code units as the tokenizer needs them, and what CPython takes for an identifier.
 *
 * Tables cover all 65,536 units, so that no lookup is out of bounds (which would cost the fast path).
 */

/** What a token that starts with a code unit can be. */
export const enum C {
  /** No Python token starts so. */
  Other,
  Letter,
  Digit,
  Quote,
  Newline,
  Hash,
  Operator,
  Backslash,
  /** The sentinel behind the text. */
  End,
  /** Not ASCII: an identifier or an error. */
  Wide,
}

/** Class of a code unit in first place of a token. */
export const CLASS = new Uint8Array(65536);
/** 1 for an ASCII identifier character, 2 for what is not ASCII, else 0. */
export const IDENTIFIER = new Uint8Array(65536);
/** 1 for what ends the plain run inside a string: quotes, backslash, line ends, the sentinel; braces too; 2 for what is not ASCII. */
export const STRING_STOP = new Uint8Array(65536);

CLASS.fill(C.Wide, 128);
IDENTIFIER.fill(2, 128);
STRING_STOP.fill(2, 128);
for (let c = 0; c < 128; c++) {
  const ch = String.fromCharCode(c);
  if (/[A-Za-z_]/.test(ch)) CLASS[c] = C.Letter;
  else if (/[0-9]/.test(ch)) CLASS[c] = C.Digit;
  else if (ch === "'" || ch === '"') CLASS[c] = C.Quote;
  else if (ch === "\n" || ch === "\r") CLASS[c] = C.Newline;
  else if (ch === "#") CLASS[c] = C.Hash;
  else if (ch === "\\") CLASS[c] = C.Backslash;
  else if (/[-+*/%@&|^~<>()[\]{},:;.=!]/.test(ch)) CLASS[c] = C.Operator;
  if (/[A-Za-z0-9_]/.test(ch)) IDENTIFIER[c] = 1;
  if (/['"\\\n\r{}]/.test(ch) || c === 0) STRING_STOP[c] = 1;
}
CLASS[0] = C.End;

const XID_START = /^[\p{XID_Start}_]$/u;
const XID_CONTINUE = /^\p{XID_Continue}$/u;

/**
 * Index of the first code unit of `name` that an identifier can't have there, or -1 when `name` is one.
 * The rule is that of `PyUnicode_IsIdentifier`: XID_Start or `_`, then XID_Continue.
 */
export function invalidIdentifierAt(name: string): number {
  let index = 0;
  for (const ch of name) {
    if (!(index === 0 ? XID_START : XID_CONTINUE).test(ch)) return index;
    index += ch.length;
  }
  return -1;
}

export function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

export function isHexDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70);
}

/** Value of a hexadecimal digit, or -1. */
export function hexValue(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  if (c >= 97 && c <= 102) return c - 87;
  if (c >= 65 && c <= 70) return c - 55;
  return -1;
}
