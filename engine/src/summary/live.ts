/**
 * The summary of a file that is being edited: of all statements at module level only those are parsed, bound and hashed
 * again that an edit touches, or that were made from something that it changes. The summary is always the one that the
 * text would get as a whole. Holds trees, and is therefore kept for open files only. Above 400 lines because an edit is
 * one story, from the text to what is forgotten.
 *
 * While the text is broken, the summary is that of the text with its broken stretch as it last was; the rest stays live.
 */
import { bind } from "../binding/index.ts";
import { innerBodies } from "../normalisation/functionScope.ts";
import type { Result } from "../program/types.ts";
import { type Module, NodeKind, parseModuleWithExtents, parseStretch, type SyntaxProblem } from "../syntax/index.ts";
import { editBetween, lineOf } from "../text/index.ts";
import { starsOf } from "./imports.ts";
import { editMember, keepMembers, type Replacement } from "./memberEdits.ts";
import { reorderedName } from "./placed.ts";
import { type Lines, lazyLineStarts, lineStartsOf, linesAfter } from "./places.ts";
import { Summariser, type SummaryOptions } from "./summarise.ts";
import { touchesOf } from "./touches.ts";
import type { ModuleSummary } from "./types.ts";
import type { Unit } from "./unit.ts";

/** A stretch of the buffer that does not parse, and what stands for it in the source. */
interface Broken {
  readonly start: number;
  /** End in the source. */
  readonly sourceEnd: number;
  /** End in the buffer; both go on alike from here. */
  readonly bufferEnd: number;
  /** What the whole buffer is refused for, where that is known without reading all of it. */
  readonly problem: Refusal | null;
}

/** What an edit of the source comes to. */
type Outcome = { readonly kind: "whole" } | { readonly kind: "broken"; readonly problem: Refusal | null };

/** A problem whose line nobody has asked for; the offset counts in the buffer, lines in the message from `from` on. */
interface Refusal {
  readonly message: string;
  readonly from: number;
  /** Lines that were read before `from`. */
  readonly before?: number;
  readonly offset: number;
}

const WHOLE: Outcome = { kind: "whole" };
/** How many statements behind an edit are read along with it, one attempt after the other. */
const REACHES = [2, 32];
/** Beyond these shares of a module, it is made anew as a whole. */
const MOST_STATEMENTS = 0.4;
/** Chains of statements that are gone stay named; beyond so many for each living one all are named anew. */
const MOST_CHAINS = 4;

export class LiveModule {
  readonly #options: SummaryOptions;
  #summariser: Summariser;
  #source: string;
  #buffer: string;
  #summary: ModuleSummary;
  #broken: Broken | null = null;
  #problem: SyntaxProblem | null = null;
  /** Lines of the source as they were when somebody asked last. */
  #lines: Lines | null = null;
  /** Chains when the module was last made as a whole. */
  #chainsAtStart = 0;
  /** Statements parsed so far, those of the first reading included. */
  parsedStatements = 0;
  /** UTF-16 code units parsed so far, in texts that did. */
  parsedText = 0;
  /** The same in texts that did not. */
  refusedText = 0;
  /** Summaries of names made so far. */
  hashedNames = 0;

  private constructor(text: string, options: SummaryOptions, built: Built) {
    this.#options = options;
    this.#source = text;
    this.#buffer = text;
    this.#summariser = built.summariser;
    this.#summary = built.summary;
    this.#adopt(built);
  }

  /** Reads a text as a whole; the problem where it does not parse. */
  static open(text: string, options: SummaryOptions): Result<LiveModule, SyntaxProblem> {
    const built = build(text, options);
    return built.ok ? { ok: true, value: new LiveModule(text, options, built.value) } : built;
  }

  /** The text that the summary is of, and that its offsets count in. */
  get source(): string {
    return this.#source;
  }

  get summary(): ModuleSummary {
    return this.#summary;
  }

  get isBroken(): boolean {
    return this.#broken !== null;
  }

