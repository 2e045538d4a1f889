/**
 * A file that is edited has, after every edit, the summary of a file that is read for the first time: random edits of the
 * standard library's modules. And what an edit doesn't touch is not made again.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { LiveModule } from "../../src/summary/live.ts";
import type { ModuleSummary } from "../../src/summary/types.ts";
import { comparable, edited, editedInClass, fresh, OPTIONS, random, refusal } from "./edits.ts";

const LIBRARY = execFileSync("python3", ["-c", "import os; print(os.path.dirname(os.__file__))"], {
  encoding: "utf8",
}).trim();

/** Modules of the standard library below a size (UTF-16 code units), sorted. */
function modules(most: number): string[] {
  return readdirSync(LIBRARY)
    .filter((name) => name.endsWith(".py"))
    .sort()
    .map((name) => readFileSync(path.join(LIBRARY, name), "utf8"))
    .filter((text) => text.length > 0 && text.length < most && fresh(text) !== null);
}

function opened(text: string): LiveModule {
  const live = LiveModule.open(text, OPTIONS);
  if (!live.ok) throw new Error(live.error.message);
  return live.value;
}

/** Compares fast, and shows the difference where there is one. */
function same(made: ModuleSummary, expected: ModuleSummary, place: string): void {
  const [a, b] = [comparable(made), comparable(expected)];
  if (!isDeepStrictEqual(a, b)) expect(a, place).toEqual(b);
}

describe("a file that is edited", () => {
  const texts = modules(20_000);

  it.each([
    [1, edited],
    [2, edited],
    [3, edited],
    [4, editedInClass],
    [5, editedInClass],
    [6, editedInClass],
  ])("has the summary of a fresh one, seed %i", (seed, edit) => {
    const next = random(seed);
    let whole = 0;
    let broken = 0;
    for (let round = 0; round < 8; round++) {
      const original = texts[next(texts.length)];
      const live = opened(original);
      let text = original;
      for (let step = 0; step < 20; step++) {
        text = next(8) === 0 ? original : edit(text, next);
        live.update(text);
        const expected = fresh(text);
        const place = `seed ${seed}, round ${round}, step ${step}`;
        expect(live.isBroken, place).toBe(expected === null);
        if (expected === null) {
          broken++;
          // What stands in for a broken text is a whole one.
          same(live.summary, fresh(live.source) ?? live.summary, place);
          expect(fresh(live.source), place).not.toBeNull();
          const { message, line } = live.problem ?? { message: "none", line: 0 };
          expect({ message, line }, place).toEqual(refusal(text));
        } else {
          whole++;
          expect(live.source, place).toBe(text);
          same(live.summary, expected, place);
        }
      }
    }
    expect(whole).toBeGreaterThan(20);
    expect(broken).toBeGreaterThan(20);
  });
});

