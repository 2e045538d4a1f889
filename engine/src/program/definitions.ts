/** Finding definitions by place or key, and what depends on them: for hover, history and blast radius. */
import { type Definition, WHOLE } from "../graph/definitions.ts";
import type { GraphNode } from "../graph/graph.ts";
import { lineAt } from "../normalisation/file.ts";
import type { Analysis } from "./analysis.ts";
import type { DefinitionInfo, Range } from "./types.ts";

/** A range as it is now: that of an open file's definition moves with what is typed before it. */
export function plainRange({ start, end }: Range): Range {
  return { start, end };
}

/** What is told of a definition. */
export function infoOf(a: Analysis, node: Definition): DefinitionInfo {
  const lineStarts = a.summary(node.file)?.lineStarts ?? [0];
  return {
    key: node.key,
    kind: node.kind,
    file: node.file,
    qualname: node.qualname,
    line: lineAt(lineStarts, node.start) + 1,
    hash: node.hash,
    ranges: node.ranges.map(plainRange),
    nameRange: node.nameRange && plainRange(node.nameRange),
  };
}

/**
 * The module-level definition that an offset is about: the one an identifier there refers to, else the one whose text
 * contains it. An identifier is looked up as a name of the module, so a local of the same name is not told apart.
 */
export function definitionAt(a: Analysis, file: string, offset: number): DefinitionInfo | null {
  const summary = a.summary(file);
  const text = a.files.text(file);
  if (summary === null || text === null) return null;
  const word = dottedAt(text, offset);
  if (word !== null) {
    const [name, ...attrs] = word.split(".");
    if (summary.names.has(name)) {
      for (const target of a.resolver.chain(file, { kind: "global", name, attrs })) {
        const definition = a.graph.existing(target)?.definition;
        if (definition && definition.kind !== "mod") return infoOf(a, definition);
      }
    }
  }
  for (const own of summary.names.values()) {
    const { definition } = a.graph.named(file, own.name);
    if (definition?.ranges.some((range) => range.start <= offset && offset <= range.end)) return infoOf(a, definition);
  }
  return null;
}

const WORD = /[\p{ID_Continue}.]/u;

/** `a.b.c` up to the end of the identifier at the offset, or null. */
function dottedAt(text: string, offset: number): string | null {
  let start = offset;
  let end = offset;
  while (start > 0 && WORD.test(text[start - 1])) start--;
  while (end < text.length && WORD.test(text[end]) && text[end] !== ".") end++;
  const word = text.slice(start, end).replace(/^\.+|\.+$/g, "");
  return /^[\p{ID_Start}_]/u.test(word) ? word : null;
}

/** The definition with an entry key, wherever it is. */
export function definitionInfo(a: Analysis, key: string): DefinitionInfo | null {
  const definition = nodeOfKey(a, key)?.definition;
  return definition ? infoOf(a, definition) : null;
}

/** `func:pkg.mod.name` → node: the longest module name that exists decides where the qualname starts. */
export function nodeOfKey(a: Analysis, key: string): GraphNode | null {
  const colon = key.indexOf(":");
  const dotted = key.slice(colon + 1).split(".");
  for (let split = dotted.length - 1; split > 0; split--) {
    const module = a.resolver.finder.absolute(dotted.slice(0, split).join("."), "");
    if (!module?.file) continue;
    const name = dotted.slice(split).join(".");
    const node = a.graph.named(module.file, name);
    if (node.definition !== null) return node;
  }
  // A name bound in a file that no import finds, such as one beside a script.
  for (const file of a.files.list()) {
    const prefix = `${a.resolver.finder.moduleName(file)}.`;
    if (!key.slice(colon + 1).startsWith(prefix)) continue;
    const node = a.graph.named(file, key.slice(colon + 1 + prefix.length));
    if (node.definition !== null) return node;
  }
  return null;
}

/** Keys of everything that reaches the definition with this key, itself excluded, sorted. */
export function dependentsIn(a: Analysis, key: string): readonly string[] {
  const target = nodeOfKey(a, key);
  if (target === null) return [];
  // Edges are known both ways once all nodes were asked for theirs.
  for (const file of a.files.list()) {
    for (const own of a.summary(file)?.names.values() ?? []) a.graph.successors(a.graph.named(file, own.name));
  }
  const seen = new Set([target]);
  for (const node of seen) {
    for (const user of node.users) if (!user.isNested && user.name !== WHOLE) seen.add(user);
  }
  seen.delete(target);
  const keys: string[] = [];
  for (const { definition } of seen) if (definition !== null) keys.push(definition.key);
  return keys.sort();
}