  /** What the present text is refused for; null when it is whole. */
  get problem(): SyntaxProblem | null {
    if (this.#broken === null) return null;
    if (this.#problem === null) {
      const refusal = this.#broken.problem;
      this.#problem = refusal === null ? wholeProblem(this.#buffer) : located(this.#buffer, refusal);
    }
    return this.#problem;
  }

  /** Takes the text as it is now. */
  update(text: string): void {
    if (text === this.#buffer) return;
    const edit = editBetween(this.#buffer, text);
    const broken = this.#broken;
    this.#buffer = text;
    this.#problem = null;
    if (broken === null) {
      this.#settle(edit.start, edit.end, edit.start + edit.text.length, this.#edit(edit.start, edit.end, edit.text));
      return;
    }
    const delta = edit.text.length - (edit.end - edit.start);
    const apart = edit.end < broken.start || edit.start > broken.bufferEnd;
    if (apart) {
      const before = edit.end < broken.start;
      const start = before ? edit.start : edit.start - broken.bufferEnd + broken.sourceEnd;
      if (this.#edit(start, start + edit.end - edit.start, edit.text).kind === "whole") {
        const by = before ? delta : 0;
        const moved = { start: broken.start + by, sourceEnd: broken.sourceEnd + by, bufferEnd: broken.bufferEnd + by };
        const inner = text.slice(moved.start, moved.bufferEnd);
        const outcome = this.#edit(moved.start, moved.sourceEnd, inner);
        this.#settle(moved.start, moved.sourceEnd, moved.bufferEnd, outcome);
        return;
      }
    }
    // One stretch for both.
    const start = Math.min(broken.start, edit.start);
    const bufferEnd = Math.max(broken.bufferEnd, edit.end) + delta;
    const sourceEnd = this.#source.length - (text.length - bufferEnd);
    this.#settle(start, sourceEnd, bufferEnd, this.#edit(start, sourceEnd, text.slice(start, bufferEnd)));
  }

  #settle(start: number, sourceEnd: number, bufferEnd: number, outcome: Outcome): void {
    if (outcome.kind === "broken") this.#broken = { start, sourceEnd, bufferEnd, problem: outcome.problem };
    else {
      this.#broken = null;
      // The same text, kept once.
      this.#source = this.#buffer;
    }
  }

  // ----------------------------------------------------------------- edits

  /** Replaces a stretch of the source where the result parses; else nothing changes. */
  #edit(start: number, end: number, text: string): Outcome {
    // What was typed is gone again.
    if (text.length === end - start && this.#source.startsWith(text, start)) return WHOLE;
    return this.#editMethod({ start, end, text }) ?? this.#editStatements(start, end, text);
  }

  /** An edit inside a method's body, where nothing else can be another by it; null for all others. */
  #editMethod(replacement: Replacement): Outcome | null {
    const { index, members, chainCount } = this.#summariser;
    const { units } = index;
    if (members === null || this.#options.nested || chainCount > this.#mostChains) return null;
    const at = firstWhere(units, (unit) => unit.to + unit.base >= replacement.end);
    const unit = units[at];
    if (unit === undefined || unit.statement.kind !== NodeKind.ClassDef) return null;
    if (unit.from + unit.base >= replacement.start) return null;
    const { name } = unit.statement;
    const bindings = index.bindings.get(name);
    if (bindings?.length !== 1 || !bindings[0].direct) return null;
    const before = unit.flows;
    const futureAnnotations = units.some((each) => each.isFutureImport);
    const edit = editMember(unit, this.#source, replacement, members, futureAnnotations);
    if (edit === null) return null;
    if ("refusal" in edit) {
      const { refusal, length } = edit;
      this.refusedText += length;
      return { kind: "broken", problem: refusal && { ...refusal, before: 1 } };
    }
    this.parsedStatements++;
    this.parsedText += edit.length;
    const { changed, flows } = index.replaceMember(unit, edit.before, edit.after, before);
    const by = replacement.text.length - (replacement.end - replacement.start);
    for (let i = at + 1; i < units.length; i++) units[i].base += by;
    const dropped = new Set([...changed, ...unit.usedBy, name]);
    this.#source = this.#source.slice(0, replacement.start) + replacement.text + this.#source.slice(replacement.end);
    this.#forget(dropped, NOTHING, flows);
    return this.#refresh(changed, new Set()) === null ? this.#rebuild(this.#source) : this.#publish();
  }

  /** Takes in that the statements from an offset on have so many more before them. */
  #reorder(from: number, by: number): void {
    if (by === 0) return;
    const { names } = this.#summariser;
    for (const [name, own] of names) {
      const moved = reorderedName(own, from, by);
      if (moved !== own) names.set(name, moved);
    }
  }

  get #mostChains(): number {
    return MOST_CHAINS * this.#chainsAtStart + 1000;
  }

  #editStatements(start: number, end: number, text: string): Outcome {
    const { units } = this.#summariser.index;
    const toOf = (unit: Unit) => unit.to + unit.base;
    let first = firstWhere(units, (unit) => toOf(unit) >= start);
    let next = firstWhere(units, (unit) => unit.from + unit.base > end);
    // What begins a statement may continue the one before.
    if (first > 0 && (first === units.length || this.#isInFirstLine(units[first], start))) first--;
    const sound = first === 0 || !this.#isInFirstLine(units[first], start);
    first = sameExtent(units, first, -1);
    next = sameExtent(units, next, 1);
    for (let attempt = 0; ; attempt++) {
      const from = first === 0 ? 0 : toOf(units[first - 1]);
      const to = next >= units.length ? this.#source.length : units[next].from + units[next].base;
      // Joined, not sliced: a slice would keep the whole text alive.
      const stretch = [this.#source.slice(from, start), text, this.#source.slice(end, to)].join("");
      const parsed = parseStretch(stretch);
      if (parsed.ok) {
        const read = { stretch, ...parsed.value };
        return this.#replace(start, end, text, first, next - first, from, to, read);
      }
      this.refusedText += stretch.length;
      const all = first === 0 && next >= units.length;
      const { message, offset, certain, exact, openQuotes } = parsed.error;
      if (all || ((sound || attempt > 0) && certain)) {
        return { kind: "broken", problem: all || exact ? { message, from, offset: offset + from } : null };
      }
      if (openQuotes !== null) {
        const closing = this.#source.indexOf(openQuotes, to);
        if (closing < 0 && (sound || attempt > 0)) return { kind: "broken", problem: null };
        next = firstWhere(units, (unit) => unit.from + unit.base > closing);
      }
      if (first > 0) first = sameExtent(units, first - 1, -1);
      next = sameExtent(
        units,
        attempt < REACHES.length ? Math.min(next + REACHES[attempt], units.length) : units.length,
        1,
      );
      if (attempt >= REACHES.length) first = 0;
    }
  }

  #isInFirstLine(unit: Unit, offset: number): boolean {
    return !/[\r\n]/.test(this.#source.slice(unit.from + unit.base, offset));
  }

  /** Puts the statements of a stretch that parses in the place of those that stood there. */
  #replace(
    start: number,
    end: number,
    text: string,
    at: number,
    count: number,
    from: number,
    to: number,
    { stretch, module, extents }: Read,
  ): Outcome {
    const { index } = this.#summariser;
    const scopes = this.#bind(module, stretch);
    if (!scopes.ok) {
      const { message, offset } = scopes.error;
      return { kind: "broken", problem: { message, from, offset: offset + from } };
    }
    const source = this.#source.slice(0, start) + text + this.#source.slice(end);
    const removed = index.units.slice(at, at + count);
    const added = this.#summariser.units(stretch, lazyLineStarts(stretch), module, scopes.value, extents);
    this.parsedStatements += added.length;
    this.parsedText += stretch.length;
    if (this.#needsAll(at, removed, added)) return this.#rebuild(source);
    for (const unit of added) unit.base = from;
    const by = stretch.length - (to - from);
    const orders = added.length - count;
    const hadStages = index.importsStagePackage;
    const hadNamespace = index.namespace().size > 0;
    const { changed, flows } = index.replace(at, count, added);
    for (let i = at + added.length; i < index.units.length; i++) index.units[i].base += by;
    if (index.importsStagePackage !== hadStages || index.namespace().size > 0 !== hadNamespace)
      return this.#rebuild(source);
    const dropped = new Set(changed);
    for (const unit of removed) for (const name of unit.usedBy) dropped.add(name);
    for (const unit of added) if (unit.inForce) for (const name of unit.touching) dropped.add(name);
    this.#source = source;
    this.#forget(dropped, mutatedBy(added), flows);
    this.#reorder(to + by, orders);
    const facts = this.#refresh(changed, new Set(added));
    if (facts === null) return this.#rebuild(source);
    const { members } = this.#summariser;
    if (members !== null && count === 1 && added.length === 1) keepMembers(removed[0], added[0], facts, members);
    return this.#publish();
  }

  /** Reads again what was made from facts that are others now; gives all of these. Null: too much of it. */
  #refresh(changed: ReadonlySet<string>, done: Set<Unit>): ReadonlySet<string> | null {
    const { index } = this.#summariser;
    const all = new Set(changed);
    let facts = changed;
    for (let round = 0; facts.size > 0; round++) {
      const stale = index.units.filter((unit) => !done.has(unit) && asks(unit, facts));
      if (stale.length === 0) return all;
      if (round > 3 || stale.length > index.units.length * MOST_STATEMENTS) return null;
      const next = new Set<string>();
      for (const unit of stale) {
        if (done.has(unit)) continue;
        const at = index.units.indexOf(unit);
        const first = sameExtent(index.units, at, -1);
        const behind = sameExtent(index.units, at + 1, 1);
        const made = this.#again(unit);
        if (made === null || made.length !== behind - first) return null;
        const removed = index.units.slice(first, behind);
        const base = unit.from + unit.base;
        for (const each of made) {
          each.base = base;
          done.add(each);
        }
        for (const each of removed) done.add(each);
        const outcome = index.replace(first, made.length, made);
        const dropped = new Set(outcome.changed);
        for (const each of removed) for (const name of each.usedBy) dropped.add(name);
        for (const each of made) if (each.inForce) for (const name of each.touching) dropped.add(name);
        this.#forget(dropped, mutatedBy(made), outcome.flows);
        for (const name of outcome.changed) {
          next.add(name);
          all.add(name);
        }
      }
      facts = next;
    }
    return all;
  }

  /** The statements of one extent, read again from the same text. */
  #again({ file, from, to }: Unit): Unit[] | null {
    const stretch = [file.text.slice(from, to), ""].join("");
    const parsed = parseStretch(stretch);
    if (!parsed.ok) return null;
    const scopes = this.#bind(parsed.value.module, stretch);
    if (!scopes.ok) return null;
    this.parsedStatements += parsed.value.module.body.length;
    this.parsedText += stretch.length;
    return this.#summariser.units(
      stretch,
      lazyLineStarts(stretch),
      parsed.value.module,
      scopes.value,
      parsed.value.extents,
    );
  }

