/**
 * Proof of the parser: our tree equals CPython's for every file of a corpus that CPython itself parses.
 *
 *     node scripts/prove/trees.mjs [--corpus DIR]... [--python PYTHON] [--positions] [--limit N] [--speed]
 *
 * Without `--corpus`: the standard library (tests included) and site-packages of PYTHON (default: python3). `--speed` also
 * measures text → tree over the same files. Exit 1 on any difference. Reads files only; writes a bundle into a temporary folder.
 */

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { values: options } = parseArgs({
  options: {
    corpus: { type: "string", multiple: true },
    python: { type: "string", default: "python3" },
    positions: { type: "boolean", default: false },
    limit: { type: "string" },
    speed: { type: "boolean", default: false },
  },
});

/** The engine's text and syntax folders as one module. */
async function bundle() {
  const folder = mkdtempSync(join(tmpdir(), "fastpipe-trees-"));
  const outfile = join(folder, "syntax.mjs");
  await build({
    stdin: {
      contents: 'export * from "./engine/src/syntax/index.ts"; export * from "./engine/src/text/index.ts";',
      resolveDir: root,
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    outfile,
    logLevel: "error",
  });
  const module = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true, force: true });
  return module;
}

function standardCorpus() {
  const found = spawnSync(options.python, [
    "-c",
    "import os, site; print(os.path.dirname(os.__file__)); print(*site.getsitepackages(), sep='\\n')",
  ]);
  return [...new Set(String(found.stdout).trim().split("\n"))];
}

function* pythonFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* pythonFiles(path);
    else if (entry.isFile() && entry.name.endsWith(".py")) yield path;
  }
}

/** One Python process that answers requests in order. */
function oracle(python) {
  const child = spawn(python, [join(root, "engine/test/oracle/dump.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = [];
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
  return {
    ask: (request) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify(request)}\n`);
      }),
    end: () => child.stdin.end(),
  };
}

function firstDifference(ours, theirs) {
  let i = 0;
  while (i < ours.length && ours[i] === theirs[i]) i++;
  const from = Math.max(0, i - 120);
  return `  ours:   …${ours.slice(from, i + 80)}\n  theirs: …${theirs.slice(from, i + 80)}`;
}

const { decodeSource, dumpModule, parseModule } = await bundle();
const roots = options.corpus ?? standardCorpus();
const files = [...new Set(roots.flatMap((folder) => [...pythonFiles(folder)]))];
if (options.limit) files.length = Math.min(files.length, Number(options.limit));
const python = oracle(options.python);
const count = { equal: 0, different: 0, refusedByUs: 0, refusedByBoth: 0, refusedByPython: 0, line: 0 };
const sources = [];
let bytesSeen = 0;
let shown = 0;
const show = (text) => {
  if (shown++ < 40) console.log(text);
};

const BATCH = 16;
for (let at = 0; at < files.length; at += BATCH) {
  const batch = files.slice(at, at + BATCH);
  const answers = batch.map((file) => python.ask({ file, positions: options.positions }));
  for (let k = 0; k < batch.length; k++) {
    const file = batch[k];
    const bytes = readFileSync(file);
    bytesSeen += bytes.length;
    const text = decodeSource(bytes);
    const parsed = text.ok ? parseModule(text.value) : text;
    const dump = parsed.ok ? dumpModule(parsed.value, options.positions) : null;
    const theirs = await answers[k];
    if (theirs.ok && dump !== null) {
      if (createHash("sha256").update(dump).digest("hex") === theirs.hash) {
        count.equal++;
        if (options.speed) sources.push(text.value);
      } else {
        count.different++;
        const full = await python.ask({ file, positions: options.positions, dump: true });
        show(`different: ${file}\n${firstDifference(dump, full.dump)}`);
      }
    } else if (theirs.ok) {
      count.refusedByUs++;
      show(`refused by us: ${file}:${parsed.error.line}: ${parsed.error.message}`);
    } else if (dump !== null) {
      count.refusedByPython++;
      show(`refused by Python only: ${file}:${theirs.line}: ${theirs.message}`);
    } else {
      count.refusedByBoth++;
      if (theirs.line === parsed.error.line || theirs.line === null) count.line++;
      else
        show(
          `line: ${file}: ours ${parsed.error.line} ${parsed.error.message}; theirs ${theirs.line} ${theirs.message}`,
        );
    }
  }
}
python.end();

const accepted = count.equal + count.different + count.refusedByUs;
console.log(
  `${files.length} files, ${(bytesSeen / 1e6).toFixed(1)} MB: ${count.equal} of ${accepted} equal` +
    ` (${((100 * count.equal) / accepted).toFixed(2)} %), ${count.different} different, ${count.refusedByUs} refused by us;` +
    ` refused by both ${count.refusedByBoth} (same line ${count.line}), by Python only ${count.refusedByPython}`,
);

if (options.speed) {
  const bytes = sources.reduce((sum, text) => sum + text.length, 0);
  const times = [];
  for (let round = 0; round < 5; round++) {
    const start = process.hrtime.bigint();
    for (const text of sources) parseModule(text);
    times.push(Number(process.hrtime.bigint() - start) / 1e9);
  }
  times.sort((a, b) => a - b);
  const rate = (seconds) => (bytes / 1e6 / seconds).toFixed(1);
  console.log(
    `text → tree: ${rate(times[0])} MB/s best, ${rate(times[2])} median of 5 rounds over ${(bytes / 1e6).toFixed(1)} MB`,
  );
}
process.exitCode = count.different + count.refusedByUs > 0 ? 1 : 0;
