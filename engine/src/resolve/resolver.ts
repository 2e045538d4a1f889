/**
 * What chains mean, kept from change to change: each answer with what was consulted for it (consulted.ts), so that a change
 * takes back only those that it can concern. How an answer is found is in references.ts.
 */
import { type Chain, chainText } from "../normalisation/chains.ts";
import { chainAt, chainCountOf } from "../summary/packed.ts";
import type { ModuleSummary } from "../summary/types.ts";
import { type SummaryChange, same, sameChain } from "./changes.ts";
import { type Consultation, Consulted, NO_FACTS } from "./consulted.ts";
import type { ModuleFinder, ModuleRef } from "./modules.ts";
import { References } from "./references.ts";
import { type SummarySource, sameTarget, type Target } from "./targets.ts";

/** A chain's meaning, kept until something that was consulted for it changes. */
interface Answer extends Consultation {
  readonly file: string;
  /** Number of the chain, which changes when the file's chains are numbered anew; or a name of the file, asked for as such. */
  at: number | string;
  targets: readonly Target[];
}

/**
 * What is kept of an answer: where nothing was noted for it, the targets say all of it; where it is nothing but the name of
 * its own file that the chain begins with, `OWN` does.
 */
type Kept = Answer | readonly Target[];
const OWN: readonly Target[] = [];

interface FileAnswers {
  /** The summary whose chains `byChain` follows. */
  summary: ModuleSummary | null;
  byChain: (Kept | undefined)[];
  byName: Map<string, Kept> | null;
}

/** What a change took back, by file: the numbers of chains that mean something else now, -1 for names asked for as such. */
export type Moved = ReadonlyMap<string, ReadonlySet<number>>;

export class Resolver {
  readonly #source: SummarySource;
  readonly #references: References;
  readonly #answers = new Map<string, FileAnswers>();
  readonly #consulted = new Consulted();
  readonly #lists = new Map<string, readonly Target[]>();
  /** Chains resolved, cache hits apart. */
  resolved = 0;

  constructor(source: SummarySource, finder: ModuleFinder) {
    this.#source = source;
    this.#references = new References(source, finder, this.#consulted);
  }

  get finder(): ModuleFinder {
    return this.#references.finder;
  }

  /** Modules came or went; `update` is told by which names. */
  set finder(finder: ModuleFinder) {
    this.#references.finder = finder;
  }

  /** What a chain means, worked out anew: for a question that nobody asks twice. */
  chain(file: string, chain: Chain): readonly Target[] {
    return this.#references.chain(file, chain);
  }

  /** The module that a chain imports, for chains of kind `import` without a name; null when it is not first party. */
  module(file: string, chain: Chain): ModuleRef | null {
    return this.#references.module(file, chain);
  }

  /** The targets of a file's chain, several where several arms bind it; never empty. */
  resolve(file: string, index: number): readonly Target[] {
    const answers = this.#answersOf(file);
    let answer = answers.byChain[index];
    if (answer === undefined) {
      const chain = answers.summary === null ? undefined : chainAt(answers.summary, index);
      if (chain === undefined) return NO_TARGETS;
      answer = kept(this.#answer(file, index, headOf(chain), chain), file, chain);
      answers.byChain[index] = answer;
    }
    return answer === OWN ? ownTargets(file, chainAt(answers.summary as ModuleSummary, index)) : targetsOf(answer);
  }

  /** The targets of a name of a file, as if the file read it at module level. */
  named(file: string, name: string): readonly Target[] {
    const answers = this.#answersOf(file);
    let answer = answers.byName?.get(name);
    if (answer === undefined) {
      answer = this.#answer(file, name, name, { kind: "global", name, attrs: [] });
      answers.byName ??= new Map();
      answers.byName.set(name, answer);
    }
    return targetsOf(answer);
  }

  #answersOf(file: string): FileAnswers {
    let answers = this.#answers.get(file);
    if (answers === undefined) {
      const summary = this.#source.summary(file);
      // Room at once: a list that grows holds more than it needs, and one with wide gaps is another kind of thing.
      answers = { summary, byChain: new Array(summary === null ? 0 : chainCountOf(summary)), byName: null };
      this.#answers.set(file, answers);
    }
    return answers;
  }

  #answer(file: string, at: number | string, head: string, chain: Chain): Kept {
    this.#consulted.open({ file, head });
    const targets = this.#shared(this.#references.chain(file, chain));
    this.resolved++;
    if (!this.#consulted.close()) return targets;
    const answer: Answer = { file, at, targets, facts: NO_FACTS };
    this.#consulted.take(answer, head);
    return answer;
  }

