#!/usr/bin/env node
/**
 * Benchmarks, each against peers that do the same work in the same run, or against the figure that is wanted.
 *
 *   npm run bench -- [--suite NAME]... [--quick] [--python P] [--json FILE] [--edits N]
 *                    [--pyright FOLDER]
 *
 * Prints a table per suite and writes everything to FILE (default: bench-results.json in the system's temporary folder).
 * Uses the built product (`npm run build`) where a whole process is measured. Absolute figures depend on the machine and
 * the hour; ratios within a run hold. Exit code 0 whatever the figures are: nothing here is a test.
 */
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./engine.mjs";
import { machine, Report } from "./report.mjs";

const SUITES = ["parse", "cold", "large", "keystroke", "server", "memory", "lock", "functions"];
/** Long ones, run only when named. */
const BY_NAME = ["soak", "threads"];

const { values: options } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    python: { type: "string", default: "python3" },
    json: { type: "string", default: path.join(tmpdir(), "bench-results.json") },
    // How many edits the soak makes.
    edits: { type: "string" },
    // Where npm installed pyright (default: on the path).
    pyright: { type: "string" },
  },
});
const names = options.suite ?? SUITES;
for (const name of names) {
  if (SUITES.includes(name) || BY_NAME.includes(name)) continue;
  console.error(`no suite \`${name}\`; there are ${[...SUITES, ...BY_NAME].join(", ")}`);
  process.exit(2);
}
const head = machine(options.python, root);
console.log(
  Object.entries(head)
    .map(([name, value]) => `${name} ${value}`)
    .join("; "),
  "\n",
);
const edits = options.edits === undefined ? undefined : Number(options.edits);
if (edits !== undefined && !(Number.isInteger(edits) && edits > 0)) {
  console.error(`--edits ${options.edits}: give a number of edits, such as 100000`);
  process.exit(2);
}
const report = new Report();
for (const name of names) {
  const { run } = await import(`./suites/${name}.mjs`);
  try {
    await run({ report, root, quick: options.quick, python: options.python, pyright: options.pyright, edits });
  } catch (error) {
    report.missing(
      name,
      "the suite",
      String(error?.stack ?? error)
        .split("\n")
        .slice(0, 3)
        .join(" "),
    );
  }
  console.log(report.table(name));
}
writeFileSync(options.json, `${JSON.stringify({ machine: head, quick: options.quick, rows: report.rows }, null, 1)}\n`);
console.log(`written to ${options.json}`);
