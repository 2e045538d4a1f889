/** Two indices over files that notices look into: which classes define a method, and which functions write module-level names. */
import { type DefinitionGraph, type NodeId, nameNode } from "../graph/definitions.ts";
import { lineAt } from "../normalisation/file.ts";
import type { Resolver } from "../resolve/references.ts";
import type { Files } from "./files.ts";

/** Finds the classes of the project that define a method; files are parsed only when their text has such a `def`. */
export class MethodIndex {
  readonly #files: Files;
  readonly #filesByMethod: Map<string, string[]> = new Map();
  readonly #classes = new Map<string, readonly { id: NodeId; name: string }[]>();
  #scanned = false;

  constructor(files: Files) {
    this.#files = files;
  }

  classesWith(method: string): readonly { id: NodeId; name: string }[] {
    let found = this.#classes.get(method);
    if (found === undefined) {
      this.#scan();
      const classes: { id: NodeId; name: string }[] = [];
      for (const file of this.#filesByMethod.get(method) ?? []) {
        for (const own of this.#files.summary(file)?.names.values() ?? []) {
          if (own.kind !== "class" || !own.definition?.methods.includes(method)) continue;
          classes.push({ id: nameNode(file, own.name), name: own.name });
        }
      }
      found = classes;
      this.#classes.set(method, found);
    }
    return found;
  }

  /** One pass over the texts: indented `def`s by name. */
  #scan(): void {
    if (this.#scanned) return;
    this.#scanned = true;
    for (const file of this.#files.list()) {
      const names = new Set<string>();
      for (const match of (this.#files.text(file) ?? "").matchAll(/^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)/gm))
        names.add(match[1]);
      for (const name of names) {
        const list = this.#filesByMethod.get(name);
        if (list) list.push(file);
        else this.#filesByMethod.set(name, [file]);
      }
    }
  }
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
