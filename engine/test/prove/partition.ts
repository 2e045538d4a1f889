/**
 * Proof of M3.1: over all definitions of a corpus, two have one `hash` at level strict exactly when CPython's normalised
 * trees of them are equal. A *split* is one tree with several hashes, a *merge* one hash with several trees. Also that the
 * engine lists the definitions that CPython has: qualname and line.
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { askAll, clock, every, linesOf, Oracle, pythonFiles, type Report, type Settings } from "./corpus.ts";

interface Answer {
  readonly file: string;
  readonly error?: string;
  readonly definitions?: readonly (readonly [qualname: string, line: number, kind: string, digest: string])[];
}

export async function partition(settings: Settings): Promise<Report> {
  const files = every(pythonFiles(settings.corpus), settings.sample);
  const oracle = new Oracle(settings.python, "normal_trees.py");
  const over = clock(settings.seconds);
  const failures: string[] = [];
  const byTree = new Map<string, { hash: string; where: string }>();
  const byHash = new Map<string, { tree: string; where: string }>();
  let functions = 0;
  let classes = 0;
  let split = 0;
  let merged = 0;
  let listed = 0;
  let refused = 0;
  let compared = 0;
  for await (const [file, answer] of askAll<string, Answer>(oracle, files, (path) => path)) {
    if (over()) break;
    const name = relative(settings.corpus, file);
    const lines = linesOf(readFileSync(file), "strict");
    if (answer.definitions === undefined || lines === null) {
      if (answer.definitions === undefined && lines === null) refused++;
      else failures.push(`${name}: ${lines === null ? "refused by the engine only" : "refused by CPython only"}`);
      continue;
    }
    compared++;
    const ours = new Map(lines.map((line) => [`${line.qualname}@${line.line}`, line]));
    for (const [qualname, line, kind, tree] of answer.definitions) {
      const where = `${name}:${line} ${qualname}`;
      const own = ours.get(`${qualname}@${line}`);
      ours.delete(`${qualname}@${line}`);
      if (own === undefined || own.kind !== kind) {
        listed++;
        failures.push(`${where}: not listed as ${kind}`);
        continue;
      }
      if (kind === "function") functions++;
      else classes++;
      const sameTree = byTree.get(tree);
      if (sameTree === undefined) byTree.set(tree, { hash: own.hash, where });
      else if (sameTree.hash !== own.hash) {
        split++;
        failures.push(`split: ${where} and ${sameTree.where}: one tree, two hashes`);
      }
      const sameHash = byHash.get(own.hash);
      if (sameHash === undefined) byHash.set(own.hash, { tree, where });
      else if (sameHash.tree !== tree) {
        merged++;
        failures.push(`merge: ${where} and ${sameHash.where}: two trees, one hash`);
      }
    }
    for (const extra of ours.keys()) {
      listed++;
      failures.push(`${name}: ${extra} is listed and CPython does not have it`);
    }
  }
  oracle.end();
  return {
    suite: "partition",
    checked: functions + classes,
    failures,
    figures: {
      files: compared,
      "refused by both": refused,
      functions,
      classes,
      "different trees": byTree.size,
      split,
      merged,
      "listed otherwise": listed,
    },
  };
}
