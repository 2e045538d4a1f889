/**
 * The manifest of one definition: everything it reaches, with effects from outside, declarations, files and packages, and
 * the fingerprint over all of it (M6).
 */
import { SCHEMA } from "../fingerprint/digests.ts";
import { type EffectOn, Effects } from "../fingerprint/effects.ts";
import type { Definition, NodeId } from "../graph/definitions.ts";
import { Reads } from "../normalisation/canonical.ts";
import { chainWritten } from "../normalisation/chains.ts";
import { lineAt } from "../normalisation/file.ts";
import type { Piece } from "../summary/types.ts";
import { TokenStream } from "../text/digest.ts";
import type { Analysis } from "./analysis.ts";
import type { Declaration } from "./declarations.ts";
import { noticesOf } from "./notices.ts";
import type { EngineError, Entry, Host, Level, Manifest, Notice, Result } from "./types.ts";

/** A stage's root as found in the code: its node, id and decorator. */
export interface Root {
  readonly node: NodeId;
  readonly id: string;
  readonly declaration: Declaration | null;
}

/** All nodes reached, breadth first, with the node each was first reached from. */
export interface Reach {
  readonly order: readonly NodeId[];
  readonly parents: ReadonlyMap<NodeId, NodeId>;
  readonly effects: ReadonlyMap<NodeId, readonly EffectOn[]>;
}

/** Walks everything that runs with `root`; effects of imported modules bring in more. */
export function reachOf(a: Analysis, root: NodeId, file: string, extra: readonly NodeId[] = []): Reach {
  const parents = new Map<NodeId, NodeId>();
  const order: NodeId[] = [root];
  const seen = new Set([root]);
  const effects = new Map<NodeId, EffectOn[]>();
  const visit = (id: NodeId, from: NodeId) => {
    if (seen.has(id) || a.graph.node(id) === null) return;
    seen.add(id);
    parents.set(id, from);
    order.push(id);
  };
  const add = (id: NodeId, node: Definition, effect: EffectOn) => {
    const list = effects.get(id);
    if (Effects.isOwn(node, effect) || list?.includes(effect)) return;
    if (list) list.push(effect);
    else effects.set(id, [effect]);
    for (const next of a.graph.reached(effect.file, effect.slice.piece)) visit(next, id);
  };
  for (const id of extra) visit(id, root);
  for (let i = 0; i < order.length; i++) {
    const id = order[i];
    for (const next of a.graph.successors(id)) visit(next, id);
    const node = a.graph.node(id) as Definition;
    for (const effect of a.effects.on(id, file)) add(id, node, effect);
    if (node.reads & Reads.Subclasses) {
      for (const base of a.graph.subclassesRead(node)) {
        visit(base, id);
        for (const effect of a.effects.subclasses(base, file)) add(base, a.graph.node(base) as Definition, effect);
      }
    }
  }
  return { order, parents, effects };
}

/** What the reached code reads of the parts that normally do not count. */
function readsIn(a: Analysis, reach: Reach): number {
  let reads = Reads.Nothing as number;
  for (const id of reach.order) reads |= a.graph.node(id)?.reads ?? 0;
  for (const list of reach.effects.values()) for (const effect of list) reads |= effect.slice.piece.reads;
  return reads & Reads.Variant;
}

/** The fingerprint of what `reach` holds; `declared`: what a stage decorator adds, as digests. */
export function fingerprintOf(
  a: Analysis,
  level: Level,
  root: NodeId,
  reach: Reach,
  declared: readonly string[],
  variant = readsIn(a, reach),
): string {
  const more: string[] = [];
  for (const id of reach.order) {
    const list = reach.effects.get(id);
    if (!list) continue;
    more.push("effects", a.digests.digest(id, variant), String(list.length));
    for (const effect of list) more.push(a.digests.piece(effect.file, effect.slice.piece, variant));
  }
  return sealed(level, a.digests.digest(root, variant), [...more, ...declared]);
}

/** A digest as a fingerprint: schema version and level are hashed first (M6.3). */
export function sealed(level: Level, digest: string, more: readonly string[] = []): string {
  const stream = new TokenStream(64);
  stream.int(SCHEMA);
  stream.text(level);
  stream.text(digest);
  stream.int(more.length);
  for (const text of more) stream.text(text);
  return stream.digest();
}

