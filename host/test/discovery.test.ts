/** Which files are first party: on a real disk and in memory, with the same answers. */
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { discover, MemoryFiles } from "../src/common/index.ts";
import { NodeFiles } from "../src/node/index.ts";
import { folder } from "./folder.ts";

type Tree = Readonly<Record<string, string>>;

function both(tree: Tree, exclude: readonly string[] = []) {
  const memory = discover(new MemoryFiles(tree), exclude);
  const disk = discover(new NodeFiles(folder(tree)), exclude);
  expect(memory).toEqual(disk);
  return disk;
}

describe("discovery", () => {
  it("does not look into what the kernel shows as files, where all of the machine is the project", () => {
    const names = new NodeFiles("/").list("")!.map(({ name }) => name);
    expect(names).toContain("usr");
    for (const name of ["dev", "proc", "sys"]) expect(names).not.toContain(name);
    expect(new NodeFiles(folder({ "proc/a.py": "" })).list("")).toEqual([{ name: "proc", kind: "folder" }]);
  });

  it("tells a folder that can't be listed from an empty one", () => {
    const names: Readonly<Record<string, readonly string[]>> = { "": ["closed", "open"], open: [] };
    const list = (folder: string) => names[folder]?.map((name) => ({ name, kind: "folder" as const })) ?? null;
    const found = discover({ list, read: () => null }, []);
    expect(found).toMatchObject({ folders: ["", "closed", "open"], unreadable: ["closed"], excluded: [] });
  });

  it("leaves out environments, build products and what is never code, at any depth", () => {
    const { files, excluded } = both({
      "a.py": "",
      "pkg/b.py": "",
      "pkg/b.pyi": "",
      "pkg/notes.txt": "",
      "my-env/pyvenv.cfg": "",
      "my-env/lib/python3.12/site-packages/x.py": "",
      "lib/site-packages/x.py": "",
      "web/node_modules/x/setup.py": "",
      "build/lib/a.py": "",
      "sub/dist/a.py": "",
      "__pycache__/a.py": "",
      ".git/hooks/x.py": "",
      ".fastpipe/x.py": "",
      ".github/check.py": "",
      "tools/build/__init__.py": "",
      "tools/build/x.py": "",
    });
    expect(files).toEqual([".github/check.py", "a.py", "pkg/b.py", "tools/build/__init__.py", "tools/build/x.py"]);
    expect(excluded).toEqual([
      { path: "build", why: "build holds build products" },
      { path: "my-env", why: "a virtual environment" },
      { path: "sub/dist", why: "dist holds build products" },
    ]);
  });

  it("honours .gitignore files, the deeper one last", () => {
    const { files, ignoreFiles } = both({
      ".gitignore": "*.gen.py\n/scratch/\n# comment\ntmp\n",
      "a.gen.py": "",
      "scratch/a.py": "",
      "pkg/scratch/a.py": "",
      "pkg/tmp/.gitignore": "!*\n",
      "pkg/tmp/a.py": "",
      "pkg/.gitignore": "!keep.gen.py\nlocal.py\n",
      "pkg/keep.gen.py": "",
      "pkg/local.py": "",
      "local.py": "",
      "UPPER.GEN.PY.py": "",
    });
    expect(files).toEqual(["UPPER.GEN.PY.py", "local.py", "pkg/keep.gen.py", "pkg/scratch/a.py"]);
    expect(ignoreFiles).toEqual([".gitignore", "pkg/.gitignore"]);
  });

  it("agrees with git on a tree of patterns", () => {
    const tree: Record<string, string> = {
      ".gitignore":
        "/only_top.py\n*.tmp.py\n!important.tmp.py\ndocs/*.py\n**/deep/x.py\nfoo/**/bar.py\n!foo/a/bar.py\n\\#odd.py\nspace.py \n",
      "pkg/.gitignore": "*\n!.gitignore\n!kept.py\n!sub/\n",
    };
    for (const name of [
      "only_top.py",
      "x/only_top.py",
      "a.tmp.py",
      "important.tmp.py",
      "docs/a.py",
      "docs/sub/a.py",
      "q/deep/x.py",
      "deep/x.py",
      "foo/bar.py",
      "foo/a/bar.py",
      "foo/a/b/bar.py",
      "#odd.py",
      "space.py",
      "pkg/kept.py",
      "pkg/other.py",
      "pkg/sub/kept.py",
      "pkg/sub/other.py",
    ]) {
      tree[name] = "";
    }
    const root = folder(tree);
    execFileSync("git", ["init", "-q"], { cwd: root });
    const listed = execFileSync("git", ["ls-files", "-z", "--others", "--exclude-standard", "*.py"], { cwd: root });
    const expected = listed.toString().split("\0").filter(Boolean).sort();
    expect(discover(new NodeFiles(root), []).files).toEqual(expected);
  });

  it("takes excludes as globs of paths, or of names at any depth", () => {
    const tree = {
      "a.py": "",
      "legacy/b.py": "",
      "pkg/legacy/c.py": "",
      "pkg/test_x.py": "",
      "pkg/d.py": "",
      ".dot/e.py": "",
    };
    expect(both(tree, ["./legacy/"]).files).toEqual([".dot/e.py", "a.py", "pkg/d.py", "pkg/test_x.py"]);
    expect(both(tree, ["pkg/legacy/**", "test_*.py"]).files).toEqual([".dot/e.py", "a.py", "legacy/b.py", "pkg/d.py"]);
    expect(both(tree, ["**/*.py"]).files).toEqual([]);
  });
});