  #bind(module: Module, text: string): ReturnType<typeof bind> {
    const futureAnnotations = this.#summariser.index.units.some((unit) => unit.isFutureImport);
    return bind(module, { text, futureAnnotations });
  }

  /** Takes out summaries of names that are not true any more; `mutated`: names whose objects are changed anew. */
  #forget(dropped: ReadonlySet<string>, mutated: ReadonlySet<string>, flows: boolean): void {
    const { names, aliases, volatile, index } = this.#summariser;
    for (const name of dropped) names.delete(name);
    for (const [name, known] of volatile) {
      if (!names.has(name)) continue;
      const now = this.#summariser.alive(name);
      if (now.length !== known.length || now.some((binding, i) => binding !== known[i])) names.delete(name);
    }
    for (const [name, known] of flows || mutated.size > 0 ? aliases : []) {
      if (!names.has(name)) continue;
      const now = flows ? index.aliasesOf(name, known.shared) : known.names;
      if (now.length !== known.names.length || now.some((alias, i) => alias !== known.names[i] || mutated.has(alias)))
        names.delete(name);
    }
    for (const name of dropped) {
      if (index.bindings.has(name)) continue;
      aliases.delete(name);
      volatile.delete(name);
    }
  }

  /** Whether statements come or go that the whole module depends on. */
  #needsAll(at: number, removed: readonly Unit[], added: readonly Unit[]): boolean {
    const { units } = this.#summariser.index;
    if (removed.length + added.length > 8 && removed.length > units.length * MOST_STATEMENTS) return true;
    if (this.#summariser.chainCount > this.#mostChains) return true;
    const touched = [...removed, ...added];
    if (touched.some((unit) => declaresGlobal(unit) || starsOf(unit).length > 0)) return true;
    // `from __future__` imports stand first, and decide how all others are read.
    return touched.some(isFuture) || units.slice(at + removed.length).some(isFuture);
  }

  #rebuild(source: string): Outcome {
    const built = build(source, this.#options);
    if (!built.ok) return { kind: "broken", problem: { ...built.error, from: 0 } };
    this.parsedText += source.length;
    this.#source = source;
    this.#adopt(built.value);
    return WHOLE;
  }

  #adopt({ summariser, summary }: Built): void {
    this.#summariser = summariser;
    this.#summary = summary;
    this.#chainsAtStart = summariser.chainCount;
    this.parsedStatements += summariser.index.units.length;
    this.hashedNames += summariser.hashedNames;
    summariser.hashedNames = 0;
  }

  #publish(): Outcome {
    const source = this.#source;
    this.#summary = this.#summariser.summary(() => {
      this.#lines =
        this.#lines === null ? { text: source, starts: lineStartsOf(source) } : linesAfter(this.#lines, source);
      return this.#lines.starts;
    });
    this.hashedNames += this.#summariser.hashedNames;
    this.#summariser.hashedNames = 0;
    return WHOLE;
  }
}

