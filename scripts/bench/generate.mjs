#!/usr/bin/env node
/**
 * Makes large Python inputs out of real code: projects whose modules are the standard library's, cut and packaged anew, with
 * imports between them as projects have them (layers, a few modules that everybody uses), and single long files. The same
 * options give the same text. Nothing here is ever run.
 *
 *   node scripts/bench/generate.mjs DIR [--kloc N] [--files N] [--stages N] [--reach KLOC] [--seed N] [--python P]
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { engine } from "./engine.mjs";
import { between, randomNumbers } from "./random.mjs";

/** Changed when the generator makes something else of the same options. */
const VERSION = 3;
const CLAUSES = new Set(["try", "except", "finally", "else", "if", "elif", "for", "while", "with"]);
const LEFT_OUT = /^(?:test|tests|idlelib|lib2to3|turtledemo|site-packages|ensurepip|__pycache__|config-.*)$/;

/** So many modules lie beside each other without importing one another. */
const WIDTH = 24;

function take(set) {
  const [first] = set;
  set.delete(first);
  return first;
}

/** The folder of an interpreter's standard library. */
export function standardLibraryFolder(python = "python3") {
  const found = spawnSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]);
  if (found.status !== 0) throw new Error(`${python} can't be run: benchmarks need a Python with its standard library`);
  return String(found.stdout).trim();
}

/** The standard library of an interpreter without tests: `{ file, text }`, sorted; only what our parser takes. */
export async function standardLibrary(python = "python3") {
  const { decodeSource } = await engine();
  const root = standardLibraryFolder(python);
  const files = [];
  const walk = (folder) => {
    const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !LEFT_OUT.test(entry.name)) walk(file);
      if (!entry.isFile() || !entry.name.endsWith(".py")) continue;
      const text = decodeSource(readFileSync(path.join(root, file)));
      if (text.ok) files.push({ file, text: text.value });
    }
  };
  walk("");
  return files;
}

const linesIn = (text) => text.split("\n").length - 1;

/** Top-level statements of a module as pieces of text with the comments before them; the imports are apart. */
async function pieces(python) {
  const { parseModule, NodeKind } = await engine();
  const modules = [];
  for (const { file, text } of await standardLibrary(python)) {
    if (text.includes("\r") || text.includes("\f") || text.length > 400_000) continue;
    const parsed = parseModule(text);
    if (!parsed.ok) continue;
    const imports = [];
    const body = [];
    let from = 0;
    for (const statement of parsed.value.body) {
      const newline = text.indexOf("\n", statement.end);
      const end = newline < 0 ? text.length : newline + 1;
      // Several statements on one line are one piece.
      if (end <= from) continue;
      const source = text.slice(from, end).replace(/^\n+/, "");
      from = end;
      const { kind } = statement;
      if (kind === NodeKind.Import || kind === NodeKind.ImportFrom) {
        // Stars and relative imports would lead out of the piece.
        if (!/^\s*from\s+\.|\*/m.test(source)) imports.push(source);
        continue;
      }
      if (kind === NodeKind.Expr || source.includes("__future__")) continue;
      const names = new Set();
      if (kind === NodeKind.FunctionDef || kind === NodeKind.ClassDef || kind === NodeKind.AsyncFunctionDef)
        names.add(statement.name);
      // `try: x = 1` binds no `try`.
      else
        for (const match of source.matchAll(/^([A-Za-z_]\w*)\s*(?::[^=\n]*)?=[^=]/gm))
          if (!CLAUSES.has(match[1])) names.add(match[1]);
      const functionName = kind === NodeKind.FunctionDef && !statement.name.startsWith("__") ? statement.name : null;
      body.push({ source, names, functionName });
    }
    if (body.length > 1) modules.push({ name: path.basename(file, ".py").replace(/\W/g, "_"), imports, body });
  }
  return modules;
}

