/**
 * Record, accept and revoke over a program: which stages, whether they may, and the new lock with what has to be stored
 * beside it. All or nothing: one stage that can't be recorded leaves the lock as it was. Never writes; the host does.
 */
import { accepted, levelOf, type RecordOptions, recorded, withBaselines } from "../lock/baseline.ts";
import { diffManifest } from "../lock/diff.ts";
import { type HistoryLine, historyOf, objectsOf } from "../lock/objects.ts";
import type { Baseline, Lock } from "../lock/types.ts";
import { resolveEnding } from "./names.ts";
import { readStages, type StageReading } from "./stageStatus.ts";
import type { EngineError, Manifest, Program, Result } from "./types.ts";

/** A new lock and what goes with it. `stages` are the ids whose baseline is another one now. */
export interface LockUpdate {
  readonly lock: Lock;
  readonly stages: readonly string[];
  /** Source texts for the object store, by hash. */
  readonly objects: ReadonlyMap<string, string>;
  readonly history: readonly HistoryLine[];
}

export interface RecordRequest {
  readonly at: string;
  /** `recorded` unless Fastpipe itself ran the stage. */
  readonly how?: RecordOptions["how"];
  /** Seconds the run took: one figure for all, or by stage id. */
  readonly duration?: number | ReadonlyMap<string, number>;
  /** Files with edits that are not saved: nothing that reaches them can be recorded. */
  readonly unsaved?: ReadonlySet<string>;
}

export interface AcceptRequest {
  readonly at: string;
  readonly reason: string;
  /** Key (or unambiguous ending of one) of the only entry to accept. */
  readonly entryKey?: string;
  /** Accept the entries in every other stage whose baseline differs in them too. */
  readonly everywhere?: boolean;
  readonly unsaved?: ReadonlySet<string>;
}

/** Why an update is refused: an error of the code, or one of these two. */
export interface UpdateError extends Omit<EngineError, "code"> {
  readonly code: EngineError["code"] | "unsaved" | "no-baseline";
}

/** The current manifest of each stage becomes its baseline. Ids as `resolveStage` gives them. */
export function record(
  program: Program,
  lock: Lock,
  ids: readonly string[],
  request: RecordRequest,
): Result<LockUpdate, UpdateError> {
  const baselines = new Map<string, Baseline>();
  const update = new Collected(program, lock, request.at);
  const manifests = usableManifests(program, lock, ids, "recorded", request.unsaved);
  if (!manifests.ok) return manifests;
  const { at, how = "recorded", duration } = request;
  for (const [id, manifest] of manifests.value) {
    const seconds = typeof duration === "object" ? duration.get(id) : duration;
    baselines.set(id, recorded(lock, manifest, { how, at, duration: seconds }));
    update.add(manifest);
  }
  return { ok: true, value: update.finish(baselines) };
}

/**
 * The baselines take the current manifests, or one entry of them, as accepted. Stages that are up to date are left alone.
 * With `everywhere`, what is accepted here is accepted in every other stage that differs in it too; then `ids` may be empty
 * if there is an `entryKey`. (`self:` and `decl:` entries belong to one stage and are never carried to another.)
 */
export function accept(
  program: Program,
  lock: Lock,
  ids: readonly string[],
  request: AcceptRequest,
): Result<LockUpdate, UpdateError> {
  const { at, reason, everywhere, unsaved } = request;
  const baselines = new Map<string, Baseline>();
  const update = new Collected(program, lock, at);
  const keys = new Set<string>();
  const manifests = usableManifests(program, lock, ids, "accepted", unsaved);
  if (!manifests.ok) return manifests;
  for (const [id, manifest] of manifests.value) {
    const baseline = lock.stages.get(id);
    const comparable = baseline !== undefined && levelOf(lock, baseline) === manifest.level;
    if (comparable && baseline.fingerprint === manifest.fingerprint) continue;
    let changed = comparable ? diffManifest(baseline, manifest).map((change) => change.key) : [];
    if (request.entryKey !== undefined) {
      if (!comparable) return { ok: false, error: notComparable(id, baseline) };
      const key = resolveEnding(request.entryKey, changed, "changed entry", `in ${id}`);
      if (!key.ok) return key;
      changed = [key.value];
    }
    for (const key of changed) keys.add(key);
    const entryKeys = request.entryKey === undefined ? undefined : changed;
    baselines.set(id, accepted(lock, manifest, { at, reason, entryKeys }));
    update.add(manifest);
  }
  if (!everywhere) return { ok: true, value: update.finish(baselines) };
  const readings = [...readStages(program, lock, null)];
  if (ids.length === 0 && request.entryKey !== undefined) {
    const candidates = readings.flatMap((reading) => reading.status.changed.map((change) => change.key));
    const key = resolveEnding(request.entryKey, candidates, "changed entry", "in any stage");
    if (!key.ok) return key;
    keys.add(key.value);
  }
  for (const { status, manifest } of readings) {
    if (manifest === null || status.state !== "stale" || baselines.has(status.stage)) continue;
    const changed = status.changed.map((change) => change.key);
    const entryKeys = changed.filter((key) => keys.has(key) && !/^(?:self|decl):/.test(key));
    if (entryKeys.length === 0) continue;
    const problem = unsavedIn(manifest, "accepted", unsaved);
    if (problem !== null) return { ok: false, error: problem };
    baselines.set(status.stage, accepted(lock, manifest, { at, reason, entryKeys }));
    update.add(manifest);
  }
  return { ok: true, value: update.finish(baselines) };
}

