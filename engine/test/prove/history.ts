/**
 * Proof over a git history: commit by commit, file by file, a function's strict hash changes exactly when CPython's
 * normalised tree of it does. The corpus is a git repository; nothing in it is checked out or changed.
 */
import { spawnSync } from "node:child_process";
import { clock, linesOf, Oracle, type Report, type Settings } from "./corpus.ts";

interface Answer {
  readonly definitions?: readonly (readonly [qualname: string, line: number, kind: string, digest: string])[];
}

export async function history(settings: Settings): Promise<Report> {
  const oracle = new Oracle(settings.python, "normal_trees.py");
  const over = clock(settings.seconds);
  const failures: string[] = [];
  let versions = 0;
  let compared = 0;
  let changed = 0;
  for (const { commit, file } of modifications(settings.corpus)) {
    if (over()) break;
    const before = show(settings.corpus, `${commit}^`, file);
    const after = show(settings.corpus, commit, file);
    if (before === null || after === null) continue;
    const [old, now] = await Promise.all([states(oracle, before), states(oracle, after)]);
    if (old === null || now === null) continue;
    versions++;
    for (const [name, was] of old) {
      const is = now.get(name);
      if (is === undefined) continue;
      compared++;
      const hasOtherTree = was.tree !== is.tree;
      if (hasOtherTree) changed++;
      if (hasOtherTree !== (was.hash !== is.hash)) {
        failures.push(
          `${commit.slice(0, 10)} ${file} ${name}: ${hasOtherTree ? "change not seen" : "no change, other hash"}`,
        );
      }
    }
  }
  oracle.end();
  return {
    suite: "history",
    checked: compared,
    failures,
    figures: { "file versions": versions, "definitions changed": changed, "definitions unchanged": compared - changed },
  };
}

function git(repository: string, ...args: readonly string[]): Buffer | null {
  const run = spawnSync("git", ["-C", repository, ...args], { maxBuffer: 1 << 28 });
  return run.status === 0 ? run.stdout : null;
}

/** Every modification of a `.py` file, oldest first. */
function modifications(repository: string): { commit: string; file: string }[] {
  const out: { commit: string; file: string }[] = [];
  const log = git(
    repository,
    "log",
    "--reverse",
    "--no-merges",
    "--diff-filter=M",
    "--name-only",
    "--format=>%H",
    "--",
    "*.py",
  );
  let commit = "";
  for (const line of log?.toString("utf8").split("\n") ?? []) {
    if (line.startsWith(">")) commit = line.slice(1);
    else if (line !== "") out.push({ commit, file: line });
  }
  return out;
}

function show(repository: string, commit: string, file: string): Buffer | null {
  return git(repository, "show", `${commit}:${file}`);
}

/** Hash and tree of each definition, the n-th of a qualname apart from the others; null when one side refuses the text. */
async function states(oracle: Oracle, text: Buffer): Promise<Map<string, { hash: string; tree: string }> | null> {
  const answer = await oracle.ask<Answer>({ source: text.toString("base64") });
  const lines = linesOf(text, "strict");
  if (answer.definitions === undefined || lines === null) return null;
  const hashes = new Map(lines.map((line) => [`${line.qualname}@${line.line}`, line.hash]));
  const out = new Map<string, { hash: string; tree: string }>();
  const count = new Map<string, number>();
  for (const [qualname, line, , tree] of answer.definitions) {
    const nth = (count.get(qualname) ?? 0) + 1;
    count.set(qualname, nth);
    out.set(`${qualname}#${nth}`, { hash: hashes.get(`${qualname}@${line}`) ?? "not listed", tree });
  }
  return out;
}
