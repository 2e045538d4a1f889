/** dependents, diff, history, check and graph, through the real command line. */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CHANGED_CONSTANT, CHANGED_HELPER, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

async function recorded(): Promise<string> {
  const root = folder(PIPELINE);
  await fastpipe(root, ["record", "--all", "--duration", "41.7"]);
  return root;
}

async function committed(): Promise<string> {
  const root = await recorded();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "one");
  return root;
}

describe("dependents", () => {
  it("names the stages, the way to them and the cost", async () => {
    const root = await recorded();
    const byPlace = await fastpipe(root, ["dependents", "src/utils.py::clean_data"]);
    expect(byPlace.out).toBe(
      "pipeline.preprocess  fresh  preprocess → load → clean_data  41.7 s\n" +
        "pipeline.train       fresh  train → load → clean_data       41.7 s\n" +
        "a change of func:utils.clean_data makes 2 stages stale; their last runs took 83.4 s\n",
    );
    expect((await fastpipe(root, ["dependents", "func:utils.clean_data"])).out).toBe(byPlace.out);
    expect((await fastpipe(root, ["dependents", "clean_data"])).out).toBe(byPlace.out);
    const { stages, definitions } = JSON.parse(
      (await fastpipe(root, ["dependents", "THRESHOLD", "--all", "--json"])).out,
    );
    expect(stages).toMatchObject([{ stage: "pipeline.preprocess", via: ["const:config.THRESHOLD"] }]);
    expect(definitions).toEqual(["func:pipeline.preprocess"]);
    expect(await fastpipe(root, ["dependents", "clean_dta"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("did you mean func:utils.clean_data?"),
    });
    expect((await fastpipe(root, ["dependents", "src/gone.py::f"])).code).toBe(2);
    write(root, { "src/unused.py": "def alone():\n    return 1\n" });
    expect((await fastpipe(root, ["dependents", "src/unused.py::alone"])).out).toBe(
      "no stage depends on func:unused.alone\n",
    );
    expect((await fastpipe(root, ["dependents", "retrain"])).out).toMatch(
      /^pipeline\.retrain {2}fresh {2}retrain {2}41\.7 s\na change of func:pipeline\.retrain makes 1 stage stale;/,
    );
  });
});

describe("diff and history", () => {
  const UNIFIED = `@@ -1,2 +1,2 @@
 def clean_data(x):
-    return x + 1
+    return x + 2
`;

  it("show source from the object store", async () => {
    const root = await recorded();
    write(root, CHANGED_HELPER);
    expect((await fastpipe(root, ["diff", "train"])).out).toMatch(
      /^--- recorded func:utils\.clean_data [0-9a-f]{8}\n\+\+\+ present func:utils\.clean_data src\/utils\.py:1\n@@/,
    );
    expect((await fastpipe(root, ["diff", "train", "clean_data"])).out).toContain(UNIFIED);
    expect(await fastpipe(root, ["diff", "train", "load"])).toMatchObject({
      code: 0,
      out: "",
      err: "fastpipe: load does not differ in pipeline.train\n",
    });
    expect((await fastpipe(root, ["diff", "retrain"])).err).toBe("fastpipe: nothing differs in pipeline.retrain\n");
    expect((await fastpipe(root, ["diff", "train", "nope"])).code).toBe(2);
    await fastpipe(root, ["record", "train"]);
    write(root, { "src/utils.py": PIPELINE["src/utils.py"] });
    const lines = (await fastpipe(root, ["history", "src/utils.py::clean_data"])).out.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("(as it stands)");
    const newest = lines[0].split(" ")[0];
    expect((await fastpipe(root, ["history", "clean_data", "--show", newest])).out).toBe(
      "def clean_data(x):\n    return x + 2\n",
    );
    expect(await fastpipe(root, ["history", "clean_data", "--show", "f00d"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("begins with `f00d`"),
    });
    const { versions } = JSON.parse((await fastpipe(root, ["history", "clean_data", "--json"])).out);
    expect(versions).toMatchObject([
      { stages: ["pipeline.train"], current: false },
      { stages: ["pipeline.preprocess", "pipeline.train"], current: true },
    ]);
    expect((await fastpipe(root, ["history", "src/pipeline.py::train"])).out.trimEnd().split("\n")).toHaveLength(1);
  });

  it("fall back to git, then to hashes alone", async () => {
    const root = await committed();
    rmSync(path.join(root, ".fastpipe"), { recursive: true });
    const [version] = (await fastpipe(root, ["history", "clean_data"])).out.split(" ");
    expect((await fastpipe(root, ["history", "clean_data", "--show", version])).out).toContain("return x + 1");
    expect((await fastpipe(root, ["history", "src/pipeline.py::train"])).out).toMatch(
      /^[0-9a-f]{8} .* pipeline\.train +\(as it stands\)\n$/,
    );
    write(root, { ...CHANGED_HELPER, "src/config.py": "THRESHOLD = compute()\n\ndef compute():\n    return 2\n" });
    expect((await fastpipe(root, ["diff", "train"])).out).toContain(UNIFIED);
    expect((await fastpipe(root, ["diff", "preprocess", "THRESHOLD"])).out).toContain(
      "-THRESHOLD = 0.5\n+THRESHOLD = compute()\n",
    );
    rmSync(path.join(root, ".git"), { recursive: true });
    const bare = await fastpipe(root, ["diff", "train"]);
    expect(bare).toMatchObject({ code: 0 });
    expect(bare.out).toMatch(
      /^func:utils\.clean_data: [0-9a-f]{8} → [0-9a-f]{8}\n {2}the recorded text is not kept here/,
    );
    expect(JSON.parse((await fastpipe(root, ["diff", "train", "--json"])).out)).toMatchObject({
      stage: "pipeline.train",
      entries: [{ unified: null }],
    });
  });
});

describe("check", () => {
  it("exits with 1 and says why, in each form", async () => {
    const root = await recorded();
    expect(await fastpipe(root, ["check"])).toEqual({ code: 0, out: "0 of 3 stages stale\n", err: "" });
    write(root, { ...CHANGED_HELPER, ...CHANGED_CONSTANT });
    const text = await fastpipe(root, ["check"]);
    expect(text.code).toBe(1);
    expect(text.out).toContain(
      "stale  pipeline.preprocess  src/pipeline.py:6\n  const:config.THRESHOLD: 0.5 → 0.7 (src/config.py:3)  preprocess\n",
    );
    const github = (await fastpipe(root, ["check", "--format", "github"])).out;
    expect(github.split("\n")[0]).toMatch(
      /^::error file=src\/pipeline\.py,line=6,title=pipeline\.preprocess is stale::const:config\.THRESHOLD: 0\.5 → 0\.7 \(src\/config\.py:3\)%0Afunc:/,
    );
    expect((await fastpipe(root, ["check", "--format", "markdown"])).out).toContain(
      "| `pipeline.train` | stale | `func:utils.clean_data`: ",
    );
    const sarif = JSON.parse((await fastpipe(root, ["check", "--format", "sarif"])).out);
    expect(sarif).toMatchObject({ version: "2.1.0", runs: [{ results: [{ ruleId: "stale" }, { ruleId: "stale" }] }] });
    expect(sarif.runs[0].results[0].relatedLocations[0]).toMatchObject({
      message: { text: "const:config.THRESHOLD: 0.5 → 0.7 (src/config.py:3)" },
    });
    expect(JSON.parse((await fastpipe(root, ["check", "--json"])).out)).toMatchObject({
      stale: 2,
      stages: [{ state: "stale" }, { state: "stale" }],
    });
  });

  it("compares with a revision, without a lock, links and a subfolder included", async () => {
    const root = await committed();
    rmSync(path.join(root, "fastpipe.lock"));
    expect((await fastpipe(root, ["check"])).code).toBe(1);
    expect(await fastpipe(root, ["check", "--against", "git:HEAD"])).toMatchObject({ code: 0 });
    write(root, CHANGED_CONSTANT);
    expect((await fastpipe(root, ["check", "--against", "git:HEAD"])).out).toMatch(
      /^stale {2}pipeline\.preprocess[\s\S]*1 of 3 stages stale/,
    );
    expect(await fastpipe(root, ["check", "--against", "git:nope"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("nope is no revision"),
    });
    expect((await fastpipe(root, ["check", "--against", "git:--help"])).code).toBe(2);
    expect(await fastpipe(root, ["check", "--against", "yesterday"])).toMatchObject({
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
    expect(await fastpipe(top, sub)).toMatchObject({ code: 0 });
    write(top, { "sub/q.sql": "select 2" });
    expect((await fastpipe(top, sub)).out).toContain("file:q.sql");
  });
});

describe("graph and doctor", () => {
  it("draw the data graph", async () => {
    const root = await recorded();
    expect((await fastpipe(root, ["graph"])).out).toContain('s0 -->|"clean.csv"| s1');
    expect((await fastpipe(root, ["graph", "--format", "dot"])).out).toContain(
      '"pipeline.preprocess" -> "pipeline.train" [label="clean.csv"];',
    );
    expect(JSON.parse((await fastpipe(root, ["graph", "--format", "json", "--code"])).out).edges).toHaveLength(2);
    expect(await fastpipe(root, ["graph", "--format", "png"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("mermaid"),
    });
  });

  it("say what is seen of a project, even of a broken one", async () => {
    const root = folder({ ...PIPELINE, ".venv/pyvenv.cfg": "", "bad.py": "def f(:\n", "fastpipe.lock": "nonsense" });
    const { code, out } = await fastpipe(root, ["doctor"]);
    expect(code).toBe(0);
    expect(out).toContain("source roots      src, .");
    expect(out).toMatch(/fastpipe\.lock +fastpipe\.lock:1:1: /);
    expect(out).toMatch(/can't be read: bad\.py:1: /);
    expect(out).toContain(".venv  (a virtual environment)");
    write(root, { "pyproject.toml": "[tool.fastpipe]\nlevl = 1\n" });
    expect(JSON.parse((await fastpipe(root, ["doctor", "--json"])).out)).toMatchObject({
      settings: expect.stringContaining("pyproject.toml:2"),
      stages: 3,
    });
  });
});
