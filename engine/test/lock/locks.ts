/** Locks and manifests for tests: small by hand, large by rule, and any by fast-check. */
import fc from "fast-check";
import { type AcceptOptions, accepted, recorded, withBaselines } from "../../src/lock/index.ts";
import type { Baseline, Lock } from "../../src/lock/types.ts";
import type { Entry, Level, Manifest } from "../../src/program/types.ts";

export const HASH = "3b0c44298fc1c149afbf4c8996fb9242";

export function baseline(entries: Record<string, string>, more: Partial<Baseline> = {}): Baseline {
  return {
    file: "pipeline.py",
    how: "recorded",
    at: "2026-11-20T15:00:00Z",
    fingerprint: HASH,
    entries: new Map(Object.entries(entries)),
    ...more,
  };
}

export function lock(stages: Record<string, Baseline>, level: Level = "semantic"): Lock {
  return { level, stages: new Map(Object.entries(stages)) };
}

export function recordStage(before: Lock, of: Manifest, options: Parameters<typeof recorded>[2]): Lock {
  return withBaselines(before, new Map([[of.stage, recorded(before, of, options)]]));
}

export function acceptStage(before: Lock, of: Manifest, options: AcceptOptions): Lock {
  return withBaselines(before, new Map([[of.stage, accepted(before, of, options)]]));
}

/** A manifest whose entries are given as key → hash (32 digits) or literal value, `self:` first. */
export function manifest(
  stage: string,
  fingerprint: string,
  entries: Record<string, string>,
  more: Partial<Manifest> = {},
): Manifest {
  const list: Entry[] = Object.entries(entries).map(([key, recorded], index) => ({
    key,
    kind: key.slice(0, key.indexOf(":")) as Entry["kind"],
    hash: /^[0-9a-f]{32}$/.test(recorded) ? recorded : hash(recorded),
    ...(/^[0-9a-f]{32}$/.test(recorded) ? {} : { value: recorded }),
    file: "pipeline.py",
    line: index + 1,
    via: key.startsWith("self:") ? [] : [key],
    ranges: [],
  }));
  return {
    stage,
    file: "pipeline.py",
    qualname: stage.slice(stage.lastIndexOf(".") + 1),
    level: "semantic",
    fingerprint,
    entries: list,
    untracked: [],
    ignored: 0,
    ...more,
  };
}

/** Some 32 hex digits that depend on the text: not a good digest, only a different one. */
export function hash(text: string): string {
  let state = 2166136261;
  let digits = "";
  for (let round = 0; digits.length < 32; round++) {
    for (const character of `${round}${text}`) state = Math.imul(state ^ character.charCodeAt(0), 16777619) >>> 0;
    digits += state.toString(16).padStart(8, "0");
  }
  return digits;
}

export function largeLock(stages: number, entries: number): Lock {
  const map = new Map<string, Baseline>();
  for (let s = 0; s < stages; s++) {
    const own: Record<string, string> = { [`self:stage_${s}`]: hash(`self ${s}`) };
    for (let e = 1; e < entries; e++) {
      own[e % 5 === 0 ? `const:pkg.settings.NAME_${e}` : `func:pkg.module_${s % 97}.helper_${e}`] =
        e % 5 === 0 ? `${e}.5` : hash(`${s % 97} ${e}`);
    }
    map.set(
      `pkg.pipeline_${s % 100}.stage_${s}`,
      baseline(own, { duration: s / 8, file: `pkg/pipeline_${s % 100}.py` }),
    );
  }
  return { level: "semantic", stages: map };
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    "null",
    "true",
    "y",
    "~",
    "1e5",
    "a: b",
    "a #b",
    "- a",
    "a:",
    "",
    " ",
    "…",
    "ключ",
    "x\ny",
    "\ud800",
    "<<",
  ),
);
const anyKey = fc.oneof(
  anyText,
  fc.tuple(fc.constantFrom("self", "func", "const", "file", "decl"), anyText).map(([kind, name]) => `${kind}:${name}`),
  fc.constantFrom("func:a.b.<locals>.c", "x".repeat(1500), `file:${"y/".repeat(700)}`),
);
const digits = fc
  .array(fc.constantFrom(..."0123456789abcdef"), { minLength: 32, maxLength: 32 })
  .map((d) => d.join(""));
const numeric = fc.array(fc.constantFrom(..."0123456789e"), { minLength: 32, maxLength: 32 }).map((d) => d.join(""));
const anyLevel = fc.constantFrom<Level>("strict", "semantic", "behavioral");

function anyBaseline(nested: boolean): fc.Arbitrary<Baseline> {
  const common = {
    file: anyText,
    at: fc.constantFrom("2026-11-20T15:00:00Z", "1999-01-01T00:00:00Z"),
    fingerprint: fc.oneof(digits, numeric),
    entries: fc
      .array(fc.tuple(anyKey, fc.oneof(digits, numeric, anyText)), { maxLength: 5 })
      .map((pairs) => new Map(pairs)),
  };
  const duration = fc.option(
    fc.integer({ min: 0, max: 10_000_000 }).map((ms) => ms / 1000),
    { nil: undefined },
  );
  const level = fc.option(anyLevel, { nil: undefined });
  const plain = fc.record({ ...common, how: fc.constantFrom("run" as const, "recorded" as const), duration, level });
  if (!nested) return plain.map(dropUndefined);
  const accepted = fc.record({
    ...common,
    how: fc.constant("accepted" as const),
    duration,
    level,
    reason: fc.option(anyText, { nil: undefined }),
    previous: fc.option(anyBaseline(false), { nil: undefined }),
  });
  return fc.oneof(plain, accepted).map(dropUndefined);
}

function dropUndefined(from: Baseline): Baseline {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as unknown as Baseline;
}

export const anyLock: fc.Arbitrary<Lock> = fc.record({
  level: anyLevel,
  stages: fc.array(fc.tuple(anyKey, anyBaseline(true)), { maxLength: 4 }).map((pairs) => new Map(pairs)),
});
