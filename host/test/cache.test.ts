/**
 * The cache on disk never changes an answer: cold, warm, stale, damaged, half written, or written by several at once. Counts
 * show that a warm start parses and reads nothing.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Baseline, emptyLock, type Lock, status } from "@fastpipe/engine";
import { build } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openFolder } from "../src/node/index.ts";
import { folder, write } from "./folder.ts";

const PADDING = Array.from({ length: 2_000 }, (_, i) => `def unused_${i}(a, b=${i}):\n    return [a, b, ${i}]\n`).join(
  "",
);
const PIPELINE = {
  "flow.py": `from deco import task
import lib.tools as tools
from lib import K

@task(outs=["a"])
def first(x):
    return tools.clean(x) + K

@task()
def second(model):
    return model.train(first(1))
`,
  "deco.py": "from fastpipe import stage as task\n",
  "lib/__init__.py": "K = 3\n",
  "lib/tools.py": `def clean(x):\n    return helper(x)\n\ndef helper(x):\n    return x + 1\n\n${PADDING}`,
  "lib/models.py": "class Net:\n    def train(self, x):\n        return x\n",
  "broken.py": "from fastpipe import stage\n@stage\ndef f(:\n",
  "other.py": "import os\n",
};
/** Longer ago than a file may change without looking different. */
const OLD = new Date("2026-01-01T00:00:00Z");

function age(root: string): void {
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".py")) utimesSync(path.join(root, name), OLD, OLD);
  }
}

/** Everything that a project says, and what it took: in a project of its own, as a process of its own would have. */
function look(root: string, options: { readonly cache?: boolean } = {}) {
  const project = openFolder(root, options);
  const { program } = project;
  const manifests = program.stages().map((stage) => program.manifest(stage));
  const said = JSON.stringify({
    stages: program.stages(),
    manifests,
    status: status(program, emptyLock("semantic")),
    problems: project.discovery.files.map((file) => program.problem(file)),
    hidden: program.stageFiles(),
    functions: [...program.functions()],
  });
  const { parsedFiles } = program.counters();
  project.saveCache();
  return { said, parsedFiles };
}

const fresh = (root: string): string => look(root, { cache: false }).said;
const cacheOf = (root: string): string => path.join(root, ".fastpipe/cache");
const cacheFiles = (root: string): string[] => readdirSync(cacheOf(root)).map((name) => path.join(cacheOf(root), name));

/** A clock that is past the time in which a file may have changed unseen: those just written count as settled. */
async function settled(root: string): Promise<void> {
  age(root);
  // The change time can't be set: it has to be waited for.
  await new Promise((resolve) => setTimeout(resolve, 2_100));
}

describe("a warm start", () => {
  it("parses nothing and says the same, to the byte", async () => {
    const root = folder(PIPELINE);
    await settled(root);
    const cold = look(root);
    expect(cold.parsedFiles).toBeGreaterThan(3);
    const warm = look(root);
    expect(warm.said).toBe(cold.said);
    expect(warm.said).toBe(fresh(root));
    expect(warm.parsedFiles).toBe(0);
    expect(readFileSync(path.join(root, ".fastpipe/.gitignore"), "utf8")).toBe("*\n");
    expect(cacheFiles(root).every((file) => file.endsWith(".bin"))).toBe(true);
  });

  it("reads no source that it does not need", async () => {
    const root = folder(PIPELINE);
    await settled(root);
    const cold = look(root).said;
    // What can't be read is not read: the look at the file is the same but for the time of the change of its name.
    const project = openFolder(root);
    const reads: string[] = [];
    const { files } = project;
    const read = files.read.bind(files);
    files.read = (file) => {
      reads.push(file);
      return read(file);
    };
    expect(JSON.stringify(project.program.stages().map((stage) => project.program.manifest(stage)))).toBe(
      JSON.stringify(JSON.parse(cold).manifests),
    );
    expect(reads.filter((file) => file.endsWith(".py"))).toEqual([]);
  });

  it("parses what changed and nothing else", async () => {
    const root = folder(PIPELINE);
    await settled(root);
    look(root);
    write(root, { "lib/__init__.py": "K = 4\n" });
    const changed = look(root);
    // Once for the stages, once with what is nested for the list of functions.
    expect(changed.parsedFiles).toBe(2);
    expect(changed.said).toBe(fresh(root));
  });

  it("takes a file up again that was written anew with the same content", async () => {
    const root = folder(PIPELINE);
    await settled(root);
    const cold = look(root);
    write(root, PIPELINE);
    expect(look(root)).toEqual({ said: cold.said, parsedFiles: 0 });
  });

  it("notices an edit that leaves size and time of a young file as they were", () => {
    const root = folder(PIPELINE);
    look(root);
    const file = path.join(root, "lib/__init__.py");
    const { atime, mtime } = statSync(file);
    writeFileSync(file, "K = 9\n");
    utimesSync(file, atime, mtime);
    expect(look(root).said).toBe(fresh(root));
  });

  it("keeps the levels apart", () => {
    const root = folder(PIPELINE);
    for (const level of ["strict", "semantic", "behavioral"] as const) {
      const say = (cache: boolean) => {
        const project = openFolder(root, { level, cache });
        const said = JSON.stringify(project.program.stages().map((stage) => project.program.manifest(stage)));
        project.saveCache();
        return said;
      };
      expect([say(true), say(true)]).toEqual([say(false), say(false)]);
    }
    expect(cacheFiles(root).length).toBeLessThanOrEqual(6);
  });

  it("knows decorators of the settings", () => {
    const root = folder({
      ...PIPELINE,
      "lib/__init__.py": "K = 3\n",
      "own.py": "import mine\n@mine.job\ndef f(): pass\n",
    });
    look(root);
    write(root, { "pyproject.toml": '[tool.fastpipe]\nstage-decorators = ["mine.job"]\n' });
    const { said } = look(root);
    expect(said).toContain("own.f");
    expect(said).toBe(fresh(root));
  });

  it("is not prepared in a small project, nor without leave", () => {
    const small = folder({ "a.py": "X = 1\n" });
    look(small);
    expect(existsSync(path.join(small, ".fastpipe"))).toBe(false);
    const root = folder(PIPELINE);
    look(root, { cache: false });
    expect(existsSync(path.join(root, ".fastpipe"))).toBe(false);
  });
});