describe("of a long file", () => {
  const FUNCTIONS = Array.from({ length: 200 }, (_, i) => `def f${i}(x):\n    y = x + LIMIT\n    return y * ${i}\n`);
  const TEXT = `import os\n\nLIMIT = 1\n\n${FUNCTIONS.join("\n\n")}`;

  /** What an edit makes anew: statements parsed, summaries of names made. */
  function work(before: string, after: string): { parsed: number; hashed: number } {
    const live = opened(before);
    const { parsedStatements, hashedNames } = live;
    live.update(after);
    expect(comparable(live.summary)).toEqual(comparable(fresh(after) ?? live.summary));
    return { parsed: live.parsedStatements - parsedStatements, hashed: live.hashedNames - hashedNames };
  }

  it("an edit in a function's body makes that function anew, and nothing else", () => {
    expect(work(TEXT, TEXT.replace("return y * 100", "return y * 1000"))).toEqual({ parsed: 1, hashed: 1 });
  });

  it("a comment between functions makes nothing anew but what it stands beside", () => {
    const { parsed, hashed } = work(TEXT, TEXT.replace("def f100(x):", "# why\ndef f100(x):"));
    expect(parsed).toBeLessThanOrEqual(2);
    expect(hashed).toBeLessThanOrEqual(2);
  });

  it("a constant's new value makes only the constant anew", () => {
    const { parsed, hashed } = work(TEXT, TEXT.replace("LIMIT = 1", "LIMIT = 2"));
    expect(parsed).toBeLessThanOrEqual(2);
    expect(hashed).toBeLessThanOrEqual(2);
  });

  it("a name that shadows a builtin makes those anew that use it, and no others", () => {
    const uses = TEXT.replace("return y * 50", "return len(y) * 50");
    const { parsed } = work(uses, uses.replace("LIMIT = 1\n", "LIMIT = 1\nlen = max\n"));
    expect(parsed).toBeGreaterThan(1);
    expect(parsed).toBeLessThanOrEqual(5);
  });

  it("an edit in a method reads that method, from the second one in its class on", () => {
    const methods = Array.from(
      { length: 100 },
      (_, i) => `    def m${i}(self, x):\n        y = x + LIMIT\n        return y * ${i}\n`,
    );
    const text = `LIMIT = 1\n\n\nclass Long:\n    """Many."""\n\n    kind = "long"\n\n${methods.join("\n")}\n\nlast = Long()\n`;
    const live = opened(text);
    const first = text.replace("return y * 50", "return y * 500");
    live.update(first);
    const { parsedText } = live;
    const second = first.replace("return y * 70", "return y * 700 + len(x)");
    live.update(second);
    expect(live.parsedText - parsedText).toBeLessThan(200);
    expect(comparable(live.summary)).toEqual(comparable(fresh(second) ?? live.summary));
    live.update(second.replace("y = x + LIMIT\n        return y * 3\n", "y = x\n        return y\n"));
    expect(live.parsedText - parsedText).toBeLessThan(400);
    live.update(second.replace('kind = "long"', 'kind = "short"'));
    live.update(second);
    expect(comparable(live.summary)).toEqual(comparable(fresh(second) ?? live.summary));
  });

  it("an open string or bracket in a method is known to be one without the rest of the class", () => {
    const methods = Array.from(
      { length: 300 },
      (_, i) =>
        `    def m${i}(self, x):\n        """What ${i} is."""\n        y = x + LIMIT\n        return y * ${i}\n`,
    );
    const text = `LIMIT = 1\n\n\nclass Long:\n${methods.join("\n")}\n\nlast = Long()\n`;
    const live = opened(text);
    const { hashedNames, parsedStatements } = live;
    for (const typed of [
      "'''",
      "'''x",
      '"""',
      'f"""',
      "(",
      " = (",
      "\n        z = '''",
      '\n        z = """',
      "\n        z = [",
    ]) {
      for (const method of [0, 150, 299]) {
        const { refusedText } = live;
        const broken = text.replace(`return y * ${method}\n`, `return y * ${method}${typed}\n`);
        live.update(broken);
        expect(live.isBroken).toBe(true);
        expect(live.problem).toMatchObject(refusal(broken) ?? {});
        expect(live.refusedText - refusedText, `${typed} in ${method}`).toBeLessThan(2000);
        live.update(text);
        expect(live.isBroken).toBe(false);
      }
    }
    // What stood there before is taken up again as it was.
    expect({ hashedNames, parsedStatements }).toEqual({
      hashedNames: live.hashedNames,
      parsedStatements: live.parsedStatements,
    });
  });

  it("a broken function leaves all others live", () => {
    const live = opened(TEXT);
    const broken = TEXT.replace("def f100(x):", "def f100(x:");
    live.update(broken);
    expect(live.isBroken).toBe(true);
    expect(live.problem?.line).toBe(broken.slice(0, broken.indexOf("def f100")).split("\n").length);
    const { hashedNames } = live;
    live.update(broken.replace("return y * 150", "return y * 1500"));
    expect(live.isBroken).toBe(true);
    expect(live.hashedNames - hashedNames).toBe(1);
    live.update(TEXT.replace("return y * 150", "return y * 1500"));
    expect(live.isBroken).toBe(false);
    expect(comparable(live.summary)).toEqual(
      comparable(fresh(TEXT.replace("return y * 150", "return y * 1500")) ?? live.summary),
    );
  });

  it("what is typed and taken back a thousand times leaves nothing behind", () => {
    const live = opened(TEXT);
    const before = live.summary.chains.length;
    for (let i = 0; i < 1000; i++) {
      live.update(TEXT.replace("x + LIMIT", `x + name${i}`));
      live.update(TEXT);
    }
    expect(live.summary.chains.length).toBeLessThan(5 * before + 1010);
    expect(comparable(live.summary)).toEqual(comparable(fresh(TEXT) ?? live.summary));
  });
});
