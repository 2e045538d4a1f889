/** status, explain, record, accept, revoke, and the lock between processes, through the real command line. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CHANGED_CONSTANT, CHANGED_HELPER, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

async function states(root: string): Promise<Record<string, string>> {
  const { stages } = JSON.parse((await fastpipe(root, ["status", "--json"])).out) as {
    stages: { stage: string; state: string }[];
  };
  return Object.fromEntries(stages.map(({ stage, state }) => [stage, state]));
}

function lockText(root: string): string {
  return readFileSync(path.join(root, "fastpipe.lock"), "utf8");
}

async function recorded(more: Record<string, string> = {}): Promise<string> {
  const root = folder({ ...PIPELINE, ...more });
  expect((await fastpipe(root, ["record", "--all", "--duration", "41.7"])).code).toBe(0);
  return root;
}

describe("status", () => {
  it("goes from new over fresh to stale, with exit code 1 only where it is asked for", async () => {
    const root = folder(PIPELINE);
    expect(await fastpipe(root, ["status"])).toEqual({
      code: 0,
      err: "",
      out: "○ new  pipeline.preprocess\n○ new  pipeline.train\n○ new  pipeline.retrain\n0 of 3 stages stale; 3 new\n",
    });
    expect((await fastpipe(root, ["status", "--exit-code"])).code).toBe(1);
    expect(await fastpipe(root, ["record", "--all"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("recorded pipeline.train ("),
    });
    expect(await fastpipe(root, ["status", "--exit-code"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/✓ fresh[\s\S]*0 of 3 stages stale\n$/),
    });
    write(root, CHANGED_HELPER);
    const stale = await fastpipe(root, ["status", "--exit-code"]);
    expect(stale.code).toBe(1);
    expect(stale.out).toMatch(/● stale {2}pipeline\.preprocess {2}clean_data/);
    expect(stale.out).toMatch(/\n2 of 3 stages stale\n$/);
    expect((await fastpipe(root, ["status", "retrain"])).out).toMatch(
      /^✓ fresh {2}pipeline\.retrain .*\n0 of 1 stage stale\n$/,
    );
  });

  it("gives the JSON surface", async () => {
    const root = await recorded();
    write(root, CHANGED_CONSTANT);
    const report = JSON.parse((await fastpipe(root, ["status", "--json"])).out);
    expect(report).toMatchObject({ stale: 1, cost: 41.7 });
    expect(Object.keys(report.stages[0]).slice(0, 7)).toEqual([
      "stage",
      "file",
      "line",
      "state",
      "changed",
      "baseline",
      "untracked",
    ]);
    expect(report.stages[0]).toMatchObject({
      stage: "pipeline.preprocess",
      file: "src/pipeline.py",
      line: 6,
      state: "stale",
      changed: [
        {
          key: "const:config.THRESHOLD",
          change: "changed",
          old: "0.5",
          new: "0.7",
          file: "src/config.py",
          line: 3,
          via: ["const:config.THRESHOLD"],
        },
      ],
      baseline: { how: "recorded", duration: 41.7 },
      untracked: 0,
    });
  });

  it("shows broken code and what the lock has but the code has not, and can forget that", async () => {
    const root = await recorded();
    write(root, { "src/pipeline.py": `${PIPELINE["src/pipeline.py"]}\ndef later(:\n` });
    expect((await fastpipe(root, ["status"])).out).toMatch(
      /⚠ broken {2}pipeline\.preprocess {2}src\/pipeline\.py:\d+: /,
    );
    expect((await fastpipe(root, ["status", "--exit-code"])).code).toBe(1);
    expect((await fastpipe(root, ["status"])).err).toBe("");
    const before = lockText(root);
    const refused = await fastpipe(root, ["record", "--all"]);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toMatch(/^fastpipe: src\/pipeline\.py:\d+: .*\n$/);
    expect((await fastpipe(root, ["accept", "train", "--reason", "x"])).code).toBe(2);
    expect(lockText(root)).toBe(before);
    write(root, { "src/pipeline.py": PIPELINE["src/pipeline.py"].replace(/@stage\(deps=\["model.bin"\][\s\S]*/, "") });
    expect(await states(root)).toEqual({
      "pipeline.preprocess": "fresh",
      "pipeline.train": "fresh",
      "pipeline.retrain": "orphan",
    });
    expect(await fastpipe(root, ["record", "--prune"])).toMatchObject({ code: 0, out: "forgot pipeline.retrain\n" });
    expect(await states(root)).toEqual({ "pipeline.preprocess": "fresh", "pipeline.train": "fresh" });
  });

  it("says so where there are no stages", async () => {
    const root = folder({ "a.py": "x = 1\n" });
    expect(await fastpipe(root, ["status", "--exit-code"])).toEqual({
      code: 0,
      out: "no stages found\n",
      err: expect.stringMatching(/^fastpipe: mark a function with @stage.*`fastpipe doctor`[^\n]*\n$/),
    });
    expect(await fastpipe(root, ["record", "--all"])).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^fastpipe: no stages found, nothing recorded: mark a function with @stage[^\n]*\n$/),
    });
    expect(await fastpipe(root, ["check"])).toMatchObject({ code: 0, err: expect.stringContaining("@stage") });
    expect((await fastpipe(root, ["record", "--prune"])).err).toMatch(/^fastpipe: nothing to forget: /);
    for (const made of ["fastpipe.lock", ".fastpipe"]) expect(existsSync(path.join(root, made))).toBe(false);
  });

  it("tells a change of level from a change of code", async () => {
    const root = await recorded();
    expect((await fastpipe(root, ["explain", "train", "--level", "strict"])).out).toContain(
      "Reason: recorded at level semantic, compared at level strict",
    );
    expect((await states(root))["pipeline.train"]).toBe("fresh");
  });
});

