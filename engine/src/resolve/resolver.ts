/**
 * What chains mean, kept from change to change: each answer with what was consulted for it (consulted.ts), so that a change
 * takes back only those that it can concern. How an answer is found is in references.ts.
 */
import { type Chain, chainText } from "../normalisation/chains.ts";
import { chainAt } from "../summary/packed.ts";
import type { ModuleSummary } from "../summary/types.ts";
import { type SummaryChange, same, sameChain } from "./changes.ts";
import { type Consultation, Consulted } from "./consulted.ts";
import type { ModuleFinder, ModuleRef } from "./modules.ts";
import { References } from "./references.ts";
import { type SummarySource, sameTarget, type Target } from "./targets.ts";

/** A chain's meaning, kept until something that was consulted for it changes. */
interface Answer extends Consultation {
  readonly file: string;
  /** Of the chain; changes when the file's chains are numbered anew. -1: a name of the file, asked for as such. */
  index: number;
  targets: readonly Target[];
}

interface FileAnswers {
  /** The summary whose chains `byChain` follows. */
  summary: ModuleSummary | null;
  byChain: (Answer | undefined)[];
  byName: Map<string, Answer>;
}

/** What a change took back, by file: the numbers of chains that mean something else now, -1 for names asked for as such. */
export type Moved = ReadonlyMap<string, ReadonlySet<number>>;

export class Resolver {
  readonly #source: SummarySource;
  readonly #references: References;
  readonly #answers = new Map<string, FileAnswers>();
  readonly #consulted = new Consulted();
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
      answers = { summary: this.#source.summary(file), byChain: [], byName: new Map() };
      this.#answers.set(file, answers);
    }
    return answers;
  }

  #answer(file: string, index: number, head: string, chain: Chain): Answer {
    const answer: Answer = { file, index, head, targets: NO_TARGETS, facts: [], dropped: false };
    this.#consulted.open(answer);
    answer.targets = this.#references.chain(file, chain);
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
      const chain: Chain = byName
        ? { kind: "global", name: old.head, attrs: [] }
        : (chainAt(answers.summary as ModuleSummary, old.index) as Chain);
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
}

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
