/** Record, accept and revoke over real programs, and what else a lock and a program say together: diffs, dependents, graphs. */
import { describe, expect, it } from "vitest";
import {
  dependentsOf,
  entryDiffs,
  graphDot,
  graphMermaid,
  graphSvg,
  record,
  revoke,
  stageGraph,
} from "../../src/index.ts";

import { AT, FILES, ok, PREPROCESS, refused, TRAIN, World } from "./world.ts";

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
    expect(graphSvg(code).match(/<rect class="node"/g)).toHaveLength(6);
    expect(graphDot(code)).toContain('"func:utils.load" -> "func:utils.clean_data"');
  });

  it("draws circles, long chains and nothing at all", () => {
    const node = (stage: string) => ({ stage, file: "a.py", line: 1, state: "fresh" as const, deps: [], outs: [] });
    const circle = {
      nodes: ["a", "b", "c"].map(node),
      edges: ["ab", "bc", "ca"].map(([from, to]) => ({ from, to, path: "p" })),
    };
    expect(graphSvg(circle).match(/<path class="edge"/g)).toHaveLength(3);
    const names = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
    const edges = names.slice(1).map((to, index) => ({ from: names[index], to, path: "p" }));
    expect(graphSvg({ nodes: names.map(node), edges }).length).toBeGreaterThan(1_000_000);
    expect(graphSvg({ nodes: [], edges: [] })).toContain("</svg>");
  });
});
