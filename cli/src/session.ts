/**
 * What every command starts from: the global options, and the project they lead to. Opens nothing before it is asked, so
 * that `--help` and `--version` stay quick.
 */
import { realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import {
  type EngineError,
  formatTarget,
  LEVELS,
  type Level,
  type Lock,
  parseTarget,
  resolveStage,
  stageIds,
  type Target,
} from "@fastpipe/engine";
import { idleSettings, lockError, type Project } from "@fastpipe/host";
import { findRoot, openFolder } from "@fastpipe/host/node";
import { Failure, oneLine } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { type ColorChoice, createOutput, type Output } from "./output.ts";

export interface GlobalOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly level?: string;
  readonly color?: ColorChoice;
  readonly verbose?: boolean;
  /** False for `--no-cache`. */
  readonly cache?: boolean;
}

/** What to do where a project has no stages. */
export const NO_STAGES =
  "mark a function with @stage, or name it under [tool.fastpipe]; `fastpipe doctor` says what is seen";

/** A project whose settings are good, with its lock. */
export interface Opened {
  readonly project: Project;
  /** Throws a failure with the place when the lock can't be used. */
  readonly lock: Lock;
}

export class Session {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly #projects: Project[] = [];

  constructor(options: GlobalOptions) {
    this.options = options;
    this.output = createOutput(options.color ?? "auto", options.verbose === true);
  }

  get json(): boolean {
    return this.options.json === true;
  }

  /** The root of the project: `--root`, or the nearest one upward, or else the current folder. */
  root(): string {
    const { root } = this.options;
    return root === undefined ? (findRoot(process.cwd()) ?? process.cwd()) : existingFolder(path.resolve(root));
  }

  /** Opens the project at the root; bad settings end the command. */
  open(): Opened {
    // Undefined leaves it to the environment.
    const cache = this.options.cache === false ? false : undefined;
    const project = openFolder(this.root(), { level: readLevel(this.options.level), cache, settled: true });
    this.#projects.push(project);
    if (project.configProblem !== null) throw new Failure(project.configProblem);
    this.output.note(`root ${project.root}, level ${project.config.level}`);
    return {
      project,
      get lock() {
        const { lock } = project;
        if (!lock.ok) throw new Failure(lockError(lock.error));
        return lock.value;
      },
    };
  }

