/**
 * What the engine says to the faces (server, command line) and what it needs from them.
 * Plain data; no class, no node of a tree, no protocol type. Paths are relative to the project root with `/`.
 * Offsets are UTF-16 code units, lines 1-based.
 */

/** How much counts as a change inside one definition (M3). */
export type Level = "strict" | "semantic" | "behavioral";
export const LEVELS: readonly Level[] = ["strict", "semantic", "behavioral"];

/** Settings that change a fingerprint; they come from `[tool.fastpipe]` in `pyproject.toml` (manifest §7). */
export interface Config {
  readonly level: Level;
  /** Folders below which modules are looked up, most specific first; `""` is the root itself and always last. */
  readonly sourceRoots: readonly string[];
  /** The name by which a root that is itself a package imports itself; null or absent for a plain folder. */
  readonly rootPackage?: string | null;
  /** Dotted names of further stage decorators. */
  readonly stageDecorators: readonly string[];
  /** `pkg.mod:qualname` of functions watched like stages. */
  readonly watch: readonly string[];
  /** Globs of files that are not first party. */
  readonly exclude: readonly string[];
}

/** The one port through which the engine reads the world. Synchronous: a browser host reads ahead. */
export interface Host {
  /** Every `.py` file below the root that is first party (M4.4), in any order. */
  listFiles(): readonly string[];
  /** A file's bytes (any file below the root, not only Python), or null when it can't be read. */
  readFile(path: string): Uint8Array | null;
  /** Version of an installed distribution (`package_deps`), or null when not found. */
  packageVersion(name: string): string | null;
  /** Where a host tells contents apart: then the engine keeps no texts of files, and starts from what was kept before. */
  readonly contents?: ContentPort;
}

/**
 * Contents of files by name, and what was made of them earlier. A stamp names a content: of one file, equal stamps mean equal
 * bytes. All of it may be forgotten at any time; what `kept` gives may be anything, and is checked by the engine.
 */
export interface ContentPort {
  /** The stamp of what `readFile` gave last for this path; null when that was nothing. */
  stamp(path: string): string | null;
  /** The bytes of this stamp once more; null when the file has others by now. Not a look at what changed. */
  again(path: string, stamp: string): Uint8Array | null;
  /** What was kept of a file whose content is the same now, with the stamp of that content; else null. Reads only if it must. */
  kept(kind: string, path: string): { readonly stamp: string; readonly bytes: Uint8Array } | null;
  /** Keeps what was made of a file's content. `bytes` is called later, if at all. */
  keep(kind: string, path: string, stamp: string, bytes: () => Uint8Array): void;
}

/** What happened since the last call of `applyChange`. */
export interface Change {
  /** Open editor buffers: the whole text, or null when the buffer was closed and the disk counts again. */
  readonly buffers?: ReadonlyMap<string, string | null>;
  /** Files created, written or deleted on disk. */
  readonly disk?: readonly string[];
  /** Ask `listFiles` again. */
  readonly relist?: boolean;
  /** New settings. */
  readonly config?: Config;
}

/** What a change did: ids of the stages that came, went, or whose manifest or brokenness is no longer the same. */
export interface Delta {
  readonly stages: readonly string[];
  /** True when the list of stages itself changed. */
  readonly stageListChanged: boolean;
}

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** An error of the user's world: what is wrong, where, and what to do about it. */
export interface EngineError {
  readonly code:
    | "no-such-file"
    | "no-such-definition"
    | "syntax-error"
    | "undecodable"
    | "unreadable"
    | "too-deep"
    | "bad-setting"
    | "missing-file"
    | "ambiguous";
  /** One line without place. */
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  /** Near misses, best first. */
  readonly suggestions?: readonly string[];
}

export type EntryKind = "self" | "func" | "class" | "const" | "mod" | "decl" | "file" | "package";

/** Half-open UTF-16 range of a file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One tracked definition reached from a stage (M6.1). */
export interface Entry {
  readonly key: string;
  readonly kind: EntryKind;
  /** Of its own text, names as written (M6.2): 32 lower-case hex digits. */
  readonly hash: string;
  readonly file: string;
  readonly line: number;
  /** Python spelling of the value, for a name bound once to a short literal. */
  readonly value?: string;
  /** Keys from the stage (exclusive of it) to this entry (inclusive): a shortest path. */
  readonly via: readonly string[];
  /** Where its text is, in `file`; several for a name bound in several statements. Not part of any JSON surface. */
  readonly ranges: readonly Range[];
}

export type NoticeKind =
  | "eval"
  | "dynamic-import"
  | "dynamic-attribute"
  | "method-call"
  | "global-write"
  | "missing-import"
  | "syntax-error";

/** Something that can change behaviour and that the manifest does not cover (manifest §5). */
export interface Notice {
  readonly kind: NoticeKind;
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
  readonly fix: string;
}

/** All entries of a stage, `self:` first, then by key. */
export interface Manifest {
  /** Stage id, or `<module>.<qualname>` for a function that is not a stage. */
  readonly stage: string;
  readonly file: string;
  readonly qualname: string;
  readonly level: Level;
  readonly fingerprint: string;
  readonly entries: readonly Entry[];
  readonly untracked: readonly Notice[];
  /** Statements left out by `# fastpipe: ignore`. */
  readonly ignored: number;
}

