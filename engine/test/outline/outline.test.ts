/** Outlines of broken buffers: real wasm, real files, random damage. */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  createOutline,
  type Outline,
  type OutlineDocument,
  type OutlineItem,
  type OutlineParser,
  outlineByIndentation,
  splitTopLevel,
  splitWholeStatements,
} from "../../src/outline/index.ts";
import { parseModuleWithExtents } from "../../src/syntax/index.ts";

const require = createRequire(import.meta.url);
const wasm = (name: string): Uint8Array => readFileSync(require.resolve(name));
const loader = {
  runtime: () => wasm("web-tree-sitter/web-tree-sitter.wasm"),
  grammar: () => wasm("tree-sitter-python/tree-sitter-python.wasm"),
};

/** Files of the standard library, a deterministic handful of middling size. */
function libraryTexts(every: number): string[] {
  const { stdout } = spawnSync("python3", ["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"], {
    encoding: "utf8",
  });
  const folder = stdout.trim();
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".py"))
    .sort()
    .filter((_, i) => i % every === 0)
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.filter((text) => text.length > 1000 && text.length < 60_000 && parseModuleWithExtents(text).ok);
}

/** A small linear congruential generator: the same damage on every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
}

const brief = (item: OutlineItem): string =>
  `${item.line} ${item.kind}${item.name === null ? "" : ` ${item.name}`}${item.broken ? " (broken)" : ""}`;
const briefs = (outline: Outline): string[] => outline.items.map(brief);

const PROGRAM = `import os
LIMIT = 1

@stage(
    deps=["a"],
)
def train(x):
    """Train."""
    return load(x)

def load(x):
    """Load."""
    return [
        x,
    ]

class Model(Base):
    """A model."""
    def fit(self): pass

if LIMIT:
    pass
else:
    TABLE = {
'a': 1,
}
# the end
`;
const WHOLE = ["1 statement", "2 statement", "7 function train", "11 function load", "17 class Model", "21 statement"];

describe.each(["by indentation", "with tree-sitter"])("an outline %s", (way) => {
  let parser: OutlineParser;
  let outlineOf: (text: string) => Outline;
  beforeAll(async () => {
    parser = await createOutline(loader);
    outlineOf =
      way === "by indentation"
        ? outlineByIndentation
        : (text) => {
            const document = parser.open(text);
            document.close();
            return document.outline;
          };
  });

  it("lists the top-level statements of a text that parses", () => {
    expect(briefs(outlineOf(PROGRAM))).toEqual(WHOLE);
  });

  it("gives the exact parser's extents for real files, and calls nothing broken", () => {
    for (const text of libraryTexts(6)) {
      const exact = parseModuleWithExtents(text);
      if (!exact.ok) throw new Error(exact.error.message);
      const { items } = outlineByIndentation(text);
      expect(items.flatMap(({ start, end }) => [start, end])).toEqual(exact.value.extents);
      expect(items.filter((item) => item.broken)).toEqual([]);
    }
  });

  it.each([
    ["an open bracket", "load(x)", "load(x", "7 function train (broken)"],
    ["an open bracket at the end of a decorator", "\n)\ndef train", "\ndef train", "6 function train (broken)"],
    ["an open string", '"""Train."""', '"""Train."', "7 function train (broken)"],
    ["a stray triple quote", "return load(x)", 'return """load(x)', "7 function train (broken)"],
    ["a quote", "load(x)", 'load("x)', "7 function train (broken)"],
    ["a closing bracket too many", "load(x)", "load(x))", "7 function train (broken)"],
  ])("keeps what %s does not touch", (_, from, to, broken) => {
    const text = PROGRAM.replace(from, to);
    const parsed = parseModuleWithExtents(text);
    const lost = broken.startsWith("6") ? 1 : 0;
    const expected = WHOLE.map((entry) => {
      if (entry.endsWith("train")) return broken;
      const line = Number.parseInt(entry, 10);
      return line > 7 ? entry.replace(/^\d+/, String(line - lost)) : entry;
    });
    const outline = outlineOf(text);
    expect(parsed.ok).toBe(false);
    expect(outline.items.map(({ start, line, kind, name }) => ({ start, line, kind, name }))).toHaveLength(6);
    const wholes = splitWholeStatements(text, outline).map(({ item, module }) => brief({ ...item, broken: !module }));
    expect(wholes).toEqual(expected);
  });

  it("lists a definition that is being written", () => {
    for (const [typed, entry] of [
      ["def ", "4 function"],
      ["def f", "4 function f"],
      ["def f(a, b", "4 function f"],
      ["class C(", "4 class C"],
      ["async def g(x):", "4 function g"],
      ["@stage", "4 statement"],
    ]) {
      const text = PROGRAM.replace("LIMIT = 1\n", `LIMIT = 1\n\n${typed}\n`);
      const statements = splitWholeStatements(text, outlineOf(text));
      const shown = statements.map(({ item, module }) => brief({ ...item, broken: module === null }));
      if (typed === "@stage") expect(shown).toContain("9 function train");
      else expect(shown).toEqual(expect.arrayContaining([`${entry} (broken)`, "9 function train", "13 function load"]));
    }
  });
});

describe("damage to real files", () => {
  const TOKENS = [
    "(",
    ")",
    "[",
    "}",
    '"""',
    "'''",
    "'",
    ":",
    "=",
    "def ",
    "class ",
    "if ",
    "\n",
    "\\",
    "@",
    "lambda ",
    "x =",
    "    ",
  ];

  it("leaves every definition listed and whole that it does not touch", () => {
    const random = randomNumbers(3);
    const misses: string[] = [];
    let checked = 0;
    for (const text of libraryTexts(4)) {
      const definitions = splitTopLevel(text).filter((item) => item.kind !== "statement");
      for (const token of TOKENS) {
        const at = random(text.length);
        const damaged = text.slice(0, at) + token + text.slice(at);
        if (parseModuleWithExtents(damaged).ok) continue;
        const whole = new Set(
          splitWholeStatements(damaged, outlineByIndentation(damaged))
            .filter(({ module }) => module !== null)
            .map(({ item }) => damaged.slice(item.start, item.end)),
        );
        for (const item of definitions) {
          if (at >= item.start && at <= item.end) continue;
          checked++;
          if (!whole.has(text.slice(item.start, item.end)))
            misses.push(`${JSON.stringify(token)} at ${at}: ${brief(item)}`);
        }
      }
    }
    expect(checked).toBeGreaterThan(3000);
    expect(misses).toEqual([]);
  });

  it("never throws, and extents stay in order", () => {
    const random = randomNumbers(5);
    for (const text of libraryTexts(12)) {
      let damaged = text;
      for (let i = 0; i < 60; i++) {
        const at = random(damaged.length);
        const cut = random(4) === 0 ? random(200) : 0;
        damaged = damaged.slice(0, at) + TOKENS[random(TOKENS.length)] + damaged.slice(at + cut);
        let end = 0;
        for (const item of splitTopLevel(damaged)) {
          expect(item.start).toBeGreaterThanOrEqual(end);
          expect(item.end).toBeGreaterThan(item.start);
          end = item.end;
        }
        expect(end).toBeLessThanOrEqual(damaged.length);
      }
    }
  });

  it("is read in one pass whatever is open", () => {
    const lines = 20_000;
    for (const line of [
      "x = (\n",
      "x = '''\n",
      'f("""\n',
      "'''\n\"\"\"\ndef f(): pass\n",
      "@\n",
      "else:\n",
      "x \\\n",
      ")\n",
      "import (\n",
    ]) {
      const text = line.repeat(lines);
      const before = performance.now();
      splitTopLevel(text);
      expect(performance.now() - before, JSON.stringify(line)).toBeLessThan(1500);
    }
  });
});

describe("a document", () => {
  let parser: OutlineParser;
  beforeAll(async () => {
    parser = await createOutline(loader);
  });

  it("after edits equals one opened afresh", () => {
    const random = randomNumbers(11);
    const tokens = ["(", '"""', ":", "\n", "\r", "\r\n", "é", "😀", "x", "  ", "def f():\n"];
    for (const text of libraryTexts(25)) {
      const document = parser.open(text);
      let expected = text;
      for (let i = 0; i < 15; i++) {
        const edits = Array.from({ length: 1 + random(3) }, () => {
          const start = random(expected.length);
          const end = Math.min(expected.length, start + random(30));
          const inserted = tokens[random(tokens.length)];
          expected = expected.slice(0, start) + inserted + expected.slice(end);
          return { start, end, text: inserted };
        });
        document.update(edits);
        expect(document.text).toBe(expected);
        const fresh = parser.open(expected);
        expect(document.outline).toEqual(fresh.outline);
        fresh.close();
      }
      document.close();
    }
  });

  it("takes a whole new text as one edit", () => {
    const document = parser.open(PROGRAM);
    expect(document.replace(PROGRAM)).toBe(document.outline);
    const broken = PROGRAM.replace("load(x)", "load(x");
    expect(briefs(document.replace(broken))).toContain("7 function train (broken)");
    expect(briefs(document.replace(PROGRAM))).toEqual(WHOLE);
    expect(briefs(document.replace(""))).toEqual([]);
    expect(briefs(document.replace(PROGRAM))).toEqual(WHOLE);
    document.close();
    document.close();
    expect(document.outline.items).toHaveLength(WHOLE.length);
    expect(() => document.replace("x")).toThrow("closed");
  });

  it("marks what only a grammar sees", () => {
    const document = parser.open(PROGRAM.replace("LIMIT = 1", "LIMIT = = 1"));
    expect(briefs(document.outline)[1]).toBe("2 statement (broken)");
    document.close();
  });

  it("gives its memory back", () => {
    const text = `${PROGRAM.repeat(40)}\nx = (`;
    const held = () => process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    const open: OutlineDocument[] = [];
    const grownBy = (cycles: number, close: boolean): number => {
      const before = held();
      for (let i = 0; i < cycles; i++) {
        const document = parser.open(text);
        document.update([{ start: 3, end: 4, text: "(" }]);
        if (close) document.close();
        else open.push(document);
      }
      return held() - before;
    };
    // What stays open shows that the measure sees trees at all, and leaves room that closed ones must not outgrow.
    expect(grownBy(60, false)).toBeGreaterThan(1_000_000);
    for (const document of open) document.close();
    expect(grownBy(60, true)).toBeLessThan(300_000);
  });
});
