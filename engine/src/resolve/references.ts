/**
 * From a reference chain in one file to the definitions it means, through imports, re-exports, star imports, packages and
 * submodules (manifest §4). Reads summaries through a port and tells what it consults; keeps nothing.
 */
import type { Chain } from "../normalisation/chains.ts";
import { isLoaded } from "../normalisation/file.ts";
import { type NameSummary, STAR } from "../summary/types.ts";
import { BUILTINS } from "./builtins.ts";
import type { Consulted } from "./consulted.ts";
import type { ModuleFinder, ModuleRef } from "./modules.ts";
import { type SummarySource, sameTarget, type Target } from "./targets.ts";

const PLACES = new Set(["__name__", "__file__", "__package__", "__spec__", "__path__", "__loader__", "__cached__"]);

export class References {
  readonly #source: SummarySource;
  readonly #consulted: Consulted;
  finder: ModuleFinder;
  #depth = 0;

  constructor(source: SummarySource, finder: ModuleFinder, consulted: Consulted) {
    this.#source = source;
    this.finder = finder;
    this.#consulted = consulted;
  }

  /** The targets of a chain, several where several arms bind it; never empty. */
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
    // Of star imports that may not run: whatever else binds the name counts as well, and what decides.
    const arms: Target[] = [];
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
      if (star.isConditional) {
        if (arms.length === 0) arms.push({ kind: "name", file, name: STAR, attrs: [] });
        arms.push(...found);
        continue;
      }
      const others = own && own.kind !== "import" ? this.#own(file, own, attrs, seen) : [];
      return distinct([...others, ...found, ...arms]);
    }
    if (arms.length === 0) return own ? this.#own(file, own, attrs, seen) : lost;
    return distinct(own ? [...this.#own(file, own, attrs, seen), ...arms] : arms);
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

/** Each target once. */
function distinct(targets: readonly Target[]): readonly Target[] {
  if (targets.length < 2) return targets;
  return targets.filter((target, i) => targets.findIndex((other) => sameTarget(other, target)) === i);
}

/** Star imports and choices inside one another: as many as the stack holds with room to spare. */
const DEEPEST = 500;
