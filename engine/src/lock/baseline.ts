/**
 * Baselines, and what record, accept and revoke make of them (manifest §8). Pure: lock in, lock out; times come from the
 * caller. Never decides whether a stage may be recorded; the queries do.
 *
 * What partial acceptance means. A stage is stale when its fingerprint differs from its baseline's, so accepting the only
 * entry that still differs is accepting the whole: the baseline takes entries and fingerprint of the manifest. While other
 * entries differ, only the accepted entry moves to its new value and the fingerprint stays the old one: the stage stays
 * stale and lists the others. A fingerprint is never made up from a half-accepted manifest; if the user then undoes the
 * other changes in the code, the stage stays stale with nothing to list until it is accepted or recorded once more.
 *
 * `previous` is the baseline that was really run or recorded. Accepting twice keeps that one, not a chain, so revoke goes
 * back to what ran however many acceptances lie between, and the lock does not grow with them.
 */
import type { Entry, Level, Manifest } from "../program/types.ts";
import type { Baseline, BaselineHow, Lock } from "./types.ts";

export interface RecordOptions {
  readonly how: Exclude<BaselineHow, "accepted">;
  /** ISO 8601, UTC, whole seconds. */
  readonly at: string;
  /** Seconds. Left out: the duration known so far stays, since it is what a re-run is expected to cost. */
  readonly duration?: number;
}

export interface AcceptOptions {
  readonly at: string;
  readonly reason: string;
  /** Only these entries; without it, everything. */
  readonly entryKeys?: Iterable<string>;
}

/** What the lock keeps of an entry: its value where it is a short literal, else its hash. */
export function recordedText(entry: Entry): string {
  return entry.value ?? entry.hash;
}

/** The level at which a stage's baseline was taken. */
export function levelOf(lock: Lock, baseline: Baseline): Level {
  return baseline.level ?? lock.level;
}

/** "I ran it": the baseline that recording makes. */
export function recorded(lock: Lock, manifest: Manifest, options: RecordOptions): Baseline {
  const duration = options.duration ?? lock.stages.get(manifest.stage)?.duration;
  return {
    file: manifest.file,
    how: options.how,
    at: options.at,
    level: manifest.level,
    ...(duration === undefined ? {} : { duration }),
    fingerprint: manifest.fingerprint,
    entries: entriesOf(manifest),
  };
}

/** "Its outputs still stand": the baseline that accepting makes; the head of this file says of one entry against all. An entry key that does not differ changes nothing but reason and time. */
export function accepted(lock: Lock, manifest: Manifest, options: AcceptOptions): Baseline {
  const before = lock.stages.get(manifest.stage);
  const now = entriesOf(manifest);
  let entries: ReadonlyMap<string, string> = now;
  let fingerprint = manifest.fingerprint;
  if (options.entryKeys !== undefined && before !== undefined && levelOf(lock, before) === manifest.level) {
    const partial = new Map(before.entries);
    for (const key of options.entryKeys) {
      const value = now.get(key);
      if (value === undefined) partial.delete(key);
      else partial.set(key, value);
    }
    if (!sameEntries(partial, now)) {
      entries = partial;
      fingerprint = before.fingerprint;
    }
  }
  const previous = before?.how === "accepted" ? before.previous : withLevel(lock, before);
  return {
    file: manifest.file,
    how: "accepted",
    at: options.at,
    level: manifest.level,
    ...(before?.duration === undefined ? {} : { duration: before.duration }),
    reason: options.reason,
    fingerprint,
    entries,
    ...(previous === undefined ? {} : { previous }),
  };
}

/**
 * The lock with some baselines set (or removed, where null). Each new baseline carries its level; the lock's own level
 * stays while any stage holds it, and only stages at another level spell theirs out.
 */
export function withBaselines(lock: Lock, changes: ReadonlyMap<string, Baseline | null>): Lock {
  if (changes.size === 0) return lock;
  const stages = new Map(lock.stages);
  for (const [id, baseline] of changes) {
    if (baseline === null) stages.delete(id);
    else stages.set(id, baseline);
  }
  const used = new Set<Level>();
  for (const baseline of stages.values()) used.add(levelOf(lock, baseline));
  // The lock's level only moves once no stage holds it: one stage recorded at another level must not rewrite the rest.
  const [other] = used;
  const level = other === undefined || used.has(lock.level) ? lock.level : other;
  for (const [id, baseline] of stages) {
    const spelled = spellLevels(baseline, lock.level, level);
    if (spelled !== baseline) stages.set(id, spelled);
  }
  return { level, stages };
}

/** The same baseline with `level` present exactly where it differs from the new lock's. */
function spellLevels(baseline: Baseline, oldDefault: Level, newDefault: Level): Baseline {
  const own = baseline.level ?? oldDefault;
  const previous = baseline.previous && spellLevels(baseline.previous, oldDefault, newDefault);
  const wanted = own === newDefault ? undefined : own;
  if (wanted === baseline.level && previous === baseline.previous) return baseline;
  const { level: _, ...rest } = baseline;
  return {
    ...rest,
    ...(wanted === undefined ? {} : { level: wanted }),
    ...(previous === undefined ? {} : { previous }),
  };
}

function withLevel(lock: Lock, baseline: Baseline | undefined): Baseline | undefined {
  return baseline && { ...baseline, level: levelOf(lock, baseline) };
}

function entriesOf(manifest: Manifest): ReadonlyMap<string, string> {
  return new Map(manifest.entries.map((entry) => [entry.key, recordedText(entry)]));
}

function sameEntries(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
}
