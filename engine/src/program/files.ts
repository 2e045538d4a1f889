/**
 * The files of a project as the engine sees them: text (open buffer before disk), problem, summary. Reads lazily through
 * the host, and starts from what the host kept of an earlier run; keeps the last good summary of a file that stopped parsing.
 * Never puts the text of one moment beside the summary of another. Above 400 lines because what a file's state is made of and
 * what takes it back have to be read together.
 */
import { bind } from "../binding/index.ts";
import { ModuleFinder, type SearchFolder } from "../resolve/modules.ts";
import type { SummarySource } from "../resolve/targets.ts";
import { decode } from "../summary/decode.ts";
import { encode, releaseWriters } from "../summary/encode.ts";
import { ENCODING_VERSION } from "../summary/layout.ts";
import { PackedSummary, RecentSummaries } from "../summary/packed.ts";
import { summarise } from "../summary/summarise.ts";
import type { ModuleSummary } from "../summary/types.ts";
import { parseModule, releaseBuffers } from "../syntax/index.ts";
import { releaseStreams } from "../text/digest.ts";
import { decodeSource } from "../text/index.ts";
import { LiveFiles } from "./liveFiles.ts";
import { mendedText } from "./mend.ts";
import { type OpenScan, openScan, rescan, sameSearch, scanBytes, scanOf, scanText, type TextScan } from "./textScan.ts";
import type { Config, EngineError, Host } from "./types.ts";

/** A text, or the stamp by which the host gives it again: texts of files that nobody edits are not kept. */
type Text = string | { readonly stamp: string };

interface FileState {
  readonly text: Text | null;
  readonly problem: EngineError | null;
  /** Whether there is a problem, where finding out which takes a while. */
  readonly isBroken?: boolean;
  /** Of `source`. */
  readonly summary: ModuleSummary | null;
  /** What the summary was made from: the text, or while that is broken its whole statements with the last good others. */
  readonly source: Text | null;
  readonly nested: boolean;
}

/** What was read of a file: a text with the stamp that can stand for it, or why there is none. */
interface Reading {
  readonly text: string | null;
  readonly stamp: string | null;
  readonly problem: EngineError | null;
}

/** What is kept between runs of a file without a summary; else the summary's bytes are. */
interface KeptProblem {
  readonly problem: EngineError;
  readonly nested: boolean;
}

/** Counted up when scans say something else of the same text. */
const SCAN_KIND = "scan 3";
/** Summaries of files that nobody edits stay read as far as they were asked for: bytes as they are packed. */
const MOST_READ = 8_000_000;
/** The same while nothing is asked, and somebody edits: an edit asks for what the last one has asked for. */
const MOST_READ_AT_REST = 50_000;
/** Code units of a text that make a byte of its summary, about. */
const TEXT_PER_BYTE = 2;
const UNREADABLE: TextScan = { readable: false, at: false, imports: "", methods: "", search: null };

/** How a text that was read is kept. */
const kept = (text: string, { stamp }: Reading): Text => (stamp === null ? text : { stamp });

export class Files implements SummarySource {
  readonly #host: Host;
  readonly #stageDecorators: ReadonlySet<string>;
  #config: Config;
  readonly #states = new Map<string, FileState>();
  readonly #buffers = new Map<string, string>();
  readonly #live: LiveFiles;
  readonly #scans = new Map<string, TextScan>();
  readonly #openScans = new Map<string, OpenScan>();
  readonly #derived = new Map<string, unknown>();
  readonly #summaryKind: string;
  readonly #recentSummaries = new RecentSummaries(MOST_READ);
  /** The text that was read last, for who asks for it twice. */
  #recent: { readonly file: string; readonly reading: Reading } | null = null;
  #list: readonly string[] | null = null;
  #finder: ModuleFinder | null = null;
  /** Counted up when files put other folders on `sys.path`: any absolute import may be another module then. */
  searchVersion = 0;
  #searched = "";
  parsed = 0;
  hashed = 0;
  /** Called when a file's summary is made anew from the same text. */
  onRemade: (file: string) => void = () => {};

  constructor(host: Host, config: Config, stageDecorators: ReadonlySet<string>) {
    this.#host = host;
    this.#config = config;
    this.#stageDecorators = stageDecorators;
    this.#live = new LiveFiles({ level: config.level, stageDecorators });
    this.#summaryKind = `summary ${ENCODING_VERSION} ${config.level} ${[...stageDecorators].sort().join(" ")}`;
  }

  /** Takes settings of the same level and stage decorators: what was made of the texts stays. */
  configure(config: Config): void {
    this.#config = config;
    this.relist();
  }

