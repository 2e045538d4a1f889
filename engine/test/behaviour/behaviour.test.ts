/**
 * Runs the behaviour suites, the Markdown pages of this folder, through the engine. Every case is answered twice
 * after its change, by a fresh program and by the one that has seen the state before: both must say the same.
 * What a case expects is written on its page, never here.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createProgram, memoryHost } from "@fastpipe/engine";
import { describe, expect, it } from "vitest";
import type { Config, EngineError, Level, Manifest, Program, Result, Target } from "../../src/program/types.ts";
import { LEVELS } from "../../src/program/types.ts";
import type { Expectation, Files, ProjectCase, VariantsCase } from "./suite.ts";
import { readSuite } from "./suite.ts";

const PAGES = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".md") && name !== "README.md");

function configOf(expected: Expectation, level: Level): Config {
  return {
    level,
    sourceRoots: [...(expected["source-roots"] ?? []), ""],
    stageDecorators: expected["stage-decorators"] ?? [],
    watch: expected.watch ?? [],
    exclude: [],
  };
}

function targetOf(stage: string): Target {
  const [file, qualname] = stage.split("::");
  return { file, qualname };
}

/** The files as they are after the change. */
function merged(before: Files, after: Files): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [path, bytes] of [...before, ...after]) {
    if (bytes === null) {
      files.delete(path);
    } else {
      files.set(path, bytes);
    }
  }
  return files;
}

/** Keys of the entries that came, went, or have another hash. */
function changedKeys(before: Manifest, after: Manifest): string[] {
  const hashes = (manifest: Manifest) => new Map(manifest.entries.map((entry) => [entry.key, entry.hash]));
  const [old, now] = [hashes(before), hashes(after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key)).sort();
}

function value(result: Result<Manifest, EngineError>): Manifest {
  if (!result.ok) {
    throw new Error(`${result.error.code}: ${result.error.message} (${result.error.file}:${result.error.line})`);
  }
  return result.value;
}

/** One manifest before the change, two after it: from a fresh program and from the first one. */
function answers(test: ProjectCase) {
  const expected = test.expect;
  const config = configOf(expected, expected.level ?? "semantic");
  const stage = expected.stage ?? "pipeline.py::run";
  const target = targetOf(expected["stage-after"] ?? stage);
  const afterFiles = merged(test.before, test.after);

  const packages = { before: expected.packages ?? {}, after: expected["packages-after"] ?? expected.packages ?? {} };

  const installed = { ...packages.before };
  const host = memoryHost(Object.fromEntries(merged(test.before, new Map())), installed);
  const program: Program = createProgram(host, config);
  program.stages();
  const before = value(program.manifest(targetOf(stage)));

  const freshHost = memoryHost(Object.fromEntries(afterFiles), packages.after);
  const other = createProgram(freshHost, config);
  const stages = other.stages().map(({ id }) => id);
  const fresh = other.manifest(target);

  for (const [path, bytes] of test.after) {
    host.write(path, bytes);
  }
  Object.assign(installed, packages.after);
  program.applyChange({ disk: [...test.after.keys()], relist: true });
  return { before, fresh, stages, incremental: program.manifest(target) };
}

function checkProject(test: ProjectCase): void {
  const expected = test.expect;
  const { before, fresh, stages, incremental } = answers(test);
  if (expected.stages !== undefined) expect(stages).toEqual(expected.stages);
  if (expected.error !== undefined) {
    expect(fresh.ok ? "no error" : fresh.error.code).toBe(expected.error);
    expect(incremental.ok ? "no error" : incremental.error.code).toBe(expected.error);
    return;
  }
  if (expected["changed-or-notice"]) {
    for (const after of [fresh, incremental]) {
      const seen = !after.ok || after.value.fingerprint !== before.fingerprint || after.value.untracked.length > 0;
      expect(seen, "the change goes unseen").toBe(true);
    }
    return;
  }
  const after = value(fresh);
  const keys = after.entries.map((entry) => entry.key);
  expect(
    {
      changed: after.fingerprint !== before.fingerprint,
      untracked: after.untracked.map((notice) => notice.kind).sort(),
    },
    `changed entries: ${changedKeys(before, after).join(", ")}`,
  ).toEqual({ changed: expected.changed, untracked: [...(expected.untracked ?? [])].sort() });
  if (expected.entries !== undefined) {
    expect(changedKeys(before, after)).toEqual([...expected.entries].sort());
  }
  expect(keys).toEqual(expect.arrayContaining([...(expected.present ?? [])]));
  expect(keys.filter((key) => expected.absent?.includes(key))).toEqual([]);
  expect(value(incremental)).toEqual(after);
}

function checkVariants(test: VariantsCase): void {
  for (const level of LEVELS) {
    const fingerprints = test.variants.map((text) => {
      const host = memoryHost({ "pipeline.py": text });
      const program = createProgram(host, configOf({}, level));
      return value(program.manifest(targetOf("pipeline.py::run"))).fingerprint;
    });
    const same = test.sameFrom !== "none" && LEVELS.indexOf(level) >= LEVELS.indexOf(test.sameFrom);
    const alike = fingerprints.map((fingerprint) => fingerprints.indexOf(fingerprint) + 1);
    expect(alike, `level ${level}: each variant, and the first that it is like`).toEqual(
      same ? fingerprints.map(() => 1) : fingerprints.map((_, index) => index + 1),
    );
  }
}

describe.each(PAGES)("%s", (page) => {
  const suite = readSuite(readFileSync(`${import.meta.dirname}/${page}`, "utf8"));
  for (const test of suite.cases) {
    it(`${test.title}: ${test.reason} (line ${test.line})`, () => {
      if (test.kind === "project") {
        checkProject(test);
      } else {
        checkVariants(test);
      }
    });
  }
});
