/**
 * The files of a project as the engine sees them: text (open buffer before disk), problem, summary. Reads lazily through
 * the host; keeps the last good summary of a file that stopped parsing.
 */
import { bind } from "../binding/index.ts";
import { ModuleFinder } from "../resolve/modules.ts";
import type { SummarySource } from "../resolve/references.ts";
import { summarise } from "../summary/summarise.ts";
import type { ModuleSummary } from "../summary/types.ts";
import { parseModule } from "../syntax/index.ts";
import { decodeSource } from "../text/index.ts";
import { mendedText } from "./mend.ts";
import type { Config, EngineError, Host } from "./types.ts";

interface FileState {
  readonly text: string | null;
  readonly problem: EngineError | null;
  /** Of `source`. */
  readonly summary: ModuleSummary | null;
  /** What the summary was made from: the text, or while that is broken its whole statements with the last good others. */
  readonly source: string | null;
  readonly nested: boolean;
}

export class Files implements SummarySource {
  readonly #host: Host;
  readonly #stageDecorators: ReadonlySet<string>;
  readonly #config: Config;
  readonly #states = new Map<string, FileState>();
  readonly #buffers = new Map<string, string>();
  #list: readonly string[] | null = null;
  #finder: ModuleFinder | null = null;
  parsed = 0;
  hashed = 0;
  /** Called when a file's summary is made anew from the same text. */
  onRemade: (file: string) => void = () => {};

  constructor(host: Host, config: Config, stageDecorators: ReadonlySet<string>) {
    this.#host = host;
    this.#config = config;
    this.#stageDecorators = stageDecorators;
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
    this.#finder ??= new ModuleFinder(this.list(), this.#config.sourceRoots, this.#config.rootPackage ?? null);
    return this.#finder;
  }

  relist(): void {
    this.#list = null;
    this.#finder = null;
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

  /** Text without making a summary. */
  text(file: string): string | null {
    return this.#states.get(file)?.text ?? this.#read(file).text;
  }

  /** The text that ranges of the summary refer to. */
  source(file: string): string | null {
    return this.#state(file).source;
  }

  buffers(): ReadonlyMap<string, string> {
    return this.#buffers;
  }

  /** Makes sure that nested definitions of a file are summarised. */
  withNested(file: string): ModuleSummary | null {
    const state = this.#state(file);
    if (state.nested || state.summary === null || state.problem !== null) return state.summary;
    const { summary } = this.#load(file, true, state);
    this.onRemade(file);
    return summary;
  }

  /** The summary of a file that was read already, the last good one while it is broken; else null. */
  settled(file: string): ModuleSummary | null {
    return this.#states.get(file)?.summary ?? null;
  }

  /** Takes a buffer's text, or drops the buffer; returns whether the file's content may have changed. */
  setBuffer(file: string, text: string | null): boolean {
    const before = this.#buffers.get(file);
    if (text === null) {
      if (before === undefined) return false;
      this.#buffers.delete(file);
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
    const state = this.#states.get(file);
    if (state === undefined) return true;
    const now = this.#read(file);
    if (now.text !== null && now.text === state.text) return false;
    this.#load(file, state.nested, state, now);
    return true;
  }

  #state(file: string): FileState {
    return this.#states.get(file) ?? this.#load(file, false, null);
  }

  #read(file: string): { text: string | null; problem: EngineError | null } {
    const buffer = this.#buffers.get(file);
    if (buffer !== undefined) return { text: buffer, problem: null };
    const bytes = this.#host.readFile(file);
    if (bytes === null) {
      return { text: null, problem: { code: "unreadable", message: "the file can't be read", file } };
    }
    const decoded = decodeSource(bytes);
    if (decoded.ok) return { text: decoded.value, problem: null };
    return {
      text: null,
      problem: { code: "undecodable", message: decoded.error.message, file, line: decoded.error.line },
    };
  }

  #load(file: string, nested: boolean, before: FileState | null, read = this.#read(file)): FileState {
    let state: FileState;
    const lastGood = { summary: before?.summary ?? null, source: before?.source ?? null };
    if (read.text === null) {
      const kept = this.isKnown(file) ? lastGood : { summary: null, source: null };
      state = { text: null, problem: read.problem, ...kept, nested };
    } else {
      const made = this.#summarise(file, read.text, nested);
      if ("code" in made) {
        const mended = this.#mended(file, read.text, lastGood.source ?? this.#onDisk(file), nested);
        state = { text: read.text, problem: made, ...(mended ?? { ...lastGood, nested: before?.nested ?? false }) };
      } else state = { text: read.text, problem: null, summary: made, source: read.text, nested };
    }
    this.#states.set(file, state);
    return state;
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
    return summary === null || "code" in summary ? null : { summary, source, nested };
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
