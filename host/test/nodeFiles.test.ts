/** Files on disk: what changed since, versions of packages, the lock between two processes, the object store. */
import { execFileSync } from "node:child_process";
import fs, {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { discover, readText } from "../src/common/index.ts";
import { findRoot, NodeFiles } from "../src/node/index.ts";
import { folder, write } from "./folder.ts";

const HASH = "3b0c44298fc1c149afbf4c8996fb9242";
const nothing = { disk: [], relist: false, packages: false };

describe("poll", () => {
  it("sees a file rewritten within the same millisecond, with the same size and times", () => {
    const root = folder({ "a.py": "x = 1\n" });
    const files = new NodeFiles(root);
    expect(readText(files, "a.py")).toBe("x = 1\n");
    expect(files.poll()).toEqual(nothing);
    const { atime, mtime } = statSync(path.join(root, "a.py"));
    writeFileSync(path.join(root, "a.py"), "x = 2\n");
    utimesSync(path.join(root, "a.py"), atime, mtime);
    expect(files.poll()).toEqual({ ...nothing, disk: ["a.py"] });
    expect(readText(files, "a.py")).toBe("x = 2\n");
  });

  it("trusts the signature of an old file, and looks into a young one", () => {
    const root = folder({ "a.py": "x = 1\n" });
    const files = new NodeFiles(root);
    files.read("a.py");
    const long = new Date(Date.now() - 3_600_000);
    utimesSync(path.join(root, "a.py"), long, long);
    // Touched, but not changed.
    expect(files.poll()).toEqual(nothing);
    expect(files.poll()).toEqual(nothing);
  });

  it("sees files that come, go, change their kind, or are reached through a link that moves", () => {
    const root = folder({ "a.py": "1", "b.py": "2", "one.txt": "1", "two.txt": "3", "link.py": { link: "one.txt" } });
    const files = new NodeFiles(root);
    for (const name of ["a.py", "b.py", "c.py", "link.py", "data/x.sql"]) files.read(name);
    rmSync(path.join(root, "a.py"));
    rmSync(path.join(root, "b.py"));
    write(root, { "b.py/inner.py": "", "c.py": "", "data/x.sql": "" });
    rmSync(path.join(root, "link.py"));
    symlinkSync("two.txt", path.join(root, "link.py"));
    expect(files.poll().disk).toEqual(["a.py", "b.py", "c.py", "link.py", "data/x.sql"]);
    expect(files.poll()).toEqual(nothing);
  });

  it("sees listings change: new and removed files and folders, a link that leads elsewhere", () => {
    const root = folder({ "pkg/a.py": "", "one/x.py": "", "two/y.py": "", to: { link: "one" } });
    const files = new NodeFiles(root);
    const list = () => discover(files, []).files;
    expect(list()).toEqual(["one/x.py", "pkg/a.py", "to/x.py", "two/y.py"]);
    expect(files.poll().relist).toBe(false);
    write(root, { "pkg/sub/b.py": "" });
    expect(files.poll().relist).toBe(true);
    expect(list()).toContain("pkg/sub/b.py");
    expect(files.poll().relist).toBe(false);
    rmSync(path.join(root, "to"));
    symlinkSync("two", path.join(root, "to"));
    expect(files.poll().relist).toBe(true);
    expect(list()).toContain("to/y.py");
    rmSync(root, { recursive: true });
    expect(files.poll().relist).toBe(true);
    expect(list()).toEqual([]);
  });

  it("sees a package that was upgraded", () => {
    const root = folder({
      ".venv/pyvenv.cfg": "",
      ".venv/lib/python3.12/site-packages/pandas-2.1.0.dist-info/METADATA": "",
    });
    const files = new NodeFiles(root, {});
    expect(files.packageVersion("Pandas")).toBe("2.1.0");
    expect(files.poll().packages).toBe(false);
    const site = path.join(root, ".venv/lib/python3.12/site-packages");
    renameSync(path.join(site, "pandas-2.1.0.dist-info"), path.join(site, "pandas-2.2.0.dist-info"));
    expect(files.poll().packages).toBe(true);
    expect(files.packageVersion("pandas")).toBe("2.2.0");
  });
});

describe("reading", () => {
  it("never leaves the root by path, and gives null for what is no file", () => {
    const root = folder({ "in/a.py": "", "secret.txt": "s" });
    const files = new NodeFiles(path.join(root, "in"));
    for (const name of ["../secret.txt", "x/../../secret.txt", "..\\secret.txt", "a.py\0", "", ".", "gone"]) {
      expect(files.read(name)).toBeNull();
    }
  });

  it("reads to the end of a file whose size is not known beforehand", () => {
    const files = new NodeFiles("/proc/self");
    expect(readText(files, "status")).toContain("Pid:");
  });
});

describe("package versions", () => {
  const LOCKS = {
    "uv.lock":
      'version = 1\n\n[[package]]\nname = "scikit-learn"\nversion = "1.5.0"\n\n[[package]]\nname = "x"\nversion = "1"\n',
    "poetry.lock":
      '[[package]]\nname = "numpy"\nversion = "2.0.1"\ndescription = "a"\n\n[package.dependencies]\nversion = "9"\n',
    "requirements.txt": "# pins\npandas[perf] == 2.1.4 ; python_version > '3.8' \\\n  --hash=sha256:aa\nrich>=13\n",
  };

  it("come from the project's environment first", () => {
    const root = folder({ ...LOCKS, "venv/lib/python3.11/site-packages/scikit_learn-1.4.2.dist-info/RECORD": "" });
    expect(new NodeFiles(root, {}).packageVersion("scikit-learn")).toBe("1.4.2");
    const other = folder({ "env/Lib/site-packages/scikit_learn-1.3.0.dist-info/RECORD": "" });
    expect(new NodeFiles(folder(LOCKS), { VIRTUAL_ENV: path.join(other, "env") }).packageVersion("scikit.learn")).toBe(
      "1.3.0",
    );
  });

  it("else from what pins them", () => {
    const files = new NodeFiles(folder(LOCKS), {});
    expect(["scikit_learn", "numpy", "pandas", "rich", "none"].map((name) => files.packageVersion(name))).toEqual([
      "1.5.0",
      "2.0.1",
      "2.1.4",
      null,
      null,
    ]);
  });

  it("else from the interpreter on the path, which is not run", () => {
    const base = folder({
      "usr/lib/python3/dist-packages/pandas-1.5.3.dist-info/RECORD": "",
      "usr/lib/python3.12/site-packages/pandas-9.9.dist-info/RECORD": "",
      "usr/bin/python3.11": "#!/bin/sh\nexit 1\n",
      "usr/bin/python3": { link: "python3.11" },
    });
    expect(new NodeFiles(folder(), { PATH: path.join(base, "usr/bin") }).packageVersion("pandas")).toBe("1.5.3");
  });
});

describe("the lock", () => {
  it("is written whole, through a link, and left alone when nothing is to be written", async () => {
    const root = folder({ "real.lock": "old", "fastpipe.lock": { link: "real.lock" } });
    const files = new NodeFiles(root);
    expect(await files.updateLock(() => ({ write: `${readText(files, "fastpipe.lock")}+`, result: 1 }))).toEqual({
      ok: true,
      value: 1,
    });
    expect(readFileSync(path.join(root, "real.lock"), "utf8")).toBe("old+");
    expect(await files.updateLock(() => ({ write: null, result: 2 }))).toEqual({ ok: true, value: 2 });
    expect(existsSync(path.join(root, ".fastpipe/writing"))).toBe(false);
    expect(readFileSync(path.join(root, ".fastpipe/.gitignore"), "utf8")).toBe("*\n");
  });

  it("loses nobody's update when eight writers start at once", async () => {
    const root = folder();
    const all = Array.from({ length: 8 }, (_, index) => {
      const files = new NodeFiles(root);
      return files.updateLock(() => ({ write: `${readText(files, "fastpipe.lock") ?? ""}${index}\n`, result: null }));
    });
    await Promise.all(all);
    expect(readFileSync(path.join(root, "fastpipe.lock"), "utf8").split("\n").sort().join("")).toBe("01234567");
  });

  it("takes over from a process that died, and waits for one that lives", async () => {
    const dead = execFileSync("sh", ["-c", "echo $$"]).toString().trim();
    const { hostname } = await import("node:os");
    const holder = (pid: string) => JSON.stringify({ pid: Number(pid), host: hostname(), token: "t" });
    const root = folder({ ".fastpipe/writing": holder(dead) });
    expect(await new NodeFiles(root).updateLock(() => ({ write: "x", result: 1 }))).toEqual({ ok: true, value: 1 });
    write(root, { ".fastpipe/writing": holder(String(process.pid)) });
    let done = false;
    const waiting = new NodeFiles(root).updateLock(() => ({ write: "y", result: (done = true) }));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done).toBe(false);
    rmSync(path.join(root, ".fastpipe/writing"));
    expect(await waiting).toEqual({ ok: true, value: true });
  });

  it("leaves nothing in the way on a full disk", async () => {
    const root = folder();
    const { writeSync } = fs;
    const restore = () => {
      fs.writeSync = writeSync;
      syncBuiltinESMExports();
    };
    onTestFinished(restore);
    fs.writeSync = () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    syncBuiltinESMExports();
    expect(await new NodeFiles(root).updateLock(() => ({ write: "x", result: 1 }))).toEqual({
      ok: false,
      error: { code: "not-writable", message: "can't write fastpipe.lock: no space left on device, write" },
    });
    restore();
    expect(existsSync(path.join(root, ".fastpipe/writing"))).toBe(false);
  });

  it("says so when the folder can't be written", async () => {
    const root = folder({ ".fastpipe": "a file in the way" });
    expect(await new NodeFiles(root).updateLock(() => ({ write: "x", result: 1 }))).toMatchObject({
      ok: false,
      error: { code: "not-writable", message: expect.stringContaining("fastpipe.lock") },
    });
  });
});