/**
 * What a stage tracks, entries spelled out only as far as they are asked for: by place, in no particular order but the
 * stage's own first. Good until the next change.
 */
export interface Tracked {
  readonly level: Level;
  readonly fingerprint: string;
  /** Number of entries. */
  readonly size: number;
  readonly untracked: readonly Notice[];
  readonly manifest: Manifest;
  /** Whether another one, of the same stage, says the same, lines of entries apart. */
  isSame(other: Tracked): boolean;
  key(place: number): string;
  /** What a lock keeps of an entry: its value where it is a short literal, else its hash. */
  text(place: number): string;
  entry(place: number): Entry;
}

/** A stage as it stands in the code. */
export interface Stage {
  readonly id: string;
  readonly file: string;
  readonly qualname: string;
  /** Line of the `def`. */
  readonly line: number;
  /** Range of the name after `def`. */
  readonly nameRange: Range;
  /** Where a lens above the stage belongs: start of its first decorator, else of the `def`. */
  readonly start: number;
  /** End of the whole definition. */
  readonly end: number;
  /**
   * Set when the stage's own file does not parse: it is shown from its last good version (M6.6). Looked for when it is
   * read, which is to be before the next change.
   */
  readonly broken?: EngineError;
  /** Paths named literally in the decorator, for the data graph; names and f-strings are resolved where constant. */
  readonly deps: readonly string[];
  readonly outs: readonly string[];
}

/** `FILE::QUALNAME` split up. */
export interface Target {
  readonly file: string;
  readonly qualname: string;
}

/** One line of `functions --json`. */
export interface FunctionLine {
  readonly file: string;
  readonly module: string;
  readonly qualname: string;
  readonly line: number;
  readonly kind: "function" | "class";
  readonly hash: string;
  readonly fingerprint: string;
  readonly refs: readonly FunctionRef[];
}
export interface FunctionRef {
  readonly name: string;
  readonly kind: "func" | "class" | "const" | "mod" | "package" | "builtin" | "unresolved";
  readonly target: string;
}
export interface FunctionFileError {
  readonly file: string;
  readonly error: EngineError;
}

/** A definition found at a place in a file or by its key: for hover, history, dependents. */
export interface DefinitionInfo {
  readonly key: string;
  readonly kind: EntryKind;
  readonly file: string;
  readonly qualname: string;
  readonly line: number;
  readonly hash: string;
  readonly ranges: readonly Range[];
  readonly nameRange: Range | null;
}

/**
 * One project's state. The only mutable thing in the engine: changes in, deltas and answers out.
 * Answers are values of the moment they are asked; none of them is changed later.
 */
export interface Program {
  readonly config: Config;
  /** Goes up with every change that can make a difference: an answer of another revision is of the past. */
  readonly revision: number;
  applyChange(change: Change): Delta;
  /** All stages and watched functions, by file and place. */
  stages(): readonly Stage[];
  /**
   * Works out, in small steps, most of what answers about all stages are made of; nothing but time is won or lost by it. Not
   * to be gone on with after a change.
   */
  readAhead(): Iterable<void>;
  /** Files that stages with a decorator can be in, by what their text mentions: a stage elsewhere would be seen here. */
  stageFiles(): readonly string[];
  /** The stages with an id: none, one, or several whose names clash. */
  stagesNamed(id: string): readonly Stage[];
  /** The manifest of a stage, or of any other function or class. Cached until something it reaches changes. */
  manifest(target: Target): Result<Manifest, EngineError>;
  /** The same without spelling it out: for questions about many stages. */
  tracked(target: Target): Result<Tracked, EngineError>;
  /** Stages whose manifests list the definition with this key. */
  stagesReaching(key: string): readonly Stage[];
  /** Definitions of a file that some stage's manifest lists, in no particular order. */
  trackedIn(file: string): readonly DefinitionInfo[];
  /** Every function and class of every file, file by file in path order; a file that can't be parsed gives an error line. */
  functions(): Iterable<FunctionLine | FunctionFileError>;
  /** The module-level definition whose text contains, or whose name is used at, an offset. */
  definitionAt(file: string, offset: number): DefinitionInfo | null;
  /** The module-level definition with this key. */
  definition(key: string): DefinitionInfo | null;
  /** Keys of the definitions that reach `key`, the definition itself excluded; looks at every file of the project. */
  dependents(key: string): readonly string[];
  /** The source text of an entry as it stands now, several ranges joined by a newline; null when the file is gone. */
  source(entry: { readonly file: string; readonly ranges: readonly Range[] }): string | null;
  /** The decoded text of a file (buffer before disk), or null. */
  text(file: string): string | null;
  /** Problem of a file that does not parse or decode, or null. */
  problem(file: string): EngineError | null;
  /** Nothing will be asked for a while: lets go of what is quickly read again. Answers stay as they are. */
  rest(): void;
  /** Work done since the program was made: for tests that show what did not run. */
  counters(): Counters;
}

export interface Counters {
  readonly parsedFiles: number;
  readonly parsedStatements: number;
  readonly boundStatements: number;
  readonly hashedDefinitions: number;
  readonly resolvedReferences: number;
  readonly digestedComponents: number;
}
