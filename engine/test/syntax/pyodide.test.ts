/**
 * Against CPython 3.14: trees with positions, what is refused, and on which line.
 */

import { beforeAll, describe, expect, it } from "vitest";
import { dumpModule, parseModule, parseModuleWithExtents } from "../../src/syntax/index.ts";
import { loadPyodideOracle, type PyodideOracle } from "../oracle/pyodideTrees.ts";
import { generator, mutate, SOUPS, soup } from "./random.ts";

let python: PyodideOracle;
beforeAll(async () => {
  python = await loadPyodideOracle();
});

interface Outcome {
  accepted: number;
  refused: number;
  /** Texts that one side takes and the other does not, or whose trees differ. */
  different: string[];
  /** Refused by both, on different lines. */
  lines: string[];
}

/** Names of characters that NFKC and the like take to `True` are refused by both, CPython without a line; so are surrogates. */
function compare(sources: readonly string[]): Outcome {
  const outcome: Outcome = { accepted: 0, refused: 0, different: [], lines: [] };
  const theirs = python.answers(sources);
  sources.forEach((source, i) => {
    const answer = theirs[i];
    const ours = parseModule(source);
    if (answer.ok !== ours.ok) {
      outcome.different.push(
        `${JSON.stringify(source)}: ${answer.ok ? "" : answer.message} / ${ours.ok ? "" : ours.error.message}`,
      );
    } else if (ours.ok && answer.ok) {
      outcome.accepted++;
      if (dumpModule(ours.value, true) !== answer.dump) outcome.different.push(JSON.stringify(source));
    } else if (!ours.ok && !answer.ok) {
      outcome.refused++;
      if (answer.line !== null && answer.line !== ours.error.line) {
        outcome.lines.push(
          `${JSON.stringify(source)}: ${answer.line} ${answer.message} / ${ours.error.line} ${ours.error.message}`,
        );
      }
    }
  });
  return outcome;
}

describe("CPython 3.14", () => {
  it("gives the same tree, positions included, for its own standard library", () => {
    expect(python.version).toMatch(/^3\.14/);
    const files = python.library().filter((_, i) => i % 3 === 0);
    expect(files.length).toBeGreaterThan(100);
    for (let i = 0; i < files.length; i += 20) {
      expect(compare(files.slice(i, i + 20).map(([, text]) => text)).different).toEqual([]);
    }
  });

  it("takes and refuses what we take and refuse among mutations of its standard library, on the same line", () => {
    const random = generator(2026);
    const statements: string[] = [];
    for (const [, text] of python.library()) {
      const parsed = parseModuleWithExtents(text);
      if (!parsed.ok) continue;
      const { extents } = parsed.value;
      for (let i = 0; i < extents.length; i += 2) {
        if (extents[i + 1] - extents[i] < 2000) statements.push(text.slice(extents[i], extents[i + 1]));
      }
    }
    const mutations = Array.from({ length: 4000 }, () =>
      mutate(statements[Math.floor(random() * statements.length)], random),
    );
    const outcome = compare(mutations);
    expect(outcome.different).toEqual([]);
    expect(outcome.refused).toBeGreaterThan(2000);
    // CPython's choice of line depends on what its packrat parser happens to remember; a few texts in a thousand.
    expect(outcome.lines.length, outcome.lines.join("\n")).toBeLessThanOrEqual(outcome.refused * 0.003);
  });

  it.each(Object.keys(SOUPS))("agrees on %s put together at random", (area) => {
    const outcome = compare(soup(area, 1500, 7));
    // Where escaped line ends leave nothing of a piece of an f-string, the piece's place is CPython's internal matter.
    const real = outcome.different.filter((text) => !/strings/.test(area) || !text.includes("\\\\\\n"));
    expect(real).toEqual([]);
    expect(outcome.lines.length, outcome.lines.join("\n")).toBeLessThanOrEqual(outcome.refused * 0.003);
  });

  it("knows the same character names", () => {
    const wrong = python.names().filter(([point, name]) => {
      const parsed = parseModule(`"\\N{${name}}"`);
      if (!parsed.ok) return true;
      const [statement] = parsed.value.body as unknown as [{ value: { value: string } }];
      return statement.value.value !== String.fromCodePoint(point);
    });
    expect(wrong).toEqual([]);
    const refused = ["", "NO SUCH NAME", "KEYCAP DIGIT ONE", "hangul syllable gag", "CJK UNIFIED IDEOGRAPH-4e00"];
    const sources = [...refused, "bullet", "BEL", "LINE FEED", "VS256", "zwsp"].map((name) => `"\\N{${name}}"`);
    expect(compare(sources).different).toEqual([]);
  });
});