/** Cuts a module into parts of about `most` lines; a part imports by name what it mentions of the others. */
function cut(module, most) {
  const parts = [];
  let part = null;
  for (const piece of module.body) {
    if (part === null || part.lines >= most) {
      part = { lines: module.imports.length, pieces: [], names: new Set(), functions: [] };
      parts.push(part);
    }
    part.pieces.push(piece);
    part.lines += linesIn(piece.source);
    for (const name of piece.names) part.names.add(name);
    if (piece.functionName !== null) part.functions.push(piece.functionName);
  }
  const own = parts.map((_, at) => (parts.length === 1 ? module.name : `${module.name}_${at}`));
  return parts.map((each, at) => {
    const code = each.pieces.map((piece) => piece.source).join("\n");
    const words = new Set(code.match(/\b[A-Za-z_]\w*\b/g));
    const header = [...module.imports];
    for (const [index, other] of parts.entries()) {
      const wanted = index === at ? [] : [...other.names].filter((name) => words.has(name) && !each.names.has(name));
      if (wanted.length > 0) header.push(`from .${own[index]} import (${wanted.sort().join(", ")})\n`);
    }
    return { name: own[at], header: header.join(""), code, functions: each.functions };
  });
}

/**
 * The files of a project as text by path.
 * `kloc`: thousands of lines altogether; `files`: how many modules about (0: 400 lines each); `stages`: how many;
 * `reach`: thousands of lines that the stages' imports reach (0: all).
 */
export async function projectFiles({ kloc = 10, files = 0, stages = 100, reach = 0, seed = 1, python = "python3" }) {
  const random = randomNumbers(seed);
  const most = files === 0 ? 400 : Math.max(20, Math.round((kloc * 1000) / files));
  const units = (await pieces(python)).map((module) => cut(module, most));
  const modules = [];
  const reachLines = (reach === 0 ? kloc : reach) * 1000;
  let lines = 0;
  let reached = 0;
  /** Modules that nobody imports yet. */
  const waiting = new Set();
  // Copies of the whole library, one after the other, each in another order, until there is enough.
  for (let copy = 0; lines < kloc * 1000; copy++) {
    const order = units.map((unit) => [random(), unit]).sort((a, b) => a[0] - b[0]);
    for (const [index, [, unit]] of order.entries()) {
      if (lines >= kloc * 1000) break;
      const folder = `lib/pack_${copy}_${String(Math.floor(index / 20)).padStart(2, "0")}`;
      for (const part of unit) {
        const at = modules.length;
        const inside = lines < reachLines;
        if (inside) reached = at + 1;
        const module = { ...part, path: `${folder}/${part.name}.py`, imports: [], glue: [] };
        if (modules.length > 0) {
          // Neighbours first; now and then one of the few that everybody uses.
          for (let n = between(random, 1, 4); n > 0; n--) {
            const limit = inside ? at : modules.length;
            const target =
              random() < 0.3
                ? between(random, 0, Math.min(12, limit))
                : between(random, Math.max(0, limit - 40), limit);
            if (!module.imports.includes(target)) module.imports.push(target);
          }
          // Nobody is left out: what the stages are to reach is reached.
          while (inside && waiting.size > WIDTH) module.imports.push(take(waiting));
        }
        for (const target of module.imports) waiting.delete(target);
        if (inside) waiting.add(at);
        modules.push(module);
        lines += linesIn(part.header) + linesIn(part.code) + 14;
      }
    }
  }
  const out = new Map([["pyproject.toml", '[project]\nname = "generated"\nversion = "0"\n']]);
  const dotted = (module) => module.path.slice(0, -3).replaceAll("/", ".");
  for (const [at, module] of modules.entries()) {
    const header = [];
    const calls = [];
    for (const target of module.imports) {
      const other = modules[target];
      header.push(`from ${dotted(other)} import glue_${target}\n`);
      calls.push(`    value = glue_${target}(value)\n`);
    }
    for (const name of module.functions.slice(0, 2)) calls.push(`    value = [value, ${name}]\n`);
    const glue = `\n\ndef glue_${at}(value):\n    """Passes a value on."""\n${calls.join("")}    return value\n`;
    out.set(module.path, `"""Module ${at}."""\n${module.header}${header.join("")}\n${module.code}${glue}`);
  }
  const perFile = Math.min(10, Math.max(1, Math.ceil(stages / 50)));
  for (let first = 0, flow = 0; first < stages; first += perFile, flow++) {
    const body = [];
    const used = new Set();
    for (let stage = first; stage < Math.min(stages, first + perFile); stage++) {
      // The first stage stands on top of everything, the others anywhere.
      const calls = stage === 0 ? [...waiting] : [between(random, 0, reached), between(random, 0, reached)];
      for (const target of calls) used.add(target);
      const expressions = [...new Set(calls)].map((target) => `    value = glue_${target}(value)\n`).join("");
      body.push(
        `\n\n@stage(deps=["data/${stage}.in"], outs=["data/${stage}.out"])\ndef step_${stage}(value=LIMIT):\n${expressions}    return value\n`,
      );
    }
    const imports = [...used].sort((a, b) => a - b).map((at) => `from ${dotted(modules[at])} import glue_${at}\n`);
    const text = `from fastpipe import stage\n\n${imports.join("")}\nLIMIT = ${flow}\n${body.join("")}`;
    out.set(`flows/flow_${flow}.py`, text);
  }
  return out;
}