  /** First-party files, sorted; an open buffer counts where the disk has no file yet. */
  list(): readonly string[] {
    if (this.#list === null) {
      const all = new Set(this.#host.listFiles());
      for (const file of this.#buffers.keys()) if (file.endsWith(".py")) all.add(file);
      this.#list = [...all].sort();
    }
    return this.#list;
  }

  finder(): ModuleFinder {
    if (this.#finder === null) {
      const { sourceRoots, rootPackage = null } = this.#config;
      this.#finder = new ModuleFinder(this.list(), sourceRoots, rootPackage, this.#searchFolders());
    }
    return this.#finder;
  }

  /** What files put on `sys.path`, by file. */
  #searchFolders(): ReadonlyMap<string, readonly SearchFolder[]> {
    const out = new Map<string, readonly SearchFolder[]>();
    for (const file of this.list()) {
      const { search } = this.scan(file);
      if (search !== null && search.length > 0) out.set(file, search);
    }
    const text = JSON.stringify([...out]);
    if (text !== this.#searched) {
      this.#searched = text;
      this.searchVersion++;
    }
    return out;
  }

  relist(): void {
    this.#list = null;
    this.#finder = null;
    this.#recent = null;
    this.#derived.clear();
  }

  /** What a scan of the file's text says; nothing for a file that can't be read. */
  scan(file: string): TextScan {
    let scan = this.#scans.get(file);
    if (scan === undefined) {
      scan = this.#scan(file);
      this.#scans.set(file, scan);
    }
    return scan;
  }

  /** A value that depends on the scans of all files and on nothing else, made anew when one of these is another one. */
  derived<T>(name: string, make: () => T): T {
    if (!this.#derived.has(name)) this.#derived.set(name, make());
    return this.#derived.get(name) as T;
  }

  isKnown(file: string): boolean {
    return this.finder().has(file);
  }

  summary(file: string): ModuleSummary | null {
    return this.#state(file).summary;
  }

  problem(file: string): EngineError | null {
    return this.#state(file).problem;
  }

  /** Whether a file has a problem, whatever it is. */
  isBroken(file: string): boolean {
    const state = this.#state(file);
    return state.isBroken ?? state.problem !== null;
  }

  /** Text without making a summary. */
  text(file: string): string | null {
    const text = this.#states.get(file)?.text ?? null;
    return text === null ? this.#readAgain(file).text : this.#textOf(file, text);
  }

  /** The text that ranges of the summary refer to. */
  source(file: string): string | null {
    const { source } = this.#state(file);
    return source === null ? null : this.#textOf(file, source);
  }

  buffers(): ReadonlyMap<string, string> {
    return this.#buffers;
  }

  /** Makes sure that nested definitions of a file are summarised. */
  withNested(file: string): ModuleSummary | null {
    const state = this.#state(file);
    if (state.nested || state.summary === null || state.problem !== null) return state.summary;
    const text = state.text === null ? null : this.#textOf(file, state.text);
    // Changed by now: whoever notices says so, and then it is read.
    if (text === null) return state.summary;
    const stamp = typeof state.text === "object" ? (state.text?.stamp ?? null) : null;
    const { summary } = this.#load(file, true, state, { text, stamp, problem: null });
    this.onRemade(file);
    return summary;
  }

  /** The summary of a file that was read already, the last good one while it is broken; else null. */
  settled(file: string): ModuleSummary | null {
    return this.#states.get(file)?.summary ?? null;
  }

  /** Lets go of what was read of summaries, but for the latest while buffers are open, and of what parsing and hashing work in. */
  rest(): void {
    this.#recentSummaries.trim(this.#buffers.size === 0 ? 0 : MOST_READ_AT_REST);
    this.#recent = null;
    releaseBuffers();
    releaseStreams();
    releaseWriters();
  }

  /** Takes a buffer's text, or drops the buffer; returns whether the file's content may have changed. */
  setBuffer(file: string, text: string | null): boolean {
    const before = this.#buffers.get(file);
    if (text === null) {
      if (before === undefined) return false;
      this.#buffers.delete(file);
      this.#live.close(file);
    } else {
      if (before === text) return false;
      this.#buffers.set(file, text);
    }
    // A file that only its buffer made comes and goes with it.
    if (!this.finder().has(file) || (text === null && this.#host.readFile(file) === null)) this.relist();
    return this.invalidate(file);
  }

  /** Forgets what was read of a file; its last good summary stays until it is read again. */
  invalidate(file: string): boolean {
    this.#recent = null;
    const state = this.#states.get(file);
    if (state === undefined) {
      this.#rescan(file, null);
      return true;
    }
    const now = this.#read(file);
    this.#rescan(file, now.text);
    if (now.text !== null && this.#isText(state.text, now)) {
      this.#enliven(file, state, now.text);
      this.#rest(file, state, now);
      return false;
    }
    this.#load(file, state.nested, state, now);
    return true;
  }

  /** Makes a file that is opened as it stands on disk ready for its first edit. */
  #enliven(file: string, state: FileState, text: string): void {
    if (!this.#buffers.has(file) || this.#live.has(file) || state.problem !== null || state.summary === null) return;
    const live = this.#live.update(file, text, state.nested, () => null);
    if (live === null) return;
    this.#states.set(file, { ...state, text, summary: live.summary, source: text });
    this.onRemade(file);
  }

  /** Keeps of a file that was closed as it stands on disk what is kept of one that was never opened. */
  #rest(file: string, state: FileState, now: Reading): void {
    if (this.#buffers.has(file) || state.summary === null || state.summary instanceof PackedSummary) return;
    // Of one that is broken on disk, too, the last good summary stays.
    if (state.isBroken ?? state.problem !== null) return;
    if (state.nested || this.#stateKept(file) === null) this.#load(file, state.nested, state, now);
    this.onRemade(file);
  }

  #packed(summary: ModuleSummary, nested: boolean, text: string): PackedSummary {
    return PackedSummary.fresh(summary, nested, Math.ceil(text.length / TEXT_PER_BYTE), this.#recentSummaries);
  }

  #isText(text: Text | null, { text: now, stamp }: Reading): boolean {
    if (text === null || typeof text === "string") return text === now;
    return text.stamp === stamp;
  }

  #state(file: string): FileState {
    return this.#states.get(file) ?? this.#stateKept(file) ?? this.#load(file, false, null, this.#readAgain(file));
  }

  /** The state that an earlier run kept of a file, if its content is the same. */
  #stateKept(file: string): FileState | null {
    if (this.#buffers.has(file) || !this.isKnown(file)) return null;
    const found = this.#host.contents?.kept(this.#summaryKind, file);
    if (!found) return null;
    const text = { stamp: found.stamp };
    const summary = PackedSummary.of(found.bytes, this.#recentSummaries);
    let state: FileState;
    if (summary !== null) state = { text, problem: null, summary, source: text, nested: summary.hasNested };
    else {
      const value = decode(found.bytes) as KeptProblem | undefined;
      if (value === undefined) return null;
      state = { text, problem: value.problem, summary: null, source: null, nested: value.nested };
    }
    this.#states.set(file, state);
    return state;
  }

  #textOf(file: string, text: Text): string | null {
    if (typeof text === "string") return text;
    const recent = this.#recent;
    if (recent?.file === file && recent.reading.stamp === text.stamp) return recent.reading.text;
    const bytes = this.#host.contents?.again(file, text.stamp) ?? null;
    const decoded = bytes === null ? null : decodeSource(bytes);
    if (!decoded?.ok) return null;
    this.#recent = { file, reading: { text: decoded.value, stamp: text.stamp, problem: null } };
    return decoded.value;
  }

  /** The same reading as a moment ago, or else a new one. */
  #readAgain(file: string): Reading {
    if (this.#recent?.file === file && !this.#buffers.has(file)) return this.#recent.reading;
    const reading = this.#read(file);
    this.#recent = { file, reading };
    return reading;
  }

  #read(file: string): Reading {
    const buffer = this.#buffers.get(file);
    if (buffer !== undefined) return { text: buffer, stamp: null, problem: null };
    const bytes = this.#host.readFile(file);
    if (bytes === null) {
      const problem = { code: "unreadable", message: "the file can't be read", file } as const;
      return { text: null, stamp: null, problem };
    }
    const stamp = this.#host.contents?.stamp(file) ?? null;
    const decoded = decodeSource(bytes);
    if (decoded.ok) return { text: decoded.value, stamp, problem: null };
    const { message, line } = decoded.error;
    return { text: null, stamp, problem: { code: "undecodable", message, file, line } };
  }

  #load(file: string, nested: boolean, before: FileState | null, read = this.#read(file)): FileState {
    let state: FileState;
    const lastGood = { summary: before?.summary ?? null, source: before?.source ?? null };
    const live = this.#edited(file, nested, lastGood.source, read);
    if (live !== null) {
      this.#states.set(file, live);
      return live;
    }
    if (read.text === null) {
      const kept = this.isKnown(file) ? lastGood : { summary: null, source: null };
      state = { text: null, problem: read.problem, ...kept, nested };
    } else {
      const text = kept(read.text, read);
      const made = this.#summarise(file, read.text, nested);
      if ("code" in made) {
        const good = lastGood.source === null ? this.#onDisk(file) : this.#textOf(file, lastGood.source);
        const mended = this.#mended(file, read.text, good, nested);
        state = { text, problem: made, ...(mended ?? { ...lastGood, nested: before?.nested ?? false }) };
        this.#keep(file, read.stamp, () => encode({ problem: made, nested } satisfies KeptProblem));
      } else {
        const summary = this.#packed(made, nested, read.text);
        state = { text, problem: null, summary, source: text, nested };
        this.#keep(file, read.stamp, () => summary.bytes());
      }
    }
    this.#states.set(file, state);
    return state;
  }

  /** What an open buffer comes to, statement by statement; null for what is no buffer or can't be read so. */
  #edited(file: string, nested: boolean, lastGood: Text | null, { text }: Reading): FileState | null {
    if (text === null || !this.#buffers.has(file)) return null;
    this.parsed++;
    const hashed = this.#live.hashed;
    const live = this.#live.update(file, text, nested, () =>
      lastGood === null ? this.#onDisk(file) : this.#textOf(file, lastGood),
    );
    this.hashed += this.#live.hashed - hashed;
    if (live === null) {
      this.parsed--;
      return null;
    }
    const { summary, source } = live;
    return {
      text,
      summary,
      source,
      nested: live.nested,
      isBroken: live.isBroken,
      get problem() {
        return live.problem;
      },
    };
  }

