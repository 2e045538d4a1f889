/** A project put together: what a change of each kind of file does, and updates of the lock, on disk and in memory. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { emptyLock, formatLock, type Manifest, parseLock, type Result, status } from "@fastpipe/engine";
import { describe, expect, it } from "vitest";
import { MemoryFiles, openProject, type Project, timestamp } from "../src/common/index.ts";
import { NodeFiles, openFolder } from "../src/node/index.ts";
import { folder, write } from "./folder.ts";

const FILES = {
  "pyproject.toml": "[tool.fastpipe]\n",
  "src/pipeline.py":
    "from fastpipe import stage\nimport utils\n\n@stage(package_deps=['pandas'], code_files=['rules.sql'])\ndef train(x):\n    return utils.clean(x)\n",
  "src/utils.py": "def clean(x):\n    return x + 1\n",
  "rules.sql": "select 1\n",
  "requirements.txt": "pandas==2.1.4\n",
};
const TRAIN = "pipeline.train";

function ok<T>(result: Result<T, { message: string }>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function states(project: Project): Record<string, string> {
  return Object.fromEntries(status(project.program, ok(project.lock)).stages.map((each) => [each.stage, each.state]));
}

function manifest(project: Project): Manifest {
  return ok(project.program.manifest({ file: "src/pipeline.py", qualname: "train" }));
}

describe("a project in memory", () => {
  it("answers like one on disk", () => {
    const memory = openProject(new MemoryFiles(FILES));
    const disk = openProject(new NodeFiles(folder(FILES), {}));
    expect(manifest(memory)).toEqual(manifest(disk));
    expect(manifest(disk).entries.map((entry) => entry.key)).toContain("package:pandas");
    expect(memory.config.sourceRoots).toEqual(["src", ""]);
  });

  it("takes changed settings, and keeps the last good ones while they are broken", () => {
    const files = new MemoryFiles(FILES);
    const project = openProject(files);
    const before = manifest(project).fingerprint;
    files.set("pyproject.toml", '[tool.fastpipe]\nlevel = "strict"\nexclude = ["utils.py"]\n');
    expect(project.applyChange({ disk: ["pyproject.toml"] })).toMatchObject({ configChanged: true });
    expect(project.config.level).toBe("strict");
    expect(project.discovery.excluded).toEqual([{ path: "src/utils.py", why: "exclude in pyproject.toml" }]);
    expect(manifest(project).fingerprint).not.toBe(before);
    files.set("pyproject.toml", '[tool.fastpipe]\nlevel = "loose"\n');
    expect(project.applyChange({ disk: ["pyproject.toml"] })).toMatchObject({ configChanged: false });
    expect(project.configProblem).toMatchObject({ line: 2 });
    expect(project.config.level).toBe("strict");
    files.set("pyproject.toml", FILES["pyproject.toml"]);
    project.applyChange({ disk: ["pyproject.toml"] });
    expect(project.configProblem).toBeNull();
    expect(manifest(project).fingerprint).toBe(before);
  });

  it("sees new and deleted files without being told to list again", () => {
    const files = new MemoryFiles(FILES);
    const project = openProject(files);
    const before = manifest(project);
    files.set("src/utils.py", null);
    project.applyChange({ disk: ["src/utils.py"] });
    const without = project.program.manifest({ file: "src/pipeline.py", qualname: "train" });
    expect(!without.ok || without.value.fingerprint !== before.fingerprint).toBe(true);
    files.set("src/utils.py", FILES["src/utils.py"]);
    project.applyChange({ disk: ["src/utils.py"] });
    expect(manifest(project)).toEqual(before);
    files.set(".gitignore", "utils.py\n");
    project.applyChange({ disk: [".gitignore"] });
    expect(project.discovery.files).toEqual(["src/pipeline.py"]);
  });

  it("takes a folder that was moved away, or that another took the place of, as one change", () => {
    const inside = { "lib/__init__.py": "", "lib/a.py": "def f():\n    return 1\n" };
    const root = folder({
      ...inside,
      "p.py": "from fastpipe import stage\nfrom lib.a import f\n@stage()\ndef s():\n    return f()\n",
    });
    write(root, { "other/__init__.py": "", "other/a.py": "def f():\n    return 2\n" });
    const project = openFolder(root);
    const ask = () => project.program.manifest({ file: "p.py", qualname: "s" });
    const before = ok(ask());
    renameSync(path.join(root, "lib"), path.join(root, "away"));
    project.applyChange({ disk: ["lib", "away"] });
    expect(project.discovery.files).toContain("away/a.py");
    const without = ask();
    expect(!without.ok || without.value.fingerprint !== before.fingerprint).toBe(true);
    renameSync(path.join(root, "away"), path.join(root, "lib"));
    project.applyChange({ disk: ["lib", "away"] });
    expect(ok(ask())).toEqual(before);
    renameSync(path.join(root, "lib"), path.join(root, "away"));
    renameSync(path.join(root, "other"), path.join(root, "lib"));
    project.applyChange({ disk: ["lib"] });
    expect(ok(ask()).fingerprint).not.toBe(before.fingerprint);
  });

  it("prefers buffers, and level from outside", () => {
    const project = openProject(new MemoryFiles(FILES), { level: "behavioral" });
    expect(manifest(project).level).toBe("behavioral");
    const before = manifest(project).fingerprint;
    project.applyChange({ buffers: new Map([["src/utils.py", "def clean(x):\n    return x + 2\n"]]) });
    expect(manifest(project).fingerprint).not.toBe(before);
    project.applyChange({ buffers: new Map([["src/utils.py", null]]) });
    expect(manifest(project).fingerprint).toBe(before);
  });
});

describe("the lock of a project", () => {
  it("is written by record, accept, revoke and prune, and read when somebody else wrote it", async () => {
    const files = new MemoryFiles(FILES);
    const project = openProject(files);
    expect(states(project)).toEqual({ [TRAIN]: "new" });
    ok(await project.record([TRAIN], { duration: 3 }));
    expect(states(project)).toEqual({ [TRAIN]: "fresh" });
    const again = openProject(files);
    expect(states(again)).toEqual({ [TRAIN]: "fresh" });
    files.set("src/utils.py", "def clean(x):\n    return x + 2\n");
    project.applyChange({ disk: ["src/utils.py"] });
    expect(states(project)).toEqual({ [TRAIN]: "stale" });
    ok(await project.accept([TRAIN], { reason: "r" }));
    expect(states(project)).toEqual({ [TRAIN]: "accepted" });
    expect(again.applyChange({ disk: ["fastpipe.lock", "src/utils.py"] })).toMatchObject({ lockChanged: true });
    expect(states(again)).toEqual({ [TRAIN]: "accepted" });
    ok(await again.revoke([TRAIN]));
    project.applyChange({ disk: ["fastpipe.lock"] });
    expect(states(project)).toEqual({ [TRAIN]: "stale" });
    files.set("src/pipeline.py", "");
    project.applyChange({ disk: ["src/pipeline.py"] });
    expect(ok(await project.prune()).stages).toEqual([TRAIN]);
    expect(states(project)).toEqual({});
    expect(await files.objects.history()).not.toEqual([]);
  });

  it("is not written when it is broken, the settings are broken, or nothing changes", async () => {
    for (const [text, message] of [
      ["<<<<<<< ours\n", /merge conflict/],
      ["version: 9\nlevel: x\n", /newer Fastpipe/],
      ["stages: [\n", /./],
    ] as const) {
      const files = new MemoryFiles({ ...FILES, "fastpipe.lock": text });
      const refused = await openProject(files).record([TRAIN], {});
      expect(refused).toMatchObject({
        ok: false,
        error: { code: "bad-lock", file: "fastpipe.lock", line: expect.any(Number) },
      });
      expect(!refused.ok && refused.error.message).toMatch(message);
      expect(new TextDecoder().decode(files.read("fastpipe.lock")!)).toBe(text);
    }
    const bad = openProject(new MemoryFiles({ ...FILES, "pyproject.toml": "[tool.fastpipe]\nlevel = 1\n" }));
    expect(await bad.record([TRAIN], {})).toMatchObject({ ok: false, error: { code: "bad-setting", line: 2 } });
    const files = new MemoryFiles(FILES);
    ok(await openProject(files).prune());
    expect(files.hasFile("fastpipe.lock")).toBe(false);
  });

  it("is not taken for absent when it is there and can't be read, and settings neither", async () => {
    const root = folder({ ...FILES, "fastpipe.lock/x": "", "other/fastpipe.lock": Uint8Array.from([0x76, 0xff]) });
    for (const [at, message] of [
      [root, "can't be read"],
      [path.join(root, "other"), "not UTF-8"],
    ]) {
      const project = openFolder(at);
      expect(project.lock).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
      expect(await project.prune()).toMatchObject({ ok: false, error: { code: "bad-lock" } });
    }
    const unreadable = openProject(new MemoryFiles({ ...FILES, "pyproject.toml": Uint8Array.from([0xff]) }));
    expect(unreadable.configProblem).toMatchObject({ code: "bad-setting", file: "pyproject.toml" });
    expect(await unreadable.record([TRAIN], {})).toMatchObject({ ok: false });
  });

  it("keeps updates that came in between", async () => {
    const root = folder({
      ...FILES,
      "src/other.py": "from fastpipe import stage\n\n@stage()\ndef report(x):\n    return x\n",
    });
    const [one, two] = [openFolder(root), openFolder(root)];
    expect([states(one), states(two)]).toEqual([
      { [TRAIN]: "new", "other.report": "new" },
      { [TRAIN]: "new", "other.report": "new" },
    ]);
    await Promise.all([one.record([TRAIN], {}), two.record(["other.report"], {})]);
    expect(states(openFolder(root))).toEqual({ [TRAIN]: "fresh", "other.report": "fresh" });
  });

  it("says what time it is as the lock does", () => {
    expect(timestamp(new Date("2026-11-20T15:00:00.999Z"))).toBe("2026-11-20T15:00:00Z");
    expect(parseLock(formatLock(emptyLock("strict"))).ok).toBe(true);
  });
});

describe("a disk that changes under a project", () => {
  it("survives a file deleted between listing and reading, and one that becomes a folder", () => {
    const root = folder(FILES);
    const project = openFolder(root);
    expect(project.discovery.files).toContain("src/utils.py");
    rmSync(path.join(root, "src/utils.py"));
    const gone = project.program.manifest({ file: "src/pipeline.py", qualname: "train" });
    if (gone.ok) expect(gone.value.untracked.map((notice) => notice.kind)).toContain("missing-import");
    write(root, { "src/utils.py/inner.py": "" });
    expect(status(openFolder(root).program, emptyLock("semantic")).stages).toHaveLength(1);
  });

  it("reads binary, huge-lined and wrongly encoded files as what they are", () => {
    const root = folder({
      ...FILES,
      "src/noise.py": Uint8Array.from([0, 159, 146, 150, 255]),
      "src/long.py": "x".repeat(200_000),
    });
    const project = openFolder(root);
    expect(states(project)).toEqual({ [TRAIN]: "new" });
    expect(project.program.problem("src/noise.py")).toMatchObject({ file: "src/noise.py" });
    writeFileSync(path.join(root, "src/utils.py"), Uint8Array.from([0xff, 0xfe, 0x00]));
    project.applyChange({ disk: ["src/utils.py"] });
    const broken = project.program.manifest({ file: "src/pipeline.py", qualname: "train" });
    expect(broken.ok ? broken.value.untracked.length > 0 : broken.error.file).toBeTruthy();
  });
});
