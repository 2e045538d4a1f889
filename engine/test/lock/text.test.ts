/** The lock's text: what is written, that it reads back the same, and what is refused with which place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseCanonical } from "../../src/lock/canonical.ts";
import { emptyLock, formatLock, parseLock } from "../../src/lock/index.ts";
import { anyLock, baseline, HASH, largeLock, lock } from "./locks.ts";

const SAMPLE = `version: 1
level: semantic
stages:
  pipeline.preprocess:
    file: pipeline.py
    how: accepted
    at: 2026-11-20T15:00:00Z
    duration: 41.7
    reason: log wording only
    code_fingerprint: ${HASH}
    code_manifest:
      const:config.THRESHOLD: "0.5"
      func:utils.clean_data: 789abc7890abcdefdef4567890abcdef
      self:preprocess: "12345678901234567890123456789012"
    previous:
      file: pipeline.py
      how: run
      at: 2026-11-19T15:00:00Z
      code_fingerprint: 0b0c44298fc1c149afbf4c8996fb9242
      code_manifest: {}
`;

function problem(text: string) {
  const result = parseLock(text);
  if (result.ok) throw new Error("the lock was taken");
  return result.error;
}

describe("writing", () => {
  it("lays out the contract's example, keys sorted, digests plain, literals quoted", () => {
    const parsed = parseLock(SAMPLE);
    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok && formatLock(parsed.value)).toBe(SAMPLE);
  });

  it("does not depend on the order in which stages and entries were added", () => {
    const a = lock({ b: baseline({ "func:z": HASH, "const:a": "1" }), a: baseline({}) });
    const b = lock({ a: baseline({}), b: baseline({ "const:a": "1", "func:z": HASH }) });
    expect(formatLock(a)).toBe(formatLock(b));
  });

  it("quotes a digest that a YAML reader would take for a number", () => {
    for (const number of [
      "12345678901234567890123456789012",
      "1234567890123456789012345678901e",
      "1e345678901234567890123456789012",
    ]) {
      const text = formatLock(lock({ s: baseline({ "func:f": number }) }));
      expect(parseYaml(text).stages.s.code_manifest["func:f"]).toBe(number);
    }
  });

  it("reads back what it wrote, to the byte, whatever the names and values", () => {
    fc.assert(
      fc.property(anyLock, (value) => {
        const text = formatLock(value);
        const parsed = parseLock(text);
        expect(parsed).toEqual({ ok: true, value });
        expect(parsed.ok && formatLock(parsed.value)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it("gives other YAML readers the same strings", () => {
    fc.assert(
      fc.property(anyLock, (value) => {
        const other = parseYaml(formatLock(value)) as {
          stages: Record<string, { code_manifest: Record<string, unknown> }>;
        };
        for (const [id, { entries }] of value.stages) {
          const read = new Map(Object.entries(other.stages[id].code_manifest));
          expect(read).toEqual(new Map([...entries]));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("reading", () => {
  it("takes an empty lock, CRLF, a byte order mark, comments and other indentation", () => {
    expect(parseLock(formatLock(emptyLock("strict")))).toEqual({ ok: true, value: emptyLock("strict") });
    const expected = parseLock(SAMPLE);
    for (const text of [
      SAMPLE.replaceAll("\n", "\r\n"),
      `\ufeff${SAMPLE}`,
      SAMPLE.replace("stages:\n", "# ours\nstages: # all\n"),
      SAMPLE.replaceAll("  ", "    "),
      SAMPLE.replace('"0.5"', "'0.5'").replace("func:utils.clean_data", "'func:utils.clean_data'"),
    ]) {
      expect(parseLock(text)).toEqual(expected);
    }
  });

  it("takes its own layout without the YAML reader, and nothing but that", () => {
    expect(parseCanonical(SAMPLE)).toEqual((parseLock(SAMPLE) as { value: unknown }).value);
    expect(parseCanonical(`${SAMPLE}\n`)).toBeNull();
    expect(parseCanonical(SAMPLE.replace("level: semantic", "level:  semantic"))).toBeNull();
    expect(parseCanonical("version: 1\nlevel: semantic\nstages:\n")).toBeNull();
  });

  it("agrees with the YAML reader wherever the quick reader answers at all", () => {
    // A comment at the end is no canonical layout, so the YAML reader has to read the same text.
    const both = (text: string) => {
      const quick = parseCanonical(text);
      if (quick !== null) expect(parseLock(`${text}# end\n`)).toEqual({ ok: true, value: quick });
      return quick !== null;
    };
    expect(both(SAMPLE)).toBe(true);
    let taken = 0;
    const edit = fc.record({
      at: fc.nat({ max: 100_000 }),
      remove: fc.nat({ max: 3 }),
      insert: fc.oneof(
        fc.constantFrom(":", '"', " ", "\n", "#", "\\", "- ", "a", "0", "e", ": ", "'"),
        fc.string({ maxLength: 2 }),
      ),
    });
    fc.assert(
      fc.property(fc.oneof(anyLock.map(formatLock), fc.constant(SAMPLE)), edit, (text, { at, remove, insert }) => {
        const place = at % text.length;
        if (both(text.slice(0, place) + insert + text.slice(place + remove))) taken++;
      }),
      { numRuns: 600 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it("reads and writes 10,000 stages of 15 entries without the YAML reader", () => {
    const value = largeLock(10_000, 15);
    const text = formatLock(value);
    const quick = parseCanonical(text);
    expect(quick?.stages.size).toBe(10_000);
    expect(quick && formatLock(quick) === text).toBe(true);
  });
});

describe("refusing", () => {
  it("names a merge conflict and its line", () => {
    const text = SAMPLE.replace(
      "    how: accepted\n",
      "<<<<<<< HEAD\n    how: accepted\n=======\n    how: run\n>>>>>>> other\n",
    );
    expect(problem(text)).toMatchObject({ message: expect.stringContaining("merge conflict"), line: 6, column: 1 });
  });

  it("refuses a newer layout before it looks at anything else", () => {
    const text = SAMPLE.replace("version: 1", "version: 2\nshape: other");
    expect(problem(text)).toEqual({
      message: "written by a newer Fastpipe (layout 2, this one reads up to 1): update Fastpipe",
      line: 1,
      column: 10,
    });
  });

  it.each([
    ["unbalanced quotes", SAMPLE.replace('"0.5"', '"0.5'), 12, /quote/i],
    ["a tab as indentation", SAMPLE.replace("    how:", "\thow:"), 6, /tab/i],
    ["an unknown field", SAMPLE.replace("    how:", "    hwo:"), 6, /unknown field `hwo`|no `how`/],
    ["an unknown state", SAMPLE.replace("how: accepted", "how: guessed"), 6, /run, recorded or accepted/],
    ["another level", SAMPLE.replace("level: semantic", "level: loose"), 2, /strict, semantic, behavioral/],
    ["a time that is none", SAMPLE.replace("at: 2026-11-20T15:00:00Z", "at: yesterday"), 7, /2026-11-20T15:00:00Z/],
    ["a duration that is none", SAMPLE.replace("41.7", "-1"), 8, /seconds/],
    ["a fingerprint that is none", SAMPLE.replace(HASH, "xyz"), 10, /hex/],
    ["a reason without acceptance", SAMPLE.replace("how: accepted", "how: run"), 9, /accepted/],
    ["the same stage twice", SAMPLE + SAMPLE.slice(SAMPLE.indexOf("  pipeline")), 21, /twice: keep one/],
    [
      "the same entry twice",
      SAMPLE.replace("    previous:", '      const:config.THRESHOLD: "1"\n    previous:'),
      15,
      /twice: keep one/,
    ],
    ["an entry that is a list", SAMPLE.replace('"0.5"', "[0.5]"), 12, /text/],
    ["an alias", SAMPLE.replace("file: pipeline.py", "file: &f pipeline.py"), 5, /text/],
    ["a missing part", "version: 1\nlevel: semantic\n", 1, /no `stages`/],
    ["no lock at all", "", 1, /empty/],
    ["only a comment", "# nothing\n", 1, /empty/],
    ["a text", "hello\n", 1, /map/],
    ["two documents", `${SAMPLE}---\n${SAMPLE}`, 21, /document/],
    ["binary", "\0\x01\x02", 1, /./],
  ])("says where %s is", (_name, text, line, message) => {
    const found = problem(text);
    expect(found.message).toMatch(message);
    expect(found.message).not.toContain("\n");
    expect(found).toMatchObject({ line, column: expect.any(Number) });
    expect(found.column).toBeGreaterThan(0);
  });

  it("refuses nesting of thousands of levels with a message", () => {
    expect(problem(`version: 1\nlevel: semantic\nstages: ${"[".repeat(20_000)}`).message).toMatch(/./);
    expect(problem(`${"{a: ".repeat(20_000)}`).message).toMatch(/./);
  });
});
