/**
 * Proof across modules: when one helper, class or constant of a real package changes, the fingerprint of every definition
 * that reaches it at run time changes (soundness), and of few others (precision). What reaches what is read from the
 * imported package's compiled code, transitively; the change goes through `applyChange`, as in an editor.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createProgram, type FunctionLine, type Host, type Program } from "../../src/index.ts";
import {
  askAll,
  clock,
  configOf,
  NOT_IMPORTED,
  Oracle,
  pythonFiles,
  type Report,
  random,
  type Settings,
} from "./corpus.ts";

type Targets = Readonly<Record<string, string>>;
interface Answer {
  readonly error?: string;
  readonly definitions?: readonly (readonly [
    string,
    number,
    string,
    Targets,
    Targets,
    readonly string[],
    unknown,
    readonly string[],
  ])[];
  readonly names?: readonly (readonly [name: string, kind: string, loads: Targets, mutated: string | null])[];
}

interface Definition {
  readonly key: string;
  readonly module: string;
  readonly qualname: string;
  readonly loads: readonly string[];
  readonly counted: readonly string[];
  readonly ambiguous: boolean;
}

/** `changes`: how many names are changed, each alone. */
export async function modules(settings: Settings, changes = 40): Promise<Report> {
  const isPackage = existsSync(join(settings.corpus, "__init__.py"));
  const root = isPackage ? dirname(settings.corpus) : settings.corpus;
  const files = pythonFiles(settings.corpus).map((file) => relative(root, file));
  const host: Host = {
    listFiles: () => files,
    readFile: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : null),
    packageVersion: () => null,
  };
  const oracle = new Oracle(settings.python, "loaded.py", [root, settings.corpus]);
  const definitions: Definition[] = [];
  const loadsOf = new Map<string, Set<string>>();
  // With what annotations name and the arms of a choice that this run did not take (C twins, platforms): M4 counts both.
  const countedOf = new Map<string, Set<string>>();
  const candidates: { target: string; file: string; kind: string; text: string }[] = [];
  const wanted = files.filter((file) => !NOT_IMPORTED.test(isPackage ? file.slice(file.indexOf("/") + 1) : file));
  const request = (file: string) => ({ file: join(root, file), module: moduleOf(file), names: true });
  for await (const [file, answer] of askAll<string, Answer>(oracle, wanted, request)) {
    const module = moduleOf(file);
    for (const [qualname, line, , loaded, annotated, ambiguous, , others] of answer.definitions ?? []) {
      const loads = Object.keys(loaded);
      const counted = [...loads, ...Object.keys(annotated), ...others];
      definitions.push({
        key: `${file}@${qualname}@${line}`,
        module,
        qualname,
        loads,
        counted,
        ambiguous: ambiguous.length > 0,
      });
      if (!qualname.includes(".")) {
        add(loadsOf, `${module}:${qualname}`, loads);
        add(countedOf, `${module}:${qualname}`, counted);
      }
    }
    for (const [name, kind, loads, text] of answer.names ?? []) {
      add(loadsOf, `${module}:${name}`, Object.keys(loads));
      add(countedOf, `${module}:${name}`, Object.keys(loads));
      if (text !== null) candidates.push({ target: `${module}:${name}`, file, kind, text });
    }
  }
  oracle.end();

  const program = createProgram(host, configOf("semantic"));
  const base = fingerprints(program);
  const over = clock(settings.seconds);
  const chance = random(settings.seed);
  const failures: string[] = [];
  let checked = 0;
  let reaching = 0;
  let changed = 0;
  let byContract = 0;
  let others = 0;
  const reversed = reverse(loadsOf);
  const reversedCounted = reverse(countedOf);
  for (let i = 0; i < changes && candidates.length > 0 && !over(); i++) {
    const [candidate] = candidates.splice(Math.floor(chance() * candidates.length), 1);
    program.applyChange({ buffers: new Map([[candidate.file, candidate.text]]) });
    const now = fingerprints(program);
    const moved = movedKeys(base, now, candidate.file);
    const reached = closure(reversed, candidate.target);
    const counts = closure(reversedCounted, candidate.target);
    checked++;
    for (const { key, module, qualname, loads, counted, ambiguous } of definitions) {
      // Lines of the changed file move; definitions are told by their qualname there.
      const [file] = key.split("@");
      const before = base.get(key);
      const after = file === candidate.file ? now.get(moved.get(key) ?? "") : now.get(key);
      const own = `${module}:${qualname}`;
      const must = own === candidate.target || loads.some((target) => reached.has(target));
      const has = before !== after;
      if (must) reaching++;
      if (has) changed++;
      if (must && !has) failures.push(`not seen: ${candidate.kind} ${candidate.target} changed, ${key} reaches it`);
      if (!must && has) {
        const outer = `${module}:${qualname.split(".")[0]}`;
        const isImplied =
          ambiguous || counts.has(outer) || outer === candidate.target || counted.some((target) => counts.has(target));
        if (isImplied) byContract++;
        else others++;
      }
    }
    program.applyChange({ buffers: new Map([[candidate.file, null]]) });
  }
  return {
    suite: "modules",
    checked,
    failures,
    figures: {
      definitions: definitions.length,
      "reach the changed one": reaching,
      "changed fingerprints": changed,
      "through class, annotation, other arm or function around": byContract,
      "for another reason": `${others} (${((100 * others) / Math.max(1, changed)).toFixed(2)} %)`,
    },
  };
}

function moduleOf(file: string): string {
  return file
    .replace(/\.py$/, "")
    .replace(/(^|\/)__init__$/, "")
    .replaceAll("/", ".");
}

function add(map: Map<string, Set<string>>, key: string, targets: readonly string[]): void {
  const set = map.get(key) ?? new Set();
  for (const target of targets) set.add(target);
  map.set(key, set);
}

function fingerprints(program: Program): Map<string, string> {
  const out = new Map<string, string>();
  for (const line of program.functions()) {
    if (!("error" in line)) out.set(keyOf(line), line.fingerprint);
  }
  return out;
}

function keyOf(line: FunctionLine): string {
  return `${line.file}@${line.qualname}@${line.line}`;
}

/** Where the definitions of one file are after an edit of it: the n-th of each qualname. */
function movedKeys(
  base: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  file: string,
): ReadonlyMap<string, string> {
  const later = new Map<string, string[]>();
  const ownKeys = (keys: Iterable<string>) => [...keys].filter((key) => key.startsWith(`${file}@`));
  const name = (key: string) => key.slice(0, key.lastIndexOf("@"));
  for (const key of ownKeys(now.keys())) later.set(name(key), [...(later.get(name(key)) ?? []), key]);
  const out = new Map<string, string>();
  for (const key of ownKeys(base.keys())) {
    const next = later.get(name(key))?.shift();
    if (next !== undefined) out.set(key, next);
  }
  return out;
}

function reverse(loadsOf: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const [from, targets] of loadsOf) {
    for (const target of targets) {
      const list = out.get(target);
      if (list) list.push(from);
      else out.set(target, [from]);
    }
  }
  return out;
}

/** Everything from which a name is reached, itself included. */
function closure(reversed: ReadonlyMap<string, readonly string[]>, target: string): Set<string> {
  const seen = new Set([target]);
  const queue = [target];
  for (const next of queue) {
    for (const user of reversed.get(next) ?? []) {
      if (seen.has(user)) continue;
      seen.add(user);
      queue.push(user);
    }
  }
  return seen;
}
