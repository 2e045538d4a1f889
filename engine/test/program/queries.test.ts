/** Questions to a program and a lock: states, reasons, pages, names, updates, graphs. Real programs over files in memory. */
import { describe, expect, it } from "vitest";
import {
  accept,
  createProgram,
  DEFAULT_CONFIG,
  dependentsOf,
  emptyLock,
  entryDiffs,
  explain,
  explainPage,
  formatDuration,
  graphDot,
  graphMermaid,
  graphSvg,
  type Level,
  type Lock,
  type MemoryHost,
  memoryHost,
  type Program,
  parseTarget,
  prune,
  type Result,
  record,
  resolveEnding,
  resolveStage,
  revoke,
  stageGraph,
  status,
} from "../../src/index.ts";

const FILES = {
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
const AT = "2026-11-20T15:00:00Z";

class World {
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

function ok<T>(result: Result<T, { message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function refused<E>(result: Result<unknown, E>): E {
  if (result.ok) throw new Error("not refused");
  return result.error;
}

const PREPROCESS = "pipeline.preprocess";
const TRAIN = "fit the model";

describe("status", () => {
  it("is new, fresh, stale with what changed, and accepted", () => {
    const world = new World();
    expect(world.states()).toEqual({ [PREPROCESS]: "new", [TRAIN]: "new", "pipeline.report": "new" });
    world.record(PREPROCESS, TRAIN);
    expect(world.states()).toEqual({ [PREPROCESS]: "fresh", [TRAIN]: "fresh", "pipeline.report": "new" });
    world.write("config.py", "LIMIT = 3\n\nTHRESHOLD = 0.7\n");
    expect(status(world.program, world.lock)).toMatchObject({ stale: 1, cost: 41.7 });
    expect(status(world.program, world.lock, [PREPROCESS]).stages).toEqual([
      {
        stage: PREPROCESS,
        file: "pipeline.py",
        line: 5,
        state: "stale",
        changed: [
          {
            key: "const:config.THRESHOLD",
            change: "changed",
            old: "0.5",
            new: "0.7",
            file: "config.py",
            line: 3,
            via: ["const:config.THRESHOLD"],
          },
        ],
        baseline: { how: "recorded", at: AT, duration: 41.7 },
        untracked: 0,
        tracked: expect.any(Number),
      },
    ]);
    world.lock = ok(world.accept([PREPROCESS])).lock;
    expect(world.states()[PREPROCESS]).toBe("accepted");
    expect(status(world.program, world.lock)).toMatchObject({ stale: 0, cost: null });
  });

  it("is broken where code can't be read, and orphan where it is gone", () => {
    const world = new World().recordAll();
    world.write("pipeline.py", `${FILES["pipeline.py"]}\ndef later(:\n`);
    expect(new Set(Object.values(world.states()))).toEqual(new Set(["broken"]));
    expect(status(world.program, world.lock).stages[0].error).toMatchObject({ file: "pipeline.py", line: 16 });
    const fresh = new World({ ...FILES, "pipeline.py": "def later(:\n" });
    fresh.lock = world.lock;
    expect(new Set(Object.values(fresh.states()))).toEqual(new Set(["broken"]));
    world.write("pipeline.py", null);
    expect(new Set(Object.values(world.states()))).toEqual(new Set(["orphan"]));
    world.lock = prune(world.program, world.lock).lock;
    expect(world.states()).toEqual({});
  });

  it("says when it compares across levels", () => {
    const world = new World().recordAll();
    const strict = new World(FILES, "strict");
    strict.lock = world.lock;
    const [first] = status(strict.program, strict.lock).stages;
    expect(first).toMatchObject({ state: "stale", changed: [], note: expect.stringContaining("level semantic") });
    strict.record(PREPROCESS);
    expect(strict.states()).toMatchObject({ [PREPROCESS]: "fresh", [TRAIN]: "stale" });
  });

  it("never says fresh when names lead elsewhere and no single entry differs", () => {
    const files = {
      "pipeline.py":
        "from fastpipe import stage\nfrom a import f as one\nfrom b import f as two\n\n@stage()\ndef train(x):\n    return one(x) + two(x) * 2\n",
      "a.py": "def f(x):\n    return x\n",
      "b.py": "def f(x):\n    return -x\n",
    };
    const world = new World(files).recordAll();
    world.write(
      "pipeline.py",
      files["pipeline.py"].replace("from a", "from c").replace("from b", "from a").replace("from c", "from b"),
    );
    const [train] = status(world.program, world.lock).stages;
    expect(train.state).toBe("stale");
    expect(train.changed.length > 0 || train.note !== undefined).toBe(true);
  });
});

describe("explain", () => {
  it("renders the page of a stale stage", () => {
    const world = new World().recordAll();
    world.write("utils.py", FILES["utils.py"].replace("x + 1", "x + 2"));
    world.write("config.py", "LIMIT = 3\n\nTHRESHOLD = 0.7\n");
    const page = explainPage(ok(explain(world.program, world.lock, PREPROCESS)));
    expect(page.replace(/\b[0-9a-f]{8}\b/g, "########")).toBe(`Stage: pipeline.preprocess
  Status: STALE (would re-run)         last run 2026-11-20 15:00, 41.7 s
  Reason: 2 of 6 tracked entries changed

  Changed:
    const:config.THRESHOLD
      Old: 0.5
      New: 0.7
      File: config.py:3
      Via: preprocess
    func:utils.clean_data
      Old: ########
      New: ########
      File: utils.py:1
      Via: preprocess → load → clean_data
`);
  });

  it("says what was added, removed, renamed without effect, accepted, never recorded, broken, gone, untracked", () => {
    const page = (world: World, id = PREPROCESS) => explainPage(ok(explain(world.program, world.lock, id)));
    const world = new World();
    expect(page(world)).toBe(
      "Stage: pipeline.preprocess\n  Status: NEW (never recorded)\n  Reason: no baseline yet; 6 tracked entries\n",
    );
    world.recordAll();
    expect(page(world)).toContain(
      "Status: up to date                   last run 2026-11-20 15:00, 41.7 s\n  Reason: none of 6",
    );
    const renamed = FILES["utils.py"].replaceAll("clean_data", "tidy");
    world.write("utils.py", renamed);
    expect(page(world)).toContain("Renamed or moved, without effect:\n    func:utils.clean_data → func:utils.tidy\n");
    world.write("utils.py", "def load(x):\n    return other(x)\n\ndef other(x):\n    return x\n");
    expect(page(world)).toMatch(
      /func:utils\.other\n {6}Old: \(none\)\n {6}New: [0-9a-f]{8}\n {6}File: utils.py:4\n {6}Via: preprocess → load → other/,
    );
    expect(page(world)).toMatch(/func:utils\.clean_data\n {6}Old: [0-9a-f]{8}\n {6}New: \(none\)\n/);
    world.lock = ok(world.accept([PREPROCESS])).lock;
    expect(page(world)).toContain(
      "up to date (accepted)        last run 2026-11-20 15:00, 41.7 s\n  Reason: accepted 2026-11-21 09:00: wording only",
    );
    world.write("pipeline.py", "def f(:\n");
    expect(page(world)).toMatch(/Status: BROKEN .*\n {2}Reason: .*\(pipeline\.py:1\)/);
    world.write("pipeline.py", null);
    expect(page(world)).toMatch(/Status: ORPHAN .*\n {2}Reason: recorded from pipeline\.py/);
    expect(refused(explain(world.program, world.lock, "nothing"))).toMatchObject({ code: "no-such-definition" });
    const quiet = new World({
      "a.py": "from fastpipe import stage\n@stage()\ndef f(x):\n    print(x)  # fastpipe: ignore\n    return x\n",
    });
    expect(explainPage(ok(explain(quiet.program, quiet.lock, "a.f")))).toContain(
      "Left out by `# fastpipe: ignore`: 1 statement",
    );
    const untracked = new World({ "a.py": "from fastpipe import stage\n@stage()\ndef f(x):\n    return eval(x)\n" });
    expect(explainPage(ok(explain(untracked.program, untracked.lock, "a.f")))).toMatch(
      /Not tracked \(1\):\n {4}eval {2}eval\(x\) {2}a\.py:4 {2}\S/,
    );
  });

  it("spells durations for people", () => {
    expect([0.04, 41.7, 119, 600, 5400, 12_600].map(formatDuration)).toEqual([
      "0 s",
      "41.7 s",
      "119 s",
      "10 min",
      "90 min",
      "3.5 h",
    ]);
  });
});

describe("names", () => {
  it("are targets, ids, and unambiguous endings", () => {
    expect(parseTarget("./a\\b.py::C.f")).toEqual({ file: "a/b.py", qualname: "C.f" });
    for (const none of ["", "a.py", "::f", "a.py::"]) expect(parseTarget(none)).toBeNull();
    const all = ["pkg.a.train", "pkg.b.train", "pkg.b.pretrain", "train.x"];
    const found = (name: string) => resolveEnding(name, all, "stage");
    expect(found("b.train")).toEqual({ ok: true, value: "pkg.b.train" });
    expect(found("pretrain")).toEqual({ ok: true, value: "pkg.b.pretrain" });
    expect(found("etrain")).toEqual({ ok: true, value: "pkg.b.pretrain" });
    expect(refused(found("train"))).toMatchObject({ code: "ambiguous", suggestions: ["pkg.a.train", "pkg.b.train"] });
    expect(refused(found("nothing"))).toMatchObject({ code: "no-such-definition" });
    expect(refused(found(""))).toMatchObject({ code: "no-such-definition" });
    const world = new World();
    expect(resolveStage(world.program, world.lock, "pipeline.py::train")).toEqual({ ok: true, value: TRAIN });
    expect(resolveStage(world.program, world.lock, "model")).toEqual({ ok: true, value: TRAIN });
  });
});

describe("updates", () => {
  it("record all or nothing, with the sources and what is new in history", () => {
    const world = new World();
    const update = ok(record(world.program, world.lock, [PREPROCESS], { at: AT }));
    expect([...update.objects.values()]).toContain("def clean_data(x):\n    return x + 1");
    expect(update.history.map((line) => line.key)).toContain("const:config.THRESHOLD");
    world.lock = update.lock;
    expect(ok(record(world.program, world.lock, [PREPROCESS], { at: AT })).history).toEqual([]);
    world.write("broken.py", "from fastpipe import stage\n@stage()\ndef f():\n    return helper()\n\ndef helper(:\n");
    world.write(
      "broken.py",
      "from fastpipe import stage\nfrom gone_wrong import helper\n@stage()\ndef f():\n    return helper()\n",
    );
    world.write("gone_wrong.py", "def helper(:\n");
    const before = world.lock;
    const error = record(world.program, world.lock, [TRAIN, "broken.f"], { at: AT });
    if (!error.ok) expect(error.error.message).toContain("broken.f");
    expect(world.lock).toBe(before);
  });

  it("refuse what is broken, gone, or has unsaved edits", () => {
    const world = new World().recordAll();
    const unsaved = new Set(["utils.py"]);
    expect(refused(record(world.program, world.lock, [PREPROCESS], { at: AT, unsaved }))).toMatchObject({
      code: "unsaved",
      file: "utils.py",
    });
    expect(record(world.program, world.lock, ["pipeline.report"], { at: AT, unsaved }).ok).toBe(true);
    world.write("utils.py", FILES["utils.py"].replace("+ 1", "+ 2"));
    expect(refused(world.accept([PREPROCESS], { unsaved }))).toMatchObject({ code: "unsaved" });
    world.write("pipeline.py", "def f(:\n");
    expect(refused(record(world.program, world.lock, [PREPROCESS], { at: AT }))).toMatchObject({
      file: "pipeline.py",
      line: 1,
    });
    expect(refused(world.accept([PREPROCESS])).message).toContain("can't be accepted");
    world.write("pipeline.py", null);
    expect(refused(record(world.program, world.lock, [PREPROCESS], { at: AT })).message).toContain(
      "no longer in the code",
    );
    expect(refused(record(world.program, world.lock, ["none"], { at: AT })).message).toContain("no stage");
  });

  it("accept one entry, the rest, and everywhere; revoke goes back to what ran", () => {
    const world = new World().recordAll();
    const recorded = world.lock;
    world.write("utils.py", FILES["utils.py"].replace("+ 1", "+ 2"));
    world.write("config.py", "THRESHOLD = 0.7\n");
    expect(world.changed(PREPROCESS)).toEqual(["const:config.THRESHOLD", "func:utils.clean_data"]);
    world.lock = ok(world.accept([PREPROCESS], { entryKey: "clean_data" })).lock;
    expect(world.changed(PREPROCESS)).toEqual(["const:config.THRESHOLD"]);
    expect(world.states()).toMatchObject({ [PREPROCESS]: "stale", [TRAIN]: "stale" });
    world.lock = ok(world.accept([], { entryKey: "func:utils.clean_data", everywhere: true })).lock;
    expect(world.states()).toMatchObject({ [PREPROCESS]: "stale", [TRAIN]: "accepted" });
    world.lock = ok(world.accept([PREPROCESS], { entryKey: "THRESHOLD" })).lock;
    expect(world.states()[PREPROCESS]).toBe("accepted");
    expect(ok(world.accept([PREPROCESS])).stages).toEqual([]);
    world.lock = ok(revoke(world.lock, [PREPROCESS, TRAIN])).lock;
    expect(world.lock).toEqual(recorded);
    expect(refused(revoke(world.lock, [PREPROCESS])).message).toContain("was recorded, not accepted");
  });

  it("accept in all stages what is accepted in one, and nothing more", () => {
    const world = new World().recordAll();
    world.write("utils.py", FILES["utils.py"].replace("+ 1", "+ 2"));
    world.write("config.py", "THRESHOLD = 0.7\n");
    const update = ok(world.accept([TRAIN], { everywhere: true }));
    expect(update.stages).toEqual([TRAIN, PREPROCESS]);
    world.lock = update.lock;
    expect(world.changed(PREPROCESS)).toEqual(["const:config.THRESHOLD"]);
  });

  it("say which changed entries there are when a key is none of them", () => {
    const world = new World().recordAll();
    world.write("config.py", "THRESHOLD = 0.7\n");
    expect(refused(world.accept([PREPROCESS], { entryKey: "clean_data" })).message).toContain("no changed entry");
    expect(refused(new World().accept([PREPROCESS], { entryKey: "x" })).message).toContain("has no baseline");
  });
});

describe("diff", () => {
  it("pairs recorded and present text, from the store, from elsewhere, or from nowhere", async () => {
    const world = new World();
    const { lock, objects } = ok(record(world.program, world.lock, [PREPROCESS], { at: AT }));
    world.lock = lock;
    world.write("utils.py", "def load(x):\n    return other(x) + 3\n\ndef other(x):\n    return x\n");
    world.write("config.py", "THRESHOLD = 0.7\n");
    const store = { object: (hash: string) => objects.get(hash) ?? null };
    const diffs = ok(await entryDiffs(world.program, world.lock, PREPROCESS, null, store));
    expect(diffs.map(({ key, recorded, present }) => [key, recorded, present])).toEqual([
      ["const:config.THRESHOLD", "THRESHOLD = 0.5", "THRESHOLD = 0.7"],
      ["func:utils.load", "def load(x):\n    return clean_data(x)", "def load(x):\n    return other(x) + 3"],
      ["func:utils.other", null, "def other(x):\n    return x"],
      ["func:utils.clean_data", "def clean_data(x):\n    return x + 1", null],
    ]);
    const nowhere = { object: async () => null };
    const [load] = ok(await entryDiffs(world.program, world.lock, PREPROCESS, "load", nowhere));
    expect(load).toMatchObject({ recorded: null, note: expect.stringContaining("not kept") });
    const older = { object: async () => null, older: async (key: string) => `old ${key}` };
    expect(ok(await entryDiffs(world.program, world.lock, PREPROCESS, "load", older))[0].recorded).toBe(
      "old func:utils.load",
    );
    expect(refused(await entryDiffs(world.program, world.lock, PREPROCESS, "nope", store))).toMatchObject({
      code: "no-such-definition",
    });
  });
});

describe("dependents", () => {
  it("are the stages whose manifest has the definition, by key or by place", () => {
    const world = new World().recordAll();
    const of = (what: Parameters<typeof dependentsOf>[2]) =>
      ok(dependentsOf(world.program, world.lock, what, { all: true }));
    expect(of("func:utils.clean_data").stages.map(({ stage, via }) => [stage, via])).toEqual([
      [PREPROCESS, ["func:utils.load", "func:utils.clean_data"]],
      [TRAIN, ["func:utils.load", "func:utils.clean_data"]],
    ]);
    expect(of({ file: "utils.py", qualname: "clean_data" })).toMatchObject({
      key: "func:utils.clean_data",
      cost: 83.4,
    });
    expect(of({ file: "config.py", qualname: "THRESHOLD" }).stages.map(({ stage }) => stage)).toEqual([PREPROCESS]);
    expect(of({ file: "pipeline.py", qualname: "train" }).stages).toMatchObject([{ stage: TRAIN, via: [] }]);
    expect(of("func:utils.clean_data").definitions).toContain("func:utils.load");
    expect(refused(dependentsOf(world.program, world.lock, "func:utils.nope"))).toMatchObject({
      code: "no-such-definition",
    });
    expect(refused(dependentsOf(world.program, world.lock, { file: "gone.py", qualname: "f" }))).toMatchObject({
      code: "no-such-file",
    });
  });
});

describe("graph", () => {
  it("joins who writes with who reads, folders included, and escapes names", () => {
    const world = new World({
      "a.py": `from fastpipe import stage
@stage(outs=["data/x.csv", "model"])
def one(): pass
@stage(deps=["data"], name='two "2"')
def two(): pass
@stage(deps=["model/weights.bin"])
def three(): pass
`,
    });
    const graph = stageGraph(world.program, world.lock);
    expect(graph.edges).toEqual([
      { from: "a.one", to: 'two "2"', path: "data" },
      { from: "a.one", to: "a.three", path: "model/weights.bin" },
    ]);
    expect(graphMermaid(graph)).toContain('s1["two #34;2#34;"]:::new');
    expect(graphMermaid(graph)).toContain('s0 -->|"data"| s1');
    expect(graphDot(graph)).toContain('"a.one" -> "two \\"2\\"" [label="data"];');
    expect(graphSvg(graph)).toContain("two &#34;2&#34;</text>");
    const code = stageGraph(new World().program, world.lock, { code: true });
    expect(graphSvg(code).match(/<rect /g)).toHaveLength(6);
    expect(graphDot(code)).toContain('"func:utils.load" -> "func:utils.clean_data"');
  });

  it("draws circles, long chains and nothing at all", () => {
    const node = (stage: string) => ({ stage, file: "a.py", line: 1, state: "fresh" as const, deps: [], outs: [] });
    const circle = {
      nodes: ["a", "b", "c"].map(node),
      edges: ["ab", "bc", "ca"].map(([from, to]) => ({ from, to, path: "p" })),
    };
    expect(graphSvg(circle).match(/<path d="M[1-9]/g)).toHaveLength(3);
    const names = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
    const edges = names.slice(1).map((to, index) => ({ from: names[index], to, path: "p" }));
    expect(graphSvg({ nodes: names.map(node), edges }).length).toBeGreaterThan(1_000_000);
    expect(graphSvg({ nodes: [], edges: [] })).toContain("</svg>");
  });
});
