/** Two indices over files that notices look into: which classes define a method, and which functions write module-level names. */
import { type DefinitionGraph, type NodeId, nameNode } from "../graph/definitions.ts";
import { lineAt } from "../normalisation/file.ts";
import type { Resolver } from "../resolve/references.ts";
import type { Files } from "./files.ts";

interface MethodClass {
  readonly id: NodeId;
  readonly name: string;
}

/** Finds the classes of the project that define a method; files are parsed only when their text has such a `def`. */
export class MethodIndex {
  readonly #files: Files;
  #filesByMethod: ReadonlyMap<string, readonly string[]> | null = null;
  readonly #classes = new Map<string, MethodClass[][]>();

  constructor(files: Files) {
    this.#files = files;
  }

  /**
   * The classes that define a method, but those of `without`, in the order of files; null when there are more than `most`.
   * A common name is found out after a few files.
   */
  classesWith(method: string, without: ReadonlySet<NodeId>, most: number): readonly MethodClass[] | null {
    this.#filesByMethod ??= this.#files.derived("methods", () => filesByMethod(this.#files));
    const files = this.#filesByMethod.get(method) ?? [];
    let known = this.#classes.get(method);
    if (known === undefined) {
      known = [];
      this.#classes.set(method, known);
    }
    const found: MethodClass[] = [];
    for (let i = 0; i < files.length; i++) {
      known[i] ??= this.#classesIn(files[i], method);
      for (const item of known[i]) if (!without.has(item.id)) found.push(item);
      if (found.length > most) return null;
    }
    return found;
  }

  #classesIn(file: string, method: string): MethodClass[] {
    const classes: MethodClass[] = [];
    for (const own of this.#files.summary(file)?.names.values() ?? []) {
      if (own.kind !== "class" || !own.definition?.methods.includes(method)) continue;
      classes.push({ id: nameNode(file, own.name), name: own.name });
    }
    return classes;
  }
}

function filesByMethod(files: Files): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of files.list()) {
    for (const name of files.scan(file).methods.split(" ")) {
      const list = found.get(name);
      if (list) list.push(file);
      else if (name !== "") found.set(name, [file]);
    }
  }
  return found;
}

/** A write to a module-level name; `writer` is null for the `if __name__ == "__main__":` block. */
export interface Write {
  readonly target: NodeId;
  readonly writer: NodeId | null;
  readonly name: string;
  readonly line: number;
}

export class WriteIndex {
  readonly #files: Files;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #byFile = new Map<string, readonly Write[]>();

  constructor(files: Files, graph: DefinitionGraph, resolver: Resolver) {
    this.#files = files;
    this.#graph = graph;
    this.#resolver = resolver;
  }

  /** The writes that a file's functions and its main block make when they run. */
  of(file: string): readonly Write[] {
    let found = this.#byFile.get(file);
    if (found === undefined) {
      found = this.#collect(file);
      this.#byFile.set(file, found);
    }
    return found;
  }

  #collect(file: string): Write[] {
    const out: Write[] = [];
    const summary = this.#files.summary(file);
    if (summary === null) return out;
    const line = (offset: number) => lineAt(summary.lineStarts, offset) + 1;
    for (const { name, offset } of summary.mainBinds) {
      out.push({ target: nameNode(file, name), writer: null, name, line: line(offset) });
    }
    for (const own of summary.names.values()) {
      if (own.definition === null) continue;
      const writer = nameNode(file, own.name);
      for (const chain of own.definition.piece.mutates) {
        for (const target of this.#resolver.resolve(file, chain)) {
          const id = this.#graph.nodeOf(target);
          if (id === null || id === writer) continue;
          out.push({ target: id, writer, name: own.name, line: line(own.definition.start) });
        }
      }
    }
    return out;
  }
}
