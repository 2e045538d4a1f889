/**
 * From a reference chain in one file to the definitions it means, through imports, re-exports, star imports, packages and
 * submodules (manifest §4). Reads summaries through a port; holds nothing but answers, each with what was consulted for it
 * (consulted.ts), so that a change takes back only those that it can concern.
 */
import { type Chain, chainText } from "../normalisation/chains.ts";
import { isLoaded } from "../normalisation/file.ts";
import type { ModuleSummary, NameSummary } from "../summary/types.ts";
import { BUILTINS } from "./builtins.ts";
import { type SummaryChange, same, sameChain } from "./changes.ts";
import { type Consultation, Consulted } from "./consulted.ts";
import type { ModuleFinder, ModuleRef } from "./modules.ts";

/** What a chain means, with the attributes that are left to read from it. */
export type Target =
  /** A module-level name of a first-party file. */
  | { readonly kind: "name"; readonly file: string; readonly name: string; readonly attrs: readonly string[] }
  /** A definition nested in another. */
  | { readonly kind: "nested"; readonly file: string; readonly qualname: string; readonly attrs: readonly string[] }
  /** A module object that escapes; `attrs` such as `__dict__`. */
  | { readonly kind: "module"; readonly module: ModuleRef; readonly attrs: readonly string[] }
  /** Standard library or installed: `module` is what is imported, `dotted` the whole. */
  | {
      readonly kind: "external";
      readonly module: string;
      readonly dotted: string;
      /** `import a.b`, where what is read of `a` is not below `a.b`: the submodules that are imported, one text. */
      readonly imported?: string;
    }
  | { readonly kind: "builtin"; readonly name: string; readonly attrs: readonly string[] }
  /** Looks first party and is not there. */
  | { readonly kind: "missing"; readonly dotted: string }
  /** In a file that does not parse and of which no good version is known. */
  | { readonly kind: "broken"; readonly file: string; readonly dotted: string }
  /** `__name__`, `__file__` and the like: the file's own place. */
  | { readonly kind: "place"; readonly file: string | null; readonly name: string; readonly attrs: readonly string[] }
  | { readonly kind: "docs"; readonly file: string; readonly attrs: readonly string[] };

/** What resolution needs to know of files. */
export interface SummarySource {
  /** The file's summary (last good one while it is broken), or null when it can't be had. */
  summary(file: string): ModuleSummary | null;
}

const PLACES = new Set(["__name__", "__file__", "__package__", "__spec__", "__path__", "__loader__", "__cached__"]);

/** A chain's meaning, kept until something that was consulted for it changes. */
interface Answer extends Consultation {
  readonly file: string;
  /** Of the chain; changes when the file's chains are numbered anew. -1: a name of the file, asked for as such. */
  index: number;
  targets: readonly Target[];
}

interface FileAnswers {
  /** The table that `byChain` follows. */
  chains: readonly Chain[];
  byChain: (Answer | undefined)[];
  byName: Map<string, Answer>;
}

/** What a change took back, by file: the numbers of chains that mean something else now, -1 for names asked for as such. */
export type Moved = ReadonlyMap<string, ReadonlySet<number>>;

export class Resolver {
  readonly #source: SummarySource;
  finder: ModuleFinder;
  readonly #answers = new Map<string, FileAnswers>();
  readonly #consulted = new Consulted();
  #depth = 0;
  /** Chains resolved, cache hits apart. */
  resolved = 0;

  constructor(source: SummarySource, finder: ModuleFinder) {
    this.#source = source;
    this.finder = finder;
  }

  /** The targets of a file's chain, several where several arms bind it; never empty. */
  resolve(file: string, index: number): readonly Target[] {
    const answers = this.#answersOf(file);
    let answer = answers.byChain[index];
    if (answer === undefined) {
      const chain = answers.chains[index] as Chain | undefined;
      if (chain === undefined) return NO_TARGETS;
      answer = this.#answer(file, index, headOf(chain), chain);
      answers.byChain[index] = answer;
    }
    return answer.targets;
  }

  /** The targets of a name of a file, as if the file read it at module level. */
  named(file: string, name: string): readonly Target[] {
    const answers = this.#answersOf(file);
    let answer = answers.byName.get(name);
    if (answer === undefined) {
      answer = this.#answer(file, -1, name, { kind: "global", name, attrs: [] });
      answers.byName.set(name, answer);
    }
    return answer.targets;
  }

  #answersOf(file: string): FileAnswers {
    let answers = this.#answers.get(file);
    if (answers === undefined) {
      answers = { chains: this.#source.summary(file)?.chains ?? [], byChain: [], byName: new Map() };
      this.#answers.set(file, answers);
    }
    return answers;
  }

