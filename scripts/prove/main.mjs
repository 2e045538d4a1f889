#!/usr/bin/env node
/**
 * Proofs of the engine against CPython over whole corpora of Python files.
 *
 *   npm run prove -- [--suite NAME]... [--corpus DIR]... [--python P] [--sample N] [--seconds S] [--seed N] [--show N]
 *
 * NAME is one of the suites of engine/test/prove/index.ts; default: all. DIR defaults to P's standard library, P to
 * python3. `--sample N` takes every N-th file. Prints one line of figures per suite and corpus, and the first `--show`
 * failures; exit code 0 only when there is none. Reads the corpus only; writes into temporary folders.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");

/** The suites as one module, bundled into a temporary folder: Node 20 runs no TypeScript itself. */
async function bundle() {
  const folder = mkdtempSync(join(tmpdir(), "fastpipe-prove-"));
  const outfile = join(folder, "prove.mjs");
  await build({
    entryPoints: [join(root, "engine/test/prove/index.ts")],
    bundle: true,
    format: "esm",
    target: "node20",
    platform: "node",
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    outfile,
    logLevel: "error",
  });
  const module = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true, force: true });
  return module;
}

process.env.FASTPIPE_ORACLES = join(root, "engine/test/prove/oracle");
const { SUITES, standardLibrary } = await bundle();
const { values: options } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    corpus: { type: "string", multiple: true },
    python: { type: "string", default: "python3" },
    sample: { type: "string", default: "1" },
    seconds: { type: "string", default: "3600" },
    seed: { type: "string", default: "1" },
    show: { type: "string", default: "20" },
  },
});

const names = options.suite ?? Object.keys(SUITES);
for (const name of names) {
  if (SUITES[name]) continue;
  console.error(`no suite \`${name}\`; there are ${Object.keys(SUITES).join(", ")}`);
  process.exit(2);
}
let failed = 0;
for (const corpus of options.corpus ?? [standardLibrary(options.python)]) {
  for (const name of names) {
    const start = performance.now();
    const report = await SUITES[name]({
      corpus,
      python: options.python,
      sample: Number(options.sample),
      seconds: Number(options.seconds),
      seed: Number(options.seed),
    });
    failed += report.failures.length;
    for (const failure of report.failures.slice(0, Number(options.show))) console.log(`  ${failure}`);
    const figures = Object.entries(report.figures).map(([key, value]) => `${key} ${value}`);
    console.log(
      `${name}: ${corpus}: ${report.checked} checked, ${report.failures.length} failures; ${figures.join(", ")}` +
        ` (${((performance.now() - start) / 1000).toFixed(0)} s)`,
    );
  }
}
process.exitCode = failed > 0 ? 1 : 0;