export function manifestOf(a: Analysis, host: Host, level: Level, root: Root): Result<Manifest, EngineError> {
  const node = a.graph.node(root.node);
  if (node === null) {
    return { ok: false, error: { code: "no-such-definition", message: `no definition ${root.id}` } };
  }
  const extra = root.declaration ? codeDependencies(a, node.file, root.declaration.codeDeps) : [];
  const reach = reachOf(a, root.node, node.file, extra);
  const broken = brokenFile(a, reach, node.file);
  if (broken !== null) return { ok: false, error: broken };

  const keys = new Map<NodeId, string>();
  const used = new Set<string>();
  for (const id of reach.order) {
    const definition = a.graph.node(id) as Definition;
    let key = id === root.node ? `self:${definition.qualname}` : definition.key;
    // Two files of one module name: both are kept apart.
    if (used.has(key)) key = `${key}@${definition.file}`;
    used.add(key);
    keys.set(id, key);
  }
  const variant = readsIn(a, reach);
  const entries: Entry[] = reach.order.map((id) => entryOf(a, id, root.node, keys, reach, variant));
  const own = entries[0];
  const notices: Notice[] = [];
  const declared: string[] = [];
  if (root.declaration) declaredEntries(a, host, node, root.declaration, own, entries, notices, declared);
  for (const id of extra) declared.push(a.digests.full(id));
  const rest = entries.slice(1).sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  notices.push(...noticesOf(a, reach));
  let ignored = 0;
  for (const id of reach.order) for (const piece of a.graph.node(id)?.pieces ?? []) ignored += piece.ignored;
  return {
    ok: true,
    value: {
      stage: root.id,
      file: node.file,
      qualname: node.qualname,
      level,
      fingerprint: fingerprintOf(a, level, root.node, reach, declared, variant),
      entries: [own, ...rest],
      untracked: notices,
      ignored,
    },
  };
}

function entryOf(
  a: Analysis,
  id: NodeId,
  root: NodeId,
  keys: ReadonlyMap<NodeId, string>,
  reach: Reach,
  variant: number,
): Entry {
  const definition = a.graph.node(id) as Definition;
  const effects = reach.effects.get(id) ?? [];
  const lineStarts = a.files.summary(definition.file)?.lineStarts ?? [0];
  const via: string[] = [];
  for (let at = id; at !== root; at = reach.parents.get(at) as NodeId) via.push(keys.get(at) as string);
  via.reverse();
  const shown = definition.value !== null && effects.length === 0 ? { value: definition.value } : {};
  return {
    key: keys.get(id) as string,
    kind: id === root ? "self" : definition.kind,
    hash: hashWith(definition, effects, variant),
    file: definition.file,
    line: lineAt(lineStarts, definition.start) + 1,
    ...shown,
    via,
    ranges: definition.ranges,
  };
}

/** Own text, what is done to it from outside, and documentation or annotations where the stage's code reads them. */
function hashWith(definition: Definition, effects: readonly EffectOn[], variant: number): string {
  const more = effects.map((effect) => effect.slice.piece.hash);
  for (const piece of definition.pieces) {
    if (variant & Reads.Docs && piece.docs !== "") more.push("docs", piece.docs);
    if (variant & Reads.Annotations && piece.annotations !== "") more.push("annotations", piece.annotations);
  }
  return more.length === 0 ? definition.hash : digestOf([definition.hash, ...more]);
}

/** The definitions that `code_deps` names; a module counts whole (M4.6). */
function codeDependencies(a: Analysis, file: string, chains: readonly number[]): NodeId[] {
  const out: NodeId[] = [];
  for (const chain of chains) {
    for (const target of a.resolver.resolve(file, chain)) {
      const id = a.graph.nodeOf(target);
      if (id !== null && a.graph.node(id) !== null && !out.includes(id)) out.push(id);
    }
  }
  return out;
}

