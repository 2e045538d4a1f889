/**
 * A program whose main answers were worked out before, from the very same content: which stages there are, their
 * fingerprints, sizes and notices, and what was compared of their entries. Everything else is asked of the live program, which
 * is made then. Never says anything that
 * the live program would not say.
 */
import {
  type Change,
  type Config,
  type Counters,
  createProgram,
  type Delta,
  type EngineError,
  type Entry,
  type Host,
  type Notice,
  type Program,
  type Result,
  type Stage,
  type Target,
  type Tracked,
} from "@fastpipe/engine";

/** Keeps one value for a state of the whole project: settings, files and whatever else was read. */
export interface AnswerPort {
  /** What was kept for these settings and first-party files with the content that they have now; else null. */
  read(config: string, files: readonly string[]): unknown;
  /** Keeps a value for what was read in this process. Never fails. */
  write(config: string, files: readonly string[], value: unknown): void;
}

/** What is kept: plain data. */
interface Answers {
  readonly stages: readonly Stage[];
  readonly stageFiles: readonly string[];
  /** For each stage. */
  readonly tracked: readonly Result<Head, EngineError>[];
  /** Each once, whichever stages have it. */
  readonly notices: readonly Notice[];
  /** Of files that can hold stages and have one. */
  readonly problems: readonly (readonly [string, EngineError])[];
}

interface Head {
  readonly level: Config["level"];
  readonly fingerprint: string;
  readonly size: number;
  /** Places among all notices. */
  readonly untracked: readonly number[];
  /** Where the stage was compared entry by entry: what of them was looked at. */
  readonly compared: Compared | null;
}

interface Compared {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  readonly entries: ReadonlyMap<number, Entry>;
}

/** More entries than this are compared anew sooner than read again. */
const MOST_COMPARED = 300_000;

export class SettledProgram implements Program {
  readonly #host: Host;
  readonly #settings: Config;
  readonly #port: AnswerPort;
  #live: Program | null = null;
  #answers: Answers | null | undefined;
  /** By file and qualified name. */
  #byTarget: ReadonlyMap<string, Result<Head, EngineError>> | null = null;
  #byId: ReadonlyMap<string, readonly Stage[]> | null = null;
  #changed = false;
  /** Targets whose state was asked for. */
  readonly #asked = new Set<string>();
  /** Targets that were compared entry by entry, with the places of those that differed. */
  readonly #compared = new Map<string, Set<number>>();

  constructor(host: Host, config: Config, port: AnswerPort) {
    this.#host = host;
    this.#settings = config;
    this.#port = port;
  }