/** Takes acceptances back. A stage whose baseline was not accepted is an error. */
export function revoke(lock: Lock, ids: readonly string[]): Result<LockUpdate, UpdateError> {
  const changes = new Map<string, Baseline | null>();
  for (const id of ids) {
    const baseline = lock.stages.get(id);
    if (baseline?.how !== "accepted") {
      const message = `nothing to revoke: \`${id}\` ${baseline === undefined ? "has no baseline" : `was ${baseline.how}, not accepted`}`;
      return { ok: false, error: { code: "no-baseline", message } };
    }
    changes.set(id, baseline.previous ?? null);
  }
  return {
    ok: true,
    value: { lock: withBaselines(lock, changes), stages: [...changes.keys()], objects: new Map(), history: [] },
  };
}

/** Forgets the stages that are in the lock and no longer in the code (not those whose file can't be parsed). */
export function prune(program: Program, lock: Lock): LockUpdate {
  const changes = new Map<string, null>();
  for (const { status } of readStages(program, lock, null))
    if (status.state === "orphan") changes.set(status.stage, null);
  return { lock: withBaselines(lock, changes), stages: [...changes.keys()], objects: new Map(), history: [] };
}

/** Objects and history of the manifests of one update. */
class Collected {
  readonly #program: Program;
  readonly #lock: Lock;
  readonly #at: string;
  readonly #objects = new Map<string, string>();
  readonly #history: HistoryLine[] = [];

  constructor(program: Program, lock: Lock, at: string) {
    this.#program = program;
    this.#lock = lock;
    this.#at = at;
  }

  add(manifest: Manifest): void {
    objectsOf(manifest, (entry) => this.#program.source(entry), this.#objects);
    this.#history.push(...historyOf(this.#lock.stages.get(manifest.stage), manifest, this.#at));
  }

  finish(baselines: ReadonlyMap<string, Baseline>): LockUpdate {
    return {
      lock: withBaselines(this.#lock, baselines),
      stages: [...baselines.keys()],
      objects: this.#objects,
      history: this.#history,
    };
  }
}

/** The manifests of all stages asked for, or why one of them can't be had. */
function usableManifests(
  program: Program,
  lock: Lock,
  ids: readonly string[],
  verb: "recorded" | "accepted",
  unsaved: ReadonlySet<string> | undefined,
): Result<ReadonlyMap<string, Manifest>, UpdateError> {
  const readings = new Map<string, StageReading>();
  for (const reading of readStages(program, lock, new Set(ids))) readings.set(reading.status.stage, reading);
  const manifests = new Map<string, Manifest>();
  for (const id of ids) {
    const reading = readings.get(id);
    if (reading === undefined)
      return { ok: false, error: { code: "no-such-definition", message: `no stage \`${id}\`` } };
    const { manifest, status } = reading;
    if (manifest === null || status.state === "broken") {
      const { error = { code: "no-such-definition", message: "it is in the lock and no longer in the code" } } = status;
      return { ok: false, error: { ...error, message: `\`${id}\` can't be ${verb}: ${error.message}` } };
    }
    const problem = unsavedIn(manifest, verb, unsaved) ?? brokenIn(manifest, verb);
    if (problem !== null) return { ok: false, error: problem };
    manifests.set(id, manifest);
  }
  return { ok: true, value: manifests };
}

/** A file that does not parse stands there by its last good version: good enough to look at, not to record (M6.6). */
function brokenIn(manifest: Manifest, verb: string): UpdateError | null {
  const notice = manifest.untracked.find(({ kind }) => kind === "syntax-error");
  if (notice === undefined) return null;
  const message = `\`${manifest.stage}\` can't be ${verb}: ${notice.text}; correct the file first`;
  return { code: "syntax-error", message, file: notice.file, line: notice.line };
}

function unsavedIn(manifest: Manifest, verb: string, unsaved: ReadonlySet<string> | undefined): UpdateError | null {
  if (unsaved === undefined || unsaved.size === 0) return null;
  const file = [manifest.file, ...manifest.entries.map((entry) => entry.file)].find((each) => unsaved.has(each));
  if (file === undefined) return null;
  const message = `\`${manifest.stage}\` can't be ${verb}: ${file} has unsaved edits; save it first`;
  return { code: "unsaved", message, file };
}

function notComparable(id: string, baseline: Baseline | undefined): UpdateError {
  const why = baseline === undefined ? "has no baseline" : "was recorded at another level";
  return { code: "no-baseline", message: `\`${id}\` ${why}: accept or record it whole, not one entry` };
}
