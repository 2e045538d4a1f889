/**
 * Open buffers whose summaries are kept up statement by statement. Knows no disk and no other file; a buffer that never
 * parsed, and has no earlier version that did, has none.
 */
import { LiveModule } from "../summary/live.ts";
import type { SummaryOptions } from "../summary/summarise.ts";
import type { ModuleSummary } from "../summary/types.ts";
import type { SyntaxProblem } from "../syntax/ast.ts";
import type { EngineError } from "./types.ts";

/** What stands for a buffer now. */
export interface LiveState {
  readonly summary: ModuleSummary;
  /** What the summary is of: the buffer, or while that is broken its whole statements with the last good others. */
  readonly source: string;
  readonly nested: boolean;
  /** Looked for when somebody asks: a broken text may have to be read as a whole to say why it is. */
  readonly problem: EngineError | null;
  readonly isBroken: boolean;
}

export class LiveFiles {
  readonly #modules = new Map<string, { readonly module: LiveModule; readonly nested: boolean }>();
  readonly #options: Omit<SummaryOptions, "nested">;
  /** Summaries of names made so far. */
  hashed = 0;

  constructor(options: Omit<SummaryOptions, "nested">) {
    this.#options = options;
  }

  has(file: string): boolean {
    return this.#modules.has(file);
  }

  close(file: string): void {
    this.#modules.delete(file);
  }

  /**
   * Takes a buffer's text. `lastGood`: an earlier version to hold a broken one against, asked for when none is known.
   * Null where nothing can stand for the buffer.
   */
  update(file: string, text: string, nested: boolean, lastGood: () => string | null): LiveState | null {
    try {
      const known = this.#modules.get(file);
      const before = known?.module.hashedNames ?? 0;
      const module = known && (known.nested || !nested) ? known.module : this.#open(file, text, nested, lastGood);
      if (module === null) return null;
      module.update(text);
      this.hashed += module.hashedNames - (module === known?.module ? before : 0);
      return stateOf(file, module, known?.module === module ? known.nested : nested);
    } catch (error) {
      // Whatever went wrong, what was half done is not gone on with.
      this.#modules.delete(file);
      // The parser bounds nesting; should a rule still run out of stack, the file is read as one that nobody edits.
      if (!(error instanceof RangeError)) throw error;
      return null;
    }
  }

  #open(file: string, text: string, nested: boolean, lastGood: () => string | null): LiveModule | null {
    const options = { ...this.#options, nested };
    let opened = LiveModule.open(text, options);
    if (!opened.ok) {
      const good = this.#modules.get(file)?.module.source ?? lastGood();
      if (good === null) return null;
      opened = LiveModule.open(good, options);
    }
    if (!opened.ok) return null;
    this.#modules.set(file, { module: opened.value, nested });
    return opened.value;
  }
}

function stateOf(file: string, module: LiveModule, nested: boolean): LiveState {
  const { summary, source, isBroken } = module;
  let problem: EngineError | null | undefined = isBroken ? undefined : null;
  return {
    summary,
    source,
    nested,
    isBroken,
    get problem() {
      if (problem === undefined) problem = errorOf(file, module.problem);
      return problem;
    },
  };
}

function errorOf(file: string, problem: SyntaxProblem | null): EngineError | null {
  if (problem === null) return null;
  const code = problem.message.includes("nested") ? "too-deep" : "syntax-error";
  return { code, message: problem.message, file, line: problem.line };
}
