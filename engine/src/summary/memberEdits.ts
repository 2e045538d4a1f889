/**
 * An edit inside the body of one method: that method is read alone, and put in the place of the old one in its class' tree.
 * What a class binds, changes and names at module level can't be another after that; only what its methods say. Everything
 * that could be otherwise is left to a reading of the whole class.
 */
import { bind } from "../binding/index.ts";
import type { Scope } from "../binding/scope.ts";
import type { FileContext, Members } from "../normalisation/file.ts";
import { takeRecord } from "../normalisation/members.ts";
import { Words } from "../normalisation/words.ts";
import { type ClassDef, type FunctionNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { parseStretch, type StretchProblem, walk } from "../syntax/index.ts";
import { isDefinition } from "./statementKinds.ts";
import type { Unit } from "./unit.ts";

const FIRST_LINE: readonly number[] = [0];

/** A replacement of a stretch of a text. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A method that was read alone. */
export interface MemberEdit {
  readonly unit: Unit;
  readonly before: FunctionNode;
  readonly after: FunctionNode;
  /** UTF-16 code units read. */
  readonly length: number;
}

/** A method that was read alone can't be read, whatever stands around it. */
export interface MemberRefusal {
  /** Why not; null where that is for a look at the whole text to say. Offsets are those of the source. */
  readonly refusal: {
    readonly message: string;
    /** Where its lines begin; the message counts lines from one line before. */
    readonly from: number;
    readonly offset: number;
  } | null;
  /** UTF-16 code units read. */
  readonly length: number;
}

/** What decides how more than the method itself is read, or is looked for in whole statements. */
const TELLING = /\b(?:global|nonlocal)\b|__all__|fastpipe:|@|\b(?:globals|locals|vars|exec|eval)\s*\(|\bmodules\s*\[/;

/**
 * Reads the method that an edit of `source` stands in, and puts it into the tree of its class. Where it can't be read, or
 * the edit is about more than a method's body (null), nothing is changed.
 */
export function editMember(
  unit: Unit,
  source: string,
  replacement: Replacement,
  members: Members,
  futureAnnotations: boolean,
): MemberEdit | MemberRefusal | null {
  const { statement, file, base } = unit;
  if (statement.kind !== NodeKind.ClassDef || !unit.inForce || file.ignoreLines.size > 0) return null;
  // A text of its own, so that it can be another than that of the statements around.
  if (file.text.length > 2 * (unit.to - unit.from)) return null;
  if (statement.type_params.length > 0 || (unit.nested !== null && unit.nested.length > 0)) return null;
  const around = file.scopes.scopes.get(statement);
  if (around === undefined) return null;
  const place = (node: Stmt) => (isFunction(node) ? (members.contexts.get(node)?.base ?? 0) : 0) + base;
  const index = lastWhere(statement.body, (item) => bodyStart(item) + place(item) <= replacement.start);
  if (index < 0) return null;
  const before = statement.body[index] as FunctionNode;
  const next = statement.body[index + 1] as Stmt | undefined;
  const limit = next === undefined ? unit.to + base : behindLineEnd(source, firstOffset(next) + place(next));
  const { start, end, text } = lineEndFirst(source, replacement, limit);
  // Behind its last line too: there are blanks and comments, and what is typed may be its next statement.
  if (end >= limit && (next !== undefined || end > limit)) return null;
  const lineStart = behindLineEnd(source, firstOffset(before) + place(before));
  const lineEnd = atLineEnd(source, Math.max(before.end + place(before), end));
  const old = source.slice(before.body[0].start + place(before), lineEnd);
  const header = `class ${statement.name}:\n`;
  const wrapped = [header, source.slice(lineStart, start), text, source.slice(end, lineEnd), "\n"].join("");
  const body = wrapped.slice(header.length + before.body[0].start + place(before) - lineStart);
  if (TELLING.test(old) || TELLING.test(body)) return null;
  const parsed = parseStretch(wrapped);
  if (!parsed.ok) {
    const { message, offset, certain, exact } = parsed.error;
    const { length } = wrapped;
    if (!certain) return openBehind(wrapped, source, lineEnd, parsed.error);
    if (offset < header.length) return null;
    if (!exact) return { refusal: null, length };
    return { refusal: { message, from: lineStart, offset: offset - header.length + lineStart }, length };
  }
  const { module } = parsed.value;
  const only = module.body[0];
  if (module.body.length !== 1 || only.kind !== NodeKind.ClassDef || only.body.length !== 1) return null;
  const after = only.body[0];
  if (!isFunction(after) || after.kind !== before.kind || after.name !== before.name) return null;
  const bound = bind(module, { text: wrapped, futureAnnotations });
  if (!bound.ok) return null;
  const alone = bound.value.scopes.get(only);
  if (alone === undefined) return null;
  adopt(around, alone, before);
  const context: FileContext = {
    ...file,
    text: wrapped,
    words: new Words(wrapped, false),
    scopes: { module: file.scopes.module, scopes: bound.value.scopes },
    lineStarts: () => FIRST_LINE,
  };
  const delta = text.length - (end - start);
  patch(statement, index, after, delta, members, file);
  const placed = { file: context, base: lineStart - base - header.length };
  members.contexts.set(after, placed);
  // What is typed behind its last statement, a comment or a blank, is no part of a class.
  if (index === statement.body.length - 1) statement.end = after.end + placed.base;
  unit.rewrite(flatJoin(file.text, start - base, end - base, text), delta);
  return { unit, before, after, length: wrapped.length };
}

/**
 * A class that was read again as a whole: what its methods say is taken from those of the same text in the class of before.
 * `changed`: facts that are others now. Does nothing where anything about the class decides what its methods say.
 */
export function keepMembers(before: Unit, after: Unit, changed: ReadonlySet<string>, members: Members): void {
  const [old, now] = [before.statement, after.statement];
  if (old.kind !== NodeKind.ClassDef || now.kind !== NodeKind.ClassDef || old.name !== now.name) return;
  if (before.order !== after.order || before.file.ignoreLines.size + after.file.ignoreLines.size > 0) return;
  if (before.asked === null || after.asked === null || headerOf(before, old) !== headerOf(after, now)) return;
  const [around, again] = [before.file.scopes.scopes.get(old), after.file.scopes.scopes.get(now)];
  if (around === undefined || again === undefined || !sameSymbols(around, again)) return;
  for (const fact of before.asked) if (changed.has(fact)) return;
  for (const fact of before.asked) after.asked.add(fact);
  const byText = new Map<string, FunctionNode>();
  for (const item of old.body) {
    if (isFunction(item)) byText.set(textOf(members.contexts.get(item)?.file ?? before.file, item), item);
  }
  for (const item of now.body) {
    const same = isFunction(item) ? byText.get(textOf(after.file, item)) : undefined;
    if (same !== undefined) takeRecord(members, same, item as FunctionNode, item.start - same.start);
  }
}

function textOf({ text }: FileContext, node: FunctionNode): string {
  return text.slice(firstOffset(node), node.end);
}

/** The text of a class before its body. */
function headerOf({ file: { text } }: Unit, node: ClassDef): string {
  return text.slice(firstOffset(node), firstOffset(node.body[0]));
}

function sameSymbols({ symbols: a }: Scope, { symbols: b }: Scope): boolean {
  if (a.size !== b.size) return false;
  for (const [name, { flags }] of a) if (b.get(name)?.flags !== flags) return false;
  return true;
}

/** UTF-16 code units that are read behind a method, or behind the quotes that end its open string. */
const BEHIND = 400;

/**
 * A method that is open at its end (a bracket, a string) where what stands behind it does not mend it; else null. `wrapped`
 * is the text with the method, after which the source goes on from `behind`.
 */
function openBehind(
  wrapped: string,
  source: string,
  behind: number,
  { openQuotes }: StretchProblem,
): MemberRefusal | null {
  const closing = openQuotes === null ? behind : source.indexOf(openQuotes, behind);
  if (closing < 0) return { refusal: null, length: wrapped.length };
  const to = atLineEnd(source, Math.min(closing + BEHIND, source.length));
  const longer = wrapped + source.slice(behind + 1, to);
  const parsed = parseStretch(longer);
  return !parsed.ok && (parsed.error.certain || to === source.length)
    ? { refusal: null, length: wrapped.length + longer.length }
    : null;
}

/** Scopes that were made under a class of the same name become those of the class itself. */
function adopt(around: Scope, alone: Scope, before: FunctionNode): void {
  const kept = around.children.filter((child) => child.node !== before);
  around.children.length = 0;
  for (const child of kept) around.children.push(child);
  for (const child of alone.children) {
    (child as { parent: Scope | null }).parent = around;
    around.children.push(child);
  }
}

/** Puts a method into a class, and moves what stands behind it. */
function patch(
  statement: ClassDef,
  index: number,
  after: FunctionNode,
  delta: number,
  members: Members,
  file: FileContext,
): void {
  statement.body[index] = after;
  statement.end += delta;
  if (delta === 0) return;
  for (let i = index + 1; i < statement.body.length; i++) {
    const item = statement.body[i];
    if (isFunction(item)) {
      const placed = members.contexts.get(item);
      members.contexts.set(item, { file: placed?.file ?? file, base: (placed?.base ?? 0) + delta });
    } else {
      walk(item, (node) => {
        node.start += delta;
        node.end += delta;
      });
    }
  }
}

function flatJoin(text: string, from: number, to: number, by: string): string {
  return [text.slice(0, from), by, text.slice(to)].join("");
}

function isFunction(item: Stmt): item is FunctionNode {
  return item.kind === NodeKind.FunctionDef || item.kind === NodeKind.AsyncFunctionDef;
}

/** Where a function's body begins; beyond any offset for all else. */
function bodyStart(item: Stmt): number {
  return isFunction(item) ? item.body[0].start : Number.POSITIVE_INFINITY;
}

/** Where a statement, or its first decorator, begins. */
function firstOffset(node: Stmt): number {
  return isDefinition(node) && node.decorator_list.length > 0 ? node.decorator_list[0].start : node.start;
}

/** The same edit as one of what ends before the line end in front of `limit`, where whole lines come or go there. */
function lineEndFirst(source: string, edit: Replacement, limit: number): Replacement {
  const { start, end, text } = edit;
  if (end !== limit || source[start - 1] !== "\n" || source[start - 2] === "\r") return edit;
  const removed = source.slice(start, end);
  if ((text !== "" && !text.endsWith("\n")) || (removed !== "" && !removed.endsWith("\n"))) return edit;
  if (text !== "") return { start: start - 1, end: end - 1, text: `\n${text.slice(0, -1)}` };
  return { start: start - 1, end: end - 1, text };
}

/** Index of the last of the items for which `is` holds before one for which it does not; -1 without one. */
function lastWhere<T>(items: readonly T[], is: (item: T) => boolean): number {
  for (let i = items.length - 1; i >= 0; i--) if (is(items[i])) return i;
  return -1;
}

function behindLineEnd(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== "\n" && text[at - 1] !== "\r") at--;
  return at;
}

function atLineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}