describe("links", () => {
  it("follows links to files, and to folders inside the root; never in circles, never out", () => {
    const outside = folder({ "far.py": "", "sub/x.py": "" });
    const root = folder({
      "real/tools.txt": "",
      "real/x.py": "",
      "tools.py": { link: "real/tools.txt" },
      "gone.py": { link: "nowhere.py" },
      "out.py": { link: path.join(outside, "far.py") },
      outside: { link: outside },
      alias: { link: "real" },
      "real/up": { link: ".." },
      "real/self": { link: "." },
      "a/to_b": { link: "../b" },
      "b/to_a": { link: "../a" },
      "a/y.py": "",
      "b/z.py": "",
      loop1: { link: "loop2" },
      loop2: { link: "loop1" },
      "me.py": { link: "me.py" },
    });
    const { files, excluded } = discover(new NodeFiles(root), []);
    expect(files).toEqual([
      "a/to_b/z.py",
      "a/y.py",
      "alias/x.py",
      "b/to_a/y.py",
      "b/z.py",
      "out.py",
      "real/x.py",
      "tools.py",
    ]);
    expect(excluded.map((each) => each.path)).toEqual([
      "a/to_b/to_a",
      "alias/self",
      "alias/up",
      "b/to_a/to_b",
      "outside",
      "real/self",
      "real/up",
    ]);
  });

  it("does not multiply folders that all link to each other", () => {
    const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
    const tree: Record<string, string | { link: string }> = {};
    for (const name of names) {
      tree[`${name}/m.py`] = "";
      for (const other of names) if (other !== name) tree[`${name}/to_${other}`] = { link: `../${other}` };
    }
    const { folders } = discover(new NodeFiles(folder(tree)), []);
    expect(folders.length).toBeLessThan(12 * 12 * 12);
  });

  it("ignores pipes and folders with a file's name, and folders it may not read", () => {
    const root = folder({ "a.py": "", "x.py/b.py": "", "closed/c.py": "" });
    execFileSync("mkfifo", [path.join(root, "pipe.py")]);
    chmodSync(path.join(root, "closed"), 0);
    const readable = process.getuid?.() === 0;
    const files = new NodeFiles(root);
    const found = discover(files, []).files;
    chmodSync(path.join(root, "closed"), 0o755);
    expect(found).toEqual(readable ? ["a.py", "closed/c.py", "x.py/b.py"] : ["a.py", "x.py/b.py"]);
    expect(files.read("pipe.py")).toBeNull();
    expect(files.read("x.py")).toBeNull();
  });

  it("gives nothing for a root that is not there", () => {
    const root = path.join(folder(), "gone");
    expect(discover(new NodeFiles(root), []).files).toEqual([]);
  });
});
