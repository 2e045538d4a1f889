/**
 * Against the machine's own python3: a sample of its standard library, and the snippets in its own tests of syntax.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Constant, ConstantType, dumpModule, NodeKind, parseModule, walk } from "../../src/syntax/index.ts";
import { decodeSource } from "../../src/text/index.ts";

const script = fileURLToPath(new URL("../oracle/dump.py", import.meta.url));

type Answer = { ok: true; hash: string; dump?: string } | { ok: false; line: number | null; message: string };

function ask(requests: readonly object[]): Answer[] {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  const { stdout, status, stderr } = spawnSync("python3", [script], { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const library = spawnSync("python3", ["-c", "import os; print(os.path.dirname(os.__file__))"], {
  encoding: "utf8",
}).stdout.trim();

/** Files of a folder and below, in order, without packages that are not Python's own. */
function* files(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== "site-packages" && name !== "dist-packages") yield* files(path);
    } else if (name.endsWith(".py")) yield path;
  }
}

/** Tests of the parser itself, where this Python has its tests. */
const SYNTAX_TESTS =
  /\/test_(syntax|exceptions|fstring|grammar|patma|unparse|string_literals|eof|named_expressions|positional_only_arg|except_star|unpack_ex|with|decorators|lambda|flufl|tabnanny|future_stmt|source_encoding|pep646_syntax|unicode_identifiers)\b/;

describe("python3", () => {
  const all = [...files(library)];
  const sample = all.filter((path, i) => i % 15 === 0 || SYNTAX_TESTS.test(path));

  it("gives the same trees for a sample of its standard library", () => {
    expect(sample.length).toBeGreaterThan(50);
    const answers = ask(sample.map((file) => ({ file })));
    const different: string[] = [];
    sample.forEach((file, i) => {
      const text = decodeSource(readFileSync(file));
      const parsed = text.ok ? parseModule(text.value) : text;
      const answer = answers[i];
      // What this version does not know yet 3.14 may.
      if (!answer.ok) return;
      if (!parsed.ok) different.push(`${file}:${parsed.error.line}: ${parsed.error.message}`);
      else if (createHash("sha256").update(dumpModule(parsed.value)).digest("hex") !== answer.hash) {
        const [full] = ask([{ file, dump: true }]);
        const theirs = full.ok ? (full.dump ?? "") : "";
        const ours = dumpModule(parsed.value);
        let at = 0;
        while (ours[at] === theirs[at]) at++;
        different.push(`${file}: ${ours.slice(at - 60, at + 60)} / ${theirs.slice(at - 60, at + 60)}`);
      }
    });
    expect(different).toEqual([]);
  });

  it("gives the same tree for each snippet in its own tests of syntax that it takes", () => {
    const snippets = new Set<string>();
    for (const file of all.filter((path) => SYNTAX_TESTS.test(path))) {
      const text = decodeSource(readFileSync(file));
      const parsed = text.ok ? parseModule(text.value) : text;
      if (!parsed.ok) continue;
      walk(parsed.value, (node) => {
        if (node.kind !== NodeKind.Constant || node.type !== ConstantType.Str || node.surrogates !== null) return;
        for (const snippet of snippetsOf(node)) snippets.add(snippet);
      });
    }
    const sources = [...snippets];
    const answers = ask(sources.map((source) => ({ source })));
    const different: string[] = [];
    sources.forEach((source, i) => {
      const answer = answers[i];
      if (!answer.ok) return;
      const parsed = parseModule(source);
      const same = parsed.ok && createHash("sha256").update(dumpModule(parsed.value)).digest("hex") === answer.hash;
      if (!same) different.push(`${JSON.stringify(source)}: ${parsed.ok ? "tree" : parsed.error.message}`);
    });
    expect(different).toEqual([]);
  });
});

/** A string as source, and the examples of a docstring each alone. */
function snippetsOf(constant: Constant): string[] {
  const snippets = [constant.value];
  let example: string | null = null;
  for (const line of [...constant.value.split("\n"), ""]) {
    const first = /^\s*>>> ?(.*)$/.exec(line);
    const more = /^\s*\.\.\. ?(.*)$/.exec(line);
    if (first === null && more !== null && example !== null) example += `\n${more[1]}`;
    else {
      if (example !== null) snippets.push(`${example}\n`);
      example = first === null ? null : first[1];
    }
  }
  return snippets;
}
