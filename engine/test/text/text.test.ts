/** Lines and offsets, edits, and decoding of what is no UTF-8. */

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Constant, ConstantType, NodeKind, parseModule, walk } from "../../src/syntax/index.ts";
import { decodeSource, editBetween, LineIndex, lineOf } from "../../src/text/index.ts";
import { loadPyodideOracle, type PyodideOracle } from "../oracle/pyodideTrees.ts";

describe("LineIndex", () => {
  const text = "a\r\nb\rc\n\u2028\x0b\x85d\n";

  it("ends lines at CR, LF and CRLF only", () => {
    const lines = new LineIndex(text);
    expect(lines.lineCount).toBe(5);
    expect([0, 1, 2, 3, 5, 7, 11, 12].map((offset) => lines.lineAt(offset))).toEqual([0, 0, 0, 1, 2, 3, 3, 4]);
    expect(lineOf(text, 7)).toBe(4);
  });

  it("goes from offset to position and back", () => {
    const lines = new LineIndex(text);
    for (let offset = 0; offset <= text.length; offset++) {
      const { line, column } = lines.positionAt(offset);
      expect(lines.offsetAt(line, column)).toBe(offset);
    }
    expect(lines.positionAt(999)).toEqual({ line: 4, column: 0 });
    expect(lines.offsetAt(0, 99)).toBe(3);
    expect(lines.offsetAt(9, 9)).toBe(text.length);
    expect(new LineIndex("").lineCount).toBe(1);
  });
});

describe("edits", () => {
  it("finds the one edit between two texts, whatever they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), fc.string(), (before, middle, tail) => {
        const after = before.slice(0, 3) + middle + tail;
        const edit = editBetween(before + tail, after);
        const text = before + tail;
        expect(text.slice(0, edit.start) + edit.text + text.slice(edit.end)).toBe(after);
      }),
    );
  });

  it("keeps CRLF and surrogate pairs whole", () => {
    expect(editBetween("a\r\nb", "a\rb")).toEqual({ start: 1, end: 3, text: "\r" });
    expect(editBetween("\u{1f600}", "\u{1f601}")).toEqual({ start: 0, end: 2, text: "\u{1f601}" });
  });
});

describe("decodeSource", () => {
  let python: PyodideOracle;
  beforeAll(async () => {
    python = await loadPyodideOracle();
  });
  const bytes = (...parts: (string | number[])[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : part)));
  const BOM = [0xef, 0xbb, 0xbf];

  const COOKIES =
    "utf8 UTF8 utf-8 UTF_8 Utf-8-sig utf_8_sig utf-8-foo utf-8foo latin-1 Latin_1 latin1 L1 iso-8859-1 iso_8859-1 iso8859-1 iso-latin-1 iso-8859-1-unix latin-1-dos iso-8859-15 latin9 cp1252 windows-1252 WINDOWS_1252 cp1251 cp437 koi8-r koi8_u mac-roman macroman ascii us-ascii 646 gbk big5 shift_jis sjis euc-jp euc-kr nonsense rot13 hex utf-16 utf8-unix utf-8-unix cp850 iso-8859-8 tis-620 mbcs cp65001 cp037 iso8859.15 utf--8 u8 utf utf_8- latin 8859";
  const cases: Uint8Array[] = [];
  for (const cookie of COOKIES.split(" ")) {
    for (const bom of [[], BOM]) {
      for (const body of ["x = 'abc'\n", "x = '\xe9\x80'\n", "y = 1\nx = '\xc3\xa9'\n"]) {
        cases.push(bytes(bom, `# -*- coding: ${cookie} -*-\n`, body));
      }
    }
  }
  const HEADS = [
    "#coding=cp1252\n",
    "# vim: set fileencoding=cp1252 :\n",
    "\n# coding: cp1252\n",
    "\n\n# coding: cp1252\n",
    "#!/x\n# coding: cp1252\n",
    "x=1\n# coding: cp1252\n",
    '"""\n# coding: cp1252\n"""\n',
    "\f# coding: cp1252\n",
    "# coding : cp1252\n",
    "#!/x\r# coding: cp1252\r",
    "#!/x\r\n# coding: cp1252\r\n",
    "x = 1 # coding: cp1252\n",
    "# coding: foo coding: cp1252\n",
    "# Coding: cp1252\n",
    "\\\n# coding: cp1252\n",
    "# coding:\tcp1252\n",
    "# coding= \n# coding: cp1252\n",
  ];
  for (const head of HEADS)
    for (const bom of [[], BOM]) cases.push(bytes(bom, head, "x = '\x80'\n"), bytes(bom, head, "x = 'a'\n"));
  for (const text of [
    "x = 1\ny\0 = 2\n",
    "x = 1\ny = '\xff'\n",
    "x = 1\r\ny = 2\r# \xe9\n",
    "\xef\xbb\xbf\xef\xbb\xbfx = 1",
    "",
    "x = '\xe2\x82",
    "x='\xed\xa0\x80'",
    "x='\xc0\x80'",
    "x = = 1\n# \xff\n",
    "x = '''a\r\nb\rc'''\r\ny=1\r",
  ]) {
    cases.push(bytes(text));
  }

  it("reads what CPython reads and refuses what it refuses, on the same line", () => {
    const different: string[] = [];
    python.bytes(cases).forEach((answer, i) => {
      const source = JSON.stringify(Buffer.from(cases[i]).toString("latin1"));
      const text = decodeSource(cases[i]);
      const parsed = text.ok ? parseModule(text.value) : text;
      if (answer.ok && parsed.ok) {
        const strings: string[] = [];
        walk(parsed.value, (node) => {
          if (node.kind === NodeKind.Constant && node.type === ConstantType.Str) strings.push((node as Constant).value);
        });
        if (strings.join() !== answer.strings.join()) different.push(`${source}: ${strings} / ${answer.strings}`);
      } else if (answer.ok || parsed.ok) different.push(`${source}: ${parsed.ok ? "" : parsed.error.message}`);
      // CPython gives line 0 or none for most of these; ours is where the byte or the cookie stands.
      else if (answer.line !== null && answer.line > 0 && answer.line !== parsed.error.line) {
        different.push(`${source}: line ${parsed.error.line} / ${answer.line}`);
      }
    });
    expect(different).toEqual([]);
  });

  it.each([
    ["# coding: nonsense\n", "unknown encoding: nonsense", 1],
    ["\n# coding: nonsense\n", "unknown encoding: nonsense", 2],
    ["\xef\xbb\xbf# coding: cp1252\n", "encoding problem: cp1252 with BOM", 1],
    ["x\n\n'\xff'", "Non-UTF-8 code starting with '\\xff' on line 3", 3],
    ["x\ny\0", "source code cannot contain null bytes", 2],
  ])("says what is wrong with %j", (source, message, line) => {
    const decoded = decodeSource(bytes(source));
    expect(decoded.ok).toBe(false);
    if (decoded.ok) return;
    expect(decoded.error.message).toContain(message);
    expect(decoded.error.line).toBe(line);
  });
});