describe("names of stages", () => {
  const root = async () =>
    await recorded({
      "src/other.py":
        "from fastpipe import stage\n\n@stage()\ndef report(x):\n    return x\n\n@stage(name='nightly report')\ndef n(x):\n    return x\n",
    });

  it("are any unambiguous ending, an id with blanks, or a target", async () => {
    const at = await root();
    for (const [name, id] of [
      ["preprocess", "pipeline.preprocess"],
      ["pre", null],
      ["train", "pipeline.train"],
      ["src/pipeline.py::train", "pipeline.train"],
      ["nightly report", "nightly report"],
      ["other.report", "other.report"],
    ]) {
      const ran = await fastpipe(at, ["status", "--json", name!]);
      if (id === null) expect(ran.code).toBe(2);
      else expect(JSON.parse(ran.out).stages.map((each: { stage: string }) => each.stage)).toEqual([id]);
    }
  });

  it("that nothing or too much has are refused in one line", async () => {
    const at = await root();
    expect(await fastpipe(at, ["explain", "tarin"])).toEqual({
      code: 2,
      out: "",
      err: "fastpipe: no stage `tarin`; did you mean pipeline.train?\n",
    });
    expect((await fastpipe(at, ["explain", "zzzzzz"])).err).toBe(
      "fastpipe: no stage `zzzzzz`: `fastpipe status` lists them\n",
    );
    expect((await fastpipe(at, ["record", "n"])).err).toMatch(
      /^fastpipe: `n` is more than one stage: .*pipeline\.train.*\n$/,
    );
  });
});