const NOTHING: ReadonlySet<string> = new Set();

interface Read {
  readonly stretch: string;
  readonly module: Module;
  readonly extents: readonly number[];
}

interface Built {
  readonly summariser: Summariser;
  readonly summary: ModuleSummary;
}

function build(text: string, options: SummaryOptions): Result<Built, SyntaxProblem> {
  const parsed = parseModuleWithExtents(text);
  if (!parsed.ok) return parsed;
  const { module, extents } = parsed.value;
  const scopes = bind(module, { text });
  if (!scopes.ok) return scopes;
  const summariser = new Summariser(options, true);
  const lineStarts = lazyLineStarts(text);
  const units = summariser.units(text, lineStarts, module, scopes.value, extents);
  const futureAnnotations = units.some((unit) => unit.isFutureImport);
  summariser.index.fill(units.map((unit) => apart(unit, summariser, futureAnnotations) ?? unit));
  return { ok: true, value: { summariser, summary: summariser.summary(lineStarts) } };
}

/** UTF-16 code units from which on a class is read as a text of its own, so that already its first edit is one of a method. */
const LONG_CLASS = 4_000;

/** A long class, read again from its own text; null for all else. */
function apart(unit: Unit, summariser: Summariser, futureAnnotations: boolean): Unit | null {
  if (unit.statement.kind !== NodeKind.ClassDef || unit.to - unit.from < LONG_CLASS) return null;
  const stretch = [unit.file.text.slice(unit.from, unit.to), ""].join("");
  const parsed = parseStretch(stretch);
  if (!parsed.ok || parsed.value.module.body.length !== 1) return null;
  const { module, extents } = parsed.value;
  const scopes = bind(module, { text: stretch, futureAnnotations });
  if (!scopes.ok) return null;
  const [alone] = summariser.units(stretch, lazyLineStarts(stretch), module, scopes.value, extents);
  alone.base = unit.from;
  return alone;
}

