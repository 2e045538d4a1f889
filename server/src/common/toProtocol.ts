/**
 * From the engine's values to the protocol's: paths to URIs, offsets and lines to ranges. The only file that makes
 * protocol positions; the way in is fromProtocol.ts.
 */

import type { Range } from "@fastpipe/engine";
import type { Range as ProtocolRange } from "vscode-languageserver";
import { URI, Utils } from "vscode-uri";
import type { LineIndex } from "./positions.ts";

/** URI of a file below a root. */
export function uriBelow(root: string, path: string): string {
  return Utils.joinPath(URI.parse(root), path).toString();
}

/** A folder's name, for people. */
export function folderName(root: string): string {
  const uri = URI.parse(root);
  return Utils.basename(uri) || uri.authority || root;
}

export function rangeOf(lines: LineIndex, range: Range): ProtocolRange {
  return { start: lines.positionAt(range.start), end: lines.positionAt(range.end) };
}

/** What stands in a 1-based line, without its indentation. */
function lineRange(lines: LineIndex, line: number): ProtocolRange {
  const index = Math.min(Math.max(line - 1, 0), lines.lineCount - 1);
  const start = lines.lineStart(index);
  const end = lines.lineEnd(index);
  const text = lines.text.slice(start, end);
  const indented = start + (text.length - text.trimStart().length);
  return rangeOf(lines, { start: Math.min(indented, end), end: Math.max(start + text.trimEnd().length, indented) });
}

/** One character at a 1-based line and column, for a file whose text is not at hand. */
export function pointRange(line: number, column: number): ProtocolRange {
  const start = { line: Math.max(line - 1, 0), character: Math.max(column - 1, 0) };
  return { start, end: { line: start.line, character: start.character + 1 } };
}

/** Where `text` stands in a 1-based line, or the whole line where it does not. */
export function textRange(lines: LineIndex, line: number, text: string): ProtocolRange {
  const index = Math.min(Math.max(line - 1, 0), lines.lineCount - 1);
  const start = lines.lineStart(index);
  const first = text.split("\n", 1)[0].replace(/…$/, "").trim();
  const at = first ? lines.text.slice(start, lines.lineEnd(index)).indexOf(first) : -1;
  if (at < 0) return lineRange(lines, line);
  return rangeOf(lines, { start: start + at, end: start + at + first.length });
}

/** A Markdown link to a line of a file, named by the file alone: the whole path would burst a table. */
export function placeLink(uri: string, line: number): string {
  return lineLink(`${Utils.basename(URI.parse(uri))}:${line}`, uri, line);
}

/** A Markdown link to a 1-based line of a file. */
export function lineLink(text: string, uri: string, line: number): string {
  return `[${cell(text)}](${uri.replace(/[()]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}#L${line})`;
}

/** Text inside a cell of a Markdown table: on one line, nothing of it read as markup. */
export function cell(text: string): string {
  return text.replace(/[\r\n]+/g, " ").replace(/[\\`*_{}[\]<>#|~]/g, (c) => `\\${c}`);
}
