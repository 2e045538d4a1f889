/**
 * What no other tree tells: values of constants, ignored lines, parts of a module parsed alone, order of children.
 */

import { describe, expect, it } from "vitest";
import {
  type AnyNode,
  type Constant,
  ConstantType,
  dumpModule,
  type ExprStmt,
  forEachChild,
  NodeKind,
  parseModule,
  parseModuleWithExtents,
  releaseBuffers,
  statementExtents,
  walk,
} from "../../src/syntax/index.ts";

function constant(source: string): Constant {
  const parsed = parseModule(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return (parsed.value.body[0] as ExprStmt).value as Constant;
}

describe("constants", () => {
  it.each([
    ["0x10", "16"],
    ["1_000", "1000"],
    ["0o17", "15"],
    ["0B11", "3"],
    ["00", "0"],
    ["9007199254740991", "9007199254740991"],
    ["9007199254740992", "0x20000000000000"],
    ["0xFFFF_FFFF_FFFF_FFFF", "0xffffffffffffffff"],
    ["18446744073709551615", "0xffffffffffffffff"],
  ])("int %s", (source, value) => {
    expect(constant(source)).toMatchObject({ type: ConstantType.Int, value });
  });

  it.each([
    ["1e400", "Infinity"],
    ["1.", "1"],
    [".5", "0.5"],
    ["1_0.0_1e1_0", "100100000000"],
    ["1e-7", "1e-7"],
  ])("float %s", (source, value) => {
    expect(constant(source)).toMatchObject({ type: ConstantType.Float, value });
  });

  it("keeps apart what UTF-16 does not", () => {
    expect(constant('"\\ud83d\\ude00"')).toMatchObject({ value: "\u{1f600}", surrogates: [0, 1] });
    expect(constant('"\\U0001f600"')).toMatchObject({ value: "\u{1f600}", surrogates: null });
    expect(constant('"😀"')).toMatchObject({ value: "\u{1f600}", surrogates: null });
    expect(constant('"a\\ud800" "😀\\udc00"')).toMatchObject({ surrogates: [1, 4] });
  });

  it("reads bytes as one char each, and escapes", () => {
    expect(constant("b'\\xff\\0\\377\\q'")).toMatchObject({ type: ConstantType.Bytes, value: "\xff\0\xff\\q" });
  });

  it("reads CR and CRLF as LF inside strings, and only those as line ends", () => {
    expect(constant('"""a\r\nb\rc"""').value).toBe("a\nb\nc");
    expect(constant('"a\u2028\x0b\x85b"').value).toBe("a\u2028\x0b\x85b");
  });
});

describe("a long text", () => {
  const long = `${"x = 1\n".repeat(100)}`;

  it("is read the same, whether or not it is ASCII throughout", () => {
    const plain = parseModule(`${long}y = 'e'\n`);
    const wide = parseModule(`${long}y = '\u00e9'\n`);
    expect(plain.ok && plain.value.body.length).toBe(101);
    expect(wide.ok && wide.value.body.length).toBe(101);
    expect(plain.ok && plain.value.body[100].end).toBe(wide.ok && wide.value.body[100].end);
  });

  it.each([0, 300, 600])("is refused for a null byte at %i", (at) => {
    for (const text of [`${long.slice(0, at)}\0${long.slice(at)}`, `${long.slice(0, at)}\0${long.slice(at)}'\u00e9'`]) {
      const parsed = parseModule(text);
      expect(parsed.ok ? null : parsed.error).toMatchObject({ offset: at, line: at / 6 + 1 });
    }
  });
});

describe("what parsing works in", () => {
  it("can be given back between two texts, and none of their names is another for it", () => {
    const names = Array.from({ length: 20_000 }, (_, n) => `name_${n} = print(other_${n})\n`).join("");
    const texts = [names, "match = 1\nmatch match:\n    case name_7: pass\n", names.slice(0, 400)];
    const trees = () =>
      texts.map((text) => {
        const parsed = parseModule(text);
        return parsed.ok ? dumpModule(parsed.value) : parsed.error.message;
      });
    const before = trees();
    releaseBuffers();
    expect(trees()).toEqual(before);
    expect(before[1]).toContain("name_7");
  });
});

describe("# fastpipe: ignore", () => {
  it("is reported by line", () => {
    const parsed = parseModule(
      "x = 1  # fastpipe: ignore\ny = '# fastpipe: ignore'\r\nf(a,  # note  # fastpipe: ignore \r  b)\n#fastpipe:ignore",
    );
    expect(parsed.ok && parsed.value.ignoreLines).toEqual([0, 2, 4]);
    const other = parseModule("x = 1  # fastpipe: ignored\n# fastpipe: ignore this\n");
    expect(other.ok && other.value.ignoreLines).toEqual([]);
  });
});

describe("parts of a module", () => {
  const text = [
    '"""Doc."""',
    "import a; import b",
    "",
    "# comment",
    "@dec",
    "@dec2(",
    "  1)",
    "def f():",
    "    return 1  # fastpipe: ignore",
    "if x:",
    "    pass",
    "elif y: pass",
    "else:",
    "    pass",
    "try: pass",
    "except A: pass",
    "finally:",
    "  pass",
    "x = (1,",
    "     2)",
    "",
  ].join("\n");

  it("has extents, from the tree and from tokens alone", () => {
    const whole = parseModuleWithExtents(text);
    const tokens = statementExtents(text);
    if (!whole.ok || !tokens.ok) throw new Error("does not parse");
    expect(tokens.value).toEqual(whole.value.extents);
    const starts = whole.value.extents.filter((_, i) => i % 2 === 0).map((offset) => text.slice(offset, offset + 6));
    expect(starts).toEqual(['"""Doc', "import", "@dec\n@", "if x:\n", "try: p", "x = (1"]);
  });

  it("parses each part alone to what it is in the whole", () => {
    const whole = parseModuleWithExtents(text);
    if (!whole.ok) throw new Error("does not parse");
    const { extents, module } = whole.value;
    const parts: string[] = [];
    const ignored: number[] = [];
    for (let i = 0; i < extents.length; i += 2) {
      const part = parseModule(text, { from: extents[i], to: extents[i + 1] });
      if (!part.ok) throw new Error(part.error.message);
      parts.push(dumpModule(part.value, true).slice("(Module [".length, -"])".length));
      ignored.push(...part.value.ignoreLines);
    }
    expect(`(Module [${parts.join("")}])`).toBe(dumpModule(module, true));
    expect(ignored).toEqual(module.ignoreLines);
  });

  it("tells problems of a part by the line of the whole", () => {
    const broken = `${text}y = = 1\nz = 1\n`;
    const from = broken.indexOf("y = =");
    const part = parseModule(broken, { from, to: broken.indexOf("z = 1") });
    expect(part).toEqual({ ok: false, error: { message: "invalid syntax", line: 21, offset: from + 4 } });
    const open = parseModule("a = 1\nb = (\n", { from: 6, to: 12 });
    expect(open).toMatchObject({ ok: false, error: { message: "'(' was never closed", line: 2 } });
  });
});

describe("walk", () => {
  it("visits children in the order of the fields", () => {
    const parsed = parseModule("@d\ndef f(a: b = c, *, e=g) -> h: i");
    if (!parsed.ok) throw new Error(parsed.error.message);
    const names: string[] = [];
    walk(parsed.value, (node) => {
      if (node.kind === NodeKind.Name) names.push(node.id);
    });
    expect(names).toEqual(["b", "g", "c", "i", "d", "h"]);
    const direct: AnyNode[] = [];
    forEachChild(parsed.value.body[0], (child) => direct.push(child));
    expect(direct.map((node) => node.kind)).toEqual([NodeKind.Arguments, NodeKind.Expr, NodeKind.Name, NodeKind.Name]);
  });
});
