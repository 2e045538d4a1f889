/**
 * Functions that stand in a class' body as walks of their own: nothing in one is named by what stands beside it, so what one
 * leaves can be kept and put into the class' stream again while the others are edited. A class that is walked at once
 * gives the same stream. Never decides what a function's tokens are.
 */
import { ScopeKind } from "../binding/scope.ts";
import type { FunctionNode } from "../syntax/ast.ts";
import type { TokenStream } from "../text/digest.ts";
import { Canonical, type LocalNotice, type Reads } from "./canonical.ts";
import type { FileContext, Members } from "./file.ts";

/** A stretch of words: those of a stream, kept. */
interface Stretch {
  readonly words: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** What the walk of one member leaves; offsets are those of the text that it was parsed in. */
export interface MemberRecord {
  readonly out: Stretch;
  readonly docs: Stretch | null;
  readonly annotations: Stretch | null;
  readonly names: Stretch | null;
  readonly parameters: Stretch | null;
  readonly refs: readonly number[];
  readonly unwritten: readonly number[];
  readonly localImports: readonly number[];
  readonly notices: readonly LocalNotice[];
  readonly annotationRefs: ReadonlySet<number> | null;
  readonly aliases: ReadonlyMap<number, string> | null;
  readonly mentioned: ReadonlySet<number> | null;
  readonly mutates: ReadonlySet<number> | null;
  readonly sets: ReadonlySet<number> | null;
  readonly hands: ReadonlySet<number> | null;
  readonly methodCalls: ReadonlyMap<string, number> | null;
  readonly reads: Reads;
  readonly ignored: number;
}

/** What walks of methods' bodies have left, one after the other in one piece of memory. */
export class Bodies {
  readonly records = new Map<FunctionNode, MemberRecord>();
  #words = shared;
  #length = 0;