describe("the object store", () => {
  it("keeps each text once, and history in order", async () => {
    const root = folder();
    const { objects } = new NodeFiles(root);
    const line = { at: "2026-11-20T15:00:00Z", key: "func:m.f", file: "m.py", stage: "m.t", recorded: HASH };
    await objects.write(
      new Map([
        [HASH, "def f(): …\n"],
        ["0.5", "no hash"],
      ]),
      [line],
    );
    await objects.write(new Map([[HASH, "another text of the same hash"]]), [{ ...line, stage: "m.u" }]);
    expect(await objects.read(HASH)).toBe("def f(): …\n");
    expect(await objects.read("../../x")).toBeNull();
    expect(await objects.read(HASH.replace("3", "4"))).toBeNull();
    expect((await objects.history()).map((each) => each.stage)).toEqual(["m.t", "m.u"]);
  });

  it("is no reason to fail", async () => {
    const { objects } = new NodeFiles(folder({ ".fastpipe/objects": "a file in the way" }));
    await objects.write(new Map([[HASH, "text"]]), []);
    expect(await objects.read(HASH)).toBeNull();
    expect(await objects.history()).toEqual([]);
  });
});

describe("the root", () => {
  it("is the nearest folder upward with a lock, a table or a repository", () => {
    const base = folder({
      ".git/HEAD": "",
      "a/fastpipe.lock": "",
      "a/b/pyproject.toml": "[project]\n",
      "c/pyproject.toml": "[tool.fastpipe]\n",
      "c/d/e/x.py": "",
      "f/x.py": "",
    });
    const at = (name: string) => path.relative(base, findRoot(path.join(base, name)) ?? "none");
    expect(["a/b", "c/d/e", "f", "gone/deeper"].map(at)).toEqual(["a", "c", "", ""]);
  });
});
