/**
 * What every proof needs: the files of a corpus, CPython beside it, and what the engine says of files. Reads files only;
 * the corpus is never changed.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type Config,
  createProgram,
  type FunctionLine,
  type Host,
  type Level,
  memoryHost,
  type Program,
} from "../../src/index.ts";

export const LEVEL_NAMES: readonly Level[] = ["strict", "semantic", "behavioral"];

/** The folder of the oracles: beside this file, or where the command line's bundle says. */
export const oracleFolder: string =
  process.env.FASTPIPE_ORACLES ?? join(dirname(fileURLToPath(import.meta.url)), "oracle");

export interface Settings {
  /** Folder whose `.py` files are looked at. */
  readonly corpus: string;
  readonly python: string;
  /** Take every n-th file only; 1 for all. */
  readonly sample: number;
  /** Stop after about so many seconds; what was looked at until then counts. */
  readonly seconds: number;
  readonly seed: number;
}

/** What a proof found. */
export interface Report {
  readonly suite: string;
  /** Things compared. */
  readonly checked: number;
  /** One text per thing that is not as it must be. */
  readonly failures: readonly string[];
  /** Further numbers worth printing. */
  readonly figures: Readonly<Record<string, number | string>>;
}

/** Folders that hold no module of the corpus itself. */
const SKIPPED = new Set(["site-packages", "__pycache__", "node_modules", ".git", "lib2to3"]);

/** Modules that do something visible when they are imported, test suites, and programs. */
export const NOT_IMPORTED =
  /(?:^|\/)(?:test|tests|testing|idlelib|idle_test|turtledemo|lib2to3|ensurepip|distutils|tkinter|conftest\.py|setup\.py|antigravity\.py|this\.py|__main__\.py|__phello__|benchmarks?|examples)(?:\/|$)/;

/** Every `.py` file below a folder, sorted; bad syntax on purpose (`bad*.py` of test folders) included. */
export function pythonFiles(folder: string): string[] {
  const out: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path);
      } else if (entry.isFile() && entry.name.endsWith(".py")) out.push(path);
    }
  };
  visit(folder);
  return out;
}

/** Every n-th of a list. */
export function every<T>(items: readonly T[], n: number): T[] {
  return n <= 1 ? [...items] : items.filter((_, i) => i % n === 0);
}

/** The folder of a Python's standard library. */
export function standardLibrary(python: string): string {
  const found = spawnSync(python, ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], {
    encoding: "utf8",
  });
  return found.stdout.trim();
}

/** One Python process that runs an oracle script; requests and answers are lines of JSON, in order. */
export class Oracle {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  #closed = false;

  constructor(python: string, script: string, args: readonly string[] = []) {
    this.#child = spawn(python, [join(oracleFolder, script), ...args], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONHASHSEED: "0" },
    });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line));
    });
    this.#child.on("close", (code) => {
      this.#closed = true;
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${script} ended with ${code}`));
    });
  }

  /** Sends one line (JSON unless it is text already) and gives the answer to it. */
  ask<T>(request: unknown): Promise<T> {
    if (this.#closed) return Promise.reject(new Error("the oracle has ended"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: (value) => resolve(value as T), reject });
      this.#child.stdin?.write(`${typeof request === "string" ? request : JSON.stringify(request)}\n`);
    });
  }

  end(): void {
    this.#child.stdin?.end();
  }
}

/** Asks about many things with a few requests under way, so that both processes are busy; answers come in order. */
export async function* askAll<Q, A>(
  oracle: Oracle,
  questions: readonly Q[],
  requestOf: (question: Q) => unknown,
  ahead = 4,
): AsyncGenerator<readonly [Q, A]> {
  const pending: Promise<A>[] = [];
  for (let i = 0; i < questions.length + ahead; i++) {
    if (i < questions.length) {
      const answer = oracle.ask<A>(requestOf(questions[i]));
      answer.catch(() => undefined);
      pending.push(answer);
    }
    if (i >= ahead && i - ahead < questions.length) {
      yield [questions[i - ahead], (await pending.shift()) as A];
    }
  }
}

export function configOf(level: Level): Config {
  return { level, sourceRoots: [""], stageDecorators: [], watch: [], exclude: [] };
}

/** Every definition that the engine lists of one file alone, its name being `name`; null when the engine refuses it. */
export function linesOf(text: string | Uint8Array, level: Level, name = "module.py"): FunctionLine[] | null {
  const out: FunctionLine[] = [];
  for (const line of createProgram(memoryHost({ [name]: text }), configOf(level)).functions()) {
    if ("error" in line) return null;
    out.push(line);
  }
  return out;
}

/** The same by `qualname@line`; null for null. */
export function linesByPlace(lines: readonly FunctionLine[] | null): ReadonlyMap<string, FunctionLine> | null {
  return lines === null ? null : new Map(lines.map((line) => [`${line.qualname}@${line.line}`, line]));
}

/** A program over a corpus on disk, every `.py` file in it first party; a package is seen from the folder that it is in. */
export function corpusProgram(corpus: string, level: Level): Program {
  const root = existsSync(join(corpus, "__init__.py")) ? dirname(corpus) : corpus;
  const files = pythonFiles(corpus).map((file) => relative(root, file));
  const host: Host = {
    listFiles: () => files,
    readFile: (path) => {
      try {
        return readFileSync(join(root, path));
      } catch {
        return null;
      }
    },
    packageVersion: () => null,
  };
  return createProgram(host, configOf(level));
}

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Tells when the seconds of a run are over. */
export function clock(seconds: number): () => boolean {
  const end = Date.now() + seconds * 1000;
  return () => Date.now() > end;
}
