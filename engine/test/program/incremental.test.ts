/**
 * Incremental equals fresh: after every edit of a random script on a real project, each answer of the program that has
 * lived through all of them is that of a program which sees the present state for the first time.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost, type Program } from "../../src/index.ts";

const ROOT = path.resolve(import.meta.dirname, "../../../test-workspace/src");
const CONFIG = { ...DEFAULT_CONFIG, watch: ["gridcast.stats:quantile", "gridcast.linalg:solve"] };

function project(): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(ROOT, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".py")) files.set(name.replaceAll("\\", "/"), readFileSync(path.join(ROOT, name), "utf8"));
  }
  return files;
}

/** A small generator of numbers from a seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const EDITS: readonly ((text: string, next: (below: number) => number) => string)[] = [
  (text, next) => replaceSome(text, /\b\d+\b/g, next, (match) => String(Number(match) + 1)),
  (text, next) => replaceSome(text, /[-+*<>]/g, next, () => "+-*<>"[next(5)]),
  (text, next) =>
    replaceSome(
      text,
      /\b(mean|median|quantile|read_rows|write_rows|column|dot|solve|gram)\b/g,
      next,
      () => ["mean", "median", "column", "dot"][next(4)],
    ),
  (text, next) => insertLine(text, next, "# a comment"),
  (text, next) => insertLine(text, next, ""),
  (text, next) => dropLine(text, next),
  (text, next) => doubleLine(text, next),
  (text, next) => insertLine(text, next, "    x = ("),
  (text) => `${text}\n\ndef mean(values):\n    return values[0]\n`,
  (text) => `LIMIT = 3\n${text}`,
  (text) => `from gridcast.stats import *\n${text}`,
  (text) => `${text}\n\n@late\ndef added(x):\n    return added(x)\n`,
  (text) => text.replace(/^from .*$/m, ""),
];

function replaceSome(
  text: string,
  pattern: RegExp,
  next: (below: number) => number,
  by: (match: string) => string,
): string {
  const places = [...text.matchAll(pattern)];
  if (places.length === 0) return text;
  const place = places[next(places.length)];
  return text.slice(0, place.index) + by(place[0]) + text.slice(place.index + place[0].length);
}

function insertLine(text: string, next: (below: number) => number, line: string): string {
  const lines = text.split("\n");
  lines.splice(next(lines.length), 0, line);
  return lines.join("\n");
}

function dropLine(text: string, next: (below: number) => number): string {
  const lines = text.split("\n");
  lines.splice(next(lines.length), 1);
  return lines.join("\n");
}

function doubleLine(text: string, next: (below: number) => number): string {
  const lines = text.split("\n");
  const at = next(lines.length);
  lines.splice(at, 0, lines[at]);
  return lines.join("\n");
}

function answers(program: Program): unknown {
  return program.stages().map((stage) => [stage, program.manifest({ file: stage.file, qualname: stage.qualname })]);
}

function run(seed: number, steps: number): { compared: number; broken: number } {
  const next = random(seed);
  const original = project();
  const files = new Map(original);
  const living = createProgram(memoryHost(original), CONFIG);
  answers(living);
  const names = [...files.keys()];
  let compared = 0;
  let broken = 0;
  for (let step = 0; step < steps; step++) {
    const name = names[next(names.length)];
    const text = files.get(name) as string;
    const edited = next(6) === 0 ? (original.get(name) as string) : EDITS[next(EDITS.length)](text, next);
    files.set(name, edited);
    const delta = living.applyChange({ buffers: new Map([[name, edited]]) });
    // Now and then nobody asks between two edits.
    if (next(4) === 0) continue;
    const fresh = createProgram(memoryHost(files), CONFIG);
    if (names.some((each) => fresh.problem(each) !== null)) {
      // A fresh program knows no last good version: what is shown while a text is broken is not its to say.
      broken++;
      answers(living);
      if (next(2) === 0) {
        for (const each of names) {
          if (fresh.problem(each) === null) continue;
          files.set(each, original.get(each) as string);
          living.applyChange({ buffers: new Map([[each, original.get(each) as string]]) });
        }
      }
      continue;
    }
    expect(answers(living), `seed ${seed}, step ${step}, ${name}`).toEqual(answers(fresh));
    expect(delta.stages.length).toBeLessThanOrEqual(living.stages().length + 14);
    compared++;
  }
  return { compared, broken };
}

describe("incremental equals fresh", () => {
  it.each([1, 2, 3, 4, 5, 6])("over a random edit script, seed %i", (seed) => {
    const { compared } = run(seed, Number(process.env.FASTPIPE_EDITS ?? 40));
    expect(compared).toBeGreaterThan(5);
  });

  it("works nothing out again for a comment, and only what is reached for a body", () => {
    const files = project();
    const program = createProgram(memoryHost(files), CONFIG);
    answers(program);
    const counts = () => program.counters();
    const before = counts();
    const stats = files.get("gridcast/stats.py") as string;
    program.applyChange({ buffers: new Map([["gridcast/stats.py", stats.replace("return", "# why\n    return")]]) });
    const comment = counts();
    expect(comment.parsedFiles - before.parsedFiles).toBe(1);
    expect(comment.digestedComponents).toBe(before.digestedComponents);
    const body = stats.replace("sum(values)", "sum(values) * 1.0");
    program.applyChange({ buffers: new Map([["gridcast/stats.py", body]]) });
    const after = counts();
    expect(after.parsedFiles - comment.parsedFiles).toBe(1);
    expect(after.digestedComponents - comment.digestedComponents).toBeGreaterThan(0);
    expect(after.digestedComponents - comment.digestedComponents).toBeLessThan(before.digestedComponents / 2);
    expect(after.resolvedReferences - comment.resolvedReferences).toBeLessThan(before.resolvedReferences / 4);
  });
});
