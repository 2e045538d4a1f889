/**
 * The pages of spellings of this folder: what is called equal has one fingerprint at level `semantic` (and differs at
 * `strict`, or the page would show nothing), what is called different has not. CPython is the judge of the pages
 * themselves: it runs every variant on the page's probes, and says whether they do the same.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createProgram, memoryHost } from "@fastpipe/engine";
import { beforeAll, describe, expect, it } from "vitest";
import type { Level } from "../../src/program/types.ts";
import { readSpellings, type Spelling } from "./spellings.ts";

const PAGES = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, spellings: readSpellings(readFileSync(join(import.meta.dirname, name), "utf8")) }));

/** Value, log and printed text of one probe on one variant. */
type Outcome = readonly [value: string, log: string, printed: string];

function fingerprint(source: string, level: Level): string {
  const host = memoryHost({ "pipeline.py": source });
  const config = { level, sourceRoots: [""], stageDecorators: [], watch: [], exclude: [] };
  const manifest = createProgram(host, config).manifest({ file: "pipeline.py", qualname: "run" });
  if (!manifest.ok) throw new Error(`${manifest.error.code}: ${manifest.error.message}`);
  return manifest.value.fingerprint;
}

/** For each variant, the number of the first one that it is like. */
function likeness(values: readonly string[]): number[] {
  return values.map((value) => values.indexOf(value) + 1);
}

const nameOf = ({ title, reason, line }: Spelling) => `${title}: ${reason} (line ${line})`;

describe.each(PAGES)("$name", ({ spellings }) => {
  it.each(spellings.map((spelling) => [nameOf(spelling), spelling] as const))("%s", (_, spelling) => {
    const all = spelling.variants.map((_, i) => i + 1);
    for (const level of ["strict", "semantic", "behavioral"] as const) {
      const same = spelling.equal && level !== "strict";
      expect(likeness(spelling.variants.map((source) => fingerprint(source, level))), `level ${level}`).toEqual(
        same ? all.map(() => 1) : all,
      );
    }
  });
});

describe("CPython agrees", () => {
  const asked = PAGES.flatMap(({ name, spellings }) =>
    spellings.filter((spelling) => !spelling.unseen).map((spelling) => ({ page: name, spelling })),
  );
  let answers: readonly (readonly (readonly Outcome[])[])[] = [];
  beforeAll(() => {
    const run = spawnSync("python3", [join(import.meta.dirname, "oracle/outcomes.py")], {
      input: JSON.stringify(asked.map(({ spelling }) => spelling)),
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    expect(run.stderr).toBe("");
    answers = JSON.parse(run.stdout);
  });

  it.each(asked.map(({ page, spelling }, i) => [page, nameOf(spelling), i] as const))("%s %s", (_page, _name, i) => {
    const { spelling } = asked[i];
    const outcomes = answers[i];
    if (spelling.equal) {
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
      // A probe that fails in the page's own code says nothing.
      expect(outcomes[0].every(([value]) => /^raised (Name|Syntax|Indentation)Error$/.test(value))).toBe(false);
      return;
    }
    const texts = outcomes.map((outcome) => JSON.stringify(outcome));
    expect(likeness(texts), texts.join("\n")).toEqual(texts.map((_, index) => index + 1));
  });
});
