/** `fastpipe.lock` as data (manifest §8): what was recorded or accepted last, per stage. Plain values only. */
import type { Level } from "../program/types.ts";

export type BaselineHow = "run" | "recorded" | "accepted";

/** The baseline of one stage. `entries` maps a key to its value (short literals) or hash. */
export interface Baseline {
  readonly file: string;
  readonly how: BaselineHow;
  /** ISO 8601, UTC, whole seconds. */
  readonly at: string;
  /** The level it was taken at, where that is not the lock's. */
  readonly level?: Level;
  /** Seconds, when known. */
  readonly duration?: number;
  /** Why it was accepted; only with `how: accepted`. */
  readonly reason?: string;
  readonly fingerprint: string;
  readonly entries: ReadonlyMap<string, string>;
  /** The baseline that an accept replaced, so that it can be revoked; only with `how: accepted`. */
  readonly previous?: Baseline;
}

export interface Lock {
  readonly level: Level;
  readonly stages: ReadonlyMap<string, Baseline>;
}

/** Why a lock can't be used: never overwritten while this holds. `line` and `column` are 1-based. */
export interface LockProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}
