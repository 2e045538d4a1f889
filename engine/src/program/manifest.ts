/**
 * The manifest of one definition as its parts: everything it reaches, with effects from outside, declarations, files and
 * packages, and the fingerprint over all of it (M6). Spells out entries for who asks; keeps nothing (views.ts does).
 */

import type { EffectOn } from "../fingerprint/effects.ts";
import { SCHEMA } from "../fingerprint/tokens.ts";
import type { Definition } from "../graph/definitions.ts";
import type { GraphNode } from "../graph/graph.ts";
import { Reads } from "../normalisation/canonical.ts";
import { chainWritten } from "../normalisation/chains.ts";
import { lineAt } from "../normalisation/file.ts";
import type { Piece } from "../summary/types.ts";
import { lastingStream, TokenStream } from "../text/digest.ts";
import type { Analysis } from "./analysis.ts";
import type { Declaration } from "./declarations.ts";
import { plainRange } from "./definitions.ts";
import type { Reach } from "./reach.ts";
import type { EngineError, Entry, Host, Level } from "./types.ts";

/** A stage's root as found in the code: its node, id and decorator. */
export interface Root {
  readonly node: GraphNode;
  readonly id: string;
  readonly declaration: Declaration | null;
}

/** An entry that no node stands for: an argument of the stage decorator, a file, a package. */
export interface Declared {
  readonly key: string;
  readonly kind: "decl" | "file" | "package";
  readonly hash: string;
  readonly value?: string;
  /** Why it is not what was meant. */
  readonly missing?: Missing;
}

/** Something that a declaration names and that is not there. */
interface Missing {
  readonly text: string;
  readonly reason: string;
  readonly fix: string;
}

/** What a stage's decorator adds. */
export interface Declarations {
  readonly entries: readonly Declared[];
  /** What `code_deps` names and leads nowhere. */
  readonly missing: readonly Missing[];
  /** Definitions whose digests are part of it. */
  readonly used: ReadonlySet<GraphNode>;
}

/** What a stage tracks, entries not spelled out. */
export interface Parts {
  readonly reach: Reach;
  readonly declared: readonly Declared[];
  /** Bit set of `Reads` that the reached code reads. */
  readonly variant: number;
  readonly fingerprint: string;
}

/** The fingerprint and what it is made of. */
export function partsOf(a: Analysis, level: Level, reach: Reach, { entries: declared }: Declarations): Parts {
  const { root } = reach;
  const variant = reach.reads();
  const more: string[] = [];
  for (const place of reach.affected) {
    const list = reach.effectsOn(place) ?? [];
    more.push("effects", a.digests.digest(reach.node(place), variant), String(list.length));
    for (const effect of list) more.push(a.digests.piece(effect.file, effect.slice.piece, variant));
  }
  for (const { key, hash } of declared) more.push(key, hash);
  for (const node of reach.extra) more.push(a.digests.full(node));
  begin(level);
  a.digests.append(root, variant, scratch);
  return { reach, declared, variant, fingerprint: end(more) };
}

const scratch = lastingStream();

/** A digest as a fingerprint: schema version and level are hashed first (M6.3). */
export function sealed(level: Level, digest: string, more: readonly string[] = []): string {
  begin(level);
  scratch.text(digest);
  return end(more);
}

function begin(level: Level): void {
  scratch.clear();
  scratch.int(SCHEMA);
  scratch.text(level);
}

function end(more: readonly string[]): string {
  scratch.int(more.length);
  for (const text of more) scratch.text(text);
  return scratch.digest();
}

/** Key of the entry at a place: nodes in the order of reach, then what is declared. */
export function keyAt({ reach, declared }: Parts, i: number): string {
  return i < reach.size ? reach.key(i) : declared[i - reach.size].key;
}

