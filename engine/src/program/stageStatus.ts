/**
 * The state of every stage: code of now against the lock. Pure; the shape is that of `status --json`. Never reads a clock:
 * whether something is stale depends on text alone.
 */
import { levelOf } from "../lock/baseline.ts";
import { diffTracked, type EntryChange } from "../lock/diff.ts";
import { byCodeUnit } from "../lock/format.ts";
import type { Baseline, BaselineHow, Lock } from "../lock/types.ts";
import type { EngineError, Manifest, Program, Stage, Tracked } from "./types.ts";

/**
 * `fresh`: as it was recorded. `accepted`: fresh, and its baseline was accepted, not run. `stale`: it differs. `new`: no
 * baseline. `broken`: its code (or code that it needs) can't be read. `orphan`: in the lock, no longer in the code.
 */
export type StageState = "fresh" | "stale" | "new" | "accepted" | "broken" | "orphan";

/** How a stage's baseline came about. */
export interface BaselineSummary {
  readonly how: BaselineHow;
  readonly at: string;
  /** Seconds, or null when not known. */
  readonly duration: number | null;
  readonly reason?: string;
  /** For an accepted baseline: when the stage last ran, where that is known. */
  readonly ranAt?: string;
}

export interface StageStatus {
  readonly stage: string;
  readonly file: string;
  /** Of the `def`; 0 where the stage is not in the code. */
  readonly line: number;
  readonly state: StageState;
  /** Entries that differ, nearest first; empty unless stale. */
  readonly changed: readonly EntryChange[];
  readonly baseline: BaselineSummary | null;
  /** Number of untracked notices. */
  readonly untracked: number;
  /** Number of tracked entries; 0 where there is no manifest. */
  readonly tracked: number;
  /** Why the stage is stale where no entry says it. */
  readonly note?: string;
  /** Why the stage is broken. */
  readonly error?: EngineError;
}

export interface StatusReport {
  readonly stages: readonly StageStatus[];
  /** Number of stages in state `stale`. */
  readonly stale: number;
  /** Seconds that the stale stages took last time, as far as known; null when none is known. */
  readonly cost: number | null;
}

/** A stage's status together with the manifest that it was taken from. */
export interface StageReading {
  readonly status: StageStatus;
  /** Null where broken or orphan; a broken stage may have the one of its last good version. Spelled out when asked for. */
  readonly manifest: Manifest | null;
  /** What the manifest is made of, null with it: for who wants a part only. */
  readonly tracked: Tracked | null;
}

/** The status of all stages, or of those with the ids given: in the order of the code, orphans last by name. */
export function status(program: Program, lock: Lock, ids?: Iterable<string>): StatusReport {
  const wanted = ids === undefined ? null : new Set(ids);
  const stages: StageStatus[] = [];
  for (const reading of readStages(program, lock, wanted)) stages.push(reading.status);
  const stale = stages.filter((stage) => stage.state === "stale");
  return { stages, stale: stale.length, cost: totalCost(stale) };
}

/**
 * The same in steps: yields now and then, so that a caller with other duties can go on later, or not at all. Null where the
 * program was changed in between: nothing half old and half new is ever given.
 */
export function* statusSteps(program: Program, lock: Lock): Generator<void, StatusReport | null> {
  const { revision } = program;
  const stages: StageStatus[] = [];
  for (const reading of readStages(program, lock, null)) {
    stages.push(reading.status);
    yield;
    if (program.revision !== revision) return null;
  }
  const stale = stages.filter((stage) => stage.state === "stale");
  return { stages, stale: stale.length, cost: totalCost(stale) };
}

/**
 * Readings of the stages wanted (null: all), one after the other. Those of all stages are kept once they were all asked
 * for: as they are until program or lock are others, and then those that are still the same.
 */
export function* readStages(program: Program, lock: Lock, wanted: ReadonlySet<string> | null): Iterable<StageReading> {
  const known = kept.get(program);
  if (known !== undefined && known.revision === program.revision && isSameLock(known.lock, lock)) {
    for (const reading of known.readings.values()) if (wanted?.has(reading.status.stage) !== false) yield reading;
    return;
  }
  const { revision } = program;
  const readings = new Map<Stage | string, StageReading>();
  const before = known?.lock.level === lock.level ? known.readings : undefined;
  for (const [stage, reading] of readAnew(program, lock, wanted, before)) {
    if (wanted === null) readings.set(stage, reading);
    yield reading;
  }
  if (wanted === null && program.revision === revision) kept.set(program, { lock, revision, readings });
}

interface Kept {
  readonly lock: Lock;
  readonly revision: number;
  /** By stage, as the program gave it; by id where the stage is in the lock only. In the order in which they are given. */
  readonly readings: ReadonlyMap<Stage | string, StageReading>;
}

const kept = new WeakMap<Program, Kept>();

/** Whether two locks are one; locks without stages are alike. */
function isSameLock(a: Lock, b: Lock): boolean {
  return a === b || (a.stages.size === 0 && b.stages.size === 0 && a.level === b.level);
}