  /** One and the same list for what many chains mean; a list with no room for more, since one that grew holds some. */
  #shared(targets: readonly Target[]): readonly Target[] {
    if (targets.length !== 1) return targets.slice();
    const [target] = targets;
    const key = keyOf(target);
    const known = this.#lists.get(key);
    if (known !== undefined && sameTarget(known[0], target)) return known;
    if (this.#lists.size >= MOST_LISTS) this.#lists.clear();
    const list = [target];
    this.#lists.set(key, list);
    return list;
  }

  /** Lets go of what only helps to keep the same once. */
  rest(): void {
    this.#lists.clear();
    this.#consulted.rest();
    this.finder.rest();
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
    this.#consulted.expand(stale);
    for (const old of stale) {
      if (old.facts === null) continue;
      const { file, at } = old;
      const answers = this.#answersOf(file);
      const chain: Chain =
        typeof at === "string"
          ? { kind: "global", name: at, attrs: [] }
          : (chainAt(answers.summary as ModuleSummary, at) as Chain);
      this.#consulted.drop(old);
      const answer = this.#answer(file, at, headOf(chain), chain);
      if (typeof at === "string") answers.byName?.set(at, answer);
      else answers.byChain[at] = kept(answer, file, chain);
      if (forced.has(old) || !same(old.targets, targetsOf(answer), sameTarget))
        note(moved, file, typeof at === "string" ? -1 : at);
    }
    return moved;
  }

  /** Follows the numbers of a file's chains from one table to the next; answers for chains that are gone go. */
  #renumber(file: string, { after }: SummaryChange): void {
    const answers = this.#answers.get(file);
    if (answers === undefined || answers.summary === after) return;
    const before = answers.summary?.chains ?? [];
    const chains = after?.chains ?? [];
    const { byChain } = answers;
    answers.summary = after;
    // A table that grew: what it had before stands where it stood.
    if (before === chains) return;
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
      if (index !== undefined) answers.byChain[index] = answer;
      if (isPlain(answer)) continue;
      if (index === undefined) this.#consulted.drop(answer);
      else answer.at = index;
    }
  }

  #collect(file: string, change: SummaryChange, stale: Set<Answer>, forced: Set<Answer>): void {
    const { header, names, order, imports } = change;
    const own = this.#answers.get(file);
    if (own !== undefined && (header || names.size > 0)) {
      const look = (kept: Kept, at: number | string, chain: Chain) => {
        const isNamed = names.has(headOf(chain));
        if (!header && !isNamed) return;
        const targets = kept === OWN ? ownTargets(file, chain) : targetsOf(kept);
        const answer = isPlain(kept) ? { file, at, targets, facts: NO_FACTS } : kept;
        stale.add(answer);
        if (isNamed) forced.add(answer);
      };
      const { summary } = own;
      own.byChain.forEach((kept, i) => {
        if (kept !== undefined && summary !== null) look(kept, i, chainAt(summary, i) as Chain);
      });
      for (const [name, kept] of own.byName ?? []) look(kept, name, { kind: "global", name, attrs: [] });
    }
    if (header) this.#consulted.allOf(file, stale);
    if (order) this.#consulted.ordersOf(file, stale);
    if (imports) this.#consulted.importsOf(file, stale);
    for (const name of names) {
      this.#consulted.usersOf(file, name, stale);
      this.#consulted.usersOf(file, name, forced);
    }
  }
}

const NO_TARGETS: readonly Target[] = [];
/** Lists that are looked through for an equal one. */
const MOST_LISTS = 20_000;

/** A text that targets have in common which are the same. */
function keyOf(target: Target): string {
  switch (target.kind) {
    case "builtin":
    case "name":
    case "place":
      return target.name;
    case "nested":
      return target.qualname;
    case "module":
      return target.module.id;
    case "docs":
      return target.file;
    default:
      return target.dotted;
  }
}

/** What to keep of an answer for a chain of a file. */
function kept(answer: Kept, file: string, chain: Chain): Kept {
  if (!isPlain(answer) || answer.length !== 1 || chain.kind !== "global") return answer;
  const [target] = answer;
  const isOwn = target.kind === "name" && target.file === file && target.name === chain.name;
  return isOwn && target.attrs === chain.attrs ? OWN : answer;
}

function ownTargets(file: string, chain: Chain | undefined): readonly Target[] {
  return chain?.kind === "global" ? [{ kind: "name", file, name: chain.name, attrs: chain.attrs }] : NO_TARGETS;
}

function isPlain(kept: Kept): kept is readonly Target[] {
  return Array.isArray(kept);
}

function targetsOf(kept: Kept): readonly Target[] {
  return isPlain(kept) ? kept : kept.targets;
}

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
