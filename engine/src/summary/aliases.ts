/**
 * Through which module-level names an object may be reached: what is done to an alias is done to it (manifest §4). Made from
 * what each statement lets flow where; over-approximates.
 */
import { MODULE, touchesOf } from "./touches.ts";
import type { Unit } from "./unit.ts";

const NONE: readonly never[] = [];

export class Aliases {
  readonly #units: () => readonly Unit[];
  readonly #touching: (name: string) => readonly Unit[];
  #flowsByName: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  #namespace: ReadonlySet<string> | null = null;

  /** `units`: the present statements of a module, in order; `touching`: those of them that have to do with a name. */
  constructor(units: () => readonly Unit[], touching: (name: string) => readonly Unit[]) {
    this.#units = units;
    this.#touching = touching;
  }

  /** Names through which a name's object may be reached at module level: what is done to them is done to it. */
  of(name: string, mutable: boolean): readonly string[] {
    const namespace = this.namespace();
    const own = mutable ? this.#flows().get(name) : undefined;
    if (own === undefined && namespace.size === 0) return NONE;
    const out = new Set(own);
    for (const alias of namespace) out.add(alias);
    if (mutable) this.#close(out, name);
    return [...out];
  }

  /** The names under which module-level code changes the module's namespace as an object: then it may change any name. */
  namespace(): ReadonlySet<string> {
    if (this.#namespace === null) {
      const out = new Set<string>();
      if (this.#reachesNamespace()) {
        out.add(MODULE.name);
        for (const alias of this.#flows().get(MODULE.name) ?? NONE) out.add(alias);
        this.#close(out, "");
      }
      this.#namespace = out;
    }
    return this.#namespace;
  }

  /** Most files don't speak of it, or only in functions, and then nothing is looked through. */
  #reachesNamespace(): boolean {
    const units = this.#units();
    if (!units.some((unit) => unit.speaksOfNamespace)) return false;
    return units.some((unit) => unit.inForce && unit.touching.includes(MODULE.name)) || this.#flows().has(MODULE.name);
  }

  #close(names: Set<string>, except: string): void {
    const flows = this.#flows();
    for (const alias of names)
      for (const further of flows.get(alias) ?? NONE) if (further !== except) names.add(further);
  }

  /** By name: the names that its object flows into, as far as something is done to it under one of them. */
  #flows(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#flowsByName === null) {
      const { names, through } = this.#reached();
      const flows = new Map<string, Set<string>>();
      for (const unit of this.#units()) {
        if (!through.has(unit)) continue;
        const pairs = unit.flows;
        for (let i = 0; i < pairs.length; i += 2) {
          if (!names.has(pairs[i])) continue;
          const known = flows.get(pairs[i + 1]);
          if (known) known.add(pairs[i]);
          else flows.set(pairs[i + 1], new Set([pairs[i]]));
        }
      }
      this.#flowsByName = flows;
    }
    return this.#flowsByName;
  }

  /**
   * From the names that something is done to, back to those whose objects may be behind them, and the statements on the
   * way: functions that nothing at module level calls are not looked into.
   */
  #reached(): { names: ReadonlySet<string>; through: ReadonlySet<Unit> } {
    const names = new Set<string>();
    for (const unit of this.#units()) {
      if (!unit.inForce) continue;
      const { mutates, sets, called } = touchesOf(unit.statement);
      for (const name of mutates) names.add(name);
      for (const name of sets) names.add(name);
      for (const name of called) names.add(name);
    }
    const through = new Set<Unit>();
    const sources = new Map<string, string[]>();
    // Names are added while this goes on.
    for (const name of names) {
      for (const unit of this.#touching(name)) {
        if (through.has(unit)) continue;
        through.add(unit);
        const pairs = unit.flows;
        for (let i = 0; i < pairs.length; i += 2) {
          if (names.has(pairs[i])) names.add(pairs[i + 1]);
          const known = sources.get(pairs[i]);
          if (known) known.push(pairs[i + 1]);
          else sources.set(pairs[i], [pairs[i + 1]]);
        }
      }
      for (const source of sources.get(name) ?? NONE) names.add(source);
    }
    return { names, through };
  }
}

/** Whether statements in the place of others let the same flow, and do something to the same. */
export function sameFlows(removed: readonly Unit[], added: readonly Unit[]): boolean {
  const text = (units: readonly Unit[]) =>
    units
      .filter((unit) => unit.inForce)
      .map((unit) => {
        const { mutates, sets, called } = touchesOf(unit.statement);
        return [unit.flows, [...mutates], [...sets], [...called]].map((names) => names.join(" ")).join("\t");
      })
      .join("\n");
  return text(removed) === text(added);
}
