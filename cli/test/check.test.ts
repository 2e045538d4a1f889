/** The forms of `fastpipe check`, through the real command line; SARIF against its own schema. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { CHANGED_CONSTANT, CHANGED_HELPER, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

// From @microsoft/jest-sarif (MIT), which has it from OASIS. Its draft 4 differs from 6 only in the name of `id`.
const SCHEMA = fileURLToPath(new URL("fixtures/sarif-2.1.0.schema.json", import.meta.url));
const { id, $schema: _, ...schema } = JSON.parse(readFileSync(SCHEMA, "utf8"));
// One of its patterns, for languages, is none in Unicode mode.
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const isSarif = ajv.compile({ $id: id, ...schema });

/** Stale for two reasons, new, and broken: in a folder below the repository's top, with names that need escapes. */
async function project(): Promise<string> {
  const top = folder({});
  const root = path.join(top, "jobs #1");
  write(root, {
    ...PIPELINE,
    "src/odd.py": 'from fastpipe import stage\nSEPARATOR = "a"\n\n@stage()\ndef odd(x):\n    return SEPARATOR\n',
    "src/bad.py": "from fastpipe import stage\n\n@stage()\ndef bad(x):\n    return 1\n",
  });
  execFileSync("git", ["init", "-q"], { cwd: top });
  await fastpipe(root, ["record", "--all", "--duration", "41.7"]);
  write(root, {
    ...CHANGED_HELPER,
    ...CHANGED_CONSTANT,
    "src/odd.py": 'from fastpipe import stage\nSEPARATOR = "`|*<b>"\n\n@stage()\ndef odd(x):\n    return SEPARATOR\n',
    "src/bad.py": "from fastpipe import stage\n\n@stage()\ndef bad(x:\n    return 1\n",
    "src/fresh.py": "from fastpipe import stage\n\n@stage()\ndef latest(x):\n    return 1\n",
  });
  return root;
}

describe("check", () => {
  it("says what, why, by which way and what to do, as text", async () => {
    const root = await project();
    const { code, out, err } = await fastpipe(root, ["check"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out.replace(/\b[0-9a-f]{8}\b/g, "########")).toBe(`new  fresh.latest  src/fresh.py:4
  never recorded
stale  odd.odd  src/odd.py:5
  const:odd.SEPARATOR: 'a' → '\`|*<b>' (src/odd.py:2)  odd
stale  pipeline.preprocess  src/pipeline.py:6
  const:config.THRESHOLD: 0.5 → 0.7 (src/config.py:3)  preprocess
  func:utils.clean_data: ######## → ######## (src/utils.py:1)  preprocess → load → clean_data
stale  pipeline.train  src/pipeline.py:11
  func:utils.clean_data: ######## → ######## (src/utils.py:1)  train → load → clean_data
broken  bad.bad  src/bad.py
  src/bad.py:4: '(' was never closed
3 of 6 stages stale, about 2.1 min to re-run; 1 new; 1 broken
run them and \`fastpipe record\` them, or \`fastpipe accept\` them with a reason, and commit fastpipe.lock
`);
  });

  it("speaks of one stage as one, and of a revision by its name", async () => {
    const root = folder({ "a.py": "from fastpipe import stage\n\n@stage()\ndef s(x):\n    return 1\n" });
    expect((await fastpipe(root, ["check"])).out).toBe(
      "new  a.s  a.py:4\n  never recorded\n0 of 1 stage stale; 1 new\n" +
        "run it and `fastpipe record` it, or `fastpipe accept` it with a reason, and commit fastpipe.lock\n",
    );
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e", ...args], { cwd: root });
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "empty");
    expect((await fastpipe(root, ["check", "--against", "git:HEAD"])).out).toBe(
      "new  a.s  a.py:4\n  not in git:HEAD\n0 of 1 stage stale; 1 new\n",
    );
  });

  it("marks stages and changes for GitHub, by the repository's paths", async () => {
    const root = await project();
    const { code, out } = await fastpipe(root, ["check", "--format", "github"]);
    expect(code).toBe(1);
    const lines = out.trimEnd().split("\n");
    const marks = lines.map((line) => /^::(error|warning) file=([^,]+),line=(\d+),title=([^:]+)::(.+)$/.exec(line)!);
    expect(marks.map(([, level, file, line, title]) => [level, file, Number(line), title])).toEqual([
      ["warning", "jobs #1/src/fresh.py", 4, "fresh.latest is new"],
      ["error", "jobs #1/src/odd.py", 5, "odd.odd is stale"],
      ["error", "jobs #1/src/pipeline.py", 6, "pipeline.preprocess is stale"],
      ["error", "jobs #1/src/pipeline.py", 11, "pipeline.train is stale"],
      ["error", "jobs #1/src/bad.py", 4, "bad.bad is broken"],
      ["warning", "jobs #1/src/odd.py", 2, "makes 1 stage stale"],
      ["warning", "jobs #1/src/config.py", 3, "makes 1 stage stale"],
      ["warning", "jobs #1/src/utils.py", 1, "makes 2 stages stale"],
    ]);
    expect(marks.at(-1)![5]).toMatch(/^func:utils\.clean_data: .*%0Apipeline\.preprocess%0Apipeline\.train$/);
    const fine = folder({});
    expect(await fastpipe(fine, ["check", "--format", "github"])).toMatchObject({
      code: 0,
      out: "::notice::no stages found\n",
    });
  });

  it("is SARIF that its schema takes, with one result for each stage", async () => {
    const root = await project();
    const { code, out } = await fastpipe(root, ["check", "--format", "sarif"]);
    expect(code).toBe(1);
    const log = JSON.parse(out);
    expect(isSarif(log), ajv.errorsText(isSarif.errors)).toBe(true);
    const [{ tool, results }] = log.runs;
    expect(results.map((each: { ruleId: string }) => each.ruleId)).toEqual([
      "new",
      "stale",
      "stale",
      "stale",
      "broken",
    ]);
    for (const { ruleId, ruleIndex, locations, relatedLocations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        expect(physicalLocation.artifactLocation.uri).toMatch(/^jobs%20%231\/src\/\w+\.py$/);
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      }
    }
    expect(results[2].relatedLocations).toHaveLength(2);
    const empty = JSON.parse((await fastpipe(folder({}), ["check", "--format", "sarif"])).out);
    expect(isSarif(empty), ajv.errorsText(isSarif.errors)).toBe(true);
    expect(empty.runs[0].results).toEqual([]);
    expect(isSarif({ ...log, version: "1" })).toBe(false);
  });

  it("is a table in Markdown that no name or value breaks", async () => {
    const root = await project();
    const { out } = await fastpipe(root, ["check", "--format", "markdown"]);
    expect(out).toContain("**fastpipe:** 3 of 6 stages stale, about 2.1 min to re-run; 1 new; 1 broken\n\n| stage |");
    expect(out).toContain("| `odd.odd` | stale | `const:odd.SEPARATOR`: `'a'` → `` '`\\|*<b>' `` (src/odd.py:2) |\n");
    expect(out).toContain("| `bad.bad` | broken | src/bad.py:4: '(' was never closed |\n");
    expect(out).toMatch(/\nTo pass: run them .*\.\n$/);
    const rows = out.split("\n").filter((line) => line.startsWith("|"));
    expect(rows).toHaveLength(7);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(4);
  });
});
