/** manifest, manifest --batch and functions, through the real command line. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { batch, commandLine, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

describe("manifest", () => {
  it("gives the JSON surface for a stage and for any other function", async () => {
    const root = folder(PIPELINE);
    const stage = JSON.parse((await fastpipe(root, ["manifest", "src/pipeline.py::preprocess", "--json"])).out);
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
    const helper = JSON.parse(
      (await fastpipe(root, ["manifest", "--json", "--level", "strict", "src/utils.py::load"])).out,
    );
    expect(helper).toMatchObject({ stage: "utils.load", level: "strict" });
    expect((await fastpipe(root, ["manifest", "src/utils.py::load"])).out).toMatch(
      /^src\/utils\.py::load {2}[0-9a-f]{32} {2}\(semantic\)\n {2}self:load /,
    );
  });

  it("finds files from the root, from a subfolder, by absolute path, and through a link to the root", async () => {
    const root = realpathSync(folder(PIPELINE));
    const link = path.join(folder({}), "link");
    execFileSync("ln", ["-s", root, link]);
    const fingerprint = async (cwd: string, target: string, ...more: string[]) =>
      JSON.parse((await fastpipe(cwd, ["manifest", "--json", target, ...more])).out).fingerprint;
    const expected = await fingerprint(root, "src/utils.py::load");
    const sub = path.join(root, "src");
    expect(await fingerprint(sub, "src/utils.py::load")).toBe(expected);
    expect(await fingerprint(sub, "utils.py::load")).toBe(expected);
    expect(await fingerprint(sub, "./utils.py::load")).toBe(expected);
    expect(await fingerprint("/", `${root}/src/utils.py::load`, "--root", root)).toBe(expected);
    expect(await fingerprint("/", `${root}/src/utils.py::load`, "--root", link)).toBe(expected);
  });

  it("refuses what can't be answered: one line, place, way out, exit code 2", async () => {
    const root = folder({
      ...PIPELINE,
      "bad.py": "x = 1\ndef f(:\n",
      "binary.py": Uint8Array.from([0x80, 0x81, 0xff]),
      "folder.py/x.txt": "",
      "empty.py": "",
    });
    const refused = async (...args: string[]) => {
      const ran = await fastpipe(root, ["manifest", ...args]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toMatch(/^fastpipe: [^\n]+\n$/);
      return ran.err;
    };
    expect(await refused("bad.py::f")).toMatch(/bad\.py:2: /);
    expect(await refused("binary.py::f")).toContain("binary.py");
    expect(await refused("folder.py::f")).toContain("folder.py");
    expect(await refused("src::f")).toContain("src");
    expect(await refused("src/utilz.py::load")).toContain("did you mean src/utils.py?");
    expect(await refused("src/utils.py::laod")).toContain("did you mean load?");
    expect(await refused("src/utils.py::train")).toContain("src/pipeline.py::train");
    expect(await refused("empty.py::f")).toContain("empty.py");
    expect(await refused("src/utils.py")).toContain("FILE::QUALNAME");
    expect(await refused("../other.py::f")).toContain("not below the root");
    expect(await refused("/etc/other.py::f")).toContain("not below the root");
    expect(await refused("src/utils.py::load", "--level", "loose")).toContain("strict, semantic, behavioral");
    expect(await refused()).toContain("FILE::QUALNAME");
  });

  it("lives with links in circles, files it may not read, and a root that is one big mess", async () => {
    const root = folder({
      ...PIPELINE,
      "loop/a": { link: ".." },
      "loop/b": { link: "." },
      "dangling.py": { link: "nowhere" },
      "src/closed.py": "x = 1\n",
      "src/noise.py": Uint8Array.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)),
    });
    chmodSync(path.join(root, "src/closed.py"), 0);
    expect(await fastpipe(root, ["status"])).toMatchObject({ code: 0, out: expect.stringContaining("3 new") });
    expect((await fastpipe(root, ["manifest", "src/pipeline.py::train"])).code).toBe(0);
  });
});

describe("manifest --batch", () => {
  it("answers in order from one process, and sees every change on disk at once", async () => {
    const root = folder(PIPELINE);
    const { ask, end } = batch();
    const request = { root, target: "src/pipeline.py::train", level: null };
    const first = await ask(request);
    expect(first.level).toBe("semantic");
    expect(first).toEqual(JSON.parse((await fastpipe(root, ["manifest", "--json", "src/pipeline.py::train"])).out));
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
    // A helper's file that breaks: no last good version, as a process started now would have none.
    write(root, { "src/utils.py": "def load(:\n" });
    expect((await ask(request)).error).toMatchObject({ file: "src/utils.py", line: 1 });
    write(root, { "src/utils.py": PIPELINE["src/utils.py"] });
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
  it("lists every definition, and files that can't be parsed, as NDJSON", async () => {
    const root = folder({
      "a.py": "class C:\n    def m(self):\n        return helper()\n\ndef helper():\n    return 1\n",
      "b.py": "def f(:\n",
    });
    const ran = await fastpipe(root, ["functions", "--json"]);
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

  it("ends quietly when its reader goes away", async () => {
    const body = Array.from({ length: 3000 }, (_, index) => `def f${index}(x):\n    return x + ${index}\n`).join("\n");
    const root = folder({ "a.py": body });
    const all = await fastpipe(root, ["functions"]);
    expect(all.out.trimEnd().split("\n")).toHaveLength(3000);
    const script = path.join(root, "run.sh");
    write(root, { "run.sh": 'set -o pipefail\n"$@" | head -n 1\necho $?\n' });
    const piped = spawnSync("bash", [script, ...commandLine(["functions"])], { cwd: root, encoding: "utf8" });
    expect(piped.stdout.split("\n")[1]).toBe("0");
    expect(piped.stderr).toBe("");
  });
});