  /** Keeps the answers for the next process, where all of them were asked for and nothing changed since. */
  settle(): void {
    const live = this.#live;
    if (live === null || this.#changed || this.#answers) return;
    const stages = live.stages();
    // What was not asked for is not worth working out.
    if (this.#asked.size < stages.length) return;
    let compared = 0;
    const notices = new NoticeTable();
    const answers: Answers = {
      stages: stages.map(plainStage),
      stageFiles: live.stageFiles(),
      tracked: stages.map((stage) => {
        const found = live.tracked(stage);
        if (!found.ok) return found;
        const { level, fingerprint, size } = found.value;
        const untracked = found.value.untracked.map((notice) => notices.place(notice));
        const seen = this.#compared.get(targetKey(stage));
        if (seen !== undefined) compared += size;
        const kept = seen === undefined || compared > MOST_COMPARED ? null : comparedOf(found.value, seen);
        return { ok: true, value: { level, fingerprint, size, untracked, compared: kept } };
      }),
      notices: notices.all,
      problems: live.stageFiles().flatMap((file) => {
        const problem = live.problem(file);
        return problem === null ? [] : [[file, problem] as const];
      }),
    };
    this.#port.write(this.#key(), this.#host.listFiles(), answers);
  }

  get config(): Config {
    return this.#live?.config ?? this.#settings;
  }

  get revision(): number {
    return this.#live?.revision ?? 0;
  }

  applyChange(change: Change): Delta {
    const live = this.#program();
    this.#changed = true;
    return live.applyChange(change);
  }

  stages(): readonly Stage[] {
    return this.#kept()?.stages ?? this.#program().stages();
  }

  stageFiles(): readonly string[] {
    return this.#kept()?.stageFiles ?? this.#program().stageFiles();
  }

  stagesNamed(id: string): readonly Stage[] {
    const kept = this.#kept();
    if (kept === null) return this.#program().stagesNamed(id);
    if (this.#byId === null) {
      const byId = new Map<string, Stage[]>();
      for (const stage of kept.stages) {
        const same = byId.get(stage.id);
        if (same) same.push(stage);
        else byId.set(stage.id, [stage]);
      }
      this.#byId = byId;
    }
    return this.#byId.get(id) ?? [];
  }

  tracked(target: Target): Result<Tracked, EngineError> {
    this.#asked.add(targetKey(target));
    const kept = this.#kept();
    if (kept === null) return this.#noting(target, this.#program().tracked(target));
    this.#byTarget ??= new Map(kept.stages.map((stage, i) => [targetKey(stage), kept.tracked[i]]));
    const head = this.#byTarget.get(targetKey(target));
    if (head === undefined) return this.#program().tracked(target);
    if (!head.ok) return head;
    return { ok: true, value: new SettledTracked(head.value, kept.notices, () => this.#program().tracked(target)) };
  }

  /** The same, noting which entries are looked at. */
  #noting(target: Target, found: Result<Tracked, EngineError>): Result<Tracked, EngineError> {
    if (!found.ok || this.#changed) return found;
    return { ok: true, value: new NotingTracked(found.value, targetKey(target), this.#compared) };
  }

  problem(file: string): EngineError | null {
    const kept = this.#kept();
    if (kept === null || !kept.stageFiles.includes(file)) return this.#program().problem(file);
    return kept.problems.find(([name]) => name === file)?.[1] ?? null;
  }

  manifest(target: Target): ReturnType<Program["manifest"]> {
    return this.#program().manifest(target);
  }

  stagesReaching(key: string): readonly Stage[] {
    return this.#program().stagesReaching(key);
  }

  trackedIn(file: string): ReturnType<Program["trackedIn"]> {
    return this.#program().trackedIn(file);
  }

  functions(): ReturnType<Program["functions"]> {
    return this.#program().functions();
  }

  definitionAt(file: string, offset: number): ReturnType<Program["definitionAt"]> {
    return this.#program().definitionAt(file, offset);
  }

  definition(key: string): ReturnType<Program["definition"]> {
    return this.#program().definition(key);
  }

  dependents(key: string): readonly string[] {
    return this.#program().dependents(key);
  }

  source(entry: Parameters<Program["source"]>[0]): string | null {
    return this.#program().source(entry);
  }

  text(file: string): string | null {
    return this.#program().text(file);
  }

  rest(): void {
    this.#live?.rest();
  }

  counters(): Counters {
    return this.#program().counters();
  }

  #program(): Program {
    this.#live ??= createProgram(this.#host, this.#settings);
    return this.#live;
  }

  #key(): string {
    return JSON.stringify(this.#settings);
  }

  /** The answers of before, until something happens that they know nothing of. */
  #kept(): Answers | null {
    if (this.#changed) return null;
    // Asked for once: what is said is of one moment.
    if (this.#answers === undefined) {
      this.#answers = (this.#port.read(this.#key(), this.#host.listFiles()) as Answers | null | undefined) ?? null;
    }
    return this.#answers;
  }
}

/** Notices of many stages, alike ones once. */
class NoticeTable {
  readonly all: Notice[] = [];
  readonly #places = new Map<string, number>();

  place(notice: Notice): number {
    const { kind, text, file, line, reason, fix } = notice;
    const key = `${line} ${kind}\0${file}\0${text}\0${reason}\0${fix}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.all.length;
      this.all.push({ ...notice });
      this.#places.set(key, place);
    }
    return place;
  }
}

/** A live answer that notes what of it is looked at. */
class NotingTracked implements Tracked {
  readonly #live: Tracked;
  readonly #target: string;
  readonly #compared: Map<string, Set<number>>;

  constructor(live: Tracked, target: string, compared: Map<string, Set<number>>) {
    this.#live = live;
    this.#target = target;
    this.#compared = compared;
  }

  get level(): Config["level"] {
    return this.#live.level;
  }

  get fingerprint(): string {
    return this.#live.fingerprint;
  }

  get size(): number {
    return this.#live.size;
  }

  get untracked(): readonly Notice[] {
    return this.#live.untracked;
  }

  get manifest(): Tracked["manifest"] {
    return this.#live.manifest;
  }

  isSame(other: Tracked): boolean {
    return this.#live.isSame(other instanceof NotingTracked ? other.#live : other);
  }

  key(place: number): string {
    if (place === 0) this.#places();
    return this.#live.key(place);
  }

  text(place: number): string {
    return this.#live.text(place);
  }

  entry(place: number): Entry {
    this.#places().add(place);
    return this.#live.entry(place);
  }

  #places(): Set<number> {
    let places = this.#compared.get(this.#target);
    if (places === undefined) {
      places = new Set();
      this.#compared.set(this.#target, places);
    }
    return places;
  }
}

/** The head of a manifest, and what was looked at of its entries; the rest comes from the live program. */
class SettledTracked implements Tracked {
  readonly level: Config["level"];
  readonly fingerprint: string;
  readonly size: number;
  readonly untracked: readonly Notice[];
  readonly #compared: Compared | null;
  readonly #live: () => Result<Tracked, EngineError>;

  constructor(head: Head, notices: readonly Notice[], live: () => Result<Tracked, EngineError>) {
    this.level = head.level;
    this.fingerprint = head.fingerprint;
    this.size = head.size;
    this.untracked = head.untracked.map((place) => notices[place]);
    this.#compared = head.compared;
    this.#live = live;
  }

  get manifest(): Tracked["manifest"] {
    return this.#whole().manifest;
  }

  isSame(other: Tracked): boolean {
    return other === this;
  }

  key(place: number): string {
    return this.#compared?.keys[place] ?? this.#whole().key(place);
  }

  text(place: number): string {
    return this.#compared?.texts[place] ?? this.#whole().text(place);
  }

  entry(place: number): Entry {
    return this.#compared?.entries.get(place) ?? this.#whole().entry(place);
  }

  #whole(): Tracked {
    const found = this.#live();
    if (found.ok) return found.value;
    // The content changed between the two: the next run sees it.
    throw new Error(`${found.error.message} (it changed while it was looked at; run the command again)`);
  }
}

function comparedOf(tracked: Tracked, places: ReadonlySet<number>): Compared {
  const keys: string[] = [];
  const texts: string[] = [];
  for (let place = 0; place < tracked.size; place++) {
    keys.push(tracked.key(place));
    texts.push(tracked.text(place));
  }
  return { keys, texts, entries: new Map([...places].map((place) => [place, plainEntry(tracked.entry(place))])) };
}

function plainEntry({ key, kind, hash, file, line, value, via, ranges }: Entry): Entry {
  const entry = {
    key,
    kind,
    hash,
    file,
    line,
    via: [...via],
    ranges: ranges.map(({ start, end }) => ({ start, end })),
  };
  return value === undefined ? entry : { ...entry, value };
}

function plainStage({ id, file, qualname, line, nameRange, start, end, broken, deps, outs }: Stage): Stage {
  const stage = { id, file, qualname, line, nameRange: { ...nameRange }, start, end, deps: [...deps], outs: [...outs] };
  return broken === undefined ? stage : { ...stage, broken };
}

function targetKey({ file, qualname }: Target): string {
  return `${file}\0${qualname}`;
}
