/**
 * Indices over files that notices look into: which classes define a method, which functions write module-level names, and
 * which modules run code by a name that is known only then. Kept per file; never resolve on their own account.
 */
import type { FileSet, ImportClosure } from "../fingerprint/importClosure.ts";
import { objects } from "../fingerprint/mutations.ts";
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import { type SummaryChange, same } from "../resolve/changes.ts";
import type { Moved, Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";
import { writersOf } from "../summary/packed.ts";
import type { ModuleSummary, NameSummary, Piece, PieceNotice } from "../summary/types.ts";
import type { Files } from "./files.ts";

/** What is known of a method that somebody asked for. */
interface Asked {
  /** Files whose text has such a `def`, or had one; in the order of their paths. */
  files: readonly string[];
  /** The classes of each of the first files, as far as they were looked at. */
  found: (readonly GraphNode[])[];
  /** Nodes that call it. */
  callers: GraphNode | Set<GraphNode> | null;
}

/** Finds the classes of the project that define a method; files are parsed only when their text has such a `def`. */
export class MethodIndex {
  readonly #files: Files;
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #asked = new Map<string, Asked>();
  /** Files by each method that they define, all of them; null while few methods are asked for. */
  #all: Map<string, string | string[]> | null = null;
  /** Methods that all files were looked through for. */
  #lookedFor = MOST_LOOKED_FOR;

  constructor(files: Files, source: SummarySource, graph: DefinitionGraph) {
    this.#files = files;
    this.#source = source;
    this.#graph = graph;
  }

  /**
   * The classes that define a method, but those that are reached, in the order of files; null when there are more than
   * `most`: a common name is found out after a few files.
   */
  classesWith(method: string, isReached: (node: GraphNode) => boolean, most: number): readonly GraphNode[] | null {
    const { files, found } = this.#ask(method);
    const out: GraphNode[] = [];
    for (let i = 0; i < files.length; i++) {
      if (i === found.length) found.push(this.#classesIn(files[i], method));
      for (const node of found[i]) if (!isReached(node)) out.push(node);
      if (out.length > most) return null;
    }
    return out;
  }

  /** Whether any class may define a method; `caller` is told of by `update` when others do. */
  isDefined(method: string, caller: GraphNode): boolean {
    const asked = this.#ask(method);
    const { callers } = asked;
    if (callers === null) asked.callers = caller;
    else if (callers instanceof Set) callers.add(caller);
    else if (callers !== caller) asked.callers = new Set([callers, caller]);
    return asked.files.length > 0;
  }

  #classesIn(file: string, method: string): readonly GraphNode[] {
    const classes: GraphNode[] = [];
    for (const own of this.#source.summary(file)?.names.values() ?? []) {
      if (own.kind === "class" && own.definition?.methods.includes(method))
        classes.push(this.#graph.named(file, own.name));
    }
    return classes.length === 0 ? NO_CLASSES : classes;
  }

  /** Takes in a change (`unread`: files that nobody read a summary of); gives the nodes that call what is another now. */
  update(changes: ReadonlyMap<string, SummaryChange>, unread: readonly string[]): readonly GraphNode[] {
    if (this.#asked.size === 0) return [];
    const changed = new Set<string>();
    for (const [file, { before, after }] of changes) {
      const add = (method: string) => {
        changed.add(method);
        this.#put(method, file);
      };
      differentMethods(before, after, add);
      differentMethods(after, before, add);
    }
    for (const file of unread) {
      for (const method of methodsOf(this.#files, file)) {
        changed.add(method);
        this.#put(method, file);
      }
    }
    const out: GraphNode[] = [];
    for (const method of changed) {
      const asked = this.#asked.get(method);
      if (asked === undefined) continue;
      asked.found = [];
      const { callers } = asked;
      if (callers instanceof Set) out.push(...callers);
      else if (callers !== null) out.push(callers);
    }
    return out;
  }

  /** Forgets nodes that are no more. */
  forget(nodes: readonly GraphNode[]): void {
    if (nodes.length === 0) return;
    for (const asked of this.#asked.values()) {
      if (asked.callers instanceof Set) for (const node of nodes) asked.callers.delete(node);
      else if (asked.callers !== null && nodes.includes(asked.callers)) asked.callers = null;
    }
  }

  /** Lets go of what is known of methods that nobody asked for. */
  rest(): void {
    if (this.#all !== null) this.#lookedFor = 0;
    this.#all = null;
  }

  #put(method: string, file: string): void {
    const asked = this.#asked.get(method);
    if (asked !== undefined && !asked.files.includes(file)) asked.files = [...asked.files, file].sort();
    const files = this.#all?.get(method);
    if (typeof files === "string" ? files !== file : files?.includes(file) !== true) this.#add(method, file);
  }

  #ask(method: string): Asked {
    let asked = this.#asked.get(method);
    if (asked === undefined) {
      const files = this.#filesOf(method);
      asked = { files: files.length === 0 ? NO_FILES : [...files].sort(), found: [], callers: null };
      this.#asked.set(method, asked);
    }
    return asked;
  }

  #filesOf(method: string): readonly string[] {
    const list = this.#files.list();
    // All of them in one go where many are asked for.
    if (this.#all === null && this.#lookedFor < MOST_LOOKED_FOR) {
      this.#lookedFor++;
      return list.filter((file) => this.#files.scan(file).methods.includes(` ${method} `));
    }
    if (this.#all === null) {
      this.#all = new Map();
      for (const file of list) for (const each of methodsOf(this.#files, file)) this.#add(each, file);
    }
    const files = this.#all.get(method) ?? NO_FILES;
    return typeof files === "string" ? [files] : files;
  }

  /** Most methods have one file: that stands for the list. */
  #add(method: string, file: string): void {
    const all = this.#all;
    const files = all?.get(method);
    if (files === undefined) all?.set(method, file);
    else if (typeof files === "string") all?.set(method, [files, file]);
    else files.push(file);
  }
}

const NO_CLASSES: readonly GraphNode[] = [];
const NO_FILES: readonly string[] = [];

/** So many methods are looked for in all scans one by one, before what all files define is listed. */
const MOST_LOOKED_FOR = 16;

function methodsOf(files: Files, file: string): readonly string[] {
  const { methods } = files.scan(file);
  return methods === "" ? [] : methods.trim().split(" ");
}

/** Calls `add` for methods of classes that the other summary does not have so. */
function differentMethods(
  summary: ModuleSummary | null,
  other: ModuleSummary | null,
  add: (method: string) => void,
): void {
  for (const own of summary?.names.values() ?? []) {
    if (own.kind !== "class" || own.definition === null) continue;
    const there = other?.names.get(own.name);
    if (there === own) continue;
    const methods = there?.kind === "class" ? there.definition?.methods : undefined;
    if (methods === own.definition.methods) continue;
    for (const method of own.definition.methods) if (!methods?.includes(method)) add(method);
  }
}

/** A write to a module-level name; `writer` is null for the `if __name__ == "__main__":` block. */
export interface Write {
  readonly file: string;
  readonly target: GraphNode;
  readonly writer: GraphNode | null;
  readonly name: string;
  /** It is bound or set something on, not just called a method of. */
  readonly isSet: boolean;
  /** Place among the writes of its file. */
  readonly index: number;
}

const NO_WRITES: readonly Write[] = [];

/** What the module level of files, and their functions when they run, do that a manifest tells as a notice. */
export class ModuleLevel {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #imports: ImportClosure;
  readonly #writes = new Map<string, readonly Write[]>();
  readonly #byTarget = new Map<GraphNode, Write[]>();
  readonly #discoveries = new Map<string, readonly PieceNotice[]>();
  #known: FileSet = new Uint32Array(1);

  constructor(source: SummarySource, graph: DefinitionGraph, resolver: Resolver, imports: ImportClosure) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#imports = imports;
  }

  /** Looks at all files that run with `root`; what follows is answered for them. */
  prepare(root: string): void {
    const { files, known } = this.#imports.missing(this.#imports.of(root), this.#known);
    this.#known = known;
    for (const file of files) this.#look(file);
  }

  /** Writes to a name by functions and main blocks of the files that run with `root`. */
  writesTo(target: GraphNode, root: string): readonly Write[] {
    const all = this.#byTarget.get(target);
    return all === undefined ? NO_WRITES : all.filter(({ file }) => this.#imports.has(root, file));
  }

  /** Where a write stands: an offset in its file. */
  offsetOf({ file, writer, index }: Write): number {
    if (writer !== null) return writer.definition === null ? 0 : writer.definition.start;
    return this.#source.summary(file)?.mainBinds[index]?.offset ?? 0;
  }

  /** Imports by computed names at module level of the files that run with `root`, in the order of import. */
  discoveries(root: string): readonly (readonly [string, readonly PieceNotice[]])[] {
    if (this.#discoveries.size === 0) return [];
    const found = [...this.#discoveries].filter(([file]) => this.#imports.has(root, file));
    if (found.length < 2) return found;
    const places = this.#imports.order(root);
    return found.sort(([x], [y]) => (places.get(x) as number) - (places.get(y) as number));
  }

  /** Takes in a change; gives names that others write now, and files that look for other modules. */
  update(
    changes: ReadonlyMap<string, SummaryChange>,
    moved: Moved,
  ): { readonly written: ReadonlySet<GraphNode>; readonly discoveries: ReadonlySet<string> } {
    const written = new Set<GraphNode>();
    const discoveries = new Set<string>();
    for (const file of new Set([...changes.keys(), ...moved.keys()])) {
      const old = this.#writes.get(file);
      const isSame = (own: NameSummary | undefined, name: string) =>
        this.#writesSame(file, name, own, old ?? NO_WRITES);
      if (old === undefined || (!moved.has(file) && isSilent(changes.get(file), isSame))) continue;
      const notices = this.#discoveries.get(file) ?? [];
      for (const { target } of old) {
        const rest = this.#byTarget.get(target)?.filter((write) => write.file !== file) ?? [];
        if (rest.length === 0) this.#byTarget.delete(target);
        else this.#byTarget.set(target, rest);
      }
      this.#discoveries.delete(file);
      this.#look(file);
      const now = this.#writes.get(file) as readonly Write[];
      const stand = old.length === now.length && old.every((write, i) => sameWrite(write, now[i]));
      if (!stand) for (const { target } of [...old, ...now]) written.add(target);
      const after = this.#discoveries.get(file) ?? [];
      if (notices.length + after.length > 0) discoveries.add(file);
    }
    return { written, discoveries };
  }

  #look(file: string): void {
    const summary = this.#source.summary(file);
    const writes = summary === null ? NO_WRITES : this.#writesIn(file, summary);
    this.#writes.set(file, writes);
    for (const write of writes) {
      const list = this.#byTarget.get(write.target);
      if (list) list.push(write);
      else this.#byTarget.set(write.target, [write]);
    }
    const notices: PieceNotice[] = [];
    const look = (found: readonly PieceNotice[]) => {
      for (const notice of found) if (notice.kind === "dynamic-import") notices.push(notice);
    };
    for (const slice of summary?.rest ?? []) look(slice.piece.notices);
    for (const effect of summary?.effects ?? []) look(effect.slice.piece.notices);
    if (notices.length > 0) this.#discoveries.set(file, notices);
  }

  #writesIn(file: string, summary: ModuleSummary): readonly Write[] {
    let out: Write[] | null = null;
    const put = (write: Omit<Write, "index">) => {
      out ??= [];
      const { file: from, target, writer, name, isSet } = write;
      out.push({ file: from, target, writer, name, isSet, index: out.length });
    };
    for (const { name } of summary.mainBinds)
      put({ file, target: this.#graph.named(file, name), writer: null, name, isSet: true });
    for (const own of writersOf(summary)) this.#writesBy(file, own, put);
    return out ?? NO_WRITES;
  }

  /** What a function writes to when it runs, or a class when an instance is made. */
  #writesBy(file: string, { name, definition }: NameSummary, put: (write: Omit<Write, "index">) => void): void {
    if (definition === null || definition.piece.mutates.length === 0) return;
    const writer = this.#graph.named(file, name);
    const { mutates, sets } = definition.piece;
    for (const chain of mutates) {
      const isSet = sets.includes(chain);
      for (const target of objects(this.#resolver.resolve(file, chain))) {
        // Calling a function of a module does not write to the module.
        if (target.kind === "module" && !isSet) continue;
        const node = this.#graph.targetNode(target);
        if (node === null || node === writer) continue;
        put({ file, target: node, writer, name, isSet });
      }
    }
  }

  /** Whether one name, as it is now, writes to what it wrote to before. */
  #writesSame(file: string, name: string, own: NameSummary | undefined, before: readonly Write[]): boolean {
    const old = before.filter((write) => write.writer !== null && write.name === name);
    const now: Omit<Write, "index">[] = [];
    if (own !== undefined) this.#writesBy(file, own, (write) => now.push(write));
    return same(old, now, sameWrite);
  }
}

/** Whether nothing that differs in a file says anything of what is looked for here. */
function isSilent(
  change: SummaryChange | undefined,
  writesSame: (own: NameSummary | undefined, name: string) => boolean,
): boolean {
  if (change === undefined) return true;
  const { before, after, remade, header } = change;
  if (before === null || after === null || header) return false;
  for (const name of remade) {
    const mutates = [before, after].some(({ names }) => (names.get(name)?.definition?.piece.mutates.length ?? 0) > 0);
    if (mutates && !writesSame(after.names.get(name), name)) return false;
  }
  const isQuiet = (piece: Piece) => piece.notices.length === 0;
  return (
    same(before.mainBinds, after.mainBinds, (x, y) => x.name === y.name) &&
    [before, after].every(
      ({ rest, effects }) =>
        rest.every((slice) => isQuiet(slice.piece)) && effects.every((effect) => isQuiet(effect.slice.piece)),
    )
  );
}

function sameWrite(a: Omit<Write, "index">, b: Omit<Write, "index">): boolean {
  return a.target === b.target && a.writer === b.writer && a.name === b.name && a.isSet === b.isSet;
}