  /** Leaves behind what makes the next command quick; called when the answer is out. */
  finish(): void {
    for (const project of this.#projects) project.saveCache();
  }

  /** An answer for programs: one line of JSON. */
  async writeJson(value: unknown): Promise<void> {
    await this.output.write(`${JSON.stringify(value)}\n`);
  }
}

/** The level of a `--level` option or a batch request; null and undefined mean the project's own. */
export function readLevel(level: string | null | undefined): Level | undefined {
  if (level === undefined || level === null) return undefined;
  if ((LEVELS as readonly string[]).includes(level)) return level as Level;
  throw new Failure(`unknown level \`${level}\`: use ${LEVELS.join(", ")}`);
}

/** The folder, or a failure that says what is there instead. */
export function existingFolder(folder: string): string {
  const stats = statsOf(folder);
  if (stats === null) throw new Failure(`${folder}: no such folder; give --root an existing one`);
  if (!stats.isDirectory()) throw new Failure(`${folder}: not a folder; give --root the folder of the project`);
  return folder;
}

/** The id of the stage that a name on the command line stands for. */
export function stageId({ project, lock }: Opened, name: string): string {
  const found = resolveStage(project.program, lock, name);
  if (found.ok) return found.value;
  if (found.error.code === "ambiguous") throw new Failure(found.error);
  const ids = stageIds(project.program, lock);
  const suggestions = nearest(name, ids);
  if (suggestions.length > 0) throw new Failure({ ...found.error, suggestions });
  const message = `${found.error.message}: ${ids.length === 0 ? "the project has none" : "`fastpipe status` lists them"}`;
  throw new Failure({ ...found.error, message });
}

/** Ids of several names, each once. */
export function stageIdsOf(opened: Opened, names: readonly string[]): string[] {
  return [...new Set(names.map((name) => stageId(opened, name)))];
}

/**
 * Says what may keep stages from being seen: settings that lead to nothing, folders that can't be listed, files that can't be
 * parsed and of which the lock knows no stage. A stage needs a decorator, and files that mention none have none.
 */
export function warnOfHiddenStages({ output }: Session, { project, lock }: Opened): void {
  const { program } = project;
  for (const idle of idleSettings(project)) output.warn(oneLine(idle));
  for (const folder of project.discovery.unreadable)
    output.warn(`${folder || project.root}: the folder can't be read; stages below it are not listed`);
  const known = new Set([...lock.stages.values()].map((baseline) => baseline.file));
  for (const file of program.stageFiles()) {
    if (known.has(file)) continue;
    const problem = program.problem(file);
    if (problem === null || !mayHoldStages(project, file)) continue;
    output.warn(`${oneLine({ ...problem, suggestions: [] })}; stages in this file are not listed`);
  }
}

/** A file that can't be opened may hold anything; one that can't be decoded is looked at byte by byte. */
function mayHoldStages({ program, files }: Project, file: string): boolean {
  const text = program.text(file);
  return text === null ? (files.read(file)?.includes(0x40) ?? true) : text.includes("@");
}

/** `FILE::QUALNAME` as typed → a target below the root. `cwd` null: nothing but the root counts. */
export function readTarget(root: string, text: string, cwd: string | null): Target {
  const target = parseTarget(text);
  if (target === null) throw new Failure(`\`${text}\` is no target: write FILE::QUALNAME, such as src/train.py::train`);
  return { file: fileBelow(root, target.file, cwd), qualname: target.qualname };
}

function fileBelow(root: string, file: string, cwd: string | null): string {
  if (path.isAbsolute(file)) {
    const below = relativeBelow(root, file) ?? relativeBelow(real(root), real(file));
    if (below === null) throw new Failure(`${file}: not below the root ${root}`);
    return below;
  }
  const plain = relativeBelow(root, path.join(root, file));
  // In a subfolder people name files as their shell completes them.
  if (cwd !== null && cwd !== root && (plain === null || !exists(path.join(root, plain)))) {
    const fromHere = relativeBelow(root, path.join(cwd, file));
    if (fromHere !== null && exists(path.join(root, fromHere))) return fromHere;
  }
  if (plain === null) throw new Failure(`${file}: not below the root ${root}`);
  return plain;
}

function relativeBelow(root: string, file: string): string | null {
  const relative = path.relative(root, file);
  if (relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) return null;
  return relative.split(path.sep).join("/");
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function exists(file: string): boolean {
  return statsOf(file) !== null;
}

/** Null for what is not there, and for what can't be looked at: too long a name, links in a circle, a closed folder. */
function statsOf(file: string): Stats | null {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** A failure for a target that can't be answered, with the names that come nearest. */
export function targetFailure(project: Project, target: Target, error: EngineError): Failure {
  if (error.code === "no-such-file") {
    return new Failure({ ...error, suggestions: nearest(target.file, project.discovery.files) });
  }
  if (error.code !== "no-such-definition") return new Failure(error);
  const names = error.suggestions ?? [];
  const suggestions = nearest(target.qualname, names);
  if (suggestions.length > 0) return new Failure({ ...error, suggestions });
  const elsewhere = project.discovery.files.length > MOST_SEARCHED ? [] : project.program.stages();
  const stages = elsewhere.filter((stage) => stage.qualname === target.qualname).map(formatTarget);
  const defines = names.length === 0 ? "it defines nothing" : `it defines ${names.slice(0, 5).join(", ")}`;
  return new Failure({ ...error, message: `${error.message}; ${defines}`, suggestions: stages });
}

/** A slip of the keyboard is not worth reading a very large project. */
const MOST_SEARCHED = 2_000;
