/**
 * What rules take out of the canonical form, or put in, changes no list of references: at level `semantic` a definition's
 * `refs` are those of level `strict`, where no rule runs.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createProgram, type Level, memoryHost } from "@fastpipe/engine";
import { expect, it } from "vitest";
import { chance, Writer } from "./random.ts";
import { readSpellings } from "./spellings.ts";

/** Each definition's references, sorted: the canonical form may evaluate in another order than the text reads. */
function references(source: string, level: Level): string[] {
  const config = { level, sourceRoots: [""], stageDecorators: [], watch: [], exclude: [] };
  const out: string[] = [];
  for (const line of createProgram(memoryHost({ "pipeline.py": source }), config).functions()) {
    if ("error" in line) return [];
    out.push(`${line.qualname}: ${line.refs.map((ref) => `${ref.kind} ${ref.name} ${ref.target}`).sort()}`);
  }
  return out;
}

const spellings = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => readSpellings(readFileSync(join(import.meta.dirname, name), "utf8")))
  .flatMap((spelling) => spelling.variants);

function random(count: number): string[] {
  const writer = new Writer(chance(16));
  return Array.from({ length: count }, (_, i) => (i % 2 === 0 ? writer.program() : writer.expressionProgram()));
}

it.each([
  ["the pages' programs", spellings],
  ["random programs", random(4000)],
])("lists what the code says: %s", (_, programs) => {
  for (const source of programs) expect(references(source, "semantic"), source).toEqual(references(source, "strict"));
});
