/**
 * Proof that what is said of a project is a function of its text alone (manifest §2): byte for byte the same under another
 * path, in another order of files, with other line ends and separators, in a worker thread, in another process, under other
 * versions of Node, and after edits that were undone. `FASTPIPE_NODES` may name further Node executables, separated by `:`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Worker } from "node:worker_threads";
import { createProgram, memoryHost } from "../../src/index.ts";
import { configOf, every, oracleFolder, pythonFiles, type Report, random, type Settings } from "./corpus.ts";
import { edited } from "./incremental.ts";
import { digestOf, type Files, saidBy, shuffled } from "./said.ts";

/** Runs in a thread or a process of its own: says what `digestOf` says of a folder on disk. */
const ENTRY = `
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { pythonFiles } from "./corpus.ts";
import { digestOf } from "./said.ts";
const folder = workerData ?? process.argv[2];
const files = pythonFiles(folder).map((file) => [relative(folder, file), readFileSync(file)] as const);
const said = digestOf(files);
if (parentPort) parentPort.postMessage(said);
else process.stdout.write(said);
`;

export async function determinism(settings: Settings, edits = 30): Promise<Report> {
  const root = existsSync(join(settings.corpus, "__init__.py")) ? dirname(settings.corpus) : settings.corpus;
  const files: Files = every(pythonFiles(settings.corpus), settings.sample).map(
    (file) => [relative(root, file), readFileSync(file)] as const,
  );
  const failures: string[] = [];
  const base = digestOf(files);
  let checked = 0;
  const hold = (what: string, said: string) => {
    checked++;
    if (said !== base) failures.push(`${what}: other answers\n${said}\n${base}`);
  };

  hold("once more", digestOf(files));
  hold("files listed backwards", digestOf([...files].reverse()));
  hold("files shuffled", digestOf(shuffled(files, settings.seed)));
  const text = (content: string | Uint8Array) => Buffer.from(content).toString("latin1");
  const converted = (end: string): Files =>
    files.map(([path, content]) => [path, Buffer.from(text(content).replace(/\r\n|\r|\n/g, end), "latin1")] as const);
  // Line ends count as one in UTF-8 and in every code that agrees with ASCII.
  hold("CRLF", digestOf(converted("\r\n")));
  hold("LF", digestOf(converted("\n")));
  checked++;
  if (!survivesUndos(files, settings.seed, edits)) failures.push("after undone edits a program says something else");

  const temporary = mkdtempSync(join(tmpdir(), "fastpipe-determinism-"));
  try {
    const folder = join(temporary, "another path", "é", "project");
    for (const [path, content] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const script = join(temporary, "said.cjs");
    // Asked for by hand, since the suites themselves may be a bundle, and esbuild can't be part of one.
    const { build } = createRequire(join(oracleFolder, "here.js"))("esbuild");
    await build({
      stdin: { contents: ENTRY, resolveDir: dirname(oracleFolder), loader: "ts" },
      bundle: true,
      format: "cjs",
      target: "node20",
      platform: "node",
      outfile: script,
      logLevel: "error",
      define: { "import.meta.url": JSON.stringify(`file://${oracleFolder}/`) },
    });
    hold("a worker thread, another path", await inThread(script, folder));
    const nodes = [process.execPath, ...(process.env.FASTPIPE_NODES ?? "").split(":").filter((path) => path !== "")];
    const versions: string[] = [];
    for (const node of nodes) {
      versions.push(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim());
      const run = spawnSync(node, [script, folder], { encoding: "utf8", maxBuffer: 1 << 26 });
      hold(`a process of ${node}`, run.status === 0 ? run.stdout : run.stderr);
    }
    return {
      suite: "determinism",
      checked,
      failures,
      figures: { files: files.length, levels: 3, "edits undone": edits, "Node versions": versions.join(" ") },
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Whether a program says what it said first, after random edits of its buffers that were all taken back. */
function survivesUndos(files: Files, seed: number, edits: number): boolean {
  const chance = random(seed);
  const program = createProgram(memoryHost(new Map(files)), configOf("semantic"));
  const before = saidBy(program);
  const texts = new Map<string, string>();
  for (let i = 0; i < edits; i++) {
    const [path, content] = files[Math.floor(chance() * files.length)];
    const next = edited(texts.get(path) ?? Buffer.from(content).toString("utf8"), chance, chance() < 0.2);
    texts.set(path, next);
    program.applyChange({ buffers: new Map([[path, next]]) });
    if (chance() < 0.3) saidBy(program);
  }
  program.applyChange({ buffers: new Map([...texts.keys()].map((path) => [path, null])) });
  return saidBy(program) === before;
}

function inThread(script: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: folder });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}
