/** Summaries survive the way to disk and back whole, and bytes that are not theirs are refused. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/binding/index.ts";
import { LEVELS } from "../../src/program/types.ts";
import { decode } from "../../src/summary/decode.ts";
import { encode } from "../../src/summary/encode.ts";
import { MOST_SHAPES } from "../../src/summary/layout.ts";
import { PackedSummary, RecentSummaries } from "../../src/summary/packed.ts";
import { STAGE_DECORATORS } from "../../src/summary/stageDecorators.ts";
import { summarise } from "../../src/summary/summarise.ts";
import type { ModuleSummary } from "../../src/summary/types.ts";
import { SHAPES, WORDS } from "../../src/summary/vocabulary.ts";
import { parseModule } from "../../src/syntax/index.ts";
import { decodeSource } from "../../src/text/index.ts";
import { standardLibrary } from "../prove/corpus.ts";

/** Every twelfth file of the machine's standard library, tests included. */
function corpus(): readonly string[] {
  const root = standardLibrary("python3");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".py") && !file.includes("site-packages"),
  );
  const texts: string[] = [];
  for (const [index, file] of files.sort().entries()) {
    const decoded = index % 12 === 0 ? decodeSource(readFileSync(path.join(root, file))) : null;
    if (decoded?.ok) texts.push(decoded.value);
  }
  return texts;
}

/** Shapes that real files seldom have. */
const ODD = `
"""Module docs."""
from __future__ import annotations
import numpy as np, a.b.c
from . import sibling as other
from .star import *
__all__ = ["x", "y"]
TEXT = "\\ud83d \\udfff ü \\U0001f600 \\x00"
NUMBERS = {1: -0.0, 2: 1e400, 3: 2**70, -4: 0x7fffffff}
if TEXT:
    def x(): return NUMBERS
else:
    from fallback import x
@np.vectorize(TEXT, key=[1, (2, {3}), {"a": f"{x}"}])
class Y(Base[int], metaclass=Meta):
    def method(self): return self.other(getattr(self, TEXT), eval("1"))
np.TABLE["k"] = x()
node(x, "in", "out")
if __name__ == "__main__":
    TEXT = ""
`;

function summary(text: string, level: (typeof LEVELS)[number], nested: boolean): ModuleSummary | null {
  const parsed = parseModule(text);
  if (!parsed.ok) return null;
  const scopes = bind(parsed.value, { text });
  if (!scopes.ok) return null;
  return summarise(text, parsed.value, scopes.value, { level, stageDecorators: new Set(STAGE_DECORATORS), nested });
}

describe("a summary", () => {
  it("is the same after bytes and back", () => {
    let seen = 0;
    for (const [index, text] of [ODD, ...corpus()].entries()) {
      for (const level of index === 0 ? LEVELS : (["semantic"] as const)) {
        const before = summary(text, level, index % 2 === 0);
        if (before === null) continue;
        const bytes = encode({ problem: null, summary: before });
        expect(isDeepStrictEqual(decode(bytes), { problem: null, summary: before })).toBe(true);
        // A few bytes for each of the source: a cache is to be quicker to read than the source.
        if (text.length > 20_000) expect(bytes.length).toBeLessThan(text.length * 1.5);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(50);
  });

  it("has no shapes but those that all summaries have: they are not written into each", () => {
    const recent = new RecentSummaries(0);
    for (const text of [ODD, ...corpus().slice(0, 40)]) {
      const plain = summary(text, "semantic", true);
      if (plain === null) continue;
      const bytes = PackedSummary.fresh(plain, true, 0, recent).bytes();
      expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(16, true)).toBe(0);
    }
    expect(SHAPES.length).toBeLessThanOrEqual(MOST_SHAPES);
    expect(new Set(WORDS).size).toBe(WORDS.length);
  });

  it("is never made of damaged bytes by way of a crash", () => {
    const bytes = encode(summary(ODD, "semantic", true));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(bytes.length),
        (changes, length) => {
          const damaged = bytes.slice(0, length % 3 === 0 ? length : bytes.length);
          for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
          decode(damaged);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(decode(bytes.subarray(0, bytes.length - 1))).toBeUndefined();
    expect(decode(new Uint8Array(0))).toBeUndefined();
    expect(decode(new Uint8Array(100).fill(255))).toBeUndefined();
  });
});

describe("plain data", () => {
  it("of any shape comes back as it was", () => {
    const plain = fc.anything({
      withMap: false,
      withNullPrototype: false,
      withBigInt: false,
      withDate: false,
      withSet: false,
      key: fc.string().filter((key) => key !== "__proto__" && !key.includes("\0")),
    });
    const maps = fc.array(fc.tuple(fc.string(), plain)).map((pairs) => new Map(pairs));
    const anything = fc.oneof(plain, maps, fc.array(maps), fc.record({ a: maps, b: plain }, { noNullPrototype: true }));
    fc.assert(
      fc.property(anything, (value) => {
        fc.pre(value !== undefined);
        expect(isDeepStrictEqual(decode(encode(value)), value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    for (const value of [0, 127, 128, -1, 2 ** 31, -(2 ** 31), 2 ** 53, -0, Number.NaN, 0.1, "\ud800", "ü", "\0"])
      expect(decode(encode(value))).toBe(value);
    const long = Array.from({ length: 1000 }, (_, index) => index * 7);
    expect(decode(encode([long, "x".repeat(100_000), [long]]))).toEqual([long, "x".repeat(100_000), [long]]);
  });

  it("comes back where it is nearly what a summary says", () => {
    const values = [
      [{ start: 300, end: 200 }, { start: 5, end: 900 }, 300, 299, { start: -1, end: 2 }, { end: 1, start: 2 }],
      [
        { kind: "literal", repr: 1 },
        { kind: "other", repr: "x" },
        { kind: "literal", repr: undefined },
      ],
      [
        { name: "f", offset: 1000 },
        { name: null, offset: "1000" },
        { name: "f", offset: -0 },
      ],
      { callees: [], bases: [[]], slice: null },
      { level: -0, module: "", name: undefined, order: 2 ** 31 },
      ["\0", "\0a", "a\0", "\u00ff\u0100", "\u00ff", "", "None", "self"],
      [1, 2, 3, 4, 1000, 1000, 5000],
      [1000, 1, 1000, 1, 2 ** 29],
    ];
    for (const value of values) expect(isDeepStrictEqual(decode(encode(value)), value)).toBe(true);
    const many = Array.from({ length: 6_000 }, (_, i) => `name ${i}`);
    expect(decode(encode(many))).toEqual(many);
  });

  it("is all that there is: classes, functions and bottomless nesting are refused", () => {
    expect(() => encode(new Date())).toThrow(TypeError);
    expect(() => encode([() => 1])).toThrow(TypeError);
    expect(() => encode(new Map([[[], 1]]))).toThrow(TypeError);
    let deep: unknown = null;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => encode(deep)).toThrow(RangeError);
  });
});
