/**
 * Random small programs: those with one fingerprint do the same, as CPython runs them. Enough of them are alike for that
 * to say something; what they should do is never taken from the engine.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createProgram, type Level, memoryHost } from "@fastpipe/engine";
import { expect, it } from "vitest";
import { chance, Writer } from "./random.ts";

const PROBES = [
  "run(1, [1, 2])",
  "run(0, Stream('ab'))",
  "run(Stream([1]), Stream([2, 0]))",
  "run(Loud('x'), Loud('y'))",
  "run('a', {'a': 1})",
  "run([], [(1, 2)])",
  "drain(iter(run(Loud('swallow'), [2, 1])))",
];

/** Fingerprints of programs, each a file of one project; null where the program is refused. */
function fingerprints(programs: readonly string[], level: Level): (string | null)[] {
  const files = Object.fromEntries(programs.map((text, i) => [`p${i}.py`, text]));
  const program = createProgram(memoryHost(files), {
    level,
    sourceRoots: [""],
    stageDecorators: [],
    watch: [],
    exclude: [],
  });
  return programs.map((_, i) => {
    const manifest = program.manifest({ file: `p${i}.py`, qualname: "run" });
    return manifest.ok ? manifest.value.fingerprint : null;
  });
}

/** Programs by fingerprint, those groups only that hold programs of unequal text at level `strict`. */
function alike(programs: readonly string[]): string[][] {
  const strict = fingerprints(programs, "strict");
  const groups = new Map<string, Map<string, string>>();
  fingerprints(programs, "semantic").forEach((print, i) => {
    const text = strict[i];
    if (print === null || text === null) return;
    const group = groups.get(print) ?? new Map<string, string>();
    groups.set(print, group);
    if (!group.has(text)) group.set(text, programs[i]);
  });
  return [...groups.values()].map((group) => [...group.values()]).filter((group) => group.length > 1);
}

it.each([
  ["statements", 14, 14000],
  ["expressions", 15, 12000],
] as const)("programs that are alike do the same: %s", (kind, seed, count) => {
  const writer = new Writer(chance(seed));
  const programs = new Set<string>();
  for (let i = 0; i < count; i++) programs.add(kind === "statements" ? writer.program() : writer.expressionProgram());
  const groups = alike([...programs]);
  const run = spawnSync("python3", [join(import.meta.dirname, "oracle/outcomes.py")], {
    input: JSON.stringify(groups.map((variants) => ({ variants, probes: PROBES }))),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(run.stderr).toBe("");
  const outcomes = JSON.parse(run.stdout) as unknown[][];
  const unlike = groups.filter((_, i) => new Set(outcomes[i].map((outcome) => JSON.stringify(outcome))).size > 1);
  expect(unlike.map((variants) => variants.join("# ---\n"))).toEqual([]);
  expect(groups.length).toBeGreaterThan(100);
});
