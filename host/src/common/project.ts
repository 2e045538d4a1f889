/**
 * One project put together: settings, program and lock over a file layer. The only place that knows which file is which:
 * a changed `pyproject.toml` is new settings, a changed `fastpipe.lock` a new lock, the rest goes to the program. Asks no
 * question itself (the engine's queries do) and knows neither a protocol nor a terminal.
 */
import {
  type AcceptRequest,
  accept,
  CONFIG_FILE,
  type Config,
  createProgram,
  DEFAULT_CONFIG,
  type Delta,
  type EngineError,
  emptyLock,
  formatLock,
  type Host,
  inferSourceRoots,
  type Level,
  type Lock,
  type LockProblem,
  type LockUpdate,
  type Program,
  parseConfig,
  parseLock,
  prune,
  type RecordedSources,
  type RecordRequest,
  type Result,
  record,
  revoke,
  type Undo,
  type UpdateError,
  undo,
  undoOf,
} from "@fastpipe/engine";
import { type Discovery, discover } from "./discovery.ts";
import { LOCK_FILE, type ProjectFiles, readPresent } from "./files.ts";
import { SettledProgram } from "./settled.ts";

export interface ProjectOptions {
  /** Instead of the project's own level. */
  readonly level?: Level;
  /** For a process that asks once and ends: answers of before are taken where nothing changed, and kept for later. */
  readonly settled?: boolean;
}

/** What happened outside: the same as the engine's `Change` without settings, which are read here. */
export interface ProjectChange {
  /** Open editor buffers: the whole text, or null when the buffer was closed. */
  readonly buffers?: ReadonlyMap<string, string | null>;
  /** Files created, written or deleted, of any kind; a folder stands for everything that is or was in it. */
  readonly disk?: readonly string[];
  /** Files came or went that can't be named. (Contents that changed have to be: they are not all read again.) */
  readonly relist?: boolean;
}

export interface ProjectDelta extends Delta {
  readonly configChanged: boolean;
  /** The lock is another one (or another problem): every stage's state may be. */
  readonly lockChanged: boolean;
}

/** Why something could not be done with a project. `column` is 1-based, with `line`. */
export interface ProjectError extends Omit<EngineError, "code"> {
  readonly code: UpdateError["code"] | "bad-lock" | "lock-busy" | "not-writable";
  readonly column?: number;
}

export interface Project {
  readonly root: string;
  readonly files: ProjectFiles;
  readonly program: Program;
  /** Settings in force. */
  readonly config: Config;
  /** What is wrong in `pyproject.toml`; the last good settings (or the defaults) hold meanwhile. */
  readonly configProblem: EngineError | null;
  /** The lock as last read; a project without one has an empty lock. */
  readonly lock: Result<Lock, LockProblem>;
  /** First-party files and what was left out, as last listed. */
  readonly discovery: Discovery;
  /** Takes changes in; reads again what they touch. */
  applyChange(change: ProjectChange): ProjectDelta;
  /** Writes what makes the next start quick. Never fails: it can all be made again. */
  saveCache(): void;
  /** Recorded texts of the object store, for `entryDiffs`. */
  readonly sources: RecordedSources;
  /** The same with what the file layer can find for one stage elsewhere. */
  sourcesOf(stage: string): RecordedSources;
  /** Each of these reads the lock again, changes it, writes it, and keeps recorded sources; all or nothing. */
  record(ids: readonly string[], request: Omit<RecordRequest, "at">): Promise<Result<LockUpdate, ProjectError>>;
  accept(ids: readonly string[], request: Omit<AcceptRequest, "at">): Promise<Result<LockUpdate, ProjectError>>;
  revoke(ids: readonly string[]): Promise<Result<LockUpdate, ProjectError>>;
  prune(): Promise<Result<LockUpdate, ProjectError>>;
  /** Takes the last of these back that this project did and that was not taken back yet. */
  undo(): Promise<Result<LockUpdate, ProjectError>>;
}

/** Updates that can be taken back. */
const MOST_UNDOS = 50;

/** Reads settings and lock and makes the program. Never fails: what is wrong is in `configProblem` and `lock`. */
export function openProject(files: ProjectFiles, options: ProjectOptions = {}): Project {
  return new OpenProject(files, options);
}

