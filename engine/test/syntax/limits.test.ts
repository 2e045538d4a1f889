/**
 * Very deep and very long texts: an answer or a problem, never a crash; and the bounds that others rely on.
 */

import { describe, expect, it } from "vitest";
import { dumpModule, MAX_DEPTH, MAX_ELIFS, parseModule, walk } from "../../src/syntax/index.ts";

const taken: [name: string, text: string][] = [
  ["200 parentheses", `${"(".repeat(200)}x${")".repeat(200)}`],
  ["200 calls in each other", `${"f(".repeat(200)}${")".repeat(200)}`],
  ["200 dictionaries in each other", `${"{1:".repeat(200)}1${"}".repeat(200)}`],
  ["900 signs", `${"-".repeat(900)}x`],
  ["400 conditionals", `${"a if b else ".repeat(400)}x`],
  ["400 linked calls", `x${".strip()".repeat(400)}`],
  ["1,400 terms", `x${" + x".repeat(1400)}`],
  ["3,000 elifs", `if a:\n x\n${"elif a:\n x\n".repeat(3000)}else:\n y\n`],
  ["MAX_ELIFS elifs", `if a:\n x\n${"elif a:\n x\n".repeat(MAX_ELIFS - 1)}`],
  ["100,000 strings side by side", `x = (${'"a" '.repeat(100_000)})`],
  ["20,000 f-strings side by side", `x = (${'f"a{b}" '.repeat(20_000)})`],
  ["a list of 100,000", `[${"1, ".repeat(100_000)}]`],
  ["a dictionary of 100,000", `{${'"a": 1, '.repeat(100_000)}}`],
  ["100,000 operands of one `and`", `a${" and a".repeat(100_000)}`],
  ["100,000 comparisons", `a${" < a".repeat(100_000)}`],
  ["20,000 targets", `${"a = ".repeat(20_000)}1`],
  ["20,000 decorators", `${"@a\n".repeat(20_000)}def f(): pass`],
  ["100,000 arguments", `f(${"a, ".repeat(100_000)})`],
  ["20,000 for clauses", `[x${" for x in y".repeat(20_000)}]`],
  ["100,000 lines", "x = 1\n".repeat(100_000)],
  ["98 blocks", `${Array.from({ length: 98 }, (_, i) => `${" ".repeat(i)}if a:\n`).join("")}${" ".repeat(98)}x`],
  ["4,300 digits", "1".repeat(4300)],
];

const refused: [name: string, text: string, message: string, line: number][] = [
  ["201 parentheses", `${"(".repeat(201)}x${")".repeat(201)}`, "too many nested parentheses", 1],
  ["50,000 open brackets", "[".repeat(50_000), "too many nested parentheses", 1],
  ["30,000 signs", `${"-".repeat(30_000)}x`, "too deeply nested", 1],
  ["30,000 nots", `${"not ".repeat(30_000)}x`, "too deeply nested", 1],
  ["20,000 lambdas", `y\n${"lambda: ".repeat(20_000)}x`, "too deeply nested", 2],
  ["20,000 conditionals", `${"a if b else ".repeat(20_000)}x`, "too deeply nested", 1],
  ["20,000 powers", `${"2 ** ".repeat(20_000)}2`, "too deeply nested", 1],
  ["50,000 terms", `y\nx${" + x".repeat(50_000)}`, "too deeply nested", 2],
  ["20,000 attributes", `x${".a".repeat(20_000)}`, "too deeply nested", 1],
  ["20,000 calls", `x${"()".repeat(20_000)}`, "too deeply nested", 1],
  ["20,000 elifs", `if a:\n x\n${"elif a:\n x\n".repeat(20_000)}`, "too deeply nested", 2 * MAX_ELIFS + 1],
  ["a dotted pattern of 20,000", `match x:\n case a${".b".repeat(20_000)}: pass`, "too deeply nested", 1],
  [
    "101 blocks",
    Array.from({ length: 102 }, (_, i) => `${" ".repeat(i)}if a:\n`).join(""),
    "too many levels of indentation",
    101,
  ],
  ["200 f-strings in each other", `${"f'{".repeat(200)}x${"}'".repeat(200)}`, "too many nested f-strings", 1],
  ["4,301 digits", "1".repeat(4301), "Exceeds the limit", 1],
];

describe("limits", () => {
  it.each(taken)("takes %s", (_, text) => {
    const parsed = parseModule(text);
    expect(parsed.ok ? "" : parsed.error.message).toBe("");
    if (!parsed.ok) return;
    expect(dumpModule(parsed.value).length).toBeGreaterThan(10);
    let nodes = 0;
    walk(parsed.value, () => nodes++);
    expect(nodes).toBeGreaterThan(2);
  });

  it.each(refused)("refuses %s", (_, text, message, line) => {
    const parsed = parseModule(text);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.error.message).toContain(message);
    expect(parsed.error.line).toBe(line);
  });

  it("bounds the depth of what it takes", () => {
    const last = (n: number): boolean => parseModule(`x${" + x".repeat(n)}`).ok;
    expect(last(MAX_DEPTH - 2)).toBe(true);
    expect(last(MAX_DEPTH)).toBe(false);
    // Nested and left-deep together count together.
    const mixed = (n: number): boolean =>
      parseModule(`${"(".repeat(150)}x${" + x".repeat(n)}${" + y)".repeat(150)}`).ok;
    expect(mixed(MAX_DEPTH - 200)).toBe(true);
    expect(mixed(MAX_DEPTH - 100)).toBe(false);
  });

  it("goes on after a refusal as before", () => {
    parseModule("f'{a} \\N{nothing}'");
    parseModule(`${"(".repeat(300)}`);
    expect(parseModule("f'{a}'").ok).toBe(true);
  });
});