/** One file of about `lines` lines: definitions of the standard library, each name once. */
export async function longFile({ lines, python = "python3", stages = 3 }) {
  const names = new Set();
  const code = [];
  const imports = new Set();
  let count = 0;
  for (const module of await pieces(python)) {
    for (const piece of module.body) {
      if (count >= lines) break;
      if (piece.names.size !== 1 || [...piece.names].some((name) => names.has(name))) continue;
      for (const name of piece.names) names.add(name);
      code.push(piece.source, "\n");
      count += linesIn(piece.source) + 1;
    }
    for (const source of module.imports) if (!/^\s/.test(source) && source.length < 80) imports.add(source);
  }
  const functions = code
    .flatMap((source) => /^def (\w+)\(/.exec(source)?.[1] ?? [])
    .filter((name) => !name.startsWith("_"));
  for (let stage = 0; stage < stages; stage++) {
    const uses = functions.filter((_, index) => index % stages === stage).slice(0, 20);
    code.push(`\n@stage(outs=["${stage}.out"])\ndef step_${stage}():\n    return [${uses.join(", ")}]\n`);
  }
  return `from fastpipe import stage\n${[...imports].slice(0, 60).join("")}\n${code.join("")}`;
}

const CACHE = path.join(tmpdir(), "fastpipe-bench");

/** A folder with the project of these options, made once and kept in the system's temporary folder. Read only, please. */
export async function project(options) {
  const key = createHash("sha1")
    .update(JSON.stringify([VERSION, options]))
    .digest("hex")
    .slice(0, 12);
  const folder = path.join(CACHE, key);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    await writeProject(unfinished, options);
    renameSync(unfinished, folder);
  }
  return folder;
}

/** Writes a project's files below a folder. */
export async function writeProject(folder, options) {
  const made = new Set();
  for (const [file, text] of await projectFiles(options)) {
    const target = path.join(folder, file);
    if (!made.has(path.dirname(target))) mkdirSync(path.dirname(target), { recursive: true });
    made.add(path.dirname(target));
    writeFileSync(target, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kloc: { type: "string", default: "10" },
      files: { type: "string", default: "0" },
      stages: { type: "string", default: "100" },
      reach: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      python: { type: "string", default: "python3" },
    },
  });
  if (positionals.length !== 1) {
    console.error("usage: node scripts/bench/generate.mjs DIR [--kloc N] [--files N] [--stages N] [--reach KLOC]");
    process.exit(2);
  }
  const { python, ...numbers } = values;
  const options = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)]));
  await writeProject(positionals[0], { ...options, python });
}