describe("answers of before", () => {
  const DATA = {
    ...PIPELINE,
    "data.py": `from fastpipe import stage
@stage(code_files=["q.sql", "missing.sql"], package_deps=["pandas"])
def load():
    return 1
`,
    // Two of one id, with notices of one function in common.
    "same.py": `from fastpipe import stage
import flow
@stage(name="same")
def one(m):
    return flow.second(m)
@stage(name="same")
def two(m):
    return [flow.second(m), eval(m)]
`,
    "q.sql": "select 1\n",
    "requirements.txt": "pandas==1.0\n",
  };

  /** As a command: one question about everything, against a lock in which nothing is up to date. */
  function ask(root: string, settled: boolean) {
    const project = openFolder(root, { settled, cache: settled });
    const { program } = project;
    const first = status(program, emptyLock("semantic"));
    const stages = new Map<string, Baseline>();
    for (const { stage, file } of first.stages) {
      const entries = new Map([["func:gone", "0"]]);
      stages.set(stage, { file, how: "run", at: "2026-11-20T15:00:00Z", fingerprint: "0", entries });
    }
    const lock: Lock = { level: "semantic", stages };
    const live = () => program.counters().digestedComponents > 0;
    const stale = JSON.stringify(status(program, lock));
    const hidden = program.stageFiles().map((file) => [file, program.problem(file)]);
    const notices = program.stages().map((stage) => {
      const tracked = program.tracked(stage);
      return [program.stagesNamed(stage.id), tracked.ok ? tracked.value.untracked : tracked.error];
    });
    project.saveCache();
    const said = JSON.stringify([first, hidden, program.stages(), notices, program.stagesNamed("none")]);
    return { said, stale, worked: settled && live() };
  }

  it("are given where nothing changed, and only there", async () => {
    const root = folder(DATA);
    await settled(root);
    const right = () => ask(root, false);
    const { said, stale } = right();
    expect(ask(root, true)).toEqual({ said, stale, worked: true });
    expect(ask(root, true)).toEqual({ said, stale, worked: false });
    const changes: ((file: (name: string) => string) => void)[] = [
      () => write(root, { "lib/__init__.py": "K = 4\n" }),
      () => write(root, { "q.sql": "select 2\n" }),
      () => write(root, { "missing.sql": "select 3\n" }),
      (file) => rmSync(file("missing.sql")),
      () => write(root, { "requirements.txt": "pandas==2.0\n" }),
      () => write(root, { "uv.lock": '[[package]]\nname = "pandas"\nversion = "3.0"\n' }),
      () => write(root, { "new.py": "from fastpipe import stage\n@stage\ndef g(): pass\n" }),
      (file) => renameSync(file("lib/models.py"), file("lib/nets.py")),
      (file) => rmSync(file("broken.py")),
      () => write(root, { ".gitignore": "other.py\n" }),
      () => write(root, { "pyproject.toml": '[tool.fastpipe]\nlevel = "strict"\n' }),
      () => write(root, { "pyproject.toml": '[tool.fastpipe]\nwatch = ["lib.tools:helper"]\n' }),
      () => write(root, { "flow.py": DATA["flow.py"].replace("+ K", "- K") }),
      () => write(root, DATA),
    ];
    for (const change of changes) {
      change((name) => path.join(root, name));
      const { said, stale } = right();
      expect(ask(root, true)).toMatchObject({ said, stale });
      expect(ask(root, true)).toEqual({ said, stale, worked: false });
    }
  });

  it("are worked out anew where what was kept is damaged", async () => {
    const root = folder(DATA);
    await settled(root);
    const { said, stale } = ask(root, false);
    ask(root, true);
    const place = cacheFiles(root).find((file) => file.endsWith(".answers")) as string;
    const whole = readFileSync(place);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const spoilt = Buffer.from(whole);
      spoilt[at] ^= 0x55;
      writeFileSync(place, at % 2 === 0 ? spoilt : whole.subarray(0, at));
      expect(ask(root, true)).toEqual({ said, stale, worked: true });
    }
  });
});

