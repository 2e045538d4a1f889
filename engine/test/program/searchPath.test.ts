/** Which folders a text puts on `sys.path`, and that imports look there; python3 says what the same statements come to. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost } from "../../src/index.ts";
import { searchFolders } from "../../src/program/searchPath.ts";

const FILE = "jobs/daily/run.py";
const HEAD =
  "import os, sys, site, pathlib\nimport os.path as osp\nfrom os.path import dirname, join\nfrom pathlib import Path\n";

/** Statements that python3 runs as the file `jobs/daily/run.py`, started in the root. */
const STATEMENTS = [
  "sys.path.insert(0, 'lib')",
  "sys.path.append('./jobs/../lib')",
  "sys.path.insert(0, os.path.abspath('lib'))",
  "sys.path.append(os.path.dirname(__file__))",
  "sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))",
  "sys.path.append(os.path.join(os.path.dirname(__file__), '..', '..', 'lib'))",
  "sys.path.append(os.path.join(os.path.dirname(__file__), os.pardir, 'common'))",
  "sys.path.append(join(dirname(__file__), '../common'))",
  "sys.path.append(osp.realpath(osp.join(osp.dirname(__file__), '..', 'common')))",
  "sys.path.append(str(Path(__file__).parent))",
  "sys.path.append(str(Path(__file__).resolve().parents[2] / 'lib'))",
  "sys.path.append(pathlib.Path(__file__).absolute().parent.parent.joinpath('common').as_posix())",
  "sys.path.append(os.fspath(Path.cwd() / 'lib'))",
  "sys.path.append(os.getcwd() + '/lib')",
  "sys.path.append(f'{dirname(__file__)}/../common')",
  "sys.path += ['lib', str(Path('jobs') / 'common')]",
  "sys.path[:0] = ['lib']",
  "sys.path = ['lib'] + sys.path + ['jobs/common']",
  "sys.path.extend([\n    'lib',  # one )\n    'jobs/common',\n])",
  "site.addsitedir('lib')",
  "HERE = dirname(__file__)\nROOT: str = join(HERE, '..', '..')\nsys.path.insert(0, join(ROOT, 'lib'))",
  "for name in ('lib', 'jobs/common'):\n    sys.path.append(name)",
  "ROOT = Path(__file__).parents[2]\nif str(ROOT / 'lib') not in sys.path:\n    sys.path.insert(0, str(ROOT / 'lib'))",
  "def setup():\n    sys.path.append('lib')\nsetup()",
  "sys.path.append('/usr/share')",
  "sys.path.append(os.path.join(os.getcwd(), '..', '..', '..', '..', '..', '..', '..', '..'))",
  "print(len(sys.path), sys.path[0])",
];

const RUN = `
import json, os, sys
file, root, sources = sys.argv[1], os.getcwd(), json.loads(sys.stdin.read())
start = list(sys.path)
for source in sources:
    sys.path[:] = start
    sys.stdout = open(os.devnull, "w")
    exec(compile(source, file, "exec"), {"__name__": "__main__", "__file__": file})
    sys.stdout = sys.__stdout__
    added = []
    for entry in sys.path:
        if entry in start:
            continue
        below = os.path.relpath(os.path.realpath(os.path.join(root, entry)), root)
        if below != ".." and not below.startswith("../"):
            added.append("" if below == "." else below)
    print(json.dumps(sorted(set(added))))
`;

