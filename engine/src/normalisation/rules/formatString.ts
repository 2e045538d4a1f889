/**
 * The replacement-field language of `str.format` (Objects/stringlib/unicode_format.h), as far as the rule for format calls
 * follows it: plain fields with conversions and specs, one level of fields inside a spec. Knows no arguments.
 */

/** A field: `name` is empty, digits, or an identifier. */
export interface FormatField {
  readonly name: string;
  /** -1 or the char code of `s`, `r`, `a`. */
  readonly conversion: number;
  /** Parts of the spec; empty when there is none. */
  readonly spec: readonly FormatPart[];
}

export type FormatPart = string | FormatField;

const NAME = /^(?:|0|[1-9]\d{0,5}|[\p{ID_Start}_][\p{ID_Continue}]*)$/u;
const CONVERSIONS: Readonly<Record<string, number>> = { s: 115, r: 114, a: 97 };

/** The parts of a format string; null where it fails or uses what is not followed (attributes, indices). */
export function parseFormat(text: string, nested = false): FormatPart[] | null {
  const parts: FormatPart[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char !== "{" && char !== "}") {
      literal += char;
      at++;
      continue;
    }
    if (text[at + 1] === char) {
      // Doubled braces inside a spec are read differently by `format` and by f-strings.
      if (nested) return null;
      literal += char;
      at += 2;
      continue;
    }
    const end = char === "{" ? closing(text, at) : -1;
    const field = end < 0 ? null : parseField(text.slice(at + 1, end), nested);
    if (field === null) return null;
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push(field);
    at = end + 1;
  }
  if (literal !== "") parts.push(literal);
  return parts;
}

/** Offset of the brace that closes the one at `open`, or -1. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

function parseField(text: string, nested: boolean): FormatField | null {
  const colon = text.indexOf(":");
  const head = colon < 0 ? text : text.slice(0, colon);
  const bang = head.indexOf("!");
  const name = bang < 0 ? head : head.slice(0, bang);
  if (!NAME.test(name)) return null;
  let conversion = -1;
  if (bang >= 0) {
    conversion = CONVERSIONS[head.slice(bang + 1)] ?? 0;
    if (conversion === 0) return null;
  }
  if (colon < 0) return { name, conversion, spec: [] };
  // A field in the spec of a field in a spec is one too many.
  const source = text.slice(colon + 1);
  if (nested && /[{}]/.test(source)) return null;
  const spec = parseFormat(source, true);
  return spec === null ? null : { name, conversion, spec };
}

/** The fields of a format string in the order in which they are looked up: each before those of its spec. */
export function fieldsOf(parts: readonly FormatPart[]): FormatField[] {
  const out: FormatField[] = [];
  for (const part of parts) if (typeof part !== "string") out.push(part, ...fieldsOf(part.spec));
  return out;
}
