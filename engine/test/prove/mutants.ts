/**
 * Proof that nothing slips through: in mutants of real functions, each of which CPython compiles to other code, the own
 * hash and the fingerprint of every definition that holds the mutation are others too, at every level.
 *
 * What a level leaves equal by a rule of M3.2 is told apart by an independent check in Python (`equivalent.py`), never by
 * a list of exceptions.
 */
import { relative } from "node:path";
import type { FunctionLine } from "../../src/index.ts";
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

interface Mutant {
  readonly kind: string;
  readonly what: string;
  /** How many of the levels' views of compiled code tell it apart: all before that too. */
  readonly codes: number;
  readonly places: readonly (readonly [qualname: string, before: number, after: number])[];
}

interface Answer {
  readonly error?: string;
  readonly base: string;
  readonly variants: readonly { readonly text: string; readonly mutants: readonly Mutant[] }[];
}

export async function mutants(settings: Settings, rounds = 4): Promise<Report> {
  const files = every(pythonFiles(settings.corpus), settings.sample);
  const oracle = new Oracle(settings.python, "mutants.py");
  const over = clock(settings.seconds);
  const failures: string[] = [];
  const kinds = new Map<string, number>();
  const missed = new Map<string, number>();
  let checked = 0;
  let same = 0;
  let byRule = 0;
  const judge = new Oracle(settings.python, "mutants.py");
  for await (const [file, answer] of askAll<string, Answer>(oracle, files, (path) => ({
    file: path,
    seed: settings.seed,
    rounds,
  }))) {
    if (over()) break;
    if (answer.error !== undefined) continue;
    const name = relative(settings.corpus, file);
    for (const [rank, level] of LEVEL_NAMES.entries()) {
      const base = linesByPlace(linesOf(answer.base, level));
      if (base === null) {
        failures.push(`${name}: the file as printed is refused`);
        break;
      }
      for (const variant of answer.variants) {
        const now = linesByPlace(linesOf(variant.text, level));
        if (now === null) {
          failures.push(`${name}: a variant that CPython compiles is refused`);
          continue;
        }
        for (const mutant of variant.mutants) {
          if (mutant.codes <= rank) {
            if (rank === 0) same++;
            continue;
          }
          checked++;
          kinds.set(mutant.kind, (kinds.get(mutant.kind) ?? 0) + 1);
          for (const place of mutant.places) {
            const problem = compare(base, now, place);
            if (problem === null) continue;
            if (rank > 0 && problem === "same hash") {
              const asked = { base: answer.base, variant: variant.text, before: place[1], after: place[2], level };
              if ((await judge.ask<{ equal: boolean }>(asked)).equal) {
                byRule++;
                continue;
              }
            }
            missed.set(mutant.kind, (missed.get(mutant.kind) ?? 0) + 1);
            failures.push(`${level} ${mutant.kind} (${mutant.what}): ${name} ${place[0]}: ${problem}`);
          }
        }
      }
    }
  }
  oracle.end();
  judge.end();
  return {
    suite: "mutants",
    checked,
    failures,
    figures: {
      "kinds of mutation": kinds.size,
      "same code, left out": same,
      "equal by a rule of the level": byRule,
      ...Object.fromEntries([...missed].map(([kind, count]) => [`missed: ${kind}`, count])),
    },
  };
}

type Lines = ReadonlyMap<string, FunctionLine>;

function compare(base: Lines, now: Lines, [qualname, before, after]: readonly [string, number, number]): string | null {
  const old = base.get(`${qualname}@${before}`);
  const present = now.get(`${qualname}@${after}`);
  if (old === undefined || present === undefined) return "not listed";
  if (old.hash === present.hash) return "same hash";
  return old.fingerprint === present.fingerprint ? "same fingerprint" : null;
}
