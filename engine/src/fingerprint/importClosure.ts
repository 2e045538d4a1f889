/**
 * Which files run when a file is imported: itself and everything that its imports lead to, directly or not. Kept as sets of
 * bits, one for each component of the graph of imports; the order of import is worked out when somebody wants it.
 */
import { components } from "../graph/components.ts";
import type { ModuleRef } from "../resolve/modules.ts";
import type { Resolver, SummarySource } from "../resolve/references.ts";

/** A set of files by number; larger numbers than it has room for are not in it. */
export type FileSet = Uint32Array;

export class ImportClosure {
  readonly #source: SummarySource;
  readonly #resolver: Resolver;
  readonly #numbers = new Map<string, number>();
  readonly #files: string[] = [];
  readonly #imported = new Map<string, readonly string[]>();
  readonly #sets = new Map<string, FileSet>();
  /** Orders that were asked for last. */
  readonly #orders = new Map<string, ReadonlyMap<string, number>>();

  constructor(source: SummarySource, resolver: Resolver) {
    this.#source = source;
    this.#resolver = resolver;
  }

  /** The files that run with a file, itself included. */
  of(file: string): FileSet {
    const known = this.#sets.get(file);
    if (known !== undefined) return known;
    const found = components(
      file,
      (each) => this.imported(each),
      (each) => this.#sets.has(each),
    );
    for (const members of found) {
      for (const member of members) this.#number(member);
      const set = new Uint32Array((this.#files.length >> 5) + 1);
      for (const member of members) {
        add(set, this.#number(member));
        for (const next of this.imported(member)) {
          const below = this.#sets.get(next);
          if (below !== undefined) for (let i = 0; i < below.length; i++) set[i] |= below[i];
        }
      }
      for (const member of members) this.#sets.set(member, set);
    }
    return this.#sets.get(file) as FileSet;
  }

  /** Whether a file runs with another one. */
  has(root: string, file: string): boolean {
    const number = this.#numbers.get(file);
    return number !== undefined && contains(this.of(root), number);
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
      for (; bits !== 0; bits &= bits - 1) files.push(this.#files[(i << 5) + 31 - Math.clz32(bits & -bits)]);
    }
    return { files, known: all };
  }

  /** Each file that runs with `root`, by its place in the order in which `root` imports them, breadth first. */
  order(root: string): ReadonlyMap<string, number> {
    let places = this.#orders.get(root);
    if (places === undefined) {
      const found = new Map([[root, 0]]);
      for (const file of found.keys()) {
        for (const next of this.imported(file)) if (!found.has(next)) found.set(next, found.size);
      }
      places = found;
      if (this.#orders.size >= MOST_ORDERS) this.#orders.clear();
      this.#orders.set(root, places);
    }
    return places;
  }

  /** Files that a file's own import statements run, in the order of its text. */
  imported(file: string): readonly string[] {
    let found = this.#imported.get(file);
    if (found === undefined) {
      found = this.#importedBy(file);
      this.#imported.set(file, found);
    }
    return found;
  }

  /** Takes in that files say something else, all of them where `relisted`; gives the files that other files run with now. */
  update(changed: Iterable<string>, relisted: boolean): ReadonlySet<string> {
    const out = new Set<string>();
    for (const file of relisted ? [...this.#imported.keys()] : changed) {
      const old = this.#imported.get(file);
      if (old === undefined) continue;
      const now = this.#importedBy(file);
      if (old.length === now.length && old.every((each, i) => each === now[i])) continue;
      this.#imported.set(file, now);
      const number = this.#number(file);
      for (const [root, set] of this.#sets) if (contains(set, number)) out.add(root);
    }
    for (const root of out) this.#sets.delete(root);
    if (out.size > 0) this.#orders.clear();
    return out;
  }

  #importedBy(file: string): readonly string[] {
    const out = new Set<string>();
    const put = (module: ModuleRef | null) => {
      if (module?.file) out.add(module.file);
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

  #number(file: string): number {
    let number = this.#numbers.get(file);
    if (number === undefined) {
      number = this.#files.length;
      this.#files.push(file);
      this.#numbers.set(file, number);
    }
    return number;
  }
}

const NONE: readonly string[] = [];

/** Orders kept at a time; each is as long as there are files. */
const MOST_ORDERS = 16;

function add(set: FileSet, number: number): void {
  set[number >> 5] |= 1 << (number & 31);
}

function contains(set: FileSet, number: number): boolean {
  return number >> 5 < set.length && (set[number >> 5] & (1 << (number & 31))) !== 0;
}
