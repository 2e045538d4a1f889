#!/usr/bin/env node
/**
 * Compares the engine's scopes with CPython's symtable, name by name, over every file of a corpus.
 *
 *   node scripts/prove/scopes.mjs [--corpus DIR] [--python P] [--show N]
 *
 * P defaults to `python3` (3.11 to 3.13; 3.14 is compared in the test suite, through pyodide), DIR to that Python's
 * standard library without site-packages. Exit code 0 only when every file that CPython accepts has equal scopes and
 * no file that CPython's symtable refuses is accepted.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadTypeScript } from "./scopes-load.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    python: { type: "string", default: "python3" },
    show: { type: "string", default: "5" },
  },
});
const engine = await loadTypeScript(
  root,
  `export { parseModule } from "./engine/src/syntax/index.ts";
   export { bind } from "./engine/src/binding/index.ts";
   export { comparable, dumpBinding, withoutOrder } from "./engine/test/binding/oracle/dump.ts";`,
);

const about = JSON.parse(
  await capture(
    values.python,
    ["-c", "import json, sys, sysconfig; print(json.dumps([sys.version_info[:3], sysconfig.get_path('stdlib')]))"],
    "",
  ),
);
const [[major, minor, micro], stdlib] = about;
const corpus = values.corpus ?? stdlib;
const options = { inlined: minor >= 12 };
const bindOptions = { annotationScopes: minor >= 14 };
const files = listPython(corpus);

const show = Number(values.show);
let equal = 0;
let refused = 0;
let scopes = 0;
let names = 0;
let bytes = 0;
let parsing = 0;
let binding = 0;
const problems = [];

const dumper = spawn(values.python, [join(root, "engine/test/binding/oracle/symtable_dump.py")], {
  stdio: ["pipe", "pipe", "inherit"],
});
dumper.stdin.end(files.join("\n"));
for await (const line of createInterface({ input: dumper.stdout })) {
  const expected = JSON.parse(line);
  if (expected.error !== undefined) {
    refused++;
    continue;
  }
  compare(expected);
}

function compare(expected) {
  const text = expected.source;
  const before = performance.now();
  const parsed = engine.parseModule(text);
  const between = performance.now();
  if (!parsed.ok) {
    problems.push(`${expected.file}:${parsed.error.line}: not parsed: ${parsed.error.message}`);
    return;
  }
  const bound = engine.bind(parsed.value, { ...bindOptions, text });
  const after = performance.now();
  parsing += between - before;
  binding += after - between;
  bytes += text.length;
  if (!bound.ok) {
    problems.push(`${expected.file}:${bound.error.line}: not bound: ${bound.error.message}`);
    return;
  }
  const left = engine.comparable(expected.scopes, options);
  const right = engine.dumpBinding(bound.value, options);
  scopes += left.split("\n").length;
  names += left.split("|").length - left.split("\n").length;
  if (left === right || (minor < 13 && engine.withoutOrder(left) === engine.withoutOrder(right))) equal++;
  else problems.push(`${expected.file}: ${firstDifference(left, right)}`);
}

/** The first scope that differs, with the symbols that one side alone has. */
function firstDifference(left, right) {
  const a = left.split("\n");
  const b = right.split("\n");
  const at = a.findIndex((line, i) => line !== b[i]);
  const [ours, theirs] = [b[at === -1 ? a.length : at] ?? "(nothing)", a[at] ?? "(nothing)"].map((l) => l.split("|"));
  const only = (x, y) => x.filter((part) => !y.includes(part)).join(" ");
  return `scope ${theirs[0]}\n    CPython: ${only(theirs, ours)}\n    engine:  ${only(ours, theirs)}`;
}

function listPython(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((x, y) => (x.name < y.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "site-packages" && entry.name !== "__pycache__") {
      found.push(...listPython(path));
    } else if (entry.isFile() && entry.name.endsWith(".py")) found.push(path);
  }
  return found;
}

function capture(command, args, input) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(output));
    child.stdin.end(input);
  });
}

const compared = files.length - refused;
for (const problem of problems.slice(0, show)) console.log(problem);
console.log(
  `CPython ${major}.${minor}.${micro}, ${corpus}\n` +
    `${equal} of ${compared} files equal (${((100 * equal) / compared).toFixed(2)} %), ` +
    `${scopes} scopes, ${names} names; ${refused} files refused by CPython and left out\n` +
    `parse ${(bytes / 1000 / parsing).toFixed(1)} MB/s, bind ${(bytes / 1000 / binding).toFixed(1)} MB/s`,
);
process.exit(equal === compared && compared > 0 ? 0 : 1);