/** Now, as the lock spells times: UTC, whole seconds. */
export function timestamp(now: Date = new Date()): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** A lock problem as an error with its place. */
export function lockError(problem: LockProblem): ProjectError {
  return { code: "bad-lock", file: LOCK_FILE, ...problem };
}

class OpenProject implements Project {
  readonly root: string;
  readonly files: ProjectFiles;
  readonly program: Program;
  readonly sources: RecordedSources;
  config: Config;
  configProblem: EngineError | null = null;
  readonly #options: ProjectOptions;
  #lockText: Result<string | null, string>;
  #lock: Result<Lock, LockProblem> | null = null;
  readonly #undos: Undo[] = [];
  #discovery: Discovery | null = null;
  #known: ReadonlySet<string> = new Set();
  #folders: ReadonlySet<string> = new Set();

  constructor(files: ProjectFiles, options: ProjectOptions) {
    this.root = files.root;
    this.files = files;
    this.#options = options;
    this.config = this.#defaults();
    this.#readConfig();
    this.#lockText = readPresent(files, LOCK_FILE);
    this.sources = { object: (hash) => files.objects.read(hash) };
    const host: Host = {
      listFiles: () => this.discovery.files,
      readFile: (path) => files.read(path),
      packageVersion: (name) => files.packageVersion(name),
      contents: files.contents,
    };
    const settled = options.settled === true ? files.answers : undefined;
    this.program = settled ? new SettledProgram(host, this.config, settled) : createProgram(host, this.config);
  }

  get discovery(): Discovery {
    if (this.#discovery === null) {
      this.#discovery = discover(this.files, this.config.exclude);
      this.#known = new Set(this.#discovery.files);
      this.#folders = new Set(this.#discovery.folders);
    }
    return this.#discovery;
  }

  get lock(): Result<Lock, LockProblem> {
    this.#lock ??= this.#parseLock(this.#lockText);
    return this.#lock;
  }

