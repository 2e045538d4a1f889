/**
 * What is seen of a file without parsing it: whether it has a decorator, what its import statements say, and which methods
 * it may define. Over-approximates: text in strings and comments counts too. Looks at one file's text and path.
 */

import type { SearchFolder } from "../resolve/modules.ts";
import { editBetween } from "../text/index.ts";
import { mentionsSearchPath, searchFolders } from "./searchPath.ts";

export interface TextScan {
  /** False where there is no text to look at: such a file may say anything. */
  readonly readable: boolean;
  /** Whether there is an `@`. */
  readonly at: boolean;
  /** What stands behind each `import` and `from`, one to a line, to the end of the statement. */
  readonly imports: string;
  /** Names after an indented `def`, each once, between blanks. */
  readonly methods: string;
  /** Folders that it puts on `sys.path`; null where it says nothing of that. */
  readonly search: readonly SearchFolder[] | null;
}

/** A scan with what it takes to carry it over an edit. */
export interface OpenScan {
  readonly text: string;
  readonly scan: TextScan;
  /** Import statements of more than a line, as offsets: start and end one after the other. */
  readonly long: readonly number[];
  /** Imports by call, too: then every word counts, those of earlier texts included. Null where there is no such call. */
  readonly words: ReadonlySet<string> | null;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A scan as bytes. Plainer than a summary's, since there is one for every file of a project at every start. */
export function scanBytes({ readable, at, imports, methods, search }: TextScan): Uint8Array {
  const folders = search === null ? "" : JSON.stringify(search);
  return encoder.encode(`${readable ? 1 : 0}${at ? 1 : 0}${methods}\n${folders}\n${imports}`);
}

/** The scan that these bytes were made of. */
export function scanOf(bytes: Uint8Array): TextScan {
  const text = decoder.decode(bytes);
  const end = text.indexOf("\n");
  const next = text.indexOf("\n", end + 1);
  return {
    readable: text[0] === "1",
    at: text[1] === "1",
    methods: text.slice(2, end),
    search: next === end + 1 ? null : (JSON.parse(text.slice(end + 1, next)) as SearchFolder[]),
    imports: text.slice(next + 1),
  };
}

const IMPORT = /\b(?:import|from)\b/g;
const METHOD = /^[ \t]+(?:async[ \t]+)?def[ \t]+([^\s(:[\\]+)/gm;
const WORD = /[\p{L}\p{N}_]+/gu;
/** Imports by call: the name may stand anywhere. */
const BY_CALL = /\b(?:import_module|__import__)\b/;
/** What an edit must not touch if the scan is to stay. */
const TELLING = /\b(?:import|from|def|import_module|__import__)\b|@/;

export function scanText(file: string, text: string): TextScan {
  return openScan(file, text).scan;
}

export function openScan(file: string, text: string): OpenScan {
  const lines: string[] = [];
  const long: number[] = [];
  IMPORT.lastIndex = 0;
  for (let match = IMPORT.exec(text); match !== null; match = IMPORT.exec(text)) {
    const end = statementEnd(text, match.index);
    const source = text.slice(match.index, end);
    const isLong = /[\r\n]/.test(source);
    if (isLong) long.push(match.index, end);
    lines.push(`${isLong ? source.replace(/[\r\n]+/g, " ") : source}${packagesNamedByDots(file, source)}`);
    // The `import` of a `from` is behind it on the same line.
    IMPORT.lastIndex = end;
  }
  const words = BY_CALL.test(text) ? new Set(text.match(WORD)) : null;
  // Last, so that words can be added.
  if (words !== null) lines.push(`import ${[...words].join(" ")}`);
  const methods = new Set<string>();
  for (const match of text.matchAll(METHOD)) methods.add(match[1]);
  const scan = {
    readable: true,
    at: text.includes("@"),
    // Identifiers are compared as Python does.
    imports: normal(lines.join("\n")),
    methods: methods.size === 0 ? "" : ` ${normal([...methods].join(" "))} `,
    search: mentionsSearchPath(text) ? searchFolders(file, text) : null,
  };
  return { text, scan, long, words };
}

/** The scan of a text that was edited: the one before, where the edit can't matter. */
export function rescan(file: string, before: OpenScan, text: string): OpenScan {
  const now = rescanned(file, before, text);
  // Folders on the path may hang on any line.
  if (before.scan.search === null && now.scan.search === null) return now;
  const search = mentionsSearchPath(text) ? searchFolders(file, text) : null;
  return sameSearch(search, now.scan.search) ? now : { ...now, scan: { ...now.scan, search } };
}

/** Whether two scans say the same of folders on the path. */
export function sameSearch(a: TextScan["search"], b: TextScan["search"]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function rescanned(file: string, before: OpenScan, text: string): OpenScan {
  const old = before.text;
  const edit = editBetween(old, text);
  const start = lineStart(text, edit.start);
  const oldEnd = lineEnd(old, edit.end);
  const newEnd = lineEnd(text, edit.start + edit.text.length);
  const lines = text.slice(start, newEnd);
  if (TELLING.test(old.slice(start, oldEnd)) || TELLING.test(lines)) return openScan(file, text);
  if (before.scan.search === null && mentionsSearchPath(lines)) return openScan(file, text);
  const moved: number[] = [];
  for (let i = 0; i < before.long.length; i += 2) {
    const [from, to] = [before.long[i], before.long[i + 1]];
    if (from < oldEnd && to >= start) return openScan(file, text);
    const by = from >= oldEnd ? newEnd - oldEnd : 0;
    moved.push(from + by, to + by);
  }
  const more = new Set<string>();
  if (before.words !== null) {
    for (const word of text.slice(start, newEnd).match(WORD) ?? []) if (!before.words.has(word)) more.add(word);
  }
  if (before.words === null || more.size === 0) return { text, scan: before.scan, long: moved, words: before.words };
  const scan = { ...before.scan, imports: `${before.scan.imports} ${normal([...more].join(" "))}` };
  return { text, scan, long: moved, words: new Set([...before.words, ...more]) };
}

/** Behind the line, or behind the bracket that is opened on it; a line that ends in a backslash goes on. */
function statementEnd(text: string, from: number): number {
  let end = lineEnd(text, from);
  while (end < text.length && text[end - 1] === "\\") end = lineEnd(text, end + (text.startsWith("\r\n", end) ? 2 : 1));
  const open = text.lastIndexOf("(", end);
  return open < from ? end : Math.max(end, closing(text, open));
}

/** The bracket that closes one: there are no strings in an import statement, but comments. */
function closing(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === ")") return at;
    if (text[at] === "#") at = lineEnd(text, at);
  }
  return text.length;
}

/** `from . import x` says the package without its name: the name of the folder that the dots lead to, if there is one. */
function packagesNamedByDots(file: string, source: string): string {
  const dots = /^from[\s\\]*(\.[.\s\\]*)/.exec(source)?.[1].replace(/[^.]/g, "").length ?? 0;
  if (dots === 0) return "";
  const folders = file.split("/").slice(0, -1);
  return ` ${folders[folders.length - dots] ?? ""}`;
}

function normal(names: string): string {
  return /[^\0-\x7f]/.test(names) ? names.normalize("NFKC") : names;
}

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== "\n" && text[at - 1] !== "\r") at--;
  return at;
}

function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}