/** What a lock keeps of the entry at a place: its value where it is a short literal, else its hash. */
export function textAt({ reach, declared, variant }: Parts, i: number): string {
  if (i >= reach.size) {
    const { value, hash } = declared[i - reach.size];
    return value ?? hash;
  }
  const definition = reach.node(i).definition as Definition;
  const effects = reach.effectsOn(i);
  if (effects === undefined && definition.value !== null) return definition.value;
  return hashWith(definition, effects, variant);
}

/** The entry at a place. */
export function entryAt(a: Analysis, parts: Parts, i: number): Entry {
  const { reach, declared, variant } = parts;
  const { root } = reach;
  if (i >= reach.size) {
    const { key, kind, hash, value } = declared[i - reach.size];
    const shown = value === undefined ? {} : { value };
    if (kind === "file") return { key, kind, hash, file: key.slice("file:".length), line: 1, via: [key], ranges: [] };
    return { key, kind, hash, file: root.file, line: lineOf(a, root), ranges: [], ...shown, via: [key] };
  }
  const node = reach.node(i);
  const definition = node.definition as Definition;
  const effects = reach.effectsOn(i);
  const entry = {
    key: keyAt(parts, i),
    kind: i === 0 ? ("self" as const) : definition.kind,
    hash: hashWith(definition, effects, variant),
    file: definition.file,
    line: lineOf(a, node),
    ...(definition.value !== null && effects === undefined ? { value: definition.value } : {}),
    ranges: definition.ranges.map(plainRange),
  };
  if (reach.size <= MOST_SPELLED) return { ...entry, via: viaOf(parts, i) };
  return {
    ...entry,
    get via() {
      return viaOf(parts, i);
    },
  };
}

/** Beyond so many entries, the ways to them are found when somebody asks: all together they grow with the square. */
const MOST_SPELLED = 2000;

function viaOf(parts: Parts, i: number): string[] {
  const via: string[] = [];
  for (let at = i; at > 0; at = parts.reach.parent(at)) via.push(keyAt(parts, at));
  return via.reverse();
}

/** Line of a definition, 1-based. */
export function lineOf(a: Analysis, { definition }: GraphNode): number {
  if (definition === null) return 1;
  return lineAt(a.summary(definition.file)?.lineStarts ?? [0], definition.start) + 1;
}

/** Number of entries. */
export function sizeOf({ reach, declared }: Parts): number {
  return reach.size + declared.length;
}

/** All entries, the stage's own first, then by key. */
export function entriesOf(a: Analysis, parts: Parts): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < sizeOf(parts); i++) entries.push(entryAt(a, parts, i));
  const [own, ...rest] = entries;
  return [own, ...rest.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0))];
}

/** Statements that `# fastpipe: ignore` leaves out. */
export function ignoredIn(reach: Reach): number {
  let ignored = 0;
  for (const node of reach.nodes()) for (const piece of node.definition?.pieces ?? []) ignored += piece.ignored;
  return ignored;
}

/** Own text, what is done to it from outside, and documentation, annotations or names where the stage's code reads them. */
function hashWith(definition: Definition, effects: readonly EffectOn[] | undefined, variant: number): string {
  if (effects === undefined && variant === Reads.Nothing) return definition.hash;
  const more = (effects ?? []).map((effect) => effect.slice.piece.hash);
  for (const piece of definition.pieces) {
    if (variant & Reads.Docs && piece.docs !== "") more.push("docs", piece.docs);
    if (variant & Reads.Annotations && piece.annotations !== "") more.push("annotations", piece.annotations);
    if (variant & Reads.Names && piece.names !== "") more.push("names", piece.names);
    if (variant & Reads.Parameters && piece.parameters !== "") more.push("parameters", piece.parameters);
  }
  return more.length === 0 ? definition.hash : digestOf([definition.hash, ...more]);
}

/** The definitions that `code_deps` names; a module counts whole (M4.6). */
export function codeDependencies(a: Analysis, { node, declaration }: Root): readonly GraphNode[] {
  const out: GraphNode[] = [];
  for (const chain of declaration?.codeDeps ?? []) {
    for (const target of a.resolver.resolve(node.file, chain)) {
      const found = a.graph.existing(target);
      if (found !== null && !out.includes(found)) out.push(found);
    }
  }
  return out;
}