function wholeProblem(text: string): SyntaxProblem | null {
  const parsed = parseModuleWithExtents(text);
  if (!parsed.ok) return parsed.error;
  const scopes = bind(parsed.value.module, { text });
  return scopes.ok ? null : scopes.error;
}

/** Names whose objects statements may change. */
function mutatedBy(units: readonly Unit[]): ReadonlySet<string> {
  const out = new Set<string>();
  for (const { statement, inForce } of units) {
    if (!inForce) continue;
    const { mutates, sets, called } = touchesOf(statement);
    for (const names of [mutates, sets, called]) for (const name of names) out.add(name);
  }
  return out;
}

function isFuture({ statement }: Unit): boolean {
  return statement.kind === NodeKind.ImportFrom && statement.module === "__future__";
}

/** `global` outside functions and classes: whether it may stand there depends on what stands before. */
function declaresGlobal({ statement, source }: Unit): boolean {
  if (statement.kind !== NodeKind.Global && innerBodies(statement).length === 0) return false;
  return source.includes("global");
}

function located(text: string, { message, offset, from, before: read = 0 }: Refusal): SyntaxProblem {
  const before = lineOf(text, from) - 1 - read;
  const told = message.replace(/\b(on|at) line (\d+)/g, (_, word, line) => `${word} line ${Number(line) + before}`);
  return { message: told, line: lineOf(text, Math.min(offset, text.length - 1)), offset };
}

function asks(unit: Unit, facts: ReadonlySet<string>): boolean {
  const { asked } = unit;
  if (asked === null || asked.size === 0) return false;
  if (asked.size < facts.size) {
    for (const name of asked) if (facts.has(name)) return true;
  } else for (const name of facts) if (asked.has(name)) return true;
  return false;
}

/** Moves an index between statements to where no line is torn apart: `a = 1; b = 2` are parsed together. */
function sameExtent(units: readonly Unit[], index: number, step: 1 | -1): number {
  let at = index;
  while (at > 0 && at < units.length && units[at].from + units[at].base === units[at - 1].from + units[at - 1].base)
    at += step;
  return at;
}

/** Index of the first item from which on `is` holds; the number of items when it holds for none. */
function firstWhere<T>(items: readonly T[], is: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(items[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