describe("a damaged cache", () => {
  it("is as good as none, and is written anew", async () => {
    const root = folder(PIPELINE);
    await settled(root);
    const right = fresh(root);
    look(root);
    const whole = new Map(cacheFiles(root).map((file) => [file, readFileSync(file)]));
    const damage: ((bytes: Buffer) => Buffer)[] = [
      () => Buffer.alloc(0),
      () => Buffer.from("fastpipe cache 1\n"),
      () => Buffer.from("something else entirely"),
      (bytes) => bytes.subarray(0, bytes.length >> 1),
      (bytes) => bytes.subarray(0, bytes.length - 1),
      (bytes) => Buffer.concat([bytes.subarray(0, 17), Buffer.alloc(4, 255), bytes.subarray(21)]),
      (bytes) => Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(40), bytes.subarray(100)]),
      (bytes) => Buffer.concat([bytes.subarray(0, bytes.length - 500), Buffer.alloc(500)]),
      (bytes) => Buffer.alloc(bytes.length),
    ];
    for (const spoil of damage) {
      for (const [file, bytes] of whole) writeFileSync(file, spoil(bytes));
      expect(look(root).said).toBe(right);
      expect(look(root)).toEqual({ said: right, parsedFiles: 0 });
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(255), async (at, value) => {
        for (const [file, bytes] of whole) {
          const spoilt = Buffer.from(bytes);
          spoilt[at % bytes.length] = value;
          writeFileSync(file, spoilt);
        }
        expect(look(root).said).toBe(right);
      }),
      { numRuns: 25 },
    );
  });

  it("does not matter: folders in its place, files half written, a folder that is deleted in between", async () => {
    const root = folder(PIPELINE);
    await settled(root);
    const right = fresh(root);
    look(root);
    for (const file of cacheFiles(root)) {
      truncateSync(file, 10);
      renameSync(file, `${file}.4711.abc`);
    }
    expect(look(root).said).toBe(right);
    rmSync(cacheOf(root), { recursive: true });
    writeFileSync(cacheOf(root), "a file");
    expect(look(root).said).toBe(right);
    rmSync(cacheOf(root));
    const project = openFolder(root);
    project.program.stages();
    rmSync(path.join(root, ".fastpipe"), { recursive: true });
    project.saveCache();
    expect(look(root)).toMatchObject({ said: right });
  });
});

describe("several at once", () => {
  it("write and read one cache, and all say what is right", async () => {
    const root = folder(PIPELINE);
    const bundle = path.join(root, "node_modules/look.cjs");
    await build({
      stdin: {
        contents: `
          import { openFolder } from "./src/node/index.ts";
          for (let round = 0; round < 6; round++) {
            const project = openFolder(process.argv[2]);
            console.log(JSON.stringify(project.program.stages().map((stage) => project.program.manifest(stage))));
            project.saveCache();
          }`,
        resolveDir: fileURLToPath(new URL("..", import.meta.url)),
        loader: "ts",
      },
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: bundle,
      logLevel: "error",
    });
    const right = JSON.stringify(JSON.parse(fresh(root)).manifests);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => {
        const child = spawn(process.execPath, [bundle, root], { stdio: ["ignore", "pipe", "inherit"] });
        let out = "";
        child.stdout.on("data", (data) => {
          out += data;
        });
        return new Promise<string>((resolve) => child.on("close", () => resolve(out)));
      }),
    );
    for (const answer of answers) expect(new Set(answer.trim().split("\n"))).toEqual(new Set([right]));
    expect(cacheFiles(root).every((file) => file.endsWith(".bin"))).toBe(true);
  });
});
