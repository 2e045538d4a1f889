/** Positions in the three encodings, and edited line tables against fresh ones. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENCODINGS, LineIndex } from "../src/common/positions.ts";

const alphabet = fc.constantFrom("a", "é", "€", "😀", "\n", "\r", "\r\n", "\u2028");
const text = fc.array(alphabet, { maxLength: 40 }).map((parts) => parts.join(""));

describe("positions", () => {
  it("counts bytes, code units and code points", () => {
    const line = "aé€😀b";
    const at = line.indexOf("b");
    expect(ENCODINGS.map((e) => new LineIndex(line, e).positionAt(at).character)).toEqual([10, 5, 4]);
    for (const e of ENCODINGS) {
      const index = new LineIndex(line, e);
      expect(index.offsetAt(index.positionAt(at))).toBe(at);
    }
  });

  it("moves what is outside to the end of the line, before its line end", () => {
    const index = new LineIndex("ab\r\ncd", "utf-8");
    expect(index.offsetAt({ line: 0, character: 99 })).toBe(2);
    expect(index.offsetAt({ line: 9, character: 0 })).toBe(6);
    expect(index.offsetAt({ line: -1, character: 3 })).toBe(0);
  });

  it("never stops inside a code point", () => {
    expect(new LineIndex("😀b", "utf-8").offsetAt({ line: 0, character: 2 })).toBe(0);
  });

  it("edits like a fresh table", () => {
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat(), fc.constantFrom(...ENCODINGS), (before, put, a, b, encoding) => {
        const [start, end] = [a % (before.length + 1), b % (before.length + 1)].sort((x, y) => x - y);
        const edited = new LineIndex(before, encoding).edit(start, end, put);
        const fresh = new LineIndex(before.slice(0, start) + put + before.slice(end), encoding);
        const starts = (index: LineIndex) => Array.from({ length: index.lineCount }, (_, i) => index.lineStart(i));
        expect(edited.text).toBe(fresh.text);
        expect(starts(edited)).toEqual(starts(fresh));
      }),
      { numRuns: 3000 },
    );
  });
});
