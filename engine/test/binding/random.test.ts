/** Random programs: the engine binds or refuses each as CPython 3.14 does. */
import { beforeAll, describe, expect, it } from "vitest";
import { bind } from "../../src/binding/index.ts";
import { parseModule } from "../../src/syntax/index.ts";
import { type CPython, loadCPython } from "./oracle/cpython314.ts";
import { comparable, dumpBinding } from "./oracle/dump.ts";
import { randomProgram } from "./oracle/programs.ts";

/** Found in generating code, which goes through a class body before its bases: of two of these, CPython may name the other. */
const LATE = /outside function|repeated|unreachable|different names|inside async|multiple assign|starred|non-default/;

describe("random programs", () => {
  let python: CPython;
  beforeAll(async () => {
    python = await loadCPython();
  });

  it("have the scopes, or the problem, that CPython finds", () => {
    let accepted = 0;
    let refused = 0;
    for (let seed = 0; seed < 900; seed++) {
      const source = randomProgram(seed);
      const problem = python.problem(source);
      const parsed = parseModule(source);
      if (!parsed.ok) {
        expect(parsed.error.message, source).toBe(problem?.message);
        continue;
      }
      const bound = bind(parsed.value, { text: source });
      if (problem !== null) {
        refused++;
        expect(bound.ok, source).toBe(false);
        if (!bound.ok && !LATE.test(problem.message)) {
          expect({ message: bound.error.message, line: bound.error.line }, source).toEqual(problem);
        }
        continue;
      }
      accepted++;
      if (!bound.ok) throw new Error(`${bound.error.message}\n${source}`);
      expect(dumpBinding(bound.value, { inlined: true }), source).toBe(
        comparable(python.dump(source), { inlined: true }),
      );
    }
    expect(Math.min(accepted, refused)).toBeGreaterThan(250);
  });
});
