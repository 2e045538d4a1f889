/** manifest, functions, dependents, diff, history, graph, check, doctor and bad use, through the real command line. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { batch, CHANGED_CONSTANT, CHANGED_HELPER, commandLine, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

function recorded(): string {
  const root = folder(PIPELINE);
  fastpipe(root, ["record", "--all", "--duration", "41.7"]);
  return root;
}

function committed(): string {
  const root = recorded();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  return root;
}

describe("manifest", () => {
  it("gives the JSON surface for a stage and for any other function", () => {
    const root = folder(PIPELINE);
    const stage = JSON.parse(fastpipe(root, ["manifest", "src/pipeline.py::preprocess", "--json"]).out);
    expect(Object.keys(stage).slice(0, 7)).toEqual([
      "stage",
      "file",
      "qualname",
      "level",
      "fingerprint",
      "entries",
      "untracked",
    ]);
    expect(stage).toMatchObject({
      stage: "pipeline.preprocess",
      file: "src/pipeline.py",
      qualname: "preprocess",
      level: "semantic",
    });
    expect(stage.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(stage.entries[0]).toMatchObject({ key: "self:preprocess", kind: "self", line: 6, via: [] });
    expect(stage.entries).toContainEqual({
      key: "const:config.THRESHOLD",
      kind: "const",
      hash: expect.stringMatching(/^[0-9a-f]{32}$/),
      file: "src/config.py",
      line: 3,
      value: "0.5",
      via: ["const:config.THRESHOLD"],
    });
    const helper = JSON.parse(fastpipe(root, ["manifest", "--json", "--level", "strict", "src/utils.py::load"]).out);
    expect(helper).toMatchObject({ stage: "utils.load", level: "strict" });
    expect(fastpipe(root, ["manifest", "src/utils.py::load"]).out).toMatch(
      /^src\/utils\.py::load {2}[0-9a-f]{32} {2}\(semantic\)\n {2}self:load /,
    );
  });

  it("finds files from the root, from a subfolder, by absolute path, and through a link to the root", () => {
    const root = realpathSync(folder(PIPELINE));
    const link = path.join(folder({}), "link");
    execFileSync("ln", ["-s", root, link]);
    const fingerprint = (cwd: string, target: string, ...more: string[]) =>
      JSON.parse(fastpipe(cwd, ["manifest", "--json", target, ...more]).out).fingerprint;
    const expected = fingerprint(root, "src/utils.py::load");
    const sub = path.join(root, "src");
    expect(fingerprint(sub, "src/utils.py::load")).toBe(expected);
    expect(fingerprint(sub, "utils.py::load")).toBe(expected);
    expect(fingerprint(sub, "./utils.py::load")).toBe(expected);
    expect(fingerprint("/", `${root}/src/utils.py::load`, "--root", root)).toBe(expected);
    expect(fingerprint("/", `${root}/src/utils.py::load`, "--root", link)).toBe(expected);
  });

  it("refuses what can't be answered: one line, place, way out, exit code 2", () => {
    const root = folder({
      ...PIPELINE,
      "bad.py": "x = 1\ndef f(:\n",
      "binary.py": Uint8Array.from([0x80, 0x81, 0xff]),
      "folder.py/x.txt": "",
      "empty.py": "",
    });
    const refused = (...args: string[]) => {
      const ran = fastpipe(root, ["manifest", ...args]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toMatch(/^fastpipe: [^\n]+\n$/);
      return ran.err;
    };
    expect(refused("bad.py::f")).toMatch(/bad\.py:2: /);
    expect(refused("binary.py::f")).toContain("binary.py");
    expect(refused("folder.py::f")).toContain("folder.py");
    expect(refused("src::f")).toContain("src");
    expect(refused("src/utilz.py::load")).toContain("did you mean src/utils.py?");
    expect(refused("src/utils.py::laod")).toContain("did you mean load?");
    expect(refused("src/utils.py::train")).toContain("src/pipeline.py::train");
    expect(refused("empty.py::f")).toContain("empty.py");
    expect(refused("src/utils.py")).toContain("FILE::QUALNAME");
    expect(refused("../other.py::f")).toContain("not below the root");
    expect(refused("/etc/other.py::f")).toContain("not below the root");
    expect(refused("src/utils.py::load", "--level", "loose")).toContain("strict, semantic, behavioral");
    expect(refused()).toContain("FILE::QUALNAME");
  });

  it("lives with links in circles, files it may not read, and a root that is one big mess", () => {
    const root = folder({
      ...PIPELINE,
      "loop/a": { link: ".." },
      "loop/b": { link: "." },
      "dangling.py": { link: "nowhere" },
      "src/closed.py": "x = 1\n",
      "src/noise.py": Uint8Array.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)),
    });
    chmodSync(path.join(root, "src/closed.py"), 0);
    expect(fastpipe(root, ["status"])).toMatchObject({ code: 0, out: expect.stringContaining("3 new") });
    expect(fastpipe(root, ["manifest", "src/pipeline.py::train"]).code).toBe(0);
  });
});

describe("manifest --batch", () => {
  it("answers in order from one process, and sees every change on disk at once", async () => {
    const root = folder(PIPELINE);
    const { ask, end } = batch();
    const request = { root, target: "src/pipeline.py::train", level: null };
    const first = await ask(request);
    expect(first.level).toBe("semantic");
    expect(first).toEqual(JSON.parse(fastpipe(root, ["manifest", "--json", "src/pipeline.py::train"]).out));
    // Same size, same millisecond, again and again.
    let before = first.fingerprint;
    for (let round = 2; round < 9; round++) {
      write(root, { "src/utils.py": PIPELINE["src/utils.py"].replace("+ 1", `+ ${round}`) });
      const { fingerprint } = await ask(request);
      expect(fingerprint).not.toBe(before);
      before = fingerprint;
    }
    write(root, { "src/utils.py": PIPELINE["src/utils.py"] });
    expect(await ask(request)).toEqual(first);
    // A file that comes in front of another, and goes.
    write(root, { "src/utils/__init__.py": "def load(x):\n    return 0\n" });
    expect((await ask(request)).fingerprint).not.toBe(first.fingerprint);
    write(root, { "src/utils": null });
    expect(await ask(request)).toEqual(first);
    write(root, { "pyproject.toml": '[tool.fastpipe]\nlevel = "strict"\n' });
    expect((await ask(request)).level).toBe("strict");
    expect((await ask({ ...request, level: "behavioral" })).level).toBe("behavioral");
    expect(await end()).toBe(0);
  });

  it("answers what is wrong with a request, a file, the settings, and goes on", async () => {
    const root = folder(PIPELINE);
    const { ask, end } = batch();
    const good = { root, target: "src/pipeline.py::train", level: null };
    const message = async (request: unknown) => (await ask(request)).error?.message;
    expect(await message("{")).toContain("one JSON object a line");
    expect(await message("3")).toContain('"root"');
    expect(await message({ root })).toContain('"target"');
    expect(await message({ ...good, level: "loose" })).toContain("strict, semantic, behavioral");
    expect(await message({ ...good, root: `${root}/gone` })).toContain("no such folder");
    expect(await message({ ...good, target: "src/pipeline.py" })).toContain("FILE::QUALNAME");
    expect(await message({ ...good, target: "src/pipeline.py::trian" })).toContain("trian");
    write(root, { "src/pipeline.py": "\ndef train(:\n" });
    expect((await ask(good)).error).toMatchObject({ file: "src/pipeline.py", line: 2 });
    write(root, { "src/pipeline.py": PIPELINE["src/pipeline.py"], "pyproject.toml": "[tool.fastpipe]\nlevel = 3\n" });
    expect((await ask(good)).error).toMatchObject({ file: "pyproject.toml", line: 2 });
    write(root, { "pyproject.toml": null });
    expect((await ask(good)).fingerprint).toMatch(/^[0-9a-f]{32}$/);
    rmSync(root, { recursive: true });
    expect(await message(good)).toContain("no such folder");
    mkdirSync(root);
    write(root, PIPELINE);
    expect((await ask(good)).fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(await end()).toBe(0);
  });

  it("keeps apart more roots than it keeps open", async () => {
    const { ask } = batch();
    const roots = Array.from({ length: 20 }, (_, index) => folder({ "p.py": `def f():\n    return ${index}\n` }));
    const all = async () => {
      const answers = [];
      for (const root of roots) answers.push((await ask({ root, target: "p.py::f", level: null })).fingerprint);
      return answers;
    };
    const first = await all();
    expect(new Set(first).size).toBe(20);
    expect(await all()).toEqual(first);
  });
});

describe("functions", () => {
  it("lists every definition, and files that can't be parsed, as NDJSON", () => {
    const root = folder({
      "a.py": "class C:\n    def m(self):\n        return helper()\n\ndef helper():\n    return 1\n",
      "b.py": "def f(:\n",
    });
    const ran = fastpipe(root, ["functions", "--json"]);
    const lines = ran.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(ran.code).toBe(0);
    expect(lines.map((line) => line.qualname ?? line.file)).toEqual(["C", "C.m", "helper", "b.py"]);
    expect(lines[1]).toMatchObject({
      file: "a.py",
      module: "a",
      line: 2,
      kind: "function",
      refs: [{ name: "helper", kind: "func", target: "a:helper" }],
    });
    expect(lines[3]).toMatchObject({ file: "b.py", error: { message: expect.any(String) } });
  });

  it("ends quietly when its reader goes away", () => {
    const body = Array.from({ length: 3000 }, (_, index) => `def f${index}(x):\n    return x + ${index}\n`).join("\n");
    const root = folder({ "a.py": body });
    const all = fastpipe(root, ["functions"]);
    expect(all.out.trimEnd().split("\n")).toHaveLength(3000);
    const script = path.join(root, "run.sh");
    write(root, { "run.sh": 'set -o pipefail\n"$@" | head -n 1\necho $?\n' });
    const piped = spawnSync("bash", [script, ...commandLine(["functions"])], { cwd: root, encoding: "utf8" });
    expect(piped.stdout.split("\n")[1]).toBe("0");
    expect(piped.stderr).toBe("");
  });
});

describe("dependents", () => {
  it("names the stages, the way to them and the cost", () => {
    const root = recorded();
    const byPlace = fastpipe(root, ["dependents", "src/utils.py::clean_data"]);
    expect(byPlace.out).toBe(
      "pipeline.preprocess  fresh  preprocess → load → clean_data  41.7 s\n" +
        "pipeline.train       fresh  train → load → clean_data       41.7 s\n" +
        "2 stages depend on func:utils.clean_data, about 83.4 s to re-run\n",
    );
    expect(fastpipe(root, ["dependents", "func:utils.clean_data"]).out).toBe(byPlace.out);
    expect(fastpipe(root, ["dependents", "clean_data"]).out).toBe(byPlace.out);
    const { stages, definitions } = JSON.parse(fastpipe(root, ["dependents", "THRESHOLD", "--all", "--json"]).out);
    expect(stages).toMatchObject([{ stage: "pipeline.preprocess", via: ["const:config.THRESHOLD"] }]);
    expect(definitions).toEqual(["func:pipeline.preprocess"]);
    expect(fastpipe(root, ["dependents", "clean_dta"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("did you mean func:utils.clean_data?"),
    });
    expect(fastpipe(root, ["dependents", "src/gone.py::f"]).code).toBe(2);
  });
});

describe("diff and history", () => {
  const UNIFIED = `@@ -1,2 +1,2 @@
 def clean_data(x):
-    return x + 1
+    return x + 2
`;

  it("show source from the object store", () => {
    const root = recorded();
    write(root, CHANGED_HELPER);
    expect(fastpipe(root, ["diff", "train"]).out).toMatch(
      /^--- recorded func:utils\.clean_data [0-9a-f]{8}\n\+\+\+ present func:utils\.clean_data src\/utils\.py:1\n@@/,
    );
    expect(fastpipe(root, ["diff", "train", "clean_data"]).out).toContain(UNIFIED);
    expect(fastpipe(root, ["diff", "train", "load"])).toMatchObject({
      code: 0,
      out: "",
      err: "fastpipe: load does not differ in pipeline.train\n",
    });
    expect(fastpipe(root, ["diff", "retrain"]).err).toBe("fastpipe: nothing differs in pipeline.retrain\n");
    expect(fastpipe(root, ["diff", "train", "nope"]).code).toBe(2);
    fastpipe(root, ["record", "train"]);
    write(root, { "src/utils.py": PIPELINE["src/utils.py"] });
    const lines = fastpipe(root, ["history", "src/utils.py::clean_data"]).out.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("(as it stands)");
    const newest = lines[0].split(" ")[0];
    expect(fastpipe(root, ["history", "clean_data", "--show", newest]).out).toBe(
      "def clean_data(x):\n    return x + 2\n",
    );
    expect(fastpipe(root, ["history", "clean_data", "--show", "f00d"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("begins with `f00d`"),
    });
    const { versions } = JSON.parse(fastpipe(root, ["history", "clean_data", "--json"]).out);
    expect(versions).toMatchObject([
      { stages: ["pipeline.train"], current: false },
      { stages: ["pipeline.preprocess", "pipeline.train"], current: true },
    ]);
    expect(fastpipe(root, ["history", "src/pipeline.py::train"]).out.trimEnd().split("\n")).toHaveLength(1);
  });

  it("fall back to git, then to hashes alone", () => {
    const root = committed();
    rmSync(path.join(root, ".fastpipe"), { recursive: true });
    const [version] = fastpipe(root, ["history", "clean_data"]).out.split(" ");
    expect(fastpipe(root, ["history", "clean_data", "--show", version]).out).toContain("return x + 1");
    expect(fastpipe(root, ["history", "src/pipeline.py::train"]).out).toMatch(
      /^[0-9a-f]{8} .* pipeline\.train +\(as it stands\)\n$/,
    );
    write(root, { ...CHANGED_HELPER, "src/config.py": "THRESHOLD = compute()\n\ndef compute():\n    return 2\n" });
    expect(fastpipe(root, ["diff", "train"]).out).toContain(UNIFIED);
    expect(fastpipe(root, ["diff", "preprocess", "THRESHOLD"]).out).toContain(
      "-THRESHOLD = 0.5\n+THRESHOLD = compute()\n",
    );
    rmSync(path.join(root, ".git"), { recursive: true });
    const bare = fastpipe(root, ["diff", "train"]);
    expect(bare).toMatchObject({ code: 0 });
    expect(bare.out).toMatch(
      /^func:utils\.clean_data: [0-9a-f]{8} → [0-9a-f]{8}\n {2}the recorded text is not kept here/,
    );
    expect(JSON.parse(fastpipe(root, ["diff", "train", "--json"]).out)).toMatchObject({
      stage: "pipeline.train",
      entries: [{ unified: null }],
    });
  });
});

describe("check", () => {
  it("exits with 1 and says why, in each form", () => {
    const root = recorded();
    expect(fastpipe(root, ["check"])).toEqual({ code: 0, out: "0 of 3 stages stale\n", err: "" });
    write(root, { ...CHANGED_HELPER, ...CHANGED_CONSTANT });
    const text = fastpipe(root, ["check"]);
    expect(text.code).toBe(1);
    expect(text.out).toContain(
      "stale  pipeline.preprocess  src/pipeline.py:6\n  const:config.THRESHOLD: 0.5 → 0.7 (src/config.py:3)  preprocess\n",
    );
    const github = fastpipe(root, ["check", "--format", "github"]).out;
    expect(github.split("\n")[0]).toMatch(
      /^::error file=src\/pipeline\.py,line=6,title=pipeline\.preprocess is stale::const:config\.THRESHOLD: 0\.5 → 0\.7 \(src\/config\.py:3\)%0Afunc:/,
    );
    expect(fastpipe(root, ["check", "--format", "markdown"]).out).toContain(
      "| `pipeline.train` | stale | func:utils.clean_data: ",
    );
    const sarif = JSON.parse(fastpipe(root, ["check", "--format", "sarif"]).out);
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ results: [{ ruleId: "stale" }, { ruleId: "stale" }] }] });
    expect(sarif.runs[0].results[0].relatedLocations[0]).toMatchObject({ message: { text: "const:config.THRESHOLD" } });
    expect(JSON.parse(fastpipe(root, ["check", "--json"]).out)).toMatchObject({
      stale: 2,
      stages: [{ state: "stale" }, { state: "stale" }],
    });
  });

  it("compares with a revision, without a lock, links and a subfolder included", () => {
    const root = committed();
    rmSync(path.join(root, "fastpipe.lock"));
    expect(fastpipe(root, ["check"]).code).toBe(1);
    expect(fastpipe(root, ["check", "--against", "git:HEAD"])).toMatchObject({ code: 0 });
    write(root, CHANGED_CONSTANT);
    expect(fastpipe(root, ["check", "--against", "git:HEAD"]).out).toMatch(
      /^stale {2}pipeline\.preprocess[\s\S]*1 of 3 stages stale/,
    );
    expect(fastpipe(root, ["check", "--against", "git:nope"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("nope is no revision"),
    });
    expect(fastpipe(root, ["check", "--against", "git:--help"]).code).toBe(2);
    expect(fastpipe(root, ["check", "--against", "yesterday"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("git:main"),
    });
    const top = folder({});
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: top });
    git("init", "-q");
    write(top, {
      "sub/p.py": "from fastpipe import stage\nimport h\n@stage(code_files=['q.sql'])\ndef s():\n    return h.f()\n",
      "sub/real.txt": "def f():\n    return 1\n",
      "sub/h.py": { link: "real.txt" },
      "sub/q.sql": "select 1",
    });
    git("add", "-A");
    git("commit", "-qm", "one");
    const sub = ["check", "--root", path.join(top, "sub"), "--against", "git:HEAD"];
    expect(fastpipe(top, sub)).toMatchObject({ code: 0 });
    write(top, { "sub/q.sql": "select 2" });
    expect(fastpipe(top, sub).out).toContain("file:q.sql");
  });
});

describe("graph and doctor", () => {
  it("draw the data graph", () => {
    const root = recorded();
    expect(fastpipe(root, ["graph"]).out).toContain('s0 -->|"clean.csv"| s1');
    expect(fastpipe(root, ["graph", "--format", "dot"]).out).toContain(
      '"pipeline.preprocess" -> "pipeline.train" [label="clean.csv"];',
    );
    expect(JSON.parse(fastpipe(root, ["graph", "--format", "json", "--code"]).out).edges).toHaveLength(2);
    expect(fastpipe(root, ["graph", "--format", "png"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("mermaid"),
    });
  });

  it("say what is seen of a project, even of a broken one", () => {
    const root = folder({ ...PIPELINE, ".venv/pyvenv.cfg": "", "bad.py": "def f(:\n", "fastpipe.lock": "nonsense" });
    const { code, out } = fastpipe(root, ["doctor"]);
    expect(code).toBe(0);
    expect(out).toContain("source roots      src, .");
    expect(out).toMatch(/fastpipe\.lock +fastpipe\.lock:1:1: /);
    expect(out).toMatch(/can't be read: bad\.py:1: /);
    expect(out).toContain(".venv  (a virtual environment)");
    write(root, { "pyproject.toml": "[tool.fastpipe]\nlevl = 1\n" });
    expect(JSON.parse(fastpipe(root, ["doctor", "--json"]).out)).toMatchObject({
      settings: expect.stringContaining("pyproject.toml:2"),
      stages: 3,
    });
  });
});

describe("bad use", () => {
  it("is one line on stderr and exit code 2", () => {
    const root = folder(PIPELINE);
    for (const [args, message] of [
      [["statsu"], /unknown command 'statsu'.*status/],
      [["status", "--bogus"], /unknown option '--bogus'/],
      [["explain"], /missing required argument 'stages'/],
      [["status", "--root", path.join(root, "gone")], /gone: no such folder/],
      [["status", "--root", path.join(root, "pyproject.toml")], /pyproject\.toml: not a folder/],
      [["status", "--level", "loose"], /strict, semantic, behavioral/],
      [["status", "--color", "pink"], /auto, always, never/],
      [["manifest", "a.py::b", "c.py::d"], /too many arguments/],
    ] as const) {
      const ran = fastpipe(root, args);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toMatch(message);
      expect(ran.err).toMatch(/^fastpipe: [^\n]+\n$/);
    }
    write(root, { "pyproject.toml": "[tool.fastpipe]\n\nlevl = 'strict'\n" });
    expect(fastpipe(root, ["status"]).err).toMatch(/^fastpipe: pyproject\.toml:3: unknown setting `levl`/);
  });

  it("shows help and version, and help where nothing was said", () => {
    const root = folder({});
    expect(fastpipe(root, ["--version"])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(fastpipe(root, ["--help"]).out).toContain("explain <stages...>");
    expect(fastpipe(root, ["status", "--help"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/--exit-code[\s\S]*--json/),
    });
    expect(fastpipe(root, [])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Usage: fastpipe") });
  });

  it("takes the nearest root upward, or the current folder", () => {
    const root = folder({
      ...PIPELINE,
      "nested/fastpipe.lock": "version: 1\nlevel: semantic\nstages: {}\n",
      "nested/a.py": "x = 1\n",
    });
    expect(fastpipe(root, ["status"], { cwd: path.join(root, "src") }).out).toContain("3 new");
    expect(fastpipe(root, ["status"], { cwd: path.join(root, "nested") }).out).toBe("no stages found\n");
    expect(fastpipe(root, ["-v", "status"]).err).toContain(`root ${root}`);
    expect(readFileSync(path.join(root, "nested/fastpipe.lock"), "utf8")).toContain("stages: {}");
  });

  it("speaks of files that hide stages", () => {
    const root = folder({ ...PIPELINE, "src/hidden.py": "from fastpipe import stage\n@stage()\ndef s(:\n" });
    const ran = fastpipe(root, ["status"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/^fastpipe: src\/hidden\.py:3: .*; stages in this file are not listed\n$/);
  });
});
