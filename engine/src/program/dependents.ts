/**
 * Which stages a change of one definition would make stale, and what re-running them costs. Exact for stages: a stage
 * depends on what its manifest lists. Never changes anything.
 */
import type { Lock } from "../lock/types.ts";
import { formatTarget } from "./names.ts";
import { type BaselineSummary, readStages, type StageState, totalCost } from "./stageStatus.ts";
import type { EngineError, Program, Result, Target, Tracked } from "./types.ts";

export interface DependentStage {
  readonly stage: string;
  readonly file: string;
  readonly line: number;
  readonly state: StageState;
  /** Keys from the stage (exclusive) to the definition (inclusive); empty for the stage's own function. */
  readonly via: readonly string[];
  /** How it ran last; its duration is what a re-run is expected to cost. */
  readonly baseline: BaselineSummary | null;
}

export interface Dependents {
  /** Key of the definition asked about. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly stages: readonly DependentStage[];
  /** Keys of all definitions that reach it; only where asked for, since every file is looked at. */
  readonly definitions?: readonly string[];
  /** Seconds of the stages' last runs, as far as known; null when none is known. */
  readonly cost: number | null;
}

/** A definition by key and place; `qualname` is null for what has none (a file, a package). */
export interface Subject {
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly qualname: string | null;
}

/** Takes a key (`func:utils.clean`) or a target; of a method or nested function the definition around it counts. */
export function dependentsOf(
  program: Program,
  lock: Lock,
  subject: string | Target,
  options: { readonly all?: boolean } = {},
): Result<Dependents, EngineError> {
  const found = findSubject(program, lock, subject);
  if (!found.ok) return found;
  const { key, file, line, qualname } = found.value;
  const stages: DependentStage[] = [];
  for (const reading of readStages(program, lock, concerned(program, found.value))) {
    const { stage, state, baseline, file: from, line: at } = reading.status;
    const { tracked } = reading;
    if (tracked === null) continue;
    const [declared] = program.stagesNamed(stage);
    const own = qualname !== null && declared.file === file && topLevel(declared.qualname) === topLevel(qualname);
    const place = own ? -1 : placeOf(tracked, key);
    if (own || place >= 0) {
      stages.push({ stage, file: from, line: at, state, via: own ? [] : tracked.entry(place).via, baseline });
    }
  }
  const definitions = options.all ? { definitions: program.dependents(key) } : {};
  return { ok: true, value: { key, file, line, stages, ...definitions, cost: totalCost(stages) } };
}

/** Ids of the stages that may list a definition; null where only asking all of them tells. */
function concerned(program: Program, { key, file, qualname }: Subject): ReadonlySet<string> | null {
  if (qualname === null || program.definition(key) === null) return null;
  const ids = new Set(program.stagesReaching(key).map(({ id }) => id));
  for (const stage of program.stages()) {
    if (stage.file === file && topLevel(stage.qualname) === topLevel(qualname)) ids.add(stage.id);
  }
  return ids;
}

/** The place of the entry with a key; -1 where there is none. */
function placeOf(tracked: Tracked, key: string): number {
  for (let i = 0; i < tracked.size; i++) if (tracked.key(i) === key) return i;
  return -1;
}

/** The definition that a key or target names. A target's nested function or method stands for the definition around it. */
export function findSubject(program: Program, lock: Lock, subject: string | Target): Result<Subject, EngineError> {
  if (typeof subject !== "string") return subjectOfTarget(program, subject);
  const info = program.definition(subject);
  if (info !== null) return { ok: true, value: info };
  // Files, packages and whole modules are no definitions, but stages list them.
  for (const { manifest } of readStages(program, lock, null)) {
    const entry = manifest?.entries.find((each) => each.key === subject);
    if (entry !== undefined) return { ok: true, value: { ...entry, qualname: null } };
  }
  return {
    ok: false,
    error: { code: "no-such-definition", message: `no definition or tracked entry \`${subject}\`` },
  };
}

function subjectOfTarget(program: Program, target: Target): Result<Subject, EngineError> {
  const module = moduleName(target.file, program.config.sourceRoots);
  for (const kind of ["func", "class", "const"]) {
    const info = program.definition(`${kind}:${module}.${topLevel(target.qualname)}`);
    if (info !== null && info.file === target.file) return { ok: true, value: info };
  }
  // A module that is looked up under another name (a script's own folder); or the error that says what is missing.
  const manifest = program.manifest(target);
  if (!manifest.ok) return manifest;
  const { file, ranges } = manifest.value.entries[0];
  const info = ranges.length === 0 ? null : program.definitionAt(file, ranges[0].start);
  if (info !== null) return { ok: true, value: info };
  const message = `\`${formatTarget(target)}\` is no definition at module level`;
  return { ok: false, error: { code: "no-such-definition", message, file: target.file } };
}

/** Dotted name of a file's module: below the most specific source root that holds it. */
function moduleName(file: string, sourceRoots: readonly string[]): string {
  const root = sourceRoots.find((each) => each !== "" && file.startsWith(`${each}/`));
  const path = root === undefined ? file : file.slice(root.length + 1);
  return path
    .replace(/\.py$/, "")
    .replace(/(?:^|\/)__init__$/, "")
    .replaceAll("/", ".");
}

function topLevel(qualname: string): string {
  const dot = qualname.indexOf(".");
  return dot < 0 ? qualname : qualname.slice(0, dot);
}