  #answer(file: string, index: number, head: string, chain: Chain): Answer {
    const answer: Answer = { file, index, head, targets: NO_TARGETS, facts: [], dropped: false };
    this.#consulted.open(answer);
    answer.targets = this.chain(file, chain);
    this.#consulted.close();
    this.resolved++;
    return answer;
  }

  /**
   * Takes in that files have other summaries, and that modules of the names in `segments` came or went. Resolves again what
   * consulted something that is another now, and says which answers differ.
   */
  update(changes: ReadonlyMap<string, SummaryChange>, segments: ReadonlySet<string>): Moved {
    const moved = new Map<string, Set<number>>();
    const stale = new Set<Answer>();
    // Answers that count as another one even where the targets are spelled the same: what they lead to came or went.
    const forced = new Set<Answer>();
    for (const [file, change] of changes) {
      this.#renumber(file, change);
      this.#collect(file, change, stale, forced);
    }
    for (const segment of segments) this.#consulted.probedFor(segment, stale);
    for (const old of stale) {
      if (old.dropped) continue;
      const answers = this.#answersOf(old.file);
      const byName = old.index < 0;
      const chain: Chain = byName ? { kind: "global", name: old.head, attrs: [] } : answers.chains[old.index];
      this.#consulted.drop(old);
      const answer = this.#answer(old.file, old.index, old.head, chain);
      if (byName) answers.byName.set(old.head, answer);
      else answers.byChain[old.index] = answer;
      if (forced.has(old) || !same(old.targets, answer.targets, sameTarget)) note(moved, old.file, old.index);
    }
    return moved;
  }

  /** Follows the numbers of a file's chains from one table to the next; answers for chains that are gone go. */
  #renumber(file: string, { after }: SummaryChange): void {
    const answers = this.#answers.get(file);
    const chains = after?.chains ?? [];
    if (answers === undefined || answers.chains === chains) return;
    const before = answers.chains;
    const { byChain } = answers;
    answers.chains = chains;
    const shared = Math.min(before.length, chains.length, byChain.length);
    let kept = 0;
    while (kept < shared && sameChain(before[kept], chains[kept])) kept++;
    if (kept >= byChain.length) return;
    const numbers = new Map<string, number>();
    for (let i = kept; i < chains.length; i++) numbers.set(textOf(chains[i]), i);
    answers.byChain = byChain.slice(0, kept);
    for (let i = kept; i < byChain.length; i++) {
      const answer = byChain[i];
      if (answer === undefined) continue;
      const index = numbers.get(textOf(before[i]));
      if (index === undefined) this.#consulted.drop(answer);
      else {
        answer.index = index;
        answers.byChain[index] = answer;
      }
    }
  }

  #collect(file: string, change: SummaryChange, stale: Set<Answer>, forced: Set<Answer>): void {
    const { header, names, order } = change;
    const own = this.#answers.get(file);
    if (own !== undefined && (header || names.size > 0)) {
      const look = (answer: Answer | undefined) => {
        if (answer === undefined) return;
        const isNamed = names.has(answer.head);
        if (header || isNamed) stale.add(answer);
        if (isNamed) forced.add(answer);
      };
      for (const answer of own.byChain) look(answer);
      for (const answer of own.byName.values()) look(answer);
    }
    if (header) this.#consulted.allOf(file, stale);
    if (order) this.#consulted.ordersOf(file, stale);
    for (const name of names) {
      this.#consulted.usersOf(file, name, stale);
      this.#consulted.usersOf(file, name, forced);
    }
  }

  /** What a chain means, worked out anew: for a question that nobody asks twice. */
  chain(file: string, chain: Chain): readonly Target[] {
    const seen = new Set<string>();
    switch (chain.kind) {
      case "global":
      case "around":
        return this.#name(file, chain.name, chain.attrs, seen);
      case "nested":
        return [{ kind: "nested", file, qualname: chain.qualname, attrs: chain.attrs }];
      case "import":
        return this.#import(file, chain.level, chain.module, chain.name, chain.attrs, seen);
    }
  }

  /** The module that a chain imports, for chains of kind `import` without a name; null when it is not first party. */
  module(file: string, chain: Chain): ModuleRef | null {
    if (chain.kind !== "import") return null;
    return this.#module(file, chain.level, chain.module);
  }

  #module(file: string, level: number, module: string): ModuleRef | null {
    this.#consulted.probe(module);
    return level === 0 ? this.finder.absolute(module, file) : this.finder.relative(level, module, file);
  }

  #submodule(ref: ModuleRef, name: string): ModuleRef | null {
    this.#consulted.probe(name);
    return this.finder.submodule(ref, name);
  }

  /** A name read at module level or from a function of the module. */
  #name(file: string, name: string, attrs: readonly string[], seen: Set<string>): readonly Target[] {
    const found = this.#binding(file, name, attrs, seen);
    if (found !== null) return found;
    if (PLACES.has(name)) return [{ kind: "place", file, name, attrs }];
    if (name === "__doc__") return [{ kind: "docs", file, attrs }];
    const star = BUILTINS.has(name) ? null : this.#externalStar(file);
    if (star !== null) return [{ kind: "external", module: star, dotted: [star, name, ...attrs].join(".") }];
    return [{ kind: "builtin", name, attrs }];
  }

  /** The module of a file's last `from m import *` where m is not first party: it may bind any name. */
  #externalStar(file: string): string | null {
    const stars = this.#source.summary(file)?.stars ?? [];
    for (let i = stars.length - 1; i >= 0; i--) {
      const { level, module } = stars[i];
      if (level === 0 && this.#module(file, level, module) === null) return module;
    }
    return null;
  }

  /** What binds `name` in a file's namespace, later star imports winning; null when nothing does. */
  #binding(file: string, name: string, attrs: readonly string[], seen: Set<string>): readonly Target[] | null {
    const key = `${file}\0${name}`;
    if (seen.has(key) || this.#depth > DEEPEST) return null;
    this.#depth++;
    const found = this.#boundIn(file, name, attrs, seen, key);
    this.#depth--;
    return found;
  }

  #boundIn(
    file: string,
    name: string,
    attrs: readonly string[],
    seen: Set<string>,
    key: string,
  ): readonly Target[] | null {
    this.#consulted.name(file, name);
    const summary = this.#source.summary(file);
    if (summary === null) return null;
    seen.add(key);
    const own = summary.names.get(name);
    if (summary.stars.length > 0) this.#consulted.order(file);
    let lost: readonly Target[] | null = null;
    for (let i = summary.stars.length - 1; i >= 0; i--) {
      const star = summary.stars[i];
      if (own && own.order > star.order) break;
      const found = this.#fromStar(file, star.level, star.module, name, attrs, seen);
      if (found === null) continue;
      if (found.every((target) => target.kind === "missing")) {
        // It leads back here, as when a submodule imports from its package what the package has from another.
        lost ??= found;
        continue;
      }
      return own && own.kind !== "import" ? [...this.#own(file, own, attrs, seen), ...found] : found;
    }
    return own ? this.#own(file, own, attrs, seen) : lost;
  }

  #fromStar(
    file: string,
    level: number,
    module: string,
    name: string,
    attrs: readonly string[],
    seen: Set<string>,
  ): readonly Target[] | null {
    const ref = this.#module(file, level, module);
    if (ref === null || ref.file === null) return null;
    this.#consulted.name(ref.file, name);
    const summary = this.#source.summary(ref.file);
    if (summary === null) return null;
    if (summary.exports === null) {
      if (name.startsWith("_")) return null;
    } else if (summary.exports !== "dynamic" && !summary.exports.includes(name)) return null;
    const found = this.#binding(ref.file, name, attrs, seen);
    if (found !== null) {
      // Whether an `__all__` that is made at run time has the name depends on how it is made.
      if (summary.exports !== "dynamic") return found;
      return [...found, { kind: "name", file: ref.file, name: "__all__", attrs: [] }];
    }
    // A name in `__all__` may be a submodule; so may a public name, once something in the package has imported it.
    const submodule = this.#submodule(ref, name);
    if (submodule === null) return null;
    const isListed = summary.exports !== null && summary.exports !== "dynamic";
    return isListed || this.#imports(ref.file, submodule) ? this.#attribute(submodule, attrs, seen) : null;
  }

  /**
   * A package attribute beats a submodule of its name, unless the package had not bound it yet when it ran, by a cycle of
   * imports, the module that imports it: then both may be what that module holds. Null where the order is clear.
   */
  #submoduleSeenEarly(file: string, order: number, ref: ModuleRef, name: string): ModuleRef | null {
    if (ref.file === null) return null;
    this.#consulted.name(ref.file, name);
    const own = this.#source.summary(ref.file)?.names.get(name);
    const submodule = own ? this.#submodule(ref, name) : null;
    if (own === undefined || submodule === null) return null;
    this.#consulted.order(file);
    const isEarly = ref.file === file ? order < own.order : this.#runsBefore(ref.file, own.order, file);
    return isEarly ? submodule : null;
  }

  /** Whether the imports of a file up to one of its statements run another file. */
  #runsBefore(file: string, order: number, wanted: string): boolean {
    const seen = new Set([file]);
    const queue: string[] = [];
    const add = (ref: ModuleRef | null) => {
      if (ref === null || ref.file === null || seen.has(ref.file)) return;
      seen.add(ref.file);
      queue.push(ref.file);
    };
    const follow = (from: string, limit: number) => {
      this.#consulted.order(from);
      for (const { level, module, name, order: at } of this.#source.summary(from)?.imports ?? []) {
        if (at > limit) continue;
        const parts = module === "" ? [] : module.split(".");
        for (let end = level > 0 ? 0 : 1; end <= parts.length; end++)
          add(this.#module(from, level, parts.slice(0, end).join(".")));
        const base = name === null ? null : this.#module(from, level, module);
        if (base !== null && name !== null) add(this.#submodule(base, name));
      }
    };
    follow(file, order);
    for (const next of queue) follow(next, Number.POSITIVE_INFINITY);
    return seen.has(wanted);
  }

  /** Whether one of a file's import statements runs a module. */
  #imports(file: string, wanted: ModuleRef): boolean {
    this.#consulted.order(file);
    for (const { level, module, name } of this.#source.summary(file)?.imports ?? []) {
      const ref = this.#module(file, level, module);
      if (ref === null) continue;
      if (ref.id === wanted.id || (name !== null && this.#submodule(ref, name)?.id === wanted.id)) return true;
    }
    return false;
  }

  #own(file: string, own: NameSummary, attrs: readonly string[], seen: Set<string>): readonly Target[] {
    if (own.kind === "import") return this.#followed(file, own, attrs, seen);
    const targets: Target[] = [{ kind: "name", file, name: own.name, attrs }];
    if (own.imports.length > 0) targets.push(...this.#imported(file, own, attrs, seen));
    return targets;
  }

  /** A name that only imports bind. Names handed from module to module are followed in a loop: the way may be long. */
  #followed(file: string, own: NameSummary, attrs: readonly string[], seen: Set<string>): readonly Target[] {
    let [here, binding] = [file, own];
    let passed = seen;
    while (binding.kind === "import" && binding.imports.length === 1) {
      const [{ level, module, name }] = binding.imports;
      const ref = name === null ? null : this.#module(here, level, module);
      if (ref === null || ref.file === null || name === null) break;
      if (this.#submoduleSeenEarly(here, binding.order, ref, name) !== null) break;
      const summary = this.#source.summary(ref.file);
      const next = summary?.names.get(name);
      const key = `${ref.file}\0${name}`;
      if (!summary || !next || summary.stars.length > 0 || passed.has(key)) break;
      if (passed === seen) passed = new Set(seen);
      passed.add(key);
      [here, binding] = [ref.file, next];
    }
    if (binding.kind === "import") return this.#imported(here, binding, attrs, passed);
    return this.#own(here, binding, attrs, passed);
  }

  #imported(file: string, own: NameSummary, attrs: readonly string[], seen: Set<string>): Target[] {
    const out: Target[] = [];
    for (const { level, module, name } of own.imports) {
      const fulls = name === null ? own.imports.filter((other) => other.module === module).map(({ full }) => full) : [];
      const imported = isLoaded(module, attrs, fulls) ? undefined : fulls.join(" ");
      for (const found of this.#import(file, level, module, name, attrs, new Set(seen), own.order)) {
        const target = found.kind === "external" && imported !== undefined ? { ...found, imported } : found;
        if (!out.some((other) => sameTarget(other, target))) out.push(target);
      }
    }
    return out;
  }

  #import(
    file: string,
    level: number,
    module: string,
    name: string | null,
    attrs: readonly string[],
    seen: Set<string>,
    order = Number.POSITIVE_INFINITY,
  ): readonly Target[] {
    const ref = this.#module(file, level, module);
    const path = name === null ? attrs : [name, ...attrs];
    if (ref !== null) {
      const found = this.#attribute(ref, path, seen, module);
      const early = name === null ? null : this.#submoduleSeenEarly(file, order, ref, name);
      if (early === null) return found;
      const also = this.#attribute(early, attrs, new Set(seen), module);
      return [...found, ...also.filter((target) => !found.some((other) => sameTarget(other, target)))];
    }
    return this.#throughAttribute(file, level, module, path, seen) ?? [this.#absent(file, level, module, path)];
  }

  /** `from os.path import join` where `os` binds `path` to a module that lies elsewhere; null when nothing does. */
  #throughAttribute(
    file: string,
    level: number,
    module: string,
    path: readonly string[],
    seen: Set<string>,
  ): readonly Target[] | null {
    const parts = module.split(".");
    for (let end = parts.length - 1; end > 0; end--) {
      const ref = this.#module(file, level, parts.slice(0, end).join("."));
      if (ref === null) continue;
      const found = this.#attribute(ref, [...parts.slice(end), ...path], new Set(seen), module);
      return found.some((target) => target.kind !== "missing" && target.kind !== "broken") ? found : null;
    }
    return null;
  }

  #absent(file: string, level: number, module: string, path: readonly string[]): Target {
    const dotted = [module, ...path].filter((part) => part !== "").join(".");
    this.#consulted.probe(module);
    if (level > 0) return { kind: "missing", dotted: ".".repeat(level) + dotted };
    if (this.finder.looksFirstParty(module, file)) return { kind: "missing", dotted };
    return { kind: "external", module, dotted };
  }

  /** `path` read from a module: a definition, a submodule, or the module itself when the path is used up. */
  #attribute(ref: ModuleRef, path: readonly string[], seen: Set<string>, written = ""): readonly Target[] {
    if (path.length === 0) return [{ kind: "module", module: ref, attrs: [] }];
    const [name, ...rest] = path;
    if (ref.file !== null) {
      const found = this.#binding(ref.file, name, rest, seen);
      if (found !== null) return found;
    }
    const submodule = this.#submodule(ref, name);
    if (submodule !== null) return this.#attribute(submodule, rest, seen, `${written}.${name}`);
    if (PLACES.has(name)) return [{ kind: "place", file: ref.file, name, attrs: rest }];
    if (name === "__doc__" && ref.file !== null) return [{ kind: "docs", file: ref.file, attrs: rest }];
    if (name === "__dict__") return [{ kind: "module", module: ref, attrs: path }];
    if (ref.file !== null) this.#consulted.name(ref.file, "__getattr__");
    if (ref.file !== null && this.#source.summary(ref.file)?.names.has("__getattr__")) {
      return [{ kind: "name", file: ref.file, name: "__getattr__", attrs: path }];
    }
    const summary = ref.file === null ? null : this.#source.summary(ref.file);
    if (ref.file !== null && summary !== null) {
      const star = this.#externalStar(ref.file);
      if (star !== null) return [{ kind: "external", module: star, dotted: [star, ...path].join(".") }];
      // Bound in a way that the text does not show: the whole module is tracked in its place.
      if (summary.dynamicNames) return [{ kind: "module", module: ref, attrs: path }];
    }
    const dotted = `${written || (ref.file ?? ref.id)}.${path.join(".")}`;
    if (ref.file !== null && this.#source.summary(ref.file) === null)
      return [{ kind: "broken", file: ref.file, dotted }];
    return [{ kind: "missing", dotted }];
  }
}

