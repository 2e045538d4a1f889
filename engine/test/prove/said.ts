/**
 * Everything that the engine says of a project, as one text: what the suite of determinism holds byte for byte against other
 * runs, some of them in other threads and processes. Reads files below one folder only.
 */
import { createHash } from "node:crypto";
import { createProgram, type Level, memoryHost, type Program } from "../../src/index.ts";
import { configOf, LEVEL_NAMES, random } from "./corpus.ts";

export type Files = readonly (readonly [path: string, content: string | Uint8Array])[];

/** Manifests asked for, at most: they are long. */
const MANIFESTS = 60;

const OFFSETS = new Set(["ranges", "start", "end", "offset"]);

/** One line per definition, and the manifests of some definitions that the project's own text chooses. */
export function saidBy(program: Program): string {
  const lines = [...program.functions()];
  const out = lines.map((line) => JSON.stringify(line));
  const known = lines.filter((line) => !("error" in line) && line.kind === "function");
  const step = Math.max(1, Math.floor(known.length / MANIFESTS));
  for (let i = 0; i < known.length; i += step) {
    const line = known[i];
    if ("error" in line) continue;
    const manifest = program.manifest({ file: line.file, qualname: line.qualname });
    // Offsets are the text's own, and no part of a published manifest.
    out.push(JSON.stringify(manifest, (key, value) => (OFFSETS.has(key) ? undefined : value)));
  }
  return out.join("\n");
}

/** What is said of files at every level: a line for each, `level digest length`. */
export function digestOf(files: Files): string {
  return LEVEL_NAMES.map((level: Level) => {
    const said = saidBy(createProgram(memoryHost(new Map(files)), configOf(level)));
    return `${level} ${createHash("sha256").update(said).digest("hex")} ${said.length}`;
  }).join("\n");
}

/** A list in an order that a seed determines. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const chance = random(seed);
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