describe("explain", () => {
  it("prints the page, coloured only on demand", async () => {
    const root = await recorded();
    write(root, { ...CHANGED_HELPER, ...CHANGED_CONSTANT });
    const { out } = await fastpipe(root, ["explain", "preprocess"]);
    const page = out.replace(/\b[0-9a-f]{8}\b/g, "########").replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "2026-11-20 15:00");
    expect(page).toBe(`Stage: pipeline.preprocess
  Status: STALE (would re-run)         last run 2026-11-20 15:00, 41.7 s
  Reason: 2 of 6 tracked entries changed

  Changed:
    const:config.THRESHOLD
      Old: 0.5
      New: 0.7
      File: src/config.py:3
      Via: preprocess
    func:utils.clean_data
      Old: ########
      New: ########
      File: src/utils.py:1
      Via: preprocess → load → clean_data
      Source:
          def clean_data(x):
        -     return x + 1
        +     return x + 2
`);
    expect((await fastpipe(root, ["explain", "preprocess"], { env: { FORCE_COLOR: "1" } })).out).toBe(out);
    const painted = (await fastpipe(root, ["explain", "preprocess", "--color", "always"], { env: { NO_COLOR: "1" } }))
      .out;
    expect(painted).toContain("\x1b[");
    expect(painted.replace(/\x1b\[\d+m/g, "")).toBe(out);
    const { stages } = JSON.parse((await fastpipe(root, ["explain", "preprocess", "train", "--json"])).out);
    expect(stages).toMatchObject([
      { stage: "pipeline.preprocess", level: "semantic" },
      { stage: "pipeline.train", notices: [] },
    ]);
  });
});

describe("record", () => {
  it("writes the same bytes for the same code, whatever the order", async () => {
    const root = await recorded();
    const withoutTimes = (text: string) => text.replace(/at: .*/g, "at: …");
    const first = withoutTimes(lockText(root));
    await fastpipe(root, ["record", "retrain", "train"]);
    expect(withoutTimes(lockText(root))).toBe(first);
    const keys = first.match(/^ {2}\S+(?=:$)/gm);
    expect(keys).toEqual([...keys!].sort());
  });

  it("wants to know which stages", async () => {
    const root = folder(PIPELINE);
    expect(await fastpipe(root, ["record"])).toMatchObject({ code: 2, err: expect.stringContaining("--all") });
    expect((await fastpipe(root, ["record", "--all", "train"])).code).toBe(2);
    expect((await fastpipe(root, ["record", "train", "--duration", "fast"])).err).toContain("41.7");
    expect(JSON.parse((await fastpipe(root, ["record", "train", "--json"])).out)).toMatchObject({
      recorded: [{ stage: "pipeline.train" }],
      forgotten: [],
    });
    expect(await states(root)).toMatchObject({ "pipeline.train": "fresh", "pipeline.retrain": "new" });
  });

  it("loses no update when processes record at once", async () => {
    const stages = Array.from({ length: 6 }, (_, index) => `@stage()\ndef s${index}(x):\n    return ${index}\n`);
    const root = folder({ "p.py": `from fastpipe import stage\n\n${stages.join("\n\n")}` });
    const ran = await Promise.all(stages.map((_, index) => fastpipe(root, ["record", `s${index}`])));
    expect(ran.map(({ code, err }) => [code, err])).toEqual(stages.map(() => [0, ""]));
    expect(new Set(Object.values(await states(root)))).toEqual(new Set(["fresh"]));
    expect(existsSync(path.join(root, ".fastpipe/writing"))).toBe(false);
  });
});

