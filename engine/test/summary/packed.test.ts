/** A summary that is kept as bytes says what it said when it was made, whatever is asked of it and in which order. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/binding/index.ts";
import { chainAt, chainCountOf, PackedSummary, RecentSummaries, writersOf } from "../../src/summary/packed.ts";
import { summarise } from "../../src/summary/summarise.ts";
import type { ModuleSummary } from "../../src/summary/types.ts";
import { parseModule } from "../../src/syntax/index.ts";

const TEXT = `
"""Docs with ü."""
from __future__ import annotations
import numpy as np
from .star import *
from . import sibling
__all__ = ["f", "Y"]
LIMITS = {"low": 0, "high": [1, 2.5, -0.0]}
COUNT = 0
@np.vectorize(LIMITS)
def f(a: Y) -> int:
    global COUNT
    COUNT += 1
    return a.weigh(np.sum(LIMITS["high"]), eval("1"), f"{sibling.x:>3}")
class Y(sibling.Base):
    def weigh(self, *values): return [f(value) for value in values]
np.TABLE["k"] = f
sibling.register(Y)
if __name__ == "__main__":
    COUNT = 3
`;

function summaryOf(text: string): ModuleSummary {
  const parsed = parseModule(text);
  const scopes = parsed.ok ? bind(parsed.value, { text }) : parsed;
  if (!parsed.ok || !scopes.ok) throw new Error("does not parse");
  return summarise(text, parsed.value, scopes.value, { level: "semantic", stageDecorators: new Set(), nested: true });
}

const PARTS = ["stars", "exports", "docs", "dynamicNames", "rest", "effects", "foreign", "imports"] as const;
const MORE = ["stageCalls", "mainBinds", "nested", "lineStarts", "chains"] as const;

function expectSame(packed: PackedSummary, plain: ModuleSummary): void {
  for (const part of [...PARTS, ...MORE]) expect(isDeepStrictEqual(packed[part], plain[part]), part).toBe(true);
  expect([...packed.names.keys()]).toEqual([...plain.names.keys()]);
  expect(packed.names.size).toBe(plain.names.size);
  for (const [name, own] of plain.names) {
    expect(packed.names.has(name)).toBe(true);
    expect(isDeepStrictEqual(packed.names.get(name), own), name).toBe(true);
  }
  expect(isDeepStrictEqual([...packed.names], [...plain.names])).toBe(true);
  expect(packed.names.get("nothing")).toBeUndefined();
  expect(chainCountOf(packed)).toBe(plain.chains.length);
  for (let i = 0; i <= plain.chains.length; i++) expect(chainAt(packed, i)).toEqual(plain.chains[i]);
  expect(writersOf(packed).map(({ name }) => name)).toEqual(writersOf(plain).map(({ name }) => name));
}

describe("a packed summary", () => {
  it("is what was packed: as it was made, as bytes, and from bytes", () => {
    const plain = summaryOf(TEXT);
    expect(writersOf(plain).map(({ name }) => name)).toEqual(["f"]);
    const recent = new RecentSummaries(1_000_000);
    const packed = PackedSummary.fresh(plain, true, TEXT.length, recent);
    expectSame(packed, plain);
    packed.close();
    expectSame(packed, plain);
    const again = PackedSummary.of(packed.bytes(), recent) as PackedSummary;
    expect(again.hasNested).toBe(true);
    expectSame(again, plain);
    recent.trim(0);
    expectSame(again, plain);
    expect(isDeepStrictEqual(again.bytes(), packed.bytes())).toBe(true);
  });

  it("keeps none of the bytes that it was made from", () => {
    const recent = new RecentSummaries(1_000_000);
    const bytes = PackedSummary.fresh(summaryOf(TEXT), false, 1, recent).bytes();
    const file = new Uint8Array(bytes.length + 10);
    file.set(bytes, 5);
    const packed = PackedSummary.of(file.subarray(5, 5 + bytes.length), recent) as PackedSummary;
    file.fill(0);
    expectSame(packed, summaryOf(TEXT));
    expect(packed.bytes().buffer.byteLength).toBe(bytes.length);
  });

  it("is refused where its bytes are damaged", () => {
    const recent = new RecentSummaries(1_000_000);
    const bytes = PackedSummary.fresh(summaryOf(TEXT), false, 1, recent).bytes();
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = bytes.slice();
      damaged[at] ^= 1 << (at % 8);
      expect(PackedSummary.of(damaged, recent)).toBeNull();
      expect(PackedSummary.of(bytes.subarray(0, at), recent)).toBeNull();
    }
  });

  it("stays read as long as it is among the latest, or was asked for since", () => {
    const recent = new RecentSummaries(1_000);
    const make = () => PackedSummary.fresh(summaryOf("X = [1]\n"), false, 400, recent);
    const first = make();
    const read = first.names.get("X");
    make();
    expect(first.names.get("X")).toBe(read);
    make();
    // Over the limit: the first was asked for, and stays.
    expect(first.names.get("X")).toBe(read);
    recent.trim(0);
    expect(first.names.get("X")).not.toBe(read);
    expect(first.names.get("X")).toEqual(read);
    expect(first.names.get("X")).toBe(first.names.get("X"));
  });
});