/** What a stage's decorator says, as entries. */
export function declarationsOf(a: Analysis, host: Host, { node: { file }, declaration }: Root): Declarations {
  if (declaration === null) return NOTHING;
  const used = new Set<GraphNode>();
  const out: Declared[] = [];
  for (const name of ["deps", "outs", "params"] as const) {
    const values = declaration.values.get(name);
    if (!values) continue;
    const parts = values.map(([keyword, value]) => `${keyword}=${a.values.canonical(file, value, used)}`).sort();
    const key = `decl:${name}`;
    const isShort = parts.length === 1 && parts[0].length <= 81 && parts[0].startsWith("=");
    out.push({
      key,
      kind: "decl",
      hash: digestOf([key, ...parts]),
      ...(isShort ? { value: parts[0].slice(1) } : {}),
    });
  }
  for (const path of [...declaration.codeFiles].sort()) {
    const key = `file:${path}`;
    const bytes = host.readFile(path);
    if (bytes !== null) out.push({ key, kind: "file", hash: digestBytes(bytes) });
    else {
      const reason = "code_files names a file that is not there";
      const missing = { text: path, reason, fix: "create the file or take it out of code_files" };
      out.push({ key, kind: "file", hash: digestOf([key, "missing"]), missing });
    }
  }
  for (const name of [...declaration.packageDeps].sort()) {
    const key = `package:${name}`;
    const version = host.packageVersion(name);
    const hash = digestOf([key, version ?? ""]);
    if (version !== null) out.push({ key, kind: "package", hash, value: version });
    else {
      const reason = "package_deps names a package that is neither installed nor locked";
      const missing = { text: name, reason, fix: "install it, or take it out of package_deps" };
      out.push({ key, kind: "package", hash, missing });
    }
  }
  const missing = missingCode(a, file, declaration);
  // A list that grew by `push` holds room for many more.
  return { entries: out.slice(), missing, used: used.size === 0 ? NO_NODES : used };
}

const NO_NODES: ReadonlySet<GraphNode> = new Set();
const NOTHING: Declarations = { entries: [], missing: [], used: NO_NODES };

/** What `code_deps` names and that is not followed: names that nothing defines, and texts. */
function missingCode(a: Analysis, file: string, { codeDeps, codeTexts }: Declaration): Missing[] {
  const out: Missing[] = codeTexts.map((text) => ({
    text,
    reason: "code_deps names it by a text, which is not followed",
    fix: "name the function, class or module itself",
  }));
  const chains = a.summary(file)?.chains ?? [];
  for (const chain of codeDeps) {
    for (const target of a.resolver.resolve(file, chain)) {
      if (target.kind !== "missing") continue;
      const reason = `code_deps names it, but ${target.dotted} is not found`;
      out.push({ text: chainWritten(chains[chain]), reason, fix: "correct the import, or take it out of code_deps" });
    }
  }
  return out;
}

function digestOf(texts: readonly string[]): string {
  scratch.clear();
  for (const text of texts) scratch.text(text);
  return scratch.digest();
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
export function brokenFile(a: Analysis, reach: Reach): EngineError | null {
  if (!a.hasProblems) return null;
  const { root } = reach;
  const checked = new Set<string>();
  const check = (file: string): EngineError | null => {
    if (checked.has(file)) return null;
    checked.add(file);
    // Another file that is being typed counts by its last good version, with a notice (manifest §5).
    if (!a.isBroken(file) || (file !== root.file && a.summary(file) !== null)) return null;
    return a.problem(file);
  };
  for (const node of reach.nodes()) {
    const { kind, file } = node.definition as Definition;
    const own = kind === "mod" && !a.files.isKnown(file) ? null : check(file);
    if (own !== null) return own;
    if (node.broken !== null) return a.problem(node.broken) ?? check(node.broken);
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
  const chains = a.summary(file)?.chains ?? [];
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
