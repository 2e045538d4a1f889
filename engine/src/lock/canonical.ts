/**
 * The quick way to read a lock: text exactly as `formatLock` lays it out, line by line. Anything else (comments, other
 * indentation, other quoting, a duplicate, an unknown field) gives null, and the YAML reader in parse.ts decides; a test
 * holds that where both answer, they agree. Never reports an error itself.
 */
import type { Level } from "../program/types.ts";
import type { Baseline, BaselineHow, Lock } from "./types.ts";

const HEAD = /version: 1\nlevel: (strict|semantic|behavioral)\nstages:( \{\})?\n/y;
const PLAIN = "[A-Za-z_](?:[\\w.\\-/<>:]*[\\w.\\-/<>])?";
const PLAIN_TEXT = "[A-Za-z](?:[A-Za-z0-9 _.,()/+-]*[A-Za-z0-9_.,()/+-])?";
/** The part of YAML's double-quoted scalar that is also a JSON string and that `formatLock` writes. */
const QUOTED =
  '"(?:[^"\\\\\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ufffe\\uffff]|\\\\(?:["\\\\bfnrt]|u[0-9a-f]{4}))*"';
const NAME = `(${PLAIN}|${QUOTED})`;
const STAGE = new RegExp(` {2}${NAME}:\\n`, "y");

interface Layout {
  readonly fields: RegExp;
  readonly entry: RegExp;
}

function layout(indent: string): Layout {
  return {
    fields: new RegExp(
      `${indent}file: ${NAME}\\n` +
        `${indent}how: (run|recorded|accepted)\\n` +
        `${indent}at: (\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)\\n` +
        `(?:${indent}level: (strict|semantic|behavioral)\\n)?` +
        `(?:${indent}duration: (\\d{1,15}(?:\\.\\d{1,3})?)\\n)?` +
        `(?:${indent}reason: (${PLAIN_TEXT}|${QUOTED})\\n)?` +
        `${indent}code_fingerprint: ([0-9a-f]+|"[0-9a-f]+")\\n` +
        `${indent}code_manifest:( \\{\\})?\\n`,
      "y",
    ),
    entry: new RegExp(`${indent} {2}${NAME}: (?:([0-9a-f]+)|(${QUOTED}))\\n`, "y"),
  };
}

const OUTER = layout(" {4}");
const INNER = layout(" {6}");
const PREVIOUS = "    previous:\n";

/** The lock, or null when the text is not in the canonical layout. */
export function parseCanonical(text: string): Lock | null {
  HEAD.lastIndex = 0;
  const head = HEAD.exec(text);
  if (head === null) return null;
  const stages = new Map<string, Baseline>();
  const cursor = { at: HEAD.lastIndex };
  if (head[2] !== undefined) return cursor.at === text.length ? { level: head[1] as Level, stages } : null;
  while (cursor.at < text.length) {
    STAGE.lastIndex = cursor.at;
    const match = STAGE.exec(text);
    if (match === null) return null;
    cursor.at = STAGE.lastIndex;
    const id = unquoted(match[1]);
    if (stages.has(id)) return null;
    const baseline = parseBaseline(text, cursor, OUTER);
    if (baseline === null) return null;
    stages.set(id, baseline);
  }
  return stages.size === 0 ? null : { level: head[1] as Level, stages };
}

function parseBaseline(text: string, cursor: { at: number }, at: Layout): Baseline | null {
  at.fields.lastIndex = cursor.at;
  const match = at.fields.exec(text);
  if (match === null) return null;
  cursor.at = at.fields.lastIndex;
  const how = match[2] as BaselineHow;
  const entries = new Map<string, string>();
  if (match[8] === undefined && !parseEntries(text, cursor, at.entry, entries)) return null;
  let previous: Baseline | undefined;
  if (at === OUTER && text.startsWith(PREVIOUS, cursor.at)) {
    cursor.at += PREVIOUS.length;
    const inner = parseBaseline(text, cursor, INNER);
    if (inner === null) return null;
    previous = inner;
  }
  if (how !== "accepted" && (match[6] !== undefined || previous !== undefined)) return null;
  return {
    file: unquoted(match[1]),
    how,
    at: match[3],
    ...(match[4] === undefined ? {} : { level: match[4] as Level }),
    ...(match[5] === undefined ? {} : { duration: Number(match[5]) }),
    ...(match[6] === undefined ? {} : { reason: unquoted(match[6]) }),
    fingerprint: unquoted(match[7]),
    entries,
    ...(previous === undefined ? {} : { previous }),
  };
}

function parseEntries(text: string, cursor: { at: number }, entry: RegExp, into: Map<string, string>): boolean {
  let count = 0;
  for (;;) {
    entry.lastIndex = cursor.at;
    const match = entry.exec(text);
    if (match === null) break;
    cursor.at = entry.lastIndex;
    into.set(unquoted(match[1]), match[2] ?? unquoted(match[3]));
    count++;
  }
  return count > 0 && into.size === count;
}

function unquoted(scalar: string): string {
  if (scalar.charCodeAt(0) !== 34) return scalar;
  return scalar.includes("\\") ? (JSON.parse(scalar) as string) : scalar.slice(1, -1);
}