/** Star imports and choices inside one another: as many as the stack holds with room to spare. */
const DEEPEST = 500;

const NO_TARGETS: readonly Target[] = [];

/** The module-level name that a chain begins with; empty for one that begins elsewhere. */
function headOf(chain: Chain): string {
  return chain.kind === "global" || chain.kind === "around" ? chain.name : "";
}

function textOf(chain: Chain): string {
  return `${chain.kind} ${chainText(chain)}`;
}

function note(moved: Map<string, Set<number>>, file: string, index: number): void {
  const found = moved.get(file);
  if (found) found.add(index);
  else moved.set(file, new Set([index]));
}

/** Whether two targets are the same thing. */
export function sameTarget(a: Target, b: Target): boolean {
  if (a.kind !== b.kind) return false;
  if ("attrs" in a && !same(a.attrs, (b as typeof a).attrs, (x, y) => x === y)) return false;
  switch (a.kind) {
    case "name":
    case "place":
      return a.file === (b as typeof a).file && a.name === (b as typeof a).name;
    case "nested":
      return a.file === (b as typeof a).file && a.qualname === (b as typeof a).qualname;
    case "module": {
      const other = (b as typeof a).module;
      return a.module.id === other.id && same(a.module.folders, other.folders, (x, y) => x === y);
    }
    case "external": {
      const other = b as typeof a;
      return a.module === other.module && a.dotted === other.dotted && a.imported === other.imported;
    }
    case "builtin":
      return a.name === (b as typeof a).name;
    case "missing":
      return a.dotted === (b as typeof a).dotted;
    case "broken":
      return a.file === (b as typeof a).file && a.dotted === (b as typeof a).dotted;
    case "docs":
      return a.file === (b as typeof a).file;
  }
}
