/**
 * Taking back a record, an accept or a revoke: the baselines that it replaced come back. Pure. Never overwrites what
 * somebody else wrote since: a baseline that is not the one the update made stays, and is an error.
 */
import { levelOf, withBaselines } from "../lock/baseline.ts";
import type { Baseline, Lock } from "../lock/types.ts";
import type { Result } from "./types.ts";
import type { LockUpdate, UpdateError } from "./updates.ts";

/** What one update did to the baselines of its stages; null where there is none. */
export interface Undo {
  readonly stages: ReadonlyMap<string, { readonly before: Baseline | null; readonly after: Baseline | null }>;
}

/** How to take an update of `before` back. */
export function undoOf(before: Lock, update: LockUpdate): Undo {
  const at = (lock: Lock, id: string): Baseline | null => {
    const baseline = lock.stages.get(id);
    // Spelled out: the lock's own level may be another one by then.
    return baseline === undefined ? null : { ...baseline, level: levelOf(lock, baseline) };
  };
  return { stages: new Map(update.stages.map((id) => [id, { before: at(before, id), after: at(update.lock, id) }])) };
}

/** The lock with the baselines as they were. All or nothing. */
export function undo(lock: Lock, what: Undo): Result<LockUpdate, UpdateError> {
  const changes = new Map<string, Baseline | null>();
  for (const [id, { before, after }] of what.stages) {
    const now = lock.stages.get(id);
    if (!sameBaseline(now && { ...now, level: levelOf(lock, now) }, after)) {
      const message = `\`${id}\` was recorded or accepted again since: nothing to take back`;
      return { ok: false, error: { code: "no-baseline", message } };
    }
    changes.set(id, before);
  }
  return {
    ok: true,
    value: { lock: withBaselines(lock, changes), stages: [...changes.keys()], objects: new Map(), history: [] },
  };
}

function sameBaseline(a: Baseline | undefined, b: Baseline | null): boolean {
  if (a === undefined || b === null) return a === undefined && b === null;
  const told = ({ how, at, fingerprint, reason, level }: Baseline) =>
    JSON.stringify([how, at, fingerprint, reason, level]);
  if (told(a) !== told(b) || a.entries.size !== b.entries.size) return false;
  for (const [key, value] of a.entries) if (b.entries.get(key) !== value) return false;
  return true;
}
