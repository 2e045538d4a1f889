/** What is seen of a text without parsing it, and that it follows edits; and that files with stages are among those named. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost } from "../../src/index.ts";
import { openScan, rescan, scanBytes, scanOf, scanText } from "../../src/program/textScan.ts";

describe("a scan", () => {
  it("says what stands behind imports, to the end of the statement", () => {
    const { imports, methods, at } = scanText(
      "pkg/sub/m.py",
      `import os, sys
from a import (b,  # a ) in a comment
    c)
from d \\
    import e
def top(): from . import f
class C:
    def method(self): from .. import g
    async  def größe(self): ...
`,
    );
    const words = new Set(imports.match(/\w+/g));
    for (const word of ["os", "sys", "a", "b", "c", "d", "e", "f", "g", "sub", "pkg"]) expect(words).toContain(word);
    expect(methods).toBe(" method größe ");
    expect(at).toBe(false);
    expect(scanText("m.py", "x = importlib.import_module(\n 'a.b')\n").imports).toMatch(/\ba b\b/);
  });

  it("is the same after bytes and back", () => {
    for (const text of [
      "",
      "sys.path.append('ü')\n",
      "print(sys.path)",
      "@x\nimport ü\n",
      "class A:\n  def f(self): pass\n",
    ]) {
      const scan = scanText("m.py", text);
      expect(scanOf(scanBytes(scan))).toEqual(scan);
    }
  });

  it("follows edits as if the text were new", () => {
    const lines = fc.constantFrom(
      ...[
        "x = 1",
        "import a",
        "from a import (b,",
        "    c)",
        "from . import d \\",
        "@e",
        "    def f(self):",
        "  # )",
        "(",
      ],
      ...["A = 'b'", "sys.path.append(A)", "sys.path.insert(0,", " 'a')"],
      ...["'''", "import_module('g')", "", "    pass", "\r", "y = (1,", "    2)"],
    );
    const text = fc.array(lines, { maxLength: 14 }).map((each) => each.join("\n"));
    const edit = fc.record({
      at: fc.nat(200),
      cut: fc.nat(12),
      add: fc.oneof(lines, fc.constantFrom("\n", "(", ")", "m", "@")),
    });
    fc.assert(
      fc.property(text, fc.array(edit, { minLength: 1, maxLength: 8 }), (first, edits) => {
        let now = first;
        let open = openScan("p/m.py", now);
        for (const { at, cut, add } of edits) {
          const from = Math.min(at, now.length);
          now = now.slice(0, from) + add + now.slice(from + cut);
          open = rescan("p/m.py", open, now);
          const fresh = openScan("p/m.py", now).scan;
          // Where every word counts, words of before may stay.
          if (open.words === null) expect(open.scan).toEqual(fresh);
          else {
            const words = new Set(open.scan.imports.match(/[^\s.(),]+/g));
            for (const word of fresh.imports.match(/[^\s.(),]+/g) ?? []) expect(words).toContain(word);
            expect({ ...open.scan, imports: "" }).toEqual({ ...fresh, imports: "" });
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("files that can hold stages", () => {
  const program = (files: Readonly<Record<string, string>>) =>
    createProgram(memoryHost(files), { ...DEFAULT_CONFIG, sourceRoots: [""] });

  it("are found through packages that hand a decorator on, and no others are parsed", () => {
    const own = program({
      "pkg/__init__.py": "from fastpipe import stage\n",
      "pkg/a.py": "from . import stage\n@stage\ndef f(): pass\n",
      "pkg/deep/b.py": "from .. import (\n    stage)\n@stage\ndef g(): pass\n",
      "c.py": "from pkg import stage as s\n@s()\ndef h(): pass\n",
      "other.py": "import os\n@os.register\ndef i(): pass\n",
      "plain.py": "from pkg import a\n",
    });
    expect(own.stages().map((stage) => stage.id)).toEqual(["c.h", "pkg.a.f", "pkg.deep.b.g"]);
    expect(own.stageFiles()).not.toContain("other.py");
    expect(own.stageFiles()).not.toContain("plain.py");
    const { parsedFiles } = own.counters();
    expect(parsedFiles).toBeLessThanOrEqual(4);
  });

  it("come and go with what is typed", () => {
    const own = program({ "a.py": "x = 1\n", "b.py": "from fastpipe import stage\n@stage\ndef f(): pass\n" });
    expect(own.stages()).toHaveLength(1);
    const type = (text: string) => own.applyChange({ buffers: new Map([["a.py", text]]) });
    type("x = 1\ny = 2\n");
    expect(own.stageFiles()).toEqual(["b.py"]);
    type("from b import stage\n@stage\ndef g(): pass\n");
    expect(own.stages().map((stage) => stage.id)).toEqual(["a.g", "b.f"]);
    type("x = 1\n");
    expect(own.stages().map((stage) => stage.id)).toEqual(["b.f"]);
  });
});