  /** Keeps for later runs what a new program would say of a file on disk. */
  #keep(file: string, stamp: string | null, bytes: () => Uint8Array): void {
    if (stamp !== null) this.#host.contents?.keep(this.#summaryKind, file, stamp, bytes);
  }

  #scan(file: string): TextScan {
    if (!this.#buffers.has(file)) {
      const found = this.#host.contents?.kept(SCAN_KIND, file);
      if (found) return scanOf(found.bytes);
    }
    const { text, stamp } = this.#readAgain(file);
    const scan = text === null ? UNREADABLE : scanText(file, text);
    if (stamp !== null) this.#host.contents?.keep(SCAN_KIND, file, stamp, () => scanBytes(scan));
    return scan;
  }

  /** Takes in that a file's text may be another one; `text` of an open buffer, or null. */
  #rescan(file: string, text: string | null): void {
    const before = this.#scans.get(file);
    let now: TextScan | null = null;
    if (this.#buffers.has(file) && text !== null) {
      const open = this.#openScans.get(file);
      const scanned = open === undefined ? openScan(file, text) : rescan(file, open, text);
      this.#openScans.set(file, scanned);
      now = scanned.scan;
    } else this.#openScans.delete(file);
    if (before === undefined) return;
    now ??= this.#scan(file);
    this.#scans.set(file, now);
    const searchesElsewhere = !sameSearch(before.search, now.search);
    if (searchesElsewhere) this.#finder = null;
    if (
      !searchesElsewhere &&
      before.readable === now.readable &&
      before.at === now.at &&
      before.imports === now.imports &&
      before.methods === now.methods
    )
      return;
    this.#derived.clear();
  }

  /** What a buffer that was opened broken looked like when it was saved. */
  #onDisk(file: string): string | null {
    const bytes = this.#buffers.has(file) ? this.#host.readFile(file) : null;
    const decoded = bytes === null ? null : decodeSource(bytes);
    return decoded?.ok ? decoded.value : null;
  }

  /** A broken text's whole statements with the last good version of the others, where there is one. */
  #mended(file: string, text: string, lastGood: string | null, nested: boolean) {
    if (lastGood === null) return null;
    const source = mendedText(text, lastGood);
    const summary = source === null ? null : this.#summarise(file, source, nested);
    if (source === null || summary === null || "code" in summary) return null;
    return { summary: this.#packed(summary, nested, source), source, nested };
  }

  #summarise(file: string, text: string, nested: boolean): ModuleSummary | EngineError {
    this.parsed++;
    const parsed = parseModule(text);
    if (!parsed.ok) {
      const code = parsed.error.message.includes("nested") ? "too-deep" : "syntax-error";
      return { code, message: parsed.error.message, file, line: parsed.error.line };
    }
    const scopes = bind(parsed.value, { text });
    if (!scopes.ok) return { code: "syntax-error", message: scopes.error.message, file, line: scopes.error.line };
    try {
      const summary = summarise(text, parsed.value, scopes.value, {
        level: this.#config.level,
        stageDecorators: this.#stageDecorators,
        nested,
      });
      this.hashed += summary.names.size;
      return summary;
    } catch (error) {
      // The parser bounds nesting; should a rule still run out of stack, the file is refused rather than the process lost.
      if (error instanceof RangeError) return { code: "too-deep", message: "too deeply nested", file, line: 1 };
      throw error;
    }
  }
}
