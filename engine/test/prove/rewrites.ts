/**
 * Proof that what changes nothing changes nothing: files in other spellings, moved, with locals, imports, helpers or
 * parameters renamed keep the own hashes and fingerprints of all their definitions from the level on that says so (M3).
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Level } from "../../src/index.ts";
import {
  askAll,
  clock,
  every,
  LEVEL_NAMES,
  linesByPlace,
  linesOf,
  Oracle,
  pythonFiles,
  type Report,
  type Settings,
} from "./corpus.ts";

interface Variant {
  readonly name: string;
  readonly bytes: string;
  readonly level: Level;
  readonly same: readonly ("hash" | "fingerprint")[];
  readonly places: readonly (readonly [
    qualname: string,
    line: number,
    nowQualname: string,
    nowLine: number,
    depth: number,
  ])[];
}

interface Answer {
  readonly error?: string;
  readonly variants: readonly Variant[];
  readonly skipped: number;
}

/** Rewrites of names: a nested function alone is written with names of the function around it. */
const OUTER_ONLY = /renamed$/;

export async function rewrites(settings: Settings): Promise<Report> {
  const files = every(pythonFiles(settings.corpus), settings.sample);
  const oracle = new Oracle(settings.python, "rewrites.py");
  const over = clock(settings.seconds);
  const failures: string[] = [];
  const counts = new Map<string, { checked: number; changed: number }>();
  let checked = 0;
  let skipped = 0;
  const request = (path: string) => ({ file: path, seed: settings.seed });
  for await (const [file, answer] of askAll<string, Answer>(oracle, files, request)) {
    if (over()) break;
    if (answer.error !== undefined) continue;
    skipped += answer.skipped;
    const name = relative(settings.corpus, file);
    for (const [rank, level] of LEVEL_NAMES.entries()) {
      const base = linesByPlace(linesOf(readFileSync(file), level));
      if (base === null) {
        failures.push(`${name}: refused`);
        break;
      }
      for (const variant of answer.variants) {
        if (LEVEL_NAMES.indexOf(variant.level) > rank) continue;
        const now = linesByPlace(linesOf(Buffer.from(variant.bytes, "base64"), level));
        const count = counts.get(variant.name) ?? { checked: 0, changed: 0 };
        counts.set(variant.name, count);
        if (now === null) {
          failures.push(`${level} ${variant.name}: ${name} is refused`);
          continue;
        }
        for (const [qualname, line, nowQualname, nowLine, depth] of variant.places) {
          if (depth > 0 && OUTER_ONLY.test(variant.name)) continue;
          const before = base.get(`${qualname}@${line}`);
          const after = now.get(`${nowQualname}@${nowLine}`);
          checked++;
          count.checked++;
          const changed =
            before === undefined || after === undefined
              ? ["place"]
              : variant.same.filter((what) => before[what] !== after[what]);
          if (changed.length === 0) continue;
          count.changed++;
          failures.push(`${level} ${variant.name}: ${name}:${line} ${qualname}: other ${changed.join(" and ")}`);
        }
      }
    }
  }
  oracle.end();
  return {
    suite: "rewrites",
    checked,
    failures,
    figures: {
      "variants that came to nothing": skipped,
      ...Object.fromEntries(
        [...counts].map(([name, count]) => [name, `${count.checked - count.changed}/${count.checked}`]),
      ),
    },
  };
}
