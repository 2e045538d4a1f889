/**
 * An outline with the help of tree-sitter: for an open buffer that does not parse, kept up with its edits.
 *
 * Extents, kinds and names come from indentation.ts; tree-sitter's tree says which of them its ERROR and MISSING nodes
 * touch. Its own extents are not used: measured over stray tokens in real files, an open bracket or triple quote costs it
 * up to half of the definitions that the line starts still show. Never reads a file: the loader brings the wasm. Trees
 * live in wasm memory, which is not collected: an `OutlineDocument` holds one at a time and frees it in `close`.
 */
import { Edit, Language, type Node, Parser, type Tree } from "web-tree-sitter";
import { lineOf } from "../text/lines.ts";
import { splitTopLevel } from "./indentation.ts";
import type { Outline, OutlineItem } from "./types.ts";

/** Brings the two wasm modules, as bytes; the engine reads no files. */
export interface OutlineLoader {
  /** `web-tree-sitter.wasm` of the npm package web-tree-sitter. */
  runtime(): Promise<Uint8Array> | Uint8Array;
  /** `tree-sitter-python.wasm` of the npm package tree-sitter-python. */
  grammar(): Promise<Uint8Array> | Uint8Array;
}

/** One edit: the text from `start` to `end` (UTF-16 offsets before the edit) was replaced. */
export interface OutlineEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Makes outline documents; one per process is enough. */
export interface OutlineParser {
  /** Reads a text. The document holds wasm memory until it is closed. */
  open(text: string): OutlineDocument;
  /** Frees the parser; documents must be closed before. */
  dispose(): void;
}

/** The outline of one open buffer, kept up with its edits. */
export interface OutlineDocument {
  readonly text: string;
  readonly outline: Outline;
  /** Applies edits, one after the other, each to the text that the one before left; parses once. */
  update(edits: readonly OutlineEdit[]): Outline;
  /** The same for a whole new text: the one range in which it differs from the old one is edited. */
  replace(text: string): Outline;
  /** Frees the tree. The last outline stays readable, `update` and `replace` throw. */
  close(): void;
}

let runtimeReady: Promise<void> | null = null;

/**
 * Loads runtime and grammar; the runtime is loaded once per process.
 * @throws when the wasm is not what it should be: a broken installation, not the user's doing.
 */
export async function createOutline(loader: OutlineLoader): Promise<OutlineParser> {
  runtimeReady ??= (async () => Parser.init({ wasmBinary: await loader.runtime() }))();
  try {
    await runtimeReady;
  } catch (error) {
    runtimeReady = null;
    throw error;
  }
  const language = await Language.load(await loader.grammar());
  const parser = new Parser();
  parser.setLanguage(language);
  return {
    open: (text) => new TreeDocument(parser, text),
    dispose: () => parser.delete(),
  };
}

class TreeDocument implements OutlineDocument {
  readonly #parser: Parser;
  #tree: Tree | null;
  #text: string;
  #outline: Outline;

  constructor(parser: Parser, text: string) {
    this.#parser = parser;
    this.#text = text;
    this.#tree = parse(parser, text, null);
    this.#outline = readOutline(this.#tree, text);
  }

  get text(): string {
    return this.#text;
  }

  get outline(): Outline {
    return this.#outline;
  }

  update(edits: readonly OutlineEdit[]): Outline {
    const old = this.#openTree();
    let text = this.#text;
    for (const edit of edits) {
      const start = Math.min(Math.max(edit.start, 0), text.length);
      const end = Math.min(Math.max(edit.end, start), text.length);
      const after = text.slice(0, start) + edit.text + text.slice(end);
      const newEnd = start + edit.text.length;
      old.edit(
        new Edit({
          startIndex: start,
          oldEndIndex: end,
          newEndIndex: newEnd,
          startPosition: pointAt(text, start),
          oldEndPosition: pointAt(text, end),
          newEndPosition: pointAt(after, newEnd),
        }),
      );
      text = after;
    }
    const tree = parse(this.#parser, text, old);
    old.delete();
    this.#tree = tree;
    this.#text = text;
    this.#outline = readOutline(tree, text);
    return this.#outline;
  }

  replace(text: string): Outline {
    const old = this.#text;
    const shorter = Math.min(old.length, text.length);
    let start = 0;
    while (start < shorter && old.charCodeAt(start) === text.charCodeAt(start)) start++;
    let tail = 0;
    while (
      tail < shorter - start &&
      old.charCodeAt(old.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)
    ) {
      tail++;
    }
    if (start === text.length && start === old.length) {
      this.#openTree();
      return this.#outline;
    }
    return this.update([{ start, end: old.length - tail, text: text.slice(start, text.length - tail) }]);
  }

  close(): void {
    this.#tree?.delete();
    this.#tree = null;
  }

  #openTree(): Tree {
    if (this.#tree === null) throw new Error("the outline document is closed");
    return this.#tree;
  }
}

/** A lone CR ends a line in Python, not in tree-sitter; it is one unit long either way. */
function parse(parser: Parser, text: string, old: Tree | null): Tree {
  const tree = parser.parse(text.replace(/\r(?!\n)/g, "\n"), old);
  if (tree === null) throw new Error("tree-sitter gave no tree");
  return tree;
}

/** Row and column as tree-sitter counts them. */
function pointAt(text: string, offset: number): { row: number; column: number } {
  let lineStart = offset;
  while (lineStart > 0 && !isLineEnd(text, lineStart - 1)) lineStart--;
  return { row: lineOf(text, lineStart) - 1, column: offset - lineStart };
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10);
}

/** Extents by line starts, marked where the tree has errors. */
function readOutline(tree: Tree, text: string): Outline {
  const items = splitTopLevel(text);
  const root = tree.rootNode;
  if (!root.hasError) return { items };
  const touched = touchedRanges(root);
  let at = 0;
  const marked = items.map((item): OutlineItem => {
    while (at < touched.length && touched[at].end < item.start) at++;
    const isTouched = at < touched.length && touched[at].start <= item.end;
    return isTouched && !item.broken ? { ...item, broken: true } : item;
  });
  return { items: marked };
}

interface TouchedRange {
  readonly start: number;
  readonly end: number;
}

/** The loose pieces of ERROR nodes and the places of MISSING ones, in order. Whole statements inside an ERROR node are not touched. */
function touchedRanges(root: Node): TouchedRange[] {
  const ranges: TouchedRange[] = [];
  const pending: Node[] = [root];
  let node = pending.pop();
  while (node !== undefined) {
    if (node.isMissing || (node.isError && node.childCount === 0)) {
      ranges.push({ start: node.startIndex, end: node.endIndex });
    } else if (node.hasError) {
      for (const child of node.children) {
        if (child.hasError) pending.push(child);
        else if (node.isError && !isStatement(child.type)) {
          ranges.push({ start: child.startIndex, end: child.endIndex });
        }
      }
    }
    node = pending.pop();
  }
  return mergeRanges(ranges);
}

function isStatement(type: string): boolean {
  return type === "comment" || type.endsWith("_statement") || type.endsWith("_definition");
}

/** Sorted, with none inside or behind another's end, so that one walk beside the items suffices. */
function mergeRanges(ranges: TouchedRange[]): TouchedRange[] {
  ranges.sort((a, b) => a.start - b.start);
  const merged: TouchedRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}