function* readAnew(
  program: Program,
  lock: Lock,
  wanted: ReadonlySet<string> | null,
  known: Kept["readings"] | undefined,
): Iterable<readonly [Stage | string, StageReading]> {
  const inCode = new Set<string>();
  const [only] = wanted ?? [];
  const stages = wanted?.size === 1 ? program.stagesNamed(only) : program.stages();
  for (const stage of stages) {
    if (wanted !== null && !wanted.has(stage.id)) continue;
    inCode.add(stage.id);
    yield [stage, readStage(program, lock, stage, program.stagesNamed(stage.id), known?.get(stage))];
  }
  for (const id of wanted === null ? [...lock.stages.keys()].sort(byCodeUnit) : [...wanted].sort(byCodeUnit)) {
    const baseline = lock.stages.get(id);
    if (!inCode.has(id) && baseline !== undefined) yield [id, readOrphan(program, id, baseline)];
  }
}

/** The reading of one stage by its id, or null where neither code nor lock has it. */
export function readStageById(program: Program, lock: Lock, id: string): StageReading | null {
  for (const reading of readStages(program, lock, new Set([id]))) return reading;
  return null;
}

/** Seconds of all that is known; null when nothing is. */
export function totalCost(stages: Iterable<{ readonly baseline: BaselineSummary | null }>): number | null {
  let sum: number | null = null;
  for (const { baseline } of stages) if (baseline?.duration != null) sum = (sum ?? 0) + baseline.duration;
  return sum === null ? null : Math.round(sum * 1000) / 1000;
}

/** `before`: an earlier reading of the same stage, given again where nothing that it says can be another. */
function readStage(
  program: Program,
  lock: Lock,
  stage: Stage,
  sameId: readonly Stage[],
  before: StageReading | undefined,
): StageReading {
  const baseline = lock.stages.get(stage.id);
  const reading = (state: StageState, tracked: Tracked | null, more: Partial<StageStatus> = {}): StageReading =>
    new LazyReading(
      baseline,
      {
        stage: stage.id,
        file: stage.file,
        line: stage.line,
        state,
        changed: [],
        baseline: summaryOf(baseline),
        untracked: tracked?.untracked.length ?? 0,
        tracked: tracked?.size ?? 0,
        ...more,
      },
      tracked,
    );
  if (stage.broken !== undefined) return reading("broken", null, { error: stage.broken });
  if (sameId.length > 1) return reading("broken", null, { error: duplicateId(stage, sameId) });
  const result = program.tracked(stage);
  if (!result.ok) return reading("broken", null, { error: result.error });
  const tracked = result.value;
  // Entries that differ say their lines, which may be others.
  const isSame =
    before?.tracked?.isSame(tracked) === true &&
    before.status.changed.length === 0 &&
    before.status.line === stage.line;
  if (isSame && before instanceof LazyReading && before.baseline === baseline && before.status.note === undefined)
    return before;
  // Code of its last good version: what a fresh look would refuse is broken here too (M6.6), and the manifest is for show.
  const unparsed = tracked.untracked.find((notice) => notice.kind === "syntax-error");
  if (unparsed !== undefined) {
    const { text: message, file, line } = unparsed;
    return reading("broken", tracked, { error: { code: "syntax-error", message, file, line } });
  }
  if (baseline === undefined) return reading("new", tracked);
  const level = levelOf(lock, baseline);
  if (level !== tracked.level) {
    const note = `recorded at level ${level}, compared at level ${tracked.level}: record it again, or set the level back`;
    return reading("stale", tracked, { note });
  }
  if (baseline.fingerprint === tracked.fingerprint) {
    return reading(baseline.how === "accepted" ? "accepted" : "fresh", tracked);
  }
  const changed = diffTracked(baseline, tracked);
  return reading("stale", tracked, changed.length === 0 ? { note: STRUCTURE_CHANGED } : { changed });
}

const STRUCTURE_CHANGED =
  "no tracked entry differs by itself, but which definition refers to which does (an import that leads elsewhere, for example)";

function readOrphan(program: Program, id: string, baseline: Baseline): StageReading {
  const error = program.problem(baseline.file);
  // A file that is there and can't be parsed hides its stages; they are not gone.
  const hidden = error !== null && program.text(baseline.file) !== null;
  return {
    status: {
      stage: id,
      file: baseline.file,
      line: 0,
      state: hidden ? "broken" : "orphan",
      changed: [],
      baseline: summaryOf(baseline),
      untracked: 0,
      tracked: 0,
      ...(hidden ? { error } : {}),
    },
    manifest: null,
    tracked: null,
  };
}

/** A reading whose manifest is spelled out when somebody looks at it. */
class LazyReading implements StageReading {
  readonly baseline: Baseline | undefined;
  readonly status: StageStatus;
  readonly tracked: Tracked | null;

  constructor(baseline: Baseline | undefined, status: StageStatus, tracked: Tracked | null) {
    this.baseline = baseline;
    this.status = status;
    this.tracked = tracked;
  }

  get manifest(): Manifest | null {
    return this.tracked?.manifest ?? null;
  }
}

function duplicateId(stage: Stage, sameId: readonly Stage[]): EngineError {
  const places = sameId.map((each) => `${each.file}:${each.line}`).join(", ");
  return {
    code: "ambiguous",
    message: `stage id \`${stage.id}\` is used more than once (${places}): give each its own name=`,
    file: stage.file,
    line: stage.line,
  };
}

function summaryOf(baseline: Baseline | undefined): BaselineSummary | null {
  if (baseline === undefined) return null;
  return {
    how: baseline.how,
    at: baseline.at,
    duration: baseline.duration ?? null,
    ...(baseline.reason === undefined ? {} : { reason: baseline.reason }),
    ...(baseline.previous === undefined ? {} : { ranAt: baseline.previous.at }),
  };
}
