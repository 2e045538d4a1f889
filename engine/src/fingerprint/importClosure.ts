/**
 * Which files run when a file is imported: itself and everything that its imports lead to, directly or not. Kept as sets of
 * bits, one for each component of the graph of imports; the order of import is worked out when somebody wants it.
 */
import { components, Marks, type Vertex } from "../graph/components.ts";
import type { ModuleRef } from "../resolve/modules.ts";
import type { Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";

/** A set of files by number; larger numbers than it has room for are not in it. */
export type FileSet = Uint32Array;

export class ImportClosure {
  readonly #source: SummarySource;
  readonly #resolver: Resolver;
  readonly #importers = new Map<string, Importer>();
  readonly #files: Importer[] = [];
  readonly #marks = new Marks();
  /** Orders that were asked for last. */
  readonly #orders = new Map<string, ReadonlyMap<string, number>>();

  constructor(source: SummarySource, resolver: Resolver) {
    this.#source = source;
    this.#resolver = resolver;
  }

  /** The files that run with a file, itself included. */
  of(file: string): FileSet {
    const root = this.#importer(file);
    if (root.set !== null) return root.set;
    const found = components(
      this.#marks,
      root,
      (each) => this.#imported(each),
      (each) => each.set !== null,
    );
    for (const members of found) {
      const set = new Uint32Array((this.#files.length >> 5) + 1);
      for (const member of members) {
        add(set, member.number);
        for (const { set: below } of this.#imported(member)) {
          if (below !== null) for (let i = 0; i < below.length; i++) set[i] |= below[i];
        }
      }
      for (const member of members) member.set = set;
    }
    return root.set as unknown as FileSet;
  }

  /** Gives back what finding components needed, and lets go of orders. */
  rest(): void {
    this.#marks.rest();
    this.#orders.clear();
  }

  /** Whether a file runs with another one. */
  has(root: string, file: string): boolean {
    const importer = this.#importers.get(file);
    return importer !== undefined && contains(this.of(root), importer.number);
  }

  /** The files of a set that are not in another, which then has them too; the other one is given back, grown if need be. */
  missing(from: FileSet, known: FileSet): { readonly files: string[]; readonly known: FileSet } {
    const files: string[] = [];
    let all = known;
    for (let i = 0; i < from.length; i++) {
      let bits = from[i] & ~(all[i] ?? 0);
      if (bits === 0) continue;
      if (i >= all.length) {
        all = new Uint32Array(from.length);
        all.set(known);
      }
      all[i] |= bits;
      for (; bits !== 0; bits &= bits - 1) files.push(this.#files[(i << 5) + 31 - Math.clz32(bits & -bits)].file);
    }
    return { files, known: all };
  }

  /** Each file that runs with `root`, by its place in the order in which `root` imports them, breadth first. */
  order(root: string): ReadonlyMap<string, number> {
    let places = this.#orders.get(root);
    if (places === undefined) {
      const found = new Map([[root, 0]]);
      for (const file of found.keys()) {
        for (const next of this.#imported(this.#importer(file)))
          if (!found.has(next.file)) found.set(next.file, found.size);
      }
      places = found;
      if (this.#orders.size >= MOST_ORDERS) this.#orders.clear();
      this.#orders.set(root, places);
    }
    return places;
  }

  /** The files that run with a file, one after the other as they are read; those in `seen`, which takes them, apart. */
  *following(root: string, seen: Set<string>): Iterable<string> {
    if (seen.has(root)) return;
    seen.add(root);
    const queue = [root];
    for (const file of queue) {
      for (const next of this.#imported(this.#importer(file))) {
        if (seen.has(next.file)) continue;
        seen.add(next.file);
        queue.push(next.file);
      }
      yield file;
    }
  }

  #imported(importer: Importer): readonly Importer[] {
    importer.imported ??= this.#importedBy(importer.file);
    return importer.imported;
  }

  /** Takes in that files say something else, all of them where `relisted`; gives the files that other files run with now. */
  update(changed: Iterable<string>, relisted: boolean): ReadonlySet<string> {
    const out = new Set<string>();
    for (const file of relisted ? [...this.#importers.keys()] : changed) {
      const importer = this.#importers.get(file);
      const old = importer?.imported ?? null;
      if (importer === undefined || old === null) continue;
      const now = this.#importedBy(file);
      if (old.length === now.length && old.every((each, i) => each === now[i])) continue;
      importer.imported = now;
      for (const root of this.#files) {
        if (root.set === null || !contains(root.set, importer.number)) continue;
        root.set = null;
        out.add(root.file);
      }
    }
    if (out.size > 0) this.#orders.clear();
    return out;
  }

  /** Files that a file's own import statements run, in the order of its text. */
  #importedBy(file: string): readonly Importer[] {
    const out = new Set<Importer>();
    const put = (module: ModuleRef | null) => {
      if (module?.file) out.add(this.#importer(module.file));
    };
    for (const { level, module, name } of this.#source.summary(file)?.imports ?? []) {
      const parts = module === "" ? [] : module.split(".");
      // Importing `a.b.c` runs `a` and `a.b` too.
      for (let i = level > 0 ? 0 : 1; i <= parts.length; i++)
        put(this.#module(file, level, parts.slice(0, i).join(".")));
      if (name === null) continue;
      const base = this.#module(file, level, module);
      if (base) put(this.#resolver.finder.submodule(base, name));
    }
    return out.size === 0 ? NONE : [...out];
  }

  #module(file: string, level: number, module: string): ModuleRef | null {
    return this.#resolver.module(file, { kind: "import", level, module, name: null, attrs: [] });
  }

  #importer(file: string): Importer {
    let importer = this.#importers.get(file);
    if (importer === undefined) {
      const number = this.#files.length;
      importer = { file, number, imported: null, set: null };
      this.#files.push(importer);
      this.#importers.set(file, importer);
    }
    return importer;
  }
}

/** A file with the files that it imports and the set of all that run with it; null where not known. */
interface Importer extends Vertex {
  readonly file: string;
  imported: readonly Importer[] | null;
  set: FileSet | null;
}

const NONE: readonly Importer[] = [];

/** Orders kept at a time; each is as long as there are files. */
const MOST_ORDERS = 16;

function add(set: FileSet, number: number): void {
  set[number >> 5] |= 1 << (number & 31);
}

function contains(set: FileSet, number: number): boolean {
  return number >> 5 < set.length && (set[number >> 5] & (1 << (number & 31))) !== 0;
}