  applyChange(change: ProjectChange): ProjectDelta {
    const named = change.disk ?? [];
    const disk = new Set(this.#withContents(named));
    this.files.forget?.(disk);
    let relist = change.relist === true || named.some((path) => this.#changesListing(path));
    // Source roots are inferred from folders too, so a new listing reads the settings again.
    const configChanged = (relist || disk.has(CONFIG_FILE)) && this.#readConfig();
    relist ||= configChanged;
    if (relist) for (const path of this.#list()) disk.add(path);
    const lockChanged = disk.has(LOCK_FILE) && this.#readLock();
    const delta = this.program.applyChange({
      ...(change.buffers === undefined ? {} : { buffers: change.buffers }),
      ...(disk.size === 0 ? {} : { disk: [...disk] }),
      ...(relist ? { relist: true } : {}),
      ...(configChanged ? { config: this.config } : {}),
    });
    return { ...delta, configChanged, lockChanged };
  }

  saveCache(): void {
    if (this.program instanceof SettledProgram) this.program.settle();
    // Without a listing nobody knows what is gone.
    const known = this.#discovery === null ? null : this.#known;
    this.files.saveCache?.((file) => known === null || known.has(file));
  }

  /** Lists again, and gives the files that came or went since: the program may have looked for them in vain. */
  #list(): readonly string[] {
    const before = this.#known;
    this.#discovery = null;
    const now = new Set(this.discovery.files);
    return [...[...before].filter((path) => !now.has(path)), ...[...now].filter((path) => !before.has(path))];
  }

  sourcesOf(stage: string): RecordedSources {
    const older = this.lock.ok ? this.files.older?.(this.config, this.lock.value, stage) : undefined;
    return { ...this.sources, older };
  }

  record(ids: readonly string[], request: Omit<RecordRequest, "at">): Promise<Result<LockUpdate, ProjectError>> {
    return this.#update((lock, at) => record(this.program, lock, ids, { ...request, at }));
  }

  accept(ids: readonly string[], request: Omit<AcceptRequest, "at">): Promise<Result<LockUpdate, ProjectError>> {
    return this.#update((lock, at) => accept(this.program, lock, ids, { ...request, at }));
  }

  revoke(ids: readonly string[]): Promise<Result<LockUpdate, ProjectError>> {
    return this.#update((lock) => revoke(lock, ids));
  }

  prune(): Promise<Result<LockUpdate, ProjectError>> {
    return this.#update((lock) => ({ ok: true, value: prune(this.program, lock) }));
  }

  async undo(): Promise<Result<LockUpdate, ProjectError>> {
    const last = this.#undos.pop();
    if (last === undefined) {
      return { ok: false, error: { code: "no-baseline", message: "nothing was recorded or accepted in this session" } };
    }
    return this.#update((lock) => undo(lock, last), false);
  }

  async #update(
    change: (lock: Lock, at: string) => Result<LockUpdate, UpdateError>,
    undoable = true,
  ): Promise<Result<LockUpdate, ProjectError>> {
    if (this.configProblem !== null) return { ok: false, error: this.configProblem };
    const at = timestamp();
    // Once outside: manifests are computed (and refused) without keeping other processes waiting, and where nothing is to be
    // written no folder is made.
    const rehearsal = this.lock.ok ? change(this.lock.value, at) : null;
    if (rehearsal !== null && (!rehearsal.ok || rehearsal.value.stages.length === 0)) return rehearsal;
    let before: Lock | null = null;
    const written = await this.files.updateLock<Result<LockUpdate, ProjectError>>(() => {
      const current = this.#parseLock(readPresent(this.files, LOCK_FILE));
      if (!current.ok) return { write: null, result: { ok: false, error: lockError(current.error) } };
      const update = change(current.value, at);
      if (!update.ok || update.value.stages.length === 0) return { write: null, result: update };
      before = current.value;
      return { write: formatLock(update.value.lock), result: update };
    });
    if (!written.ok) return { ok: false, error: written.error };
    const result = written.value;
    this.#readLock();
    if (result.ok && before !== null && undoable) {
      this.#undos.push(undoOf(before, result.value));
      if (this.#undos.length > MOST_UNDOS) this.#undos.shift();
    }
    if (result.ok) await this.files.objects.write(result.value.objects, result.value.history);
    return result;
  }

  /** Whether a change of this path may change which files there are. */
  #changesListing(path: string): boolean {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === ".gitignore" || name === "pyvenv.cfg") return true;
    if (this.#discovery === null) return false;
    if (this.#known.has(path) !== (name.endsWith(".py") && this.files.hasFile(path))) return true;
    return this.#folders.has(path) !== this.files.hasFolder(path);
  }

  /** Paths with the known files below those that are or were folders: a folder moved away or into place is one event. */
  #withContents(paths: readonly string[]): readonly string[] {
    const folders = paths.filter(
      (path) => !this.#known.has(path) && (this.#folders.has(path) || this.files.hasFolder(path)),
    );
    if (folders.length === 0) return paths;
    const below = [...this.#known].filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)));
    return [...paths, ...below];
  }

  /** True when the settings are others now. */
  #readConfig(): boolean {
    const text = readPresent(this.files, CONFIG_FILE);
    if (!text.ok) {
      this.configProblem = { code: "bad-setting", message: text.error, file: CONFIG_FILE };
      return false;
    }
    const parsed = parseConfig(text.value, this.files);
    this.configProblem = parsed.ok ? null : parsed.error;
    if (!parsed.ok) return false;
    const config = this.#options.level === undefined ? parsed.value : { ...parsed.value, level: this.#options.level };
    if (JSON.stringify(config) === JSON.stringify(this.config)) return false;
    this.config = config;
    return true;
  }

  /** True when the lock is another one now. */
  #readLock(): boolean {
    const text = readPresent(this.files, LOCK_FILE);
    const before = this.#lockText;
    if (text.ok ? before.ok && text.value === before.value : !before.ok) return false;
    this.#lockText = text;
    this.#lock = null;
    return true;
  }

  #parseLock(text: Result<string | null, string>): Result<Lock, LockProblem> {
    if (!text.ok) return { ok: false, error: { message: `${text.error}: restore it from git`, line: 1, column: 1 } };
    return text.value === null ? { ok: true, value: emptyLock(this.config.level) } : parseLock(text.value);
  }

  #defaults(): Config {
    const { level = DEFAULT_CONFIG.level } = this.#options;
    return { ...DEFAULT_CONFIG, level, sourceRoots: inferSourceRoots({}, this.files) };
  }
}
