/**
 * What is done once in place of several times says the same: methods walked for their class and for themselves, on a sample
 * of the standard library; words looked for in a whole file.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/binding/index.ts";
import { Words } from "../../src/normalisation/words.ts";
import { LEVELS } from "../../src/program/types.ts";
import { LiveModule } from "../../src/summary/live.ts";
import { summarise } from "../../src/summary/summarise.ts";
import { parseModule } from "../../src/syntax/index.ts";
import { decodeSource } from "../../src/text/index.ts";
import { standardLibrary } from "../prove/corpus.ts";
import { comparable, OPTIONS } from "./edits.ts";

/** Every thirtieth file of the machine's standard library, tests included, and what it seldom has. */
function corpus(): readonly string[] {
  const root = standardLibrary("python3");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".py") && !file.includes("site-packages"),
  );
  const texts = [ODD];
  for (const [index, file] of files.sort().entries()) {
    const decoded = index % 30 === 7 ? decodeSource(readFileSync(path.join(root, file))) : null;
    if (decoded?.ok) texts.push(decoded.value);
  }
  return texts;
}

const ODD = `
from functools import cached_property
LIMIT = 3
class Outer(Base):
    """Docs."""
    @cached_property
    def first(self, *, key=lambda x: [y for y in x], table={}): return super(Outer, self).first(key)
    @(lambda f: f)
    def decorated(self, x=[n for n in range(LIMIT)]):
        """Docs of a method."""
        def inner(): return [x for x in self.items if x > LIMIT]
        class Inner:
            def deep(self): return inner, eval("LIMIT")
        return Inner
    def generic[T](self, x: T) -> "T": return locals()
    async def waits(self): return [await x async for x in self]
    if LIMIT:
        def conditional(self): import os; return os.path
    class Nested:
        def method(self): return __class__
`;

function read(text: string) {
  const parsed = parseModule(text);
  if (!parsed.ok) return null;
  const bound = bind(parsed.value, { text });
  return bound.ok ? { module: parsed.value, scopes: bound.value } : null;
}

describe("what is done once", () => {
  const texts = corpus();

  it("gives methods and their classes what walking each of them gives", () => {
    let nested = 0;
    for (const text of texts) {
      const file = read(text);
      if (file === null) continue;
      for (const level of text === ODD ? LEVELS : (["semantic"] as const)) {
        const options = { ...OPTIONS, level };
        const shared = summarise(text, file.module, file.scopes, { ...options, nested: true });
        const again = read(text) as NonNullable<typeof file>;
        const alone = summarise(text, again.module, again.scopes, options);
        expect(isDeepStrictEqual([...shared.names], [...alone.names])).toBe(true);
        // An open file keeps what each statement leaves, and shares no walk between a class and its methods.
        const open = LiveModule.open(text, { ...options, nested: true });
        if (!open.ok) throw new Error(open.error.message);
        const [a, b] = [comparable(shared), comparable(open.value.summary)];
        if (!isDeepStrictEqual(a, b)) expect(a).toEqual(b);
        nested += shared.nested.length;
      }
    }
    expect(nested).toBeGreaterThan(500);
  });
});

describe("words of a file", () => {
  it("are found in the stretch that holds them, and nowhere else", () => {
    const text = 'directory = 1\nx = dir()\n__all__ = ["a"]\ny = globals ()["x"]\n# evaluate, executor\n';
    const words = new Words(text, true);
    const line = (start: number) => [start, text.indexOf("\n", start)] as const;
    const at = (piece: string) => line(text.indexOf(piece));
    expect(words.reflectionIn(...at("directory"))).toBe(false);
    expect(words.reflectionIn(...at("x = dir"))).toBe(true);
    expect(words.namespaceIn(...at("x = dir"))).toBe(false);
    expect(words.namespaceIn(...at("y = globals"))).toBe(true);
    expect(words.reflectionIn(...at("# evaluate"))).toBe(false);
    expect(words.exportsIn(...at("__all__"))).toBe(true);
    expect(words.exportsIn(...at("y = globals"))).toBe(false);
    expect(words.moduleReflection).toBe(true);
  });

  it("are none of a whole module without them, and may be anywhere where more is to come", () => {
    expect(new Words("directory = evaluate()", true).moduleReflection).toBe(false);
    expect(new Words("directory = evaluate()", false).moduleReflection).toBe(true);
  });
});
