/**
 * Everything derived from one state of the files: resolver, graph, digests, effects, indices. Lives from change to change:
 * takes in what is another now and says what that concerns. Holds nothing that the files do not determine.
 */
import { Digests } from "../fingerprint/digests.ts";
import { Effects } from "../fingerprint/effects.ts";
import { DefinitionGraph, type GraphNode } from "../graph/graph.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { compareSummaries, type SummaryChange } from "../resolve/changes.ts";
import { type Moved, Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";
import type { ModuleSummary } from "../summary/types.ts";
import { ValueReader } from "./declarations.ts";
import type { Files } from "./files.ts";
import { MethodIndex, ModuleLevel } from "./indices.ts";
import { Notices } from "./notices.ts";
import type { Config, EngineError } from "./types.ts";

/** What a change concerns, for those who keep answers. */
export interface Impact {
  readonly changes: ReadonlyMap<string, SummaryChange>;
  readonly moved: Moved;
  /** Nodes whose digest may be another one: those that differ themselves, and all that reach them. */
  readonly digests: ReadonlySet<GraphNode>;
  /** Nodes from which other nodes may be reached now. */
  readonly reach: ReadonlySet<GraphNode>;
  /** Nodes about which something else may have to be noticed, their digests the same. */
  readonly notices: ReadonlySet<GraphNode>;
  /** Files with which other files run now. */
  readonly roots: ReadonlySet<string>;
  /** Files that had or have a problem. */
  readonly problems: ReadonlySet<string>;
  /** Files that run code by a name that is known only then, and did not, or the other way round. */
  readonly discoveries: ReadonlySet<string>;
  /** Files in whose stages' declarations a value was read that may be another one. */
  readonly declarations: ReadonlySet<string>;
}

export class Analysis implements SummarySource {
  readonly files: Files;
  readonly resolver: Resolver;
  readonly graph: DefinitionGraph;
  readonly digests: Digests;
  readonly effects: Effects;
  readonly values: ValueReader;
  readonly methods: MethodIndex;
  readonly moduleLevel: ModuleLevel;
  readonly notices: Notices;
  /** Summaries that answers were made from. */
  readonly #summaries = new Map<string, ModuleSummary | null>();
  /** Files that do not parse, or can't be read. What is wrong with them is not known before somebody asks. */
  readonly #broken = new Set<string>();

  constructor(files: Files, config: Config, stageDecorators: ReadonlySet<string>) {
    this.files = files;
    this.resolver = new Resolver(this, files.finder());
    this.graph = new DefinitionGraph(this, this.resolver, (dotted) => marksStage(stageDecorators, dotted));
    this.digests = new Digests(this, this.graph, this.resolver, config.level);
    this.effects = new Effects(this, this.graph, this.resolver);
    this.methods = new MethodIndex(files, this, this.graph);
    this.moduleLevel = new ModuleLevel(this, this.graph, this.resolver, this.effects.imports);
    this.values = new ValueReader(this, this.graph, this.resolver, this.digests);
    this.notices = new Notices(this);
  }

  /** The summary of a file (last good one while it is broken) in the state that all answers are of; null without one. */
  summary(file: string): ModuleSummary | null {
    let summary = this.#summaries.get(file);
    if (summary === undefined) {
      summary = this.files.summary(file);
      this.#keep(file, summary);
    }
    return summary;
  }

  #keep(file: string, summary: ModuleSummary | null): void {
    this.#summaries.set(file, summary);
    if (this.files.isBroken(file)) this.#broken.add(file);
    else this.#broken.delete(file);
  }

  /** Lets go of what is only of use while much is worked out at a time. */
  rest(): void {
    this.resolver.rest();
    this.graph.marks.rest();
    this.digests.rest();
    this.effects.rest();
    this.methods.rest();
    this.notices.rest();
  }

  /**
   * Works out in small steps what answers about these definitions are made of: the files that run with them, what those do to
   * one another, edges and digests from below. Whoever does not go on with it misses nothing.
   */
  *readAhead(roots: readonly GraphNode[]): Iterable<void> {
    const files = new Set<string>();
    for (const { file } of roots) for (const _ of this.effects.imports.following(file, files)) yield;
    const nodes = new Set(roots);
    let steps = 0;
    for (const node of nodes) {
      for (const next of this.graph.successors(node)) nodes.add(next);
      if (++steps % NODES_AT_A_TIME === 0) yield;
    }
    for (const file of files) {
      this.effects.of(file);
      yield;
    }
    for (const node of [...nodes].reverse()) {
      this.digests.reads(node);
      if (++steps % NODES_AT_A_TIME === 0) yield;
    }
  }

  /** What is wrong with a file. */
  problem(file: string): EngineError | null {
    return this.isBroken(file) ? this.files.problem(file) : null;
  }

  /** Whether something is wrong with a file. */
  isBroken(file: string): boolean {
    this.summary(file);
    return this.#broken.has(file);
  }

  /** Whether something is wrong with any file that was looked at. */
  get hasProblems(): boolean {
    return this.#broken.size > 0;
  }

  /**
   * Takes in that files have other content, and that modules came or went, by parts of their names; says what of all that
   * was derived may be another now. Null: nothing. `packages`: folders, `/` behind them, that became packages or are none
   * any more: what files below import by dots, or from beside them, may be another.
   */
  update(files: Iterable<string>, segments: ReadonlySet<string>, packages: readonly string[] = []): Impact | null {
    const changes = new Map<string, SummaryChange>();
    const problems = new Set<string>();
    const unread: string[] = [];
    for (const file of files) {
      const before = this.#summaries.get(file);
      if (before === undefined) {
        unread.push(file);
        continue;
      }
      const wasBroken = this.#broken.has(file);
      const after = this.files.summary(file);
      this.#keep(file, after);
      if (wasBroken || this.#broken.has(file)) problems.add(file);
      if (before !== after) changes.set(file, compareSummaries(before, after));
    }
    if (packages.length > 0) {
      for (const [file, summary] of this.#summaries) {
        if (!packages.some((folder) => file.startsWith(folder))) continue;
        const change = changes.get(file) ?? compareSummaries(summary, summary);
        changes.set(file, { ...change, header: true, order: true });
      }
    }
    const relisted = segments.size > 0;
    if (relisted) this.resolver.finder = this.files.finder();
    if (changes.size === 0 && problems.size === 0 && !relisted && unread.length === 0) return null;
    return this.#takeIn(changes, problems, segments, unread);
  }

  #takeIn(
    changes: ReadonlyMap<string, SummaryChange>,
    problems: ReadonlySet<string>,
    segments: ReadonlySet<string>,
    unread: readonly string[],
  ): Impact {
    const relisted = segments.size > 0;
    const moved = this.resolver.update(changes, segments);
    const changed = this.graph.update(changes, moved, relisted);
    const { touched, rewired, removed } = changed;
    this.digests.forget(removed);
    const digests = touched.size === 0 ? NONE : this.graph.dependents(touched);
    this.digests.update(touched, digests);
    const effects = this.effects.update(changed, changes, moved, relisted);
    const level = this.moduleLevel.update(changes, moved);
    const callers = this.methods.update(changes, unread);
    const said = this.notices.update(changes, [...touched, ...callers], removed);
    const notices = new Set([...said, ...level.written]);
    for (const file of problems) for (const node of this.graph.known(file)) notices.add(node);
    this.methods.forget(removed);
    return {
      changes,
      moved,
      digests,
      reach: rewired.size + effects.nodes.size === 0 ? NONE : this.graph.dependents([...rewired, ...effects.nodes]),
      notices: notices.size === 0 ? NONE : this.graph.dependents(notices),
      roots: effects.roots,
      problems,
      discoveries: level.discoveries,
      declarations: this.values.update(changes, moved),
    };
  }
}

/** Nodes that are looked at in one step. */
const NODES_AT_A_TIME = 16;

const NONE: ReadonlySet<GraphNode> = new Set();
