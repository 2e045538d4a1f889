/**
 * From what a client sends to what the engine takes: URIs to paths below a root, positions to offsets, arguments of
 * commands to checked values. The only file that reads protocol positions; the way back is toProtocol.ts.
 */

import type { CommandArguments } from "@fastpipe/shared";
import { URI } from "vscode-uri";
import type { LineIndex, Position } from "./positions.ts";
import { invalid } from "./requests.ts";

/** A URI in one spelling, so that two of the same file compare equal (`c%3A` against `C:`). */
export function normalUri(uri: string): string {
  return URI.parse(uri).toString();
}

/** Path of a file below a root, with `/`; null when it is not below it. Both are URIs. */
export function pathBelow(root: string, uri: string): string | null {
  const [base, file] = [URI.parse(normalUri(root)), URI.parse(normalUri(uri))];
  if (base.scheme !== file.scheme || base.authority !== file.authority) return null;
  const folder = base.path.endsWith("/") ? base.path : `${base.path}/`;
  return file.path.startsWith(folder) ? file.path.slice(folder.length) : null;
}

/** Offset of a position in a text. */
export function offsetOf(lines: LineIndex, position: Position): number {
  return lines.offsetAt(position);
}

/** Refuses parameters in which one of these names is no string: programs of any kind ask. */
export function needs(params: object | null, ...names: readonly string[]): void {
  const given = (params ?? {}) as Record<string, unknown>;
  for (const name of names) if (typeof given[name] !== "string") throw invalid(`${name} must be a string`);
}

/** The argument of a command, checked field by field: other editors let people type it. */
export function commandArguments(args: readonly unknown[] | undefined): CommandArguments {
  const [value] = args ?? [];
  if (value === undefined || value === null) return {};
  if (typeof value !== "object") throw invalid("a command takes one object as its argument");
  const given = value as Record<string, unknown>;
  for (const name of ["root", "uri", "stage", "key", "reason"]) {
    if (given[name] !== undefined && typeof given[name] !== "string") throw invalid(`${name} must be a string`);
  }
  const { position, stages } = given;
  if (stages !== undefined && !(Array.isArray(stages) && stages.every((stage) => typeof stage === "string"))) {
    throw invalid("stages must be a list of strings");
  }
  if (position !== undefined) {
    const { line, character } = (position ?? {}) as Record<string, unknown>;
    if (!Number.isInteger(line) || !Number.isInteger(character)) {
      throw invalid("position must have a line and a character");
    }
  }
  return given as CommandArguments;
}
