import {
  accept,
  createProgram,
  DEFAULT_CONFIG,
  emptyLock,
  type Level,
  type Lock,
  type MemoryHost,
  memoryHost,
  type Program,
  type Result,
  record,
  status,
} from "../../src/index.ts";

export const FILES = {
  "pipeline.py": `from fastpipe import stage
import utils, config

@stage(deps=["raw/"], outs=["clean.csv"])
def preprocess(path):
    return utils.load(path), config.THRESHOLD

@stage(deps=["./clean.csv"], outs=["model.bin"], name="fit the model")
def train(path):
    return utils.load(path)

@stage(deps=["other.csv"])
def report(path):
    return path
`,
  "utils.py": "def clean_data(x):\n    return x + 1\n\ndef load(x):\n    return clean_data(x)\n",
  "config.py": "LIMIT = 3\n\nTHRESHOLD = 0.5\n",
};
export const AT = "2026-11-20T15:00:00Z";

export class World {
  readonly host: MemoryHost;
  readonly program: Program;
  lock: Lock = emptyLock("semantic");

  constructor(files: Record<string, string> = FILES, level: Level = "semantic") {
    this.host = memoryHost(files);
    this.program = createProgram(this.host, { ...DEFAULT_CONFIG, level });
  }

  write(file: string, text: string | null): void {
    this.host.write(file, text);
    this.program.applyChange({ disk: [file], relist: true });
  }

  record(...ids: string[]): this {
    this.lock = ok(record(this.program, this.lock, ids, { at: AT, duration: 41.7 })).lock;
    return this;
  }

  recordAll(): this {
    return this.record(...this.program.stages().map((stage) => stage.id));
  }

  accept(ids: string[], more: { entryKey?: string; everywhere?: boolean; unsaved?: ReadonlySet<string> } = {}) {
    return accept(this.program, this.lock, ids, { at: "2026-11-21T09:00:00Z", reason: "wording only", ...more });
  }

  states(): Record<string, string> {
    return Object.fromEntries(status(this.program, this.lock).stages.map((each) => [each.stage, each.state]));
  }

  changed(id: string): string[] {
    return status(this.program, this.lock, [id]).stages[0].changed.map((change) => change.key);
  }
}

export function ok<T>(result: Result<T, { message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export function refused<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error("not refused");
  return result.error;
}

export const PREPROCESS = "pipeline.preprocess";
export const TRAIN = "fit the model";