describe("folders on the path", () => {
  it("are those that Python comes to", () => {
    const root = realpathSync(mkdtempSync(path.join(tmpdir(), "fastpipe-path-")));
    try {
      for (const folder of ["lib", "jobs/daily", "jobs/common"])
        mkdirSync(path.join(root, folder), { recursive: true });
      writeFileSync(path.join(root, FILE), "");
      const sources = STATEMENTS.map((source) => HEAD + source);
      const options = { cwd: root, input: JSON.stringify(sources), encoding: "utf8" } as const;
      const lines = execFileSync("python3", ["-c", RUN, path.join(root, FILE)], options)
        .trim()
        .split("\n");
      for (const [i, source] of sources.entries()) {
        const found = searchFolders(FILE, source).map((folder) => folder.path);
        const expected = JSON.parse(lines[i]) as string[];
        expect(found, source).toEqual(expect.arrayContaining(expected));
        // A relative path may count from the file's own folder as well.
        const more = found.filter((each) => each !== null && !expected.includes(each));
        expect(
          more.every((each) => each?.startsWith("jobs/daily")),
          source,
        ).toBe(true);
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("come in front where the text says so, and are unknown where it does not say which", () => {
    const of = (source: string) => searchFolders("run.py", source);
    expect(of("sys.path.insert(0, 'a')\nsys.path.append('b')\n")).toEqual([
      { path: "a", isFirst: true },
      { path: "b", isFirst: false },
    ]);
    expect(of("sys.path.append(os.environ['LIB'])\n")).toEqual([{ path: null, isFirst: false }]);
    expect(of("NAME = NAME2\nNAME2 = NAME\nsys.path.append(NAME)\n")).toEqual([{ path: null, isFirst: false }]);
    expect(of("x = 1\n")).toEqual([]);
    expect(of("sys.path.append('a'\n")).toEqual([]);
    expect(of(`sys.path.append(${"(".repeat(5_000)}`)).toEqual([]);
  });
});

describe("imports", () => {
  const stage = (setup: string) =>
    `from fastpipe import stage\n${setup}\nimport helper\n\n@stage()\ndef run():\n    return helper.work()\n`;
  const helper = (value: number) => `def work():\n    return ${value}\n`;
  const tracked = (files: Record<string, string>, file = "main.py") => {
    const program = createProgram(memoryHost(files), DEFAULT_CONFIG);
    const manifest = program.manifest({ file, qualname: "run" });
    if (!manifest.ok) throw new Error(manifest.error.message);
    return manifest.value.entries.flatMap((entry) => (entry.kind === "func" ? [entry.file] : []));
  };

  it("look in the file's own folders before those of other files", () => {
    const files = {
      "main.py": stage("import sys\nsys.path.append('b')"),
      "other.py": "import sys\nsys.path.insert(0, 'a')\n",
      "a/helper.py": helper(1),
      "b/helper.py": helper(2),
    };
    expect(tracked(files)).toEqual(["b/helper.py"]);
    expect(tracked({ ...files, "main.py": stage("import other") })).toEqual(["a/helper.py"]);
  });

  it("find a module in the root before a folder that is put behind it, and after one that is put in front", () => {
    const files = { "helper.py": helper(1), "a/helper.py": helper(2) };
    expect(tracked({ ...files, "main.py": stage("import sys\nsys.path.append('a')") })).toEqual(["helper.py"]);
    expect(tracked({ ...files, "main.py": stage("import sys\nsys.path.insert(0, 'a')") })).toEqual(["a/helper.py"]);
  });

  it("look anywhere, the nearest first, where the text does not say which folder it is", () => {
    const setup = "import sys, os\nsys.path.append(os.environ['LIB'])";
    const files = { "x/y/main.py": stage(setup), "x/z/helper.py": helper(1), "a/helper.py": helper(2) };
    expect(tracked(files, "x/y/main.py")).toEqual(["x/z/helper.py"]);
    // A package's submodule is not found by its bare name.
    expect(tracked({ "main.py": stage(setup), "a/__init__.py": "", "a/helper.py": helper(2) })).toEqual([]);
  });

  it("follow edits of what is put on the path", () => {
    const host = memoryHost({
      "main.py": stage("import sys\nLIB = 'a'\nsys.path.append(LIB)"),
      "a/helper.py": helper(1),
      "b/helper.py": helper(2),
    });
    const program = createProgram(host, DEFAULT_CONFIG);
    const files = () => {
      const manifest = program.manifest({ file: "main.py", qualname: "run" });
      return manifest.ok
        ? manifest.value.entries.flatMap((entry) => (entry.kind === "func" ? [entry.file] : []))
        : null;
    };
    expect(program.stages().map(({ id }) => id)).toEqual(["main.run"]);
    expect(files()).toEqual(["a/helper.py"]);
    const edited = stage("import sys\nLIB = 'b'\nsys.path.append(LIB)");
    expect(program.applyChange({ buffers: new Map([["main.py", edited]]) }).stages).toEqual(["main.run"]);
    expect(files()).toEqual(["b/helper.py"]);
    program.applyChange({ buffers: new Map([["main.py", null]]) });
    expect(files()).toEqual(["a/helper.py"]);
    host.write("main.py", edited);
    program.applyChange({ disk: ["main.py"] });
    expect(files()).toEqual(["b/helper.py"]);
  });
});
