/** Ways through packages that real ones take and that were once missed; each was found by the proof of resolution. */
import { expect, it } from "vitest";
import { createProgram, memoryHost } from "../../src/index.ts";

function refsOf(files: Record<string, string>, qualname: string): string[] {
  const config = { level: "semantic", sourceRoots: [""], stageDecorators: [], watch: [], exclude: [] } as const;
  for (const line of createProgram(memoryHost(files), config).functions()) {
    if (!("error" in line) && line.qualname === qualname) return line.refs.map((ref) => `${ref.name} ${ref.target}`);
  }
  return [];
}

it("follows a module that a package binds under another name, also in an import of it (os.path)", () => {
  const files = {
    "fs.py": "import posix as path\n",
    "posix.py": "def join(a, b): return a + b\n",
    "use.py": "from fs.path import join\ndef f(): return join(1, 2)\n",
  };
  expect(refsOf(files, "f")).toEqual(["join posix:join"]);
});

it("takes submodules through a star import once the package has imported them", () => {
  const files = {
    "pkg/__init__.py": "from pkg.weighted import *\n",
    "pkg/weighted.py": "def _w(): return 1\n",
    "pkg/other.py": "def _w(): return 2\n",
    "use.py": "from pkg import *\ndef f(): return weighted._w()\ndef g(): return other._w()\n",
  };
  expect(refsOf(files, "f")).toEqual(["weighted._w pkg.weighted:_w"]);
  expect(refsOf(files, "g")).toEqual(["other other"]);
});

it("says no name that a nested function does not say, though what it captures counts", () => {
  const text = "def outer(x):\n    def sibling(): return 1\n    def inner(): return sibling() + x\n    return inner\n";
  expect(refsOf({ "m.py": text }, "outer.<locals>.inner")).toEqual(["sibling m:outer.<locals>.sibling"]);
});

it("lists the arms of a choice of imports, not the choice", () => {
  const files = {
    "m.py": "if x:\n    from a import f\nelse:\n    from b import f\ndef g(): return f()\n",
    "a.py": "def f(): pass\n",
    "b.py": "def f(): pass\n",
  };
  expect(refsOf(files, "g")).toEqual(["f a:f", "f b:f"]);
});

it("is not led astray by a submodule that imports from its own package", () => {
  const files = {
    "pkg/__init__.py": "from pkg.misc import *\nfrom pkg.finder import *\n",
    "pkg/misc.py": "def groups(): return 1\n",
    "pkg/finder.py": "from pkg import groups\ndef find(): return groups()\n",
    "use.py": "from pkg import groups\ndef f(): return groups()\n",
  };
  expect(refsOf(files, "f")).toEqual(["groups pkg.misc:groups"]);
});

it("takes both where the import order lets a module see a submodule that its package hides later", () => {
  const files = {
    "pkg/__init__.py": "from . import user\nfrom .make import mapper\n",
    "pkg/mapper.py": "LOCK = 1\n",
    "pkg/make.py": "def mapper(): return 2\n",
    "pkg/user.py": "from . import mapper\ndef f(): return mapper.LOCK\n",
    "outside.py": "from pkg import mapper\ndef g(): return mapper()\n",
  };
  expect(refsOf(files, "f")).toEqual(["mapper pkg.make:mapper", "mapper.LOCK pkg.mapper:LOCK"]);
  expect(refsOf(files, "g")).toEqual(["mapper pkg.make:mapper"]);
  const hidden = {
    ...files,
    "pkg/__init__.py": "from . import mapper as lib\nfrom .make import mapper\n",
    "use.py": "from pkg import lib\ndef h(): return lib.LOCK\n",
  };
  expect(refsOf(hidden, "h")).toContain("lib.LOCK pkg.mapper:LOCK");
});

it("sees what decides that order come and go, in modules far from either", () => {
  const files: Record<string, string> = {
    "pkg/__init__.py": "from .make import mapper\n",
    "pkg/mapper.py": "LOCK = 1\n",
    "pkg/make.py": "from .far import x\ndef mapper(): return 2\n",
    "pkg/far.py": "x = 1\n",
    "pkg/user.py": "from . import mapper\ndef f(): return mapper.LOCK\n",
  };
  const edits: readonly (readonly [file: string, text: string])[] = [
    ["pkg/far.py", "from . import user\nx = 1\n"],
    ["pkg/far.py", "x = 1\ny = 2\nfrom . import user\n"],
    ["pkg/__init__.py", "z = 0\nfrom .make import mapper\n"],
    ["pkg/far.py", "x = 1\n"],
    ["pkg/__init__.py", "from .make import mapper\nfrom . import user\n"],
    ["pkg/__init__.py", "from . import user\nfrom .make import mapper\n"],
    ["pkg/make.py", "def mapper(): return 2\n"],
    ["pkg/__init__.py", "from . import other\nfrom .make import mapper\n"],
    ["pkg/other.py", "import pkg.user\n"],
  ];
  const config = { level: "semantic", sourceRoots: [""], stageDecorators: [], watch: [], exclude: [] } as const;
  const host = memoryHost(files);
  const lived = createProgram(host, config);
  const said: string[] = [];
  for (const [file, text] of [["pkg/far.py", files["pkg/far.py"]] as const, ...edits]) {
    files[file] = text;
    host.write(file, text);
    lived.applyChange({ disk: [file], relist: true });
    expect([...lived.functions()]).toEqual([...createProgram(memoryHost(files), config).functions()]);
    said.push(refsOf(files, "f").length === 2 ? "both" : "one");
  }
  expect(said).toEqual(["one", "both", "both", "both", "one", "one", "both", "both", "one", "both"]);
});

it("reads only the attribute it names from a module, also where a class declares the module's name", () => {
  const files = {
    "m.py": "import a\nclass C:\n    a: dict\n    def f(self, x=a.ONE): pass\n",
    "a.py": "ONE = 1\nTWO = 2\n",
  };
  expect(refsOf(files, "C")).toContain("a.ONE a:ONE");
});
