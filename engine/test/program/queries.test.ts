/** Questions to a program and a lock: states, reasons, pages, names. Real programs over files in memory. */
import { describe, expect, it } from "vitest";
import {
  explain,
  explainPage,
  formatDuration,
  parseTarget,
  prune,
  record,
  resolveEnding,
  resolveStage,
  status,
} from "../../src/index.ts";

import { AT, FILES, ok, PREPROCESS, refused, TRAIN, World } from "./world.ts";

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

  it("is broken where a file that it needs broke, also while its last good version is on show", () => {
    const world = new World().recordAll();
    world.write("utils.py", `${FILES["utils.py"]}\ndef broken(:\n`);
    const fresh = new World({ ...FILES, "utils.py": `${FILES["utils.py"]}\ndef broken(:\n` });
    fresh.lock = world.lock;
    expect(world.states()).toEqual({ [PREPROCESS]: "broken", [TRAIN]: "broken", "pipeline.report": "fresh" });
    expect(fresh.states()).toEqual(world.states());
    expect(status(world.program, world.lock).stages[0].error).toMatchObject({ file: "utils.py", line: 7 });
    expect(refused(record(world.program, world.lock, [TRAIN], { at: AT }))).toMatchObject({
      file: "utils.py",
      line: 7,
    });
    expect(refused(world.accept([TRAIN])).message).toContain("can't be accepted");
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

  it("counts what is gone among what was compared", () => {
    const text = "from fastpipe import stage\n\ndef f():\n    return 1\n\n@stage()\ndef s():\n    return f()\n";
    const world = new World({ "a.py": text }).recordAll();
    const reason = () => /Reason: (.*)/.exec(explainPage(ok(explain(world.program, world.lock, "a.s"))))![1];
    world.write("a.py", text.replace("f()\n    return 1", "g()\n    return 1").replace("return f()", "return 1"));
    expect(reason()).toBe("2 of 2 tracked entries changed");
    world.recordAll();
    expect(reason()).toBe("its one tracked entry has not changed");
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
