/** What is read from an object is part of the fingerprint, whatever the object is; each case was once missed. */
import { expect, it } from "vitest";
import { createProgram, type Level, memoryHost } from "../../src/index.ts";

function fingerprint(text: string, level: Level, files: Record<string, string> = {}): string {
  const config = { level, sourceRoots: [""], stageDecorators: [], watch: [], exclude: [] };
  const made = createProgram(memoryHost({ ...files, "m.py": text }), config).manifest({ file: "m.py", qualname: "f" });
  return made.ok ? made.value.fingerprint : made.error.message;
}

const PAIRS: readonly (readonly [string, string])[] = [
  ["def f(): return __name__.upper()", "def f(): return __name__.lower()"],
  ["def f(): return __file__", "def f(): return __file__.name"],
  ["def f(): return __doc__.upper()", "def f(): return __doc__.lower()"],
  ["def f():\n    import xml.dom\n    return xml.dom.x", "def f():\n    import xml.sax\n    return xml.dom.x"],
  [
    'def f():\n    import importlib\n    return importlib.import_module("a")',
    'def f():\n    return importlib.import_module("a")\n    import importlib',
  ],
  ["import xml.dom\ndef f(): return xml.dom.x", "import xml.sax\ndef f(): return xml.dom.x"],
];

it.each(PAIRS)("%s is not %s", (a, b) => {
  for (const level of ["strict", "semantic", "behavioral"] as const) {
    expect(fingerprint(a, level)).not.toBe(fingerprint(b, level));
  }
});

it("tells at level strict how a module is imported by a call", () => {
  const a = 'import importlib\ndef f(): return importlib.import_module("a").x';
  const b = 'import importlib\ndef f(): return importlib.import_module("a", None).x';
  const files = { "a.py": "x = 1\n" };
  expect(fingerprint(a, "strict", files)).not.toBe(fingerprint(b, "strict", files));
});

it("does not tell imports apart that nothing reads", () => {
  for (const level of ["semantic", "behavioral"] as const) {
    expect(fingerprint("def f():\n    import xml.dom\n    return 1", level)).toBe(
      fingerprint("def f():\n    return 1", level),
    );
    expect(fingerprint("import xml.dom\nimport os\ndef f(): return xml.dom.x", level)).toBe(
      fingerprint("import os\nimport xml.sax, xml.dom\ndef f(): return xml.dom.x", level),
    );
  }
});
