/**
 * Bytes of a source file → text, as CPython reads them: BOM, coding cookie (PEP 263), the codec.
 *
 * Keeps line ends as they are and drops the BOM; offsets elsewhere refer to the text that comes out. Does no IO.
 */

import type { Result } from "../program/types.ts";
import { decodeWith } from "./codecs.ts";
import type { SyntaxProblem } from "./problem.ts";

const problem = (message: string, line: number, offset = 0): { ok: false; error: SyntaxProblem } => ({
  ok: false,
  error: { message, line, offset },
});

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** `# … coding[:=] name` in a comment that stands alone on its line (`get_coding_spec`). */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
/** A line that lets the next one have the cookie: blank, or a comment. */
const BLANK = /^[ \t\f]*(?:#.*)?$/;

/**
 * Decodes a Python source file. Errors as CPython refuses: NUL bytes, an unknown encoding, a cookie that contradicts
 * the BOM, bytes that the encoding does not have; the line is where CPython sees it.
 */
export function decodeSource(bytes: Uint8Array): Result<string, SyntaxProblem> {
  const bom = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = bom ? bytes.subarray(3) : bytes;
  const nul = body.indexOf(0);
  if (nul >= 0) return problem("source code cannot contain null bytes", lineOfByte(body, nul));
  const cookie = findCookie(body);
  if (cookie !== null) {
    const name = normalName(cookie.name);
    if (bom && name !== "utf-8") return problem(`encoding problem: ${cookie.name} with BOM`, cookie.line);
    if (name !== "utf-8") {
      const decoded = decodeWith(name, body);
      if (decoded === null) return problem(`unknown encoding: ${cookie.name}`, cookie.line);
      if (!decoded.ok) {
        return problem(
          `(unicode error) '${cookie.name}' codec can't decode the source`,
          lineOfByte(body, decoded.error),
        );
      }
      return { ok: true, value: decoded.value };
    }
  }
  try {
    return { ok: true, value: utf8.decode(body) };
  } catch {
    const at = invalidUtf8At(body);
    const byte = body[at].toString(16).padStart(2, "0");
    const line = lineOfByte(body, at);
    const offset = utf8.decode(body.subarray(0, at)).length;
    const message =
      cookie === null && !bom
        ? `Non-UTF-8 code starting with '\\x${byte}' on line ${line}, but no encoding declared; see https://peps.python.org/pep-0263/ for details`
        : `(unicode error) 'utf-8' codec can't decode byte 0x${byte} in position ${at}`;
    return problem(message, line, offset);
  }
}

/** The cookie of line 1 or 2, with its 1-based line. */
function findCookie(bytes: Uint8Array): { name: string; line: number } | null {
  let start = 0;
  for (let line = 1; line <= 2; line++) {
    let end = start;
    while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
    // The cookie is ASCII; other bytes only must not end the line.
    let text = "";
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] < 128 ? bytes[i] : 0xfffd);
    const match = COOKIE.exec(text);
    if (match !== null) return { name: match[1], line };
    if (!BLANK.test(text)) return null;
    start = end + (bytes[end] === 13 && bytes[end + 1] === 10 ? 2 : 1);
  }
  return null;
}

/** `get_normal_name` of CPython's tokenizer: the spellings of UTF-8 and Latin-1 that need no codec lookup. */
function normalName(name: string): string {
  const short = name.slice(0, 12).toLowerCase().replaceAll("_", "-");
  if (short === "utf-8" || short.startsWith("utf-8-")) return "utf-8";
  if (/^(?:latin-1|iso-8859-1|iso-latin-1)(?:-|$)/.test(short)) return "iso-8859-1";
  return name;
}

function lineOfByte(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) {
    if (bytes[i] === 10 || (bytes[i] === 13 && bytes[i + 1] !== 10)) line++;
  }
  return line;
}

/** Index of the first byte that starts no valid UTF-8 sequence. */
function invalidUtf8At(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const b = bytes[i];
    if (b < 0x80) {
      i++;
      continue;
    }
    const more = b >= 0xc2 && b <= 0xdf ? 1 : b >= 0xe0 && b <= 0xef ? 2 : b >= 0xf0 && b <= 0xf4 ? 3 : 0;
    if (more === 0) return i;
    const low = b === 0xe0 ? 0xa0 : b === 0xf0 ? 0x90 : 0x80;
    const high = b === 0xed ? 0x9f : b === 0xf4 ? 0x8f : 0xbf;
    if (!(bytes[i + 1] >= low && bytes[i + 1] <= high)) return i;
    for (let k = 2; k <= more; k++) if (!(bytes[i + k] >= 0x80 && bytes[i + k] <= 0xbf)) return i;
    i += more + 1;
  }
  return 0;
}
