/**
 * CPython's symtable as oracle: 3.14 in this process, on the small programs and on its own standard library, and the
 * machine's `python3` on a sample of its standard library. `node scripts/prove/scopes.mjs` is the whole of the latter.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bind } from "../../src/binding/index.ts";
import { parseModule } from "../../src/syntax/index.ts";
import { SCOPE_CASES } from "./cases.ts";
import { type CPython, loadCPython } from "./oracle/cpython314.ts";
import { comparable, dumpBinding, withoutOrder } from "./oracle/dump.ts";
import { ACCEPTED_CASES, PLACEMENT_CASES, PROBLEM_CASES } from "./refusals.ts";

/** The engine's scopes as a dump, or why there are none. */
function engineDump(text: string, minor: number): string {
  const parsed = parseModule(text);
  if (!parsed.ok) return `not parsed, line ${parsed.error.line}: ${parsed.error.message}`;
  const bound = bind(parsed.value, { text, annotationScopes: minor >= 14 });
  if (!bound.ok) return `not bound, line ${bound.error.line}: ${bound.error.message}`;
  return dumpBinding(bound.value, { inlined: minor >= 12 });
}

describe("CPython 3.14", () => {
  let python: CPython;
  beforeAll(async () => {
    python = await loadCPython();
    expect(python.version).toMatch(/^3\.14\./);
  });

  it("has the same scopes for every small program", () => {
    for (const { title, source } of SCOPE_CASES) {
      expect(engineDump(source, 14), title).toBe(comparable(python.dump(source), { inlined: true }));
    }
  });

  it("refuses the same small programs, with the same message and line", () => {
    for (const { source, message, line } of [...PROBLEM_CASES, ...PLACEMENT_CASES]) {
      expect(python.problem(source), source).toEqual({ message, line });
    }
    for (const source of ACCEPTED_CASES) expect(python.problem(source), source).toBeNull();
  });

  it("has the same scopes for its standard library", () => {
    const files = python.libraryFiles().filter((_, i) => i % 4 === 0);
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const text = python.librarySource(file);
      const expected = comparable(python.dump(text), { inlined: true });
      if (engineDump(text, 14) !== expected) expect(engineDump(text, 14), file).toBe(expected);
    }
  });
});

describe("this machine's python3", () => {
  const version = spawnSync(
    "python3",
    ["-c", "import sys, sysconfig; print(sys.version_info[1], sysconfig.get_path('stdlib'))"],
    { encoding: "utf8" },
  ).stdout.trim();
  const minor = Number.parseInt(version, 10);
  const library = version.slice(version.indexOf(" ") + 1);

  it("is CPython 3.11 or newer", () => expect(minor).toBeGreaterThanOrEqual(11));

  it("has the same scopes for a sample of its standard library", () => {
    const names = readdirSync(library).filter((name) => name.endsWith(".py"));
    const files = names
      .sort()
      .filter((_, i) => i % 3 === 0)
      .map((name) => join(library, name));
    const dumper = spawnSync("python3", [join(import.meta.dirname, "oracle/symtable_dump.py")], {
      input: files.join("\n"),
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    let compared = 0;
    for (const line of dumper.stdout.trimEnd().split("\n")) {
      const { file, source, scopes } = JSON.parse(line) as { file: string; source?: string; scopes?: string };
      if (source === undefined || scopes === undefined) continue;
      const options = { inlined: minor >= 12 };
      const [expected, actual] = [comparable(scopes, options), engineDump(source, minor)];
      const equal = expected === actual || (minor < 13 && withoutOrder(expected) === withoutOrder(actual));
      if (!equal) expect(actual, file).toBe(expected);
      compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });
});