describe("accept", () => {
  it("needs a reason and a stage", async () => {
    const root = await recorded();
    expect(await fastpipe(root, ["accept", "train"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--reason"),
    });
    expect((await fastpipe(root, ["accept", "train", "--reason", "  "])).code).toBe(2);
    expect((await fastpipe(root, ["accept", "--reason", "x"])).err).toContain("which stage?");
    expect(await fastpipe(root, ["accept", "train", "--reason", "x"])).toMatchObject({
      code: 0,
      out: "",
      err: expect.stringContaining("nothing to accept"),
    });
  });

  it("whole, then revoked: stale again, to the byte", async () => {
    const root = await recorded();
    write(root, CHANGED_HELPER);
    const before = lockText(root);
    expect(await fastpipe(root, ["accept", "train", "--reason", "wording: only"])).toMatchObject({
      code: 0,
      out: "accepted pipeline.train\n",
    });
    expect(lockText(root)).toContain('reason: "wording: only"');
    expect(await states(root)).toMatchObject({ "pipeline.train": "accepted", "pipeline.preprocess": "stale" });
    expect((await fastpipe(root, ["status", "--exit-code", "train"])).code).toBe(0);
    expect((await fastpipe(root, ["explain", "train"])).out).toMatch(
      /up to date \(accepted\) .*41\.7 s\n {2}Reason: accepted .*: wording: only/,
    );
    expect(await fastpipe(root, ["accept", "--revoke", "train"])).toMatchObject({
      code: 0,
      out: "revoked the acceptance of pipeline.train\n",
    });
    expect(lockText(root)).toBe(before);
    expect(await fastpipe(root, ["accept", "--revoke", "train"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("not accepted"),
    });
    expect((await fastpipe(root, ["accept", "--revoke", "train", "--reason", "x"])).code).toBe(2);
  });

  it("one entry in one stage, in every stage, and what was never recorded", async () => {
    const root = await recorded();
    write(root, { ...CHANGED_HELPER, ...CHANGED_CONSTANT });
    expect(await fastpipe(root, ["accept", "preprocess", "--entry", "clean_dta", "--reason", "r"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("did you mean func:utils.clean_data?"),
    });
    expect((await fastpipe(root, ["accept", "preprocess", "--entry", "clean_data", "--reason", "r"])).out).toBe(
      "accepted pipeline.preprocess; still stale, 1 other entry differs\n",
    );
    expect((await fastpipe(root, ["status", "preprocess"])).out).toMatch(/pipeline\.preprocess {2}THRESHOLD /);
    expect(
      (await fastpipe(root, ["accept", "--entry", "func:utils.clean_data", "--everywhere", "--reason", "r"])).out,
    ).toBe("accepted pipeline.train\n");
    expect((await fastpipe(root, ["accept", "preprocess", "--entry", "THRESHOLD", "--reason", "r"])).out).toBe(
      "accepted pipeline.preprocess\n",
    );
    expect(new Set(Object.values(await states(root)))).toEqual(new Set(["accepted", "fresh"]));
    const unrecorded = folder(PIPELINE);
    expect((await fastpipe(unrecorded, ["accept", "train", "--reason", "adopted"])).code).toBe(0);
    expect(await states(unrecorded)).toMatchObject({ "pipeline.train": "accepted" });
    await fastpipe(unrecorded, ["accept", "--revoke", "train"]);
    expect(await states(unrecorded)).toMatchObject({ "pipeline.train": "new" });
  });
});

describe("a lock that can't be used", () => {
  it.each([
    [
      "a merge conflict",
      (text: string) => text.replace("stages:", "<<<<<<< HEAD\nstages:"),
      /fastpipe\.lock:3:1: merge conflict: keep one side/,
    ],
    [
      "a newer one",
      (text: string) => text.replace("version: 1", "version: 7"),
      /fastpipe\.lock:1:10: written by a newer Fastpipe .*update Fastpipe/,
    ],
    ["a broken one", (text: string) => text.replace("how:", "\thow:"), /fastpipe\.lock:6:\d+: /],
    ["an empty one", () => "", /fastpipe\.lock:1:1: the lock is empty/],
  ])("is said with its place and never overwritten: %s", async (_name, damage, message) => {
    const root = await recorded();
    const text = damage(lockText(root));
    write(root, { "fastpipe.lock": text });
    for (const args of [
      ["status"],
      ["explain", "train"],
      ["record", "--all"],
      ["accept", "train", "--reason", "x"],
      ["accept", "--revoke", "train"],
      ["record", "--prune"],
    ]) {
      const ran = await fastpipe(root, args);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toMatch(message);
      expect(ran.err.trimEnd()).not.toContain("\n");
    }
    expect(lockText(root)).toBe(text);
    expect((await fastpipe(root, ["manifest", "src/pipeline.py::train"])).code).toBe(0);
  });
});