function declaredEntries(
  a: Analysis,
  host: Host,
  node: Definition,
  declaration: Declaration,
  own: Entry,
  entries: Entry[],
  notices: Notice[],
  declared: string[],
): void {
  const base = { file: node.file, line: own.line, ranges: [] };
  for (const name of ["deps", "outs", "params"] as const) {
    const values = declaration.values.get(name);
    if (!values) continue;
    const parts = values
      .map(([keyword, value]) => `${keyword}=${a.values.canonical(node.file, value, (id) => a.digests.full(id))}`)
      .sort();
    const key = `decl:${name}`;
    const hash = digestOf([key, ...parts]);
    declared.push(key, hash);
    const shown =
      parts.length === 1 && parts[0].length <= 81 && parts[0].startsWith("=") ? { value: parts[0].slice(1) } : {};
    entries.push({ key, kind: "decl", hash, ...base, ...shown, via: [key] });
  }
  for (const path of [...declaration.codeFiles].sort()) {
    const key = `file:${path}`;
    const bytes = host.readFile(path);
    const hash = bytes === null ? digestOf([key, "missing"]) : digestBytes(bytes);
    if (bytes === null) {
      notices.push({
        kind: "missing-import",
        text: path,
        file: node.file,
        line: own.line,
        reason: "code_files names a file that is not there",
        fix: "create the file or take it out of code_files",
      });
    }
    declared.push(key, hash);
    entries.push({ key, kind: "file", hash, file: path, line: 1, via: [key], ranges: [] });
  }
  for (const name of [...declaration.packageDeps].sort()) {
    const key = `package:${name}`;
    const version = host.packageVersion(name);
    if (version === null) {
      notices.push({
        kind: "missing-import",
        text: name,
        file: node.file,
        line: own.line,
        reason: "package_deps names a package that is neither installed nor locked",
        fix: "install it, or take it out of package_deps",
      });
    }
    const hash = digestOf([key, version ?? ""]);
    declared.push(key, hash);
    entries.push({ key, kind: "package", hash, ...base, ...(version === null ? {} : { value: version }), via: [key] });
  }
}

function digestOf(texts: readonly string[]): string {
  const stream = new TokenStream(64);
  for (const text of texts) stream.text(text);
  return stream.digest();
}

function digestBytes(bytes: Uint8Array): string {
  const stream = new TokenStream((bytes.length >> 2) + 8);
  stream.int(bytes.length);
  for (let i = 0; i < bytes.length; i += 4) {
    stream.int(bytes[i] | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24));
  }
  return stream.digest();
}

/** The first file among those reached, or looked into on the way, that does not parse (M6.6). */
function brokenFile(a: Analysis, reach: Reach, rootFile: string): EngineError | null {
  const checked = new Set<string>();
  const check = (file: string): EngineError | null => {
    if (checked.has(file)) return null;
    checked.add(file);
    const problem = a.files.problem(file);
    // Another file that is being typed counts by its last good version, with a notice (manifest §5).
    return problem !== null && file !== rootFile && a.files.summary(file) !== null ? null : problem;
  };
  for (const id of reach.order) {
    const node = a.graph.node(id) as Definition;
    const own = node.kind === "mod" && !a.files.isKnown(node.file) ? null : check(node.file);
    if (own !== null) return own;
    for (const piece of node.pieces) {
      for (const targets of a.graph.targets(node.file, piece)) {
        for (const target of targets)
          if (target.kind === "broken") return a.files.problem(target.file) ?? check(target.file);
      }
    }
  }
  return null;
}

/** References of one definition for `functions --json`: each chain once, in order of appearance. */
export function writtenReferences(
  a: Analysis,
  file: string,
  pieces: readonly Piece[],
): { chain: number; written: string }[] {
  const out: { chain: number; written: string }[] = [];
  const seen = new Set<number>();
  const chains = a.files.summary(file)?.chains ?? [];
  for (const piece of pieces) {
    const aliases = new Map(piece.aliases);
    const refs = piece.unwritten.length === 0 ? piece.refs : piece.refs.filter((_, i) => !piece.unwritten.includes(i));
    for (const chain of [...refs, ...piece.mentioned, ...piece.annotationRefs]) {
      // The definition around a nested one is no name that it says.
      if (seen.has(chain) || chains[chain].kind === "around") continue;
      seen.add(chain);
      out.push({ chain, written: aliases.get(chain) ?? chainWritten(chains[chain]) });
    }
  }
  return out;
}
