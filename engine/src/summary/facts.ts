/**
 * What a module's statements say about its names, for normalisation to ask: kept by name, made again for single names when
 * statements come and go. Notes who asked for what, so that a statement is made anew exactly when an answer that it got is
 * another one. Never looks at another file.
 */
import type { ImportTarget, Lookup, ModuleFacts } from "../normalisation/file.ts";
import type { Expr } from "../syntax/ast.ts";

/** What is asked about a name beside what kind of thing it is: noted apart, since it changes on its own. */
export const enum About {
  /** The value that one plain assignment gives it. */
  Value = "=",
  /** How often it is bound anywhere in the file. */
  Count = "#",
  /** At how many places of the module it is bound or mutated. */
  Places = "<",
}

/** Answers by name; the set in `facts.asker` takes note of every name asked for. */
class Noted<T> implements Lookup<T> {
  readonly map = new Map<string, T>();
  readonly #facts: Facts;
  readonly #about: string;

  constructor(facts: Facts, about = "") {
    this.#facts = facts;
    this.#about = about;
  }

  get(name: string): T | undefined {
    this.#facts.asker?.add(name + this.#about);
    return this.map.get(name);
  }

  has(name: string): boolean {
    this.#facts.asker?.add(name + this.#about);
    return this.map.has(name);
  }

  put(name: string, value: T | undefined): void {
    if (value === undefined) this.map.delete(name);
    else this.map.set(name, value);
  }
}

export class Facts implements ModuleFacts {
  /** Takes the names that are asked for; null where nobody wants to know. */
  asker: Set<string> | null = null;
  readonly imports = new Noted<ImportTarget>(this);
  readonly soleImports = new Noted<ImportTarget>(this);
  readonly moduleNames = new Noted<true>(this);
  readonly declaredGlobal = new Noted<true>(this);
  readonly constructed = new Noted<string>(this);
  readonly aliases = new Noted<string>(this);
  readonly assigned = new Noted<Expr>(this, About.Value);
  /** Names that some module-level import binds, whatever else does. */
  readonly someImport = new Noted<true>(this);
  readonly bindingCounts: { get(name: string): number };
  readonly bindingsBefore: (name: string, order: number) => number;
  hasStar = false;
  futureAnnotations = false;

  /** `count`: bindings of a name anywhere in the file; `before`: see `ModuleFacts.bindingsBefore`. */
  constructor(count: (name: string) => number, before: (name: string, order: number) => number) {
    this.bindingCounts = {
      get: (name) => {
        this.asker?.add(name + About.Count);
        return count(name);
      },
    };
    this.bindingsBefore = (name, order) => {
      this.asker?.add(name + About.Places);
      return before(name, order);
    };
  }
}
