/**
 * Proof of manifest §4 against the running program: every first-party definition that a function's compiled code loads
 * is among its `refs` (recall), and what `refs` say is loaded (precision). The modules of the corpus are imported by
 * CPython; the engine only reads them.
 *
 * What running can't tell, or what the contract decides otherwise, is left out by name of a reason and counted.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createProgram, type FunctionLine, type Host } from "../../src/index.ts";
import {
  askAll,
  clock,
  configOf,
  every,
  NOT_IMPORTED,
  Oracle,
  pythonFiles,
  type Report,
  type Settings,
} from "./corpus.ts";

type Targets = Readonly<Record<string, string>>;
type Definition = readonly [
  qualname: string,
  line: number,
  kind: string,
  loaded: Targets,
  annotated: Targets,
  ambiguous: readonly string[],
  closurevars: readonly string[] | null,
];
interface Answer {
  readonly error?: string;
  readonly definitions?: readonly Definition[];
}

/** Names that every module has. */
const PLACES = new Set(["__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__", "__builtins__"]);

/** What a run shows otherwise, with the reason: tested against `file target name`. */
const JUSTIFIED: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:importlib\/|zipimport\.py)|_frozen_importlib/,
    "the import system, which C code hands its modules under other names",
  ],
  [
    /^datetime\.py |^[^ ]* _pydecimal:Decimal /,
    "the Python twin of a C module that deletes or replaces its names when C is there",
  ],
  [
    / sqlalchemy\S*[ :](?:util\.)?_?preloaded\b/,
    "a registry object that takes its own module's place and is filled by setattr",
  ],
  [/^sqlalchemy\/dialects\/__init__\.py sqlalchemy\.dialects\.mysql\.mariadb /, "loaded by a literal __import__"],
  [
    /^setuptools\/.*(?:_distutils|_vendor)/,
    "imported as distutils and setuptools.extern, names that setuptools makes when it is imported",
  ],
  [
    /^ansible\/\S* ansible\.module_utils\.distro\._distro:/,
    "a package that puts another module in its own place: tracked as a whole, which reaches that one",
  ],
  [/ importlib:import_module importlib\.import_module$/, "a literal import_module is the import itself"],
  [/ functools:(?:lru_cache|cache) /, "lru_cache(maxsize=None) is cache (M3.2); only here is functools first party"],
];

/** One claim in this many may be of what no run loads. */
const MOST_EXTRAS = 100;

const FIRST_PARTY = new Set(["func", "class", "const", "mod"]);

export async function resolution(settings: Settings): Promise<Report> {
  const isPackage = existsSync(join(settings.corpus, "__init__.py"));
  const root = isPackage ? dirname(settings.corpus) : settings.corpus;
  const all = pythonFiles(settings.corpus).map((file) => relative(root, file));
  const host: Host = {
    listFiles: () => all,
    readFile: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : null),
    packageVersion: () => null,
  };
  const ours = new Map<string, FunctionLine>();
  for (const line of createProgram(host, configOf("semantic")).functions()) {
    if (!("error" in line)) ours.set(`${line.file}@${line.qualname}@${line.line}`, line);
  }
  const files = every(
    all.filter((file) => !NOT_IMPORTED.test(isPackage ? file.slice(file.indexOf("/") + 1) : file)),
    settings.sample,
  );
  const oracle = new Oracle(settings.python, "loaded.py", [root, settings.corpus]);
  const over = clock(settings.seconds);
  const failures: string[] = [];
  const extras: string[] = [];
  let imported = 0;
  let functions = 0;
  let required = 0;
  let missing = 0;
  let claimed = 0;
  let wrong = 0;
  let unclear = 0;
  let arms = 0;
  let whole = 0;
  let justified = 0;
  let closureKnown = 0;
  let closureMissed = 0;
  const request = (file: string) => ({ file: join(root, file), module: moduleOf(file) });
  for await (const [file, answer] of askAll<string, Answer>(oracle, files, request)) {
    if (over()) break;
    if (answer.definitions === undefined) continue;
    imported++;
    for (const [qualname, line, , loaded, annotated, ambiguous, closurevars] of answer.definitions) {
      const own = ours.get(`${file}@${qualname}@${line}`);
      const where = `${file}:${line} ${qualname}`;
      if (own === undefined) {
        failures.push(`${where}: not listed`);
        continue;
      }
      functions++;
      const targets = new Map(own.refs.filter((ref) => FIRST_PARTY.has(ref.kind)).map((ref) => [ref.target, ref.name]));
      const unsure = new Set(ambiguous.map((name) => name.split(".")[0]));
      for (const [target, name] of Object.entries(loaded)) {
        required++;
        if (targets.has(target)) continue;
        // The whole module is tracked: more than was asked for.
        if (targets.has(target.split(":")[0])) {
          whole++;
          continue;
        }
        if (JUSTIFIED.some(([pattern]) => pattern.test(`${file} ${target} ${name}`))) {
          justified++;
          continue;
        }
        missing++;
        const said = own.refs.filter((ref) => ref.name.split(".")[0] === name.split(".")[0]);
        failures.push(
          `missing: ${where} loads ${target} as ${name}; refs of that name: ${said.map((ref) => `${ref.kind} ${ref.target}`).join(", ") || "none"}`,
        );
      }
      for (const [target, name] of targets) {
        if (PLACES.has(name)) continue;
        claimed++;
        if (target in loaded || target in annotated) continue;
        if (unsure.has(name.split(".")[0])) {
          unclear++;
          continue;
        }
        // Every arm of a choice is tracked; a run takes one of them.
        if (isChoice(own, name)) {
          arms++;
          continue;
        }
        if (JUSTIFIED.some(([pattern]) => pattern.test(`${file} ${target} ${name}`))) {
          justified++;
          continue;
        }
        wrong++;
        extras.push(`extra: ${where}: ref ${name} → ${target} is not loaded`);
      }
      if (closurevars !== null) {
        const seen = new Set(closurevars);
        for (const target of Object.keys(loaded)) {
          closureKnown++;
          if (!seen.has(target)) closureMissed++;
        }
      }
    }
  }
  oracle.end();
  // A few claims more than were loaded are in the nature of it: a failure where they are one in a hundred, or more.
  if (wrong * MOST_EXTRAS >= Math.max(1, claimed)) failures.push(...extras);
  const percent = (part: number, whole: number) => `${(100 * (1 - part / Math.max(1, whole))).toFixed(3)} %`;
  return {
    suite: "resolution",
    checked: required,
    failures,
    figures: {
      modules: imported,
      definitions: functions,
      recall: percent(missing, required),
      missing,
      "refs claimed": claimed,
      precision: percent(wrong, claimed),
      wrong,
      "tracked as a whole module": whole,
      "arms not taken": arms,
      justified,
      "not to be told by running": unclear,
      "missed by inspect.getclosurevars": `${closureMissed} of ${closureKnown}`,
    },
  };
}

/** Whether a name, or a chain that starts with it, has several targets. */
function isChoice(line: FunctionLine, name: string): boolean {
  const targets = new Set<string>();
  for (const ref of line.refs) if (ref.name === name || ref.name.startsWith(`${name}.`)) targets.add(ref.target);
  return targets.size > 1;
}

function moduleOf(file: string): string {
  return file
    .replace(/\.py$/, "")
    .replace(/(^|\/)__init__$/, "")
    .replaceAll("/", ".");
}
