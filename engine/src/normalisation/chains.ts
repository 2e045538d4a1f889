/**
 * Reference chains: a free name with the attributes read from it (`utils.clean`, `np.random.rand`), as data.
 * A chain says what is written in one file; which definition it means is decided in `resolve`.
 */

/** A chain that starts at a module-level name (or a builtin) of its own file. */
export interface GlobalChain {
  readonly kind: "global";
  readonly name: string;
  readonly attrs: readonly string[];
}

/** A chain that starts at an import inside a function, or at a literal `import_module("m")`. `name` is null for `import m`. */
export interface ImportChain {
  readonly kind: "import";
  readonly level: number;
  readonly module: string;
  readonly name: string | null;
  readonly attrs: readonly string[];
}

/** A definition nested in the enclosing function of the one looked at: `outer.<locals>.inner`. */
export interface NestedChain {
  readonly kind: "nested";
  readonly qualname: string;
  readonly attrs: readonly string[];
}

/** The definition around the one looked at, by its module-level name: what a captured local holds depends on it. */
export interface AroundChain {
  readonly kind: "around";
  readonly name: string;
  readonly attrs: readonly string[];
}

export type Chain = GlobalChain | ImportChain | NestedChain | AroundChain;

/** The chain as one string: unequal chains of one file have unequal texts. */
export function chainText(chain: Chain): string {
  const attrs = chain.attrs.length === 0 ? "" : `.${chain.attrs.join(".")}`;
  switch (chain.kind) {
    case "global":
    case "around":
      return chain.name + attrs;
    case "nested":
      return `${chain.qualname}${attrs}`;
    case "import":
      return `${".".repeat(chain.level)}${chain.module}:${chain.name ?? ""}${attrs}`;
  }
}

/** What a reader would have written for the chain: for `refs[].name`. */
export function chainWritten(chain: Chain): string {
  const attrs = chain.attrs.length === 0 ? "" : `.${chain.attrs.join(".")}`;
  switch (chain.kind) {
    case "global":
    case "around":
      return chain.name + attrs;
    case "nested":
      return chain.qualname.slice(chain.qualname.lastIndexOf(".") + 1) + attrs;
    case "import":
      return (chain.name ?? chain.module) + attrs;
  }
}

/** What is known of one name, or of one attribute behind a chain. */
class ChainNode {
  /** Index of the chain that ends here, -1 while there is none. */
  index = -1;
  behind: Map<string, ChainNode> | null = null;
}

const NOTHING: readonly string[] = [];

/** The chains of one file, each once; a reference is an index into it. */
export class ChainTable {
  readonly chains: Chain[] = [];
  /** What each chain is called in a hash, as long as its head is bound by that import: found again, not spelt again. */
  readonly names: ({ readonly target: unknown; readonly text: string } | null)[] = [];
  readonly #globals = new Map<string, ChainNode>();
  readonly #index = new Map<string, number>();

  intern(chain: Chain): number {
    if (chain.kind === "global") return this.global(chain.name, chain.attrs);
    const text = `${chain.kind} ${chainText(chain)}`;
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.chains.length;
      this.chains.push(chain);
      this.#index.set(text, index);
    }
    return index;
  }

  /** Index of the chain that starts at a module-level name: nearly all are, and they are looked up without making one. */
  global(name: string, attrs: readonly string[] = NOTHING): number {
    let node = this.#globals.get(name);
    if (node === undefined) {
      node = new ChainNode();
      this.#globals.set(name, node);
    }
    for (let i = 0; i < attrs.length; i++) {
      node.behind ??= new Map();
      let next = node.behind.get(attrs[i]);
      if (next === undefined) {
        next = new ChainNode();
        node.behind.set(attrs[i], next);
      }
      node = next;
    }
    if (node.index < 0) {
      node.index = this.chains.length;
      this.chains.push({ kind: "global", name, attrs });
    }
    return node.index;
  }
}