  /** Keeps what a stream holds. */
  keep({ words, length }: TokenStream): Stretch {
    const from = this.#length;
    const to = from + length;
    if (to > this.#words.length) {
      // What was kept so far stays where it is.
      this.#words = new Int32Array(Math.max(this.#words.length * 2, to));
      if (this.#words.length <= LARGEST_SHARED) shared = this.#words;
    }
    const into = this.#words;
    for (let i = 0, at = from; i < length; i++) into[at++] = words[i];
    this.#length = to;
    return { words: into, from, to };
  }
}

/** Memory that served the last file, and serves the next one. */
let shared = new Int32Array(1 << 14);
/** Words. */
const LARGEST_SHARED = 1 << 18;

/** Walks a function of a class' body, or its parameters and its body alone. */
type Emit = (c: Canonical, node: FunctionNode) => void;

/** Walks a function by `emit`, apart where it stands in a module-level class' body. */
export function walkMember(c: Canonical, node: FunctionNode, emit: Emit): void {
  const { members } = c.file;
  // The type parameters of a generic class are named by all of it.
  if (c.scope.kind !== ScopeKind.Class || c.scope.parent?.kind !== ScopeKind.Module) {
    emit(c, node);
    return;
  }
  const placed = members?.contexts.get(node);
  // A slice says other things of what is bound than a definition does.
  const keeps = members !== null && c.sliceOf === null;
  if (!keeps && placed === undefined) {
    const frames = c.beginFrames();
    emit(c, node);
    c.endFrames(frames);
    return;
  }
  let record = keeps ? members.records.get(node) : undefined;
  if (record === undefined) {
    record = recordOf(placed?.file ?? c.file, c, node, emit, null);
    if (keeps) members.records.set(node, record);
  }
  splice(c, record, placed?.base ?? 0);
}

/**
 * Walks the parameters and the body of a function by `emit`; those of a method of a module-level class only once where its
 * definition is summarised alone, too: what they leave is the same in both.
 */
export function walkBody(c: Canonical, node: FunctionNode, emit: Emit): void {
  const { bodies } = c.file;
  const isShared =
    bodies !== null &&
    c.rewrites &&
    c.sliceOf === null &&
    !c.hasFrames &&
    c.scope.kind === ScopeKind.Class &&
    c.scope.parent?.kind === ScopeKind.Module;
  if (!isShared) {
    emit(c, node);
    return;
  }
  let record = bodies.records.get(node);
  if (record === undefined) {
    record = recordOf(c.file, c, node, emit, bodies);
    bodies.records.set(node, record);
  }
  splice(c, record, 0);
}

/** `bodies`: where its words are kept; null where they are to be memory of their own. */
function recordOf(
  file: FileContext,
  around: Canonical,
  node: FunctionNode,
  emit: Emit,
  bodies: Bodies | null,
): MemberRecord {
  const c = new Canonical(file, around.scope, around.qualname);
  c.order = around.order;
  c.sliceOf = around.sliceOf;
  emit(c, node);
  const { docs, annotations, names, parameters } = c.sides;
  const record: MemberRecord = {
    out: kept(c.out, bodies),
    docs: docs === null ? null : kept(docs, bodies),
    annotations: annotations === null ? null : kept(annotations, bodies),
    names: names === null ? null : kept(names, bodies),
    parameters: parameters === null ? null : kept(parameters, bodies),
    refs: c.refs,
    unwritten: c.unwritten,
    localImports: c.localImports,
    notices: c.notices,
    annotationRefs: c.annotationRefs,
    aliases: c.aliases,
    mentioned: c.mentioned,
    mutates: c.mutates,
    sets: c.sets,
    hands: c.hands,
    methodCalls: c.methodCalls,
    reads: c.reads,
    ignored: c.ignored,
  };
  c.release();
  return record;
}

function kept(stream: TokenStream, bodies: Bodies | null): Stretch {
  return bodies === null ? { words: stream.copy(), from: 0, to: stream.length } : bodies.keep(stream);
}

/** `base`: what to add to offsets. */
function splice(c: Canonical, record: MemberRecord, base: number): void {
  const slots = c.refs.length;
  const { out, docs, annotations, names, parameters } = record;
  c.out.append(out.words, out.from, out.to);
  if (docs !== null) c.docs.append(docs.words, docs.from, docs.to);
  if (annotations !== null) c.annotations.append(annotations.words, annotations.from, annotations.to);
  if (names !== null) c.names.append(names.words, names.from, names.to);
  if (parameters !== null) c.parameters.append(parameters.words, parameters.from, parameters.to);
  for (const ref of record.refs) c.refs.push(ref);
  for (const slot of record.unwritten) c.unwritten.push(slots + slot);
  for (const module of record.localImports) if (!c.localImports.includes(module)) c.localImports.push(module);
  for (const notice of record.notices)
    c.notices.push(base === 0 ? notice : { ...notice, offset: notice.offset + base });
  c.annotationRefs = union(c.annotationRefs, record.annotationRefs);
  c.mentioned = union(c.mentioned, record.mentioned);
  c.mutates = union(c.mutates, record.mutates);
  c.sets = union(c.sets, record.sets);
  c.hands = union(c.hands, record.hands);
  if (record.aliases !== null) {
    c.aliases ??= new Map();
    for (const [chain, written] of record.aliases) c.aliases.set(chain, written);
  }
  if (record.methodCalls !== null) {
    c.methodCalls ??= new Map();
    for (const [name, offset] of record.methodCalls)
      if (!c.methodCalls.has(name)) c.methodCalls.set(name, offset + base);
  }
  c.reads |= record.reads;
  c.ignored += record.ignored;
}

function union(into: Set<number> | null, more: ReadonlySet<number> | null): Set<number> | null {
  if (more === null) return into;
  if (into === null) return new Set(more);
  for (const item of more) into.add(item);
  return into;
}

/**
 * Takes what the walk of a member left for another node of the very same text, where all that decides it is the same; `by`:
 * how much further on that one stands in its text.
 */
export function takeRecord(members: Members, from: FunctionNode, to: FunctionNode, by: number): void {
  const record = members.records.get(from);
  if (record === undefined) return;
  const { notices, methodCalls } = record;
  members.records.set(to, {
    ...record,
    notices: notices.length === 0 ? notices : notices.map((notice) => ({ ...notice, offset: notice.offset + by })),
    methodCalls:
      methodCalls === null ? null : new Map([...methodCalls].map(([name, offset]) => [name, offset + by] as const)),
  });
}

/** Room for what members leave. */
export function newMembers(): Members {
  return { records: new WeakMap(), contexts: new WeakMap() };
}
